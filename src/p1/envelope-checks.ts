/** What is wrong with a decoded envelope, as outcomes of mail: a peer's slips are borne with except where that is unsafe (P1-056). */
import { recipientsMax, transfersMax, type MTSIdentifier, type TraceInformation } from './common-types.js';
import { readExtension, type ExtensionFields } from './extension-field.js';
import { internalTrace } from './extensions.js';
import { sameGlobalDomain } from './mts-identifier.js';

/** Codes of X.411 (codes.ts). */
export interface EnvelopeFault {
  readonly reason: number;
  readonly diagnostic: number;
}

export interface EnvelopeRules {
  /** Gateways make identifiers of one domain and trace of another: `accept` is the common practice, `refuse` the letter of X.411. */
  readonly identifierOfAnotherDomain: 'accept' | 'refuse';
}

const unableToTransfer = 1;
const invalidArguments: EnvelopeFault = { reason: unableToTransfer, diagnostic: 11 };
const sizeConstraintViolation: EnvelopeFault = { reason: unableToTransfer, diagnostic: 13 };
const tooManyRecipients: EnvelopeFault = { reason: unableToTransfer, diagnostic: 16 };

/** Whether the identifier was made in the domain in which the trace begins (P1-020). */
function identifierMatchesTrace(identifier: MTSIdentifier, trace: TraceInformation): boolean {
  const origin = trace[0]?.globalDomainIdentifier;
  return origin !== undefined && sameGlobalDomain(identifier.globalDomainIdentifier, origin);
}

/** Why a message or probe must not be taken further, for all its recipients alike. */
export function envelopeFault(
  identifier: MTSIdentifier,
  envelope: {
    readonly traceInformation: TraceInformation;
    readonly extensions: ExtensionFields;
    readonly perRecipientFields: readonly unknown[];
  },
  rules: EnvelopeRules,
): EnvelopeFault | undefined {
  const internal = readExtension(envelope.extensions, internalTrace) ?? [];
  if (envelope.traceInformation.length > transfersMax || internal.length > transfersMax) return sizeConstraintViolation;
  if (envelope.perRecipientFields.length > recipientsMax) return tooManyRecipients;
  const refuses = rules.identifierOfAnotherDomain === 'refuse';
  return refuses && !identifierMatchesTrace(identifier, envelope.traceInformation) ? invalidArguments : undefined;
}

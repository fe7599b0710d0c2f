/** The diagnostics of AARE (X.227 §9), and refusals in the terms of the service. */
import type { PresentationRefusal } from '../presentation/service.js';
import { rejectedTransient, type Aare, type Diagnostic } from './pdu.js';
import type { AssociationRefusal } from './service.js';

const userDiagnostics = [
  'no diagnostic',
  'no reason given',
  'application context name not supported',
  'calling AP title not recognized',
  'calling AP invocation identifier not recognized',
  'calling AE qualifier not recognized',
  'calling AE invocation identifier not recognized',
  'called AP title not recognized',
  'called AP invocation identifier not recognized',
  'called AE qualifier not recognized',
  'called AE invocation identifier not recognized',
  'authentication mechanism name not recognized',
  'authentication mechanism name required',
  'authentication failure',
  'authentication required',
] as const;

const providerDiagnostics = ['no diagnostic', 'no reason given', 'no common ACSE version'] as const;

export const noDiagnostic: Diagnostic = { kind: 'user', value: 0 };
export const noReasonGiven: Diagnostic = { kind: 'user', value: 1 };
export const applicationContextNotSupported: Diagnostic = { kind: 'user', value: 2 };
export const noCommonVersion: Diagnostic = { kind: 'provider', value: 2 };

export function diagnosticText({ kind, value }: Diagnostic): string {
  const texts = kind === 'user' ? userDiagnostics : providerDiagnostics;
  return texts[value] ?? `diagnostic ${value}`;
}

/** A rejection by AARE. Whether it may be tried again says the result, not the diagnostic. */
export function refusalByAare({ result, diagnostic }: Aare): AssociationRefusal {
  return {
    source: diagnostic.kind === 'user' ? 'acse-user' : 'acse-provider',
    transient: result === rejectedTransient,
    code: diagnostic.value,
    text: diagnosticText(diagnostic),
  };
}

/** A refusal without an AARE. In X.410-1984 mode the called user itself speaks where the presentation service gives its data. */
export function refusalBelow(refusal: PresentationRefusal, speaker: 'user' | 'nobody'): AssociationRefusal {
  const { source, transient, code, text } = refusal;
  const ours = source === 'presentation-user' || source === 'presentation-provider' ? 'presentation' : source;
  return {
    source: speaker === 'user' ? 'acse-user' : ours,
    transient,
    ...(code !== undefined && { code }),
    text,
  };
}

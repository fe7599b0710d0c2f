import { nonDeliveryDiagnostics, nonDeliveryReasons } from '../p1/codes.js';

/** Why a recipient cannot be served: the codes of X.411 §8.3.1.2.1.10, and a sentence for people. */
export interface Failure {
  readonly reason: number;
  /** Left out rather than invented. */
  readonly diagnostic?: number;
  readonly text: string;
}

/** The failures that this agent reports, by what happened. */
export const failures = {
  unknownMailbox: { reason: 1, diagnostic: 0, text: 'no such mailbox in this domain' },
  ambiguousMailbox: { reason: 1, diagnostic: 1, text: 'several mailboxes match' },
  noRoute: { reason: 1, diagnostic: 0, text: 'no route to this address' },
  noAddress: { reason: 6, text: 'a directory name without an address cannot be looked up here' },
  loop: { reason: 1, diagnostic: 3, text: 'the message has been here before' },
  expired: { reason: 1, diagnostic: 5, text: 'the time for delivery is over' },
  tooLong: { reason: 1, diagnostic: 7, text: 'the content is longer than this agent takes' },
  traceTooLong: { reason: 1, diagnostic: 13, text: 'too many trace elements' },
  criticalExtension: { reason: 1, diagnostic: 18, text: 'an extension marked critical is not supported' },
  unableToDowngrade: { reason: 2, diagnostic: 47, text: 'a P1 1984 peer cannot take this' },
  transferAttemptsUsedUp: { reason: 0, diagnostic: 49, text: 'the peer refused the transfer too often' },
  protocolViolation: { reason: 1, diagnostic: 14, text: 'the message does not decode' },
  unprocessable: { reason: 1, diagnostic: 48, text: 'this agent cannot process the message' },
  openAttemptsUsedUp: { reason: 0, text: 'the peer could not be reached' },
} as const satisfies Record<string, Failure>;

/** `unable-to-transfer/unrecognised-OR-name (1/0): no such mailbox in this domain`. */
export function failureText(failure: Failure): string {
  const { reason, diagnostic, text } = failure;
  const name = nonDeliveryReasons.name(reason);
  if (diagnostic === undefined) return `${name} (${String(reason)}): ${text}`;
  const detail = nonDeliveryDiagnostics.name(diagnostic);
  return `${name}/${detail} (${String(reason)}/${String(diagnostic)}): ${text}`;
}

/**
 * Numbers of X.411 and their names, as tables: what the wire carries is always the number, unknown ones included; names are for people.
 */

/** Numbers with names, looked up both ways. Names are the standard's own identifiers. */
export interface CodeTable {
  /** The name of a number, or the number itself in decimal where it has none. */
  name(code: number): string;
  /** The number of a name (any case), or of decimal digits; undefined where there is neither. */
  code(name: string): number | undefined;
  readonly names: ReadonlyMap<number, string>;
}

function codeTable(entries: readonly (readonly [number, string])[]): CodeTable {
  const names = new Map(entries);
  const codes = new Map(entries.map(([code, name]) => [name.toLowerCase(), code]));
  return {
    names,
    name: (code) => names.get(code) ?? String(code),
    code: (name) => codes.get(name.toLowerCase()) ?? (/^\d{1,10}$/.test(name) ? Number(name) : undefined),
  };
}

function numbered(first: number, names: readonly string[]): (readonly [number, string])[] {
  return names.map((name, i) => [first + i, name]);
}

/** NonDeliveryReasonCode (X.411, MTSAbstractService). 1984 knows 0..2. */
export const nonDeliveryReasons = codeTable(
  numbered(0, [
    'transfer-failure',
    'unable-to-transfer',
    'conversion-not-performed',
    'physical-rendition-not-performed',
    'physical-delivery-not-performed',
    'restricted-delivery',
    'directory-operation-unsuccessful',
    'deferred-delivery-not-performed',
    'transfer-failure-for-security-reason',
  ]),
);

/** NonDeliveryDiagnosticCode (X.411, MTSAbstractService). 1984 knows 0..11, 1988 0..47. */
export const nonDeliveryDiagnostics = codeTable(
  numbered(0, [
    'unrecognised-OR-name',
    'ambiguous-OR-name',
    'mts-congestion',
    'loop-detected',
    'recipient-unavailable',
    'maximum-time-expired',
    'encoded-information-types-unsupported',
    'content-too-long',
    'conversion-impractical',
    'implicit-conversion-prohibited',
    'implicit-conversion-not-subscribed',
    'invalid-arguments',
    'content-syntax-error',
    'size-constraint-violation',
    'protocol-violation',
    'content-type-not-supported',
    'too-many-recipients',
    'no-bilateral-agreement',
    'unsupported-critical-function',
    'conversion-with-loss-prohibited',
    'line-too-long',
    'page-split',
    'pictorial-symbol-loss',
    'punctuation-symbol-loss',
    'alphabetic-character-loss',
    'multiple-information-loss',
    'recipient-reassignment-prohibited',
    'redirection-loop-detected',
    'dl-expansion-prohibited',
    'no-dl-submit-permission',
    'dl-expansion-failure',
    'physical-rendition-attributes-not-supported',
    'undeliverable-mail-physical-delivery-address-incorrect',
    'undeliverable-mail-physical-delivery-office-incorrect-or-invalid',
    'undeliverable-mail-physical-delivery-address-incomplete',
    'undeliverable-mail-recipient-unknown',
    'undeliverable-mail-recipient-deceased',
    'undeliverable-mail-organization-expired',
    'undeliverable-mail-recipient-refused-to-accept',
    'undeliverable-mail-recipient-did-not-claim',
    'undeliverable-mail-recipient-changed-address-permanently',
    'undeliverable-mail-recipient-changed-address-temporarily',
    'undeliverable-mail-recipient-changed-temporary-address',
    'undeliverable-mail-new-address-unknown',
    'undeliverable-mail-recipient-did-not-want-forwarding',
    'undeliverable-mail-originator-prohibited-forwarding',
    'secure-messaging-error',
    'unable-to-downgrade',
    'unable-to-complete-transfer',
    'transfer-attempts-limit-reached',
    'incorrect-notification-type',
    'dl-expansion-prohibited-by-security-policy',
    'forbidden-alternate-recipient',
    'security-policy-violation',
    'security-services-refusal',
    'unauthorised-dl-member',
    'unauthorised-dl-name',
    'unauthorised-originally-intended-recipient-name',
    'unauthorised-originator-name',
    'unauthorised-recipient-name',
    'unreliable-system',
    'authentication-failure-on-subject-message',
    'decryption-failed',
    'decryption-key-unobtainable',
    'double-envelope-creation-failure',
    'double-enveloping-message-restoring-failure',
    'failure-of-proof-of-message',
    'integrity-failure-on-subject-message',
    'invalid-security-label',
    'key-failure',
    'mandatory-parameter-absence',
    'operation-security-failure',
    'repudiation-failure-of-message',
    'security-context-failure',
    'token-decryption-failed',
    'token-error',
    'unknown-security-label',
    'unsupported-algorithm-identifier',
    'unsupported-security-policy',
  ]),
);

/** Built-in content types (X.411 BuiltInContentType); the rest are object identifiers. */
export const contentTypes = codeTable([
  [0, 'unidentified'],
  [1, 'external'],
  [2, 'interpersonal-messaging-1984'],
  [22, 'interpersonal-messaging-1988'],
  [35, 'edi-messaging'],
  [40, 'voice-messaging'],
]);

/** Bits of BuiltInEncodedInformationTypes (X.411). */
export const builtInEncodedInformationTypes = codeTable(
  numbered(0, [
    'unknown',
    'telex',
    'ia5-text',
    'g3-facsimile',
    'g4-class-1',
    'teletex',
    'videotex',
    'voice',
    'sfd',
    'mixed-mode',
  ]),
);

/** TypeOfMTSUser (X.411). 1984 knows 0 and 1. */
export const mtsUserTypes = codeTable(
  numbered(0, ['public', 'private', 'ms', 'dl', 'pdau', 'physical-recipient', 'other']),
);

/** RoutingAction (X.411, trace). */
export const routingActions = codeTable(numbered(0, ['relayed', 'rerouted']));

/** Priority (X.411): the numbers are no order, non-urgent is 1 and urgent 2. */
export const priorities = codeTable(numbered(0, ['normal', 'non-urgent', 'urgent']));

export type Priority = 'urgent' | 'normal' | 'non-urgent';

/** What a number on the wire asks for; an unknown one counts as normal. */
export function priorityOf(code: number): Priority {
  const name = priorities.name(code);
  return name === 'urgent' || name === 'non-urgent' ? name : 'normal';
}

/** Priorities in the order in which they are served. */
export const prioritiesInOrder: readonly Priority[] = ['urgent', 'normal', 'non-urgent'];

/** ExtensionType numbers (X.411, MTSExtensions; 41, 43 and 44 X.420). */
export const extensionTypes = codeTable([
  ...numbered(1, [
    'recipient-reassignment-prohibited',
    'originator-requested-alternate-recipient',
    'dl-expansion-prohibited',
    'conversion-with-loss-prohibited',
    'latest-delivery-time',
    'requested-delivery-method',
    'physical-forwarding-prohibited',
    'physical-forwarding-address-request',
    'physical-delivery-modes',
    'registered-mail-type',
    'recipient-number-for-advice',
    'physical-rendition-attributes',
    'originator-return-address',
    'physical-delivery-report-request',
    'originator-certificate',
    'message-token',
    'content-confidentiality-algorithm-identifier',
    'content-integrity-check',
    'message-origin-authentication-check',
    'message-security-label',
    'proof-of-submission-request',
    'proof-of-delivery-request',
    'content-correlator',
    'probe-origin-authentication-check',
    'redirection-history',
    'dl-expansion-history',
    'physical-forwarding-address',
    'recipient-certificate',
    'proof-of-delivery',
    'originator-and-DL-expansion-history',
    'reporting-DL-name',
    'reporting-MTA-certificate',
    'report-origin-authentication-check',
    'originating-MTA-certificate',
    'proof-of-submission',
    'forwarding-request',
    'trace-information',
    'internal-trace-information',
    'reporting-MTA-name',
    'multiple-originator-certificates',
    'blind-copy-recipients',
    'dl-exempted-recipients',
    'body-part-encryption-token',
    'forwarded-content-token',
    'certificate-selectors',
    'certificate-selectors-override',
  ]),
]);

/** MTABindError (X.411). 1 is the reliable transfer's own. */
export const bindErrors = codeTable([
  [0, 'busy'],
  ...numbered(2, [
    'authentication-error',
    'unacceptable-dialogue-mode',
    'unacceptable-security-context',
    'inadequate-association-confidentiality',
  ]),
]);

/** The codes of refusal and abort of X.226 §8.2, and what they mean to whoever opened the association. */

export interface RefusalMeaning {
  readonly text: string;
  /** Worth another attempt later. */
  readonly transient: boolean;
}

/** provider-reason of CPR. */
const refusalMeanings: readonly RefusalMeaning[] = [
  { text: 'reason not specified', transient: true },
  { text: 'temporary congestion', transient: true },
  { text: 'local limit exceeded', transient: false },
  { text: 'called presentation address unknown', transient: false },
  { text: 'protocol version not supported', transient: false },
  { text: 'default context not supported', transient: false },
  { text: 'user data not readable', transient: false },
  { text: 'no presentation service access point available', transient: true },
];

export type ProviderRefusal =
  | 'reason-not-specified'
  | 'called-presentation-address-unknown'
  | 'protocol-version-not-supported'
  | 'user-data-not-readable';

export const providerRefusals: Readonly<Record<ProviderRefusal, number>> = {
  'reason-not-specified': 0,
  'called-presentation-address-unknown': 3,
  'protocol-version-not-supported': 4,
  'user-data-not-readable': 6,
};

export function refusalMeaning(providerReason: number): RefusalMeaning {
  return refusalMeanings[providerReason] ?? { text: `reason ${providerReason}`, transient: true };
}

/** provider-reason of ARP, by code. */
export const abortReasons = [
  'reason not specified',
  'unrecognized PPDU',
  'unexpected PPDU',
  'unexpected session service primitive',
  'unrecognized PPDU parameter',
  'unexpected PPDU parameter',
  'invalid PPDU parameter value',
] as const;
export type AbortReason = (typeof abortReasons)[number];

/** event-identifier of ARP, by code. */
export const abortEvents = [
  'CP',
  'CPA',
  'CPR',
  'ARU',
  'ARP',
  'AC',
  'ACA',
  'TD',
  'TTD',
  'TE',
  'TC',
  'TCC',
  'RS',
  'RSA',
  'release indication',
  'release confirm',
  'token give indication',
  'token please indication',
  'control give indication',
  'minor synchronize indication',
  'minor synchronize confirm',
  'major synchronize indication',
  'major synchronize confirm',
  'provider exception report indication',
  'user exception report indication',
  'activity start indication',
  'activity resume indication',
  'activity interrupt indication',
  'activity interrupt confirm',
  'activity discard indication',
  'activity discard confirm',
  'activity end indication',
  'activity end confirm',
] as const;
export type AbortEvent = (typeof abortEvents)[number];

/** What an ARP says, for people. */
export function abortText(providerReason: number | undefined, eventIdentifier: number | undefined): string {
  const reason = abortReasons[providerReason ?? 0] ?? `reason ${String(providerReason)}`;
  if (eventIdentifier === undefined) return reason;
  return `${reason} at ${abortEvents[eventIdentifier] ?? `event ${eventIdentifier}`}`;
}

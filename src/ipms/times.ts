/** GeneralizedTime (X.680 §46) to and from milliseconds since 1970; UTCTime is read by p1/utc-time.ts. */

const generalizedTimePattern =
  /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?:\d{2})?)?$/;

const millisecondsPerMinute = 60_000;

/** Milliseconds since 1970; undefined when it is no time. Without a zone it counts as UTC: the sender's zone is not known. */
export function parseGeneralizedTime(text: string): number | undefined {
  const match = generalizedTimePattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute = '00', second = '00', fraction = '0', zone = 'Z'] = match;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const text8601 = `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute}:${second}.${milliseconds}Z`;
  const utc = Date.parse(text8601);
  if (Number.isNaN(utc)) return undefined;
  if (zone === 'Z') return utc;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return utc + (zone.startsWith('+') ? -minutes : minutes) * millisecondsPerMinute;
}

/** In UTC and whole seconds. */
export function printGeneralizedTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
}

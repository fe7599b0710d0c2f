/**
 * UTCTime (X.680 §47) to and from milliseconds since 1970-01-01T00:00:00Z. Sent as `YYMMDDhhmmssZ`; accepted without seconds and with an offset
 * (P1-058).
 */

/** Two-digit years: 80..99 are of the twentieth century, 00..79 of the next (RFC 2156). */
const windowStart = 80;

const pattern = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:Z|([+-])(\d\d)(\d\d))$/;

/** Undefined where the characters are no UTCTime. */
export function parseUtcTime(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [yy = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1, 6).map(Number);
  const second = Number(match[6] ?? 0);
  const year = yy >= windowStart ? 1900 + yy : 2000 + yy;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(local);
  const exists =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  const [offsetHours, offsetMinutes] = [Number(match[8] ?? 0), Number(match[9] ?? 0)];
  if (!exists || offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000;
  return match[7] === '-' ? local + offset : local - offset;
}

/** The first and the last second that the two-digit year can tell. */
export const utcTimeEarliest = Date.UTC(1980, 0, 1);
export const utcTimeLatest = Date.UTC(2079, 11, 31, 23, 59, 59);

/** `YYMMDDhhmmssZ`; fractions of a second are dropped, a time outside the window is moved to its edge. */
export function printUtcTime(milliseconds: number): string {
  const clamped = Math.min(Math.max(milliseconds, utcTimeEarliest), utcTimeLatest);
  const text = new Date(clamped).toISOString();
  return `${text.slice(2, 4)}${text.slice(5, 7)}${text.slice(8, 10)}${text.slice(11, 13)}${text.slice(14, 16)}${text.slice(17, 19)}Z`;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUtcTime, printUtcTime, utcTimeEarliest, utcTimeLatest } from '../../src/p1/utc-time.js';

describe('UTCTime', () => {
  it.each([
    ['261122080000Z', '2026-11-22T08:00:00.000Z'],
    ['2611220800Z', '2026-11-22T08:00:00.000Z'],
    ['261122080030+0130', '2026-11-22T06:30:30.000Z'],
    ['2611220800-0500', '2026-11-22T13:00:00.000Z'],
    ['800101000000Z', '1980-01-01T00:00:00.000Z'],
    ['991231235959Z', '1999-12-31T23:59:59.000Z'],
    ['000101000000Z', '2000-01-01T00:00:00.000Z'],
    ['791231235959Z', '2079-12-31T23:59:59.000Z'],
    ['240229120000Z', '2024-02-29T12:00:00.000Z'],
  ])('reads %s, seconds or not, any offset, the year in the window (P1-058)', (text, expected) => {
    expect(new Date(parseUtcTime(text) ?? NaN).toISOString()).toBe(expected);
  });

  it.each([
    '',
    '261122',
    '261122080000',
    '261322080000Z',
    '260230080000Z',
    '261122240000Z',
    '261122086000Z',
    '26112208000xZ',
    '261122080000+2400',
    '20261122080000Z',
  ])('finds no time in "%s"', (text) => {
    expect(parseUtcTime(text)).toBeUndefined();
  });

  it('sends Z with seconds, and reads back what it sends (P1-058)', () => {
    expect(printUtcTime(Date.UTC(2026, 10, 22, 8, 0, 0, 999))).toBe('261122080000Z');
    fc.assert(
      fc.property(fc.integer({ min: utcTimeEarliest / 1000, max: utcTimeLatest / 1000 }), (seconds) => {
        expect(parseUtcTime(printUtcTime(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });

  it('moves a time outside the window to its edge', () => {
    expect(printUtcTime(0)).toBe('800101000000Z');
    expect(printUtcTime(Date.UTC(2100, 0, 1))).toBe('791231235959Z');
  });
});

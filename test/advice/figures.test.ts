import { describe, expect, it } from 'vitest';
import { lineFiguresOf, type LineFigures, type Sources } from '../../src/advice/figures.js';
import { lossesPerHour, observeLog } from '../../src/advice/observed.js';

const values = { checkpointSizeK: 30, windowSize: 5 };

function figuresOf(sources: Partial<Sources>): LineFigures {
  const found = lineFiguresOf({ given: {}, measured: {}, values, ...sources });
  if ('missing' in found) throw new Error(`${found.missing} is missing`);
  return found;
}

const start = Date.UTC(2026, 10, 22);

function log(...lines: readonly (readonly [seconds: number, event: string, fields: object])[]): readonly string[] {
  return lines.map(([seconds, event, fields]) =>
    JSON.stringify({ time: start + seconds * 1000, event, connector: 'beta', ...fields }),
  );
}

/** A transfer of 1 MB at so many octets a second. */
function transfer(mts: string, from: number, octetsPerSecond: number): readonly string[] {
  const octets = 1_000_000;
  return log(
    [from, 'transfer.started', { mts, octets, fromOctet: 0 }],
    [from + octets / octetsPerSecond, 'transfer.completed', { mts, octets, direction: 'outgoing' }],
  );
}

describe('the figures of a line', () => {
  it('are what is said before what was measured, before what the log tells, before what is assumed', () => {
    const observed = observeLog([...transfer('a', 0, 10_000), ...transfer('b', 200, 10_000)], 'beta');
    const measured = { roundTripSeconds: 0.2, octetsPerSecond: 20_000, values };
    const given = { octetsPerSecond: 30_000 };
    expect(figuresOf({ measured, observed, given }).line.octetsPerSecond).toBe(30_000);
    expect(figuresOf({ measured, observed }).line.octetsPerSecond).toBe(20_000);
    expect(figuresOf({ measured: { roundTripSeconds: 0.2 }, observed }).line).toMatchObject({
      octetsPerSecond: 10_000,
      roundTripSeconds: 0.2,
      syncSeconds: 0.005,
      cutsPerHour: 0,
      messageOctets: Infinity,
    });
  });

  it('say where each comes from', () => {
    const { figures } = figuresOf({ given: { roundTripSeconds: 0.6, octetsPerSecond: 9600, outageSeconds: 90 } });
    expect(figures.map(({ name, source }) => `${name}: ${source}`)).toEqual([
      'round trip: --rtt',
      'line: --goodput',
      'disk sync: assumed',
      'cuts: assumed',
      'message: assumed: longer than any window',
      'longest outage: --outage',
    ]);
  });

  it('say what is missing', () => {
    expect(lineFiguresOf({ given: {}, measured: {}, values })).toEqual({ missing: 'round trip' });
    expect(lineFiguresOf({ given: { roundTripSeconds: 1 }, measured: {}, values })).toEqual({ missing: 'goodput' });
  });

  it('do not take a rate that the window held down for that of the line', () => {
    const windowRate = (5 * 30 * 1024) / 0.605;
    const { line, figures } = figuresOf({ measured: { roundTripSeconds: 0.6, octetsPerSecond: windowRate, values } });
    expect(line.octetsPerSecond).toBeCloseTo(2 * windowRate);
    expect(figures[1]?.source).toContain('held up by the window');
  });

  it('tell the disk from what the first confirmation took beyond the line and the round trip', () => {
    const measured = { roundTripSeconds: 0.1, octetsPerSecond: 30 * 1024, firstConfirmationSeconds: 1.14, values };
    expect(figuresOf({ measured }).line.syncSeconds).toBeCloseTo(0.04);
    expect(figuresOf({ measured: { ...measured, firstConfirmationSeconds: 1 } }).line.syncSeconds).toBe(0);
  });

  it('take the losses that a running daemon counts where the log tells too little', () => {
    const measured = { roundTripSeconds: 0.2, octetsPerSecond: 20_000, values };
    expect(figuresOf({ measured, lossesPerHour: 4 }).line.cutsPerHour).toBe(4);
  });
});

describe('what a log tells of a line', () => {
  it('is the median rate of the longer transfers that were not cut', () => {
    const lines = [
      ...transfer('a', 0, 10_000),
      ...transfer('b', 200, 30_000),
      ...transfer('c', 400, 20_000),
      ...log(
        [600, 'transfer.started', { mts: 'short', octets: 500 }],
        [601, 'transfer.completed', { mts: 'short', octets: 500, direction: 'outgoing' }],
        [700, 'transfer.started', { mts: 'cut', octets: 1_000_000 }],
        [720, 'transfer.resumed', { mts: 'cut', fromOctet: 500_000 }],
        [721, 'transfer.completed', { mts: 'cut', octets: 1_000_000, direction: 'outgoing' }],
      ),
    ];
    expect(observeLog(lines, 'beta')).toMatchObject({ transfers: 5, goodputOctetsPerSecond: 20_000, cuts: 1 });
  });

  it('counts a cut once, whether its transfer was resumed or began again, per hour of transfers', () => {
    const lines = log(
      [0, 'transfer.started', { mts: 'a' }],
      [100, 'transfer.resumed', { mts: 'a' }],
      [200, 'transfer.restarted', { mts: 'a' }],
      [210, 'transfer.started', { mts: 'a' }],
      [1800, 'transfer.completed', { mts: 'a', octets: 1_000_000, direction: 'outgoing' }],
    );
    expect(observeLog(lines, 'beta')).toMatchObject({ cuts: 2, transferSeconds: 1800, cutsPerHour: 4 });
  });

  it('is nothing of other connectors, of what comes in, of a few seconds, or of lines that are none', () => {
    const incoming = log(
      [0, 'transfer.started', { mts: 'a', direction: 'incoming' }],
      [1, 'transfer.completed', { mts: 'a', octets: 1_000_000, direction: 'incoming' }],
    );
    const observed = observeLog(['', 'no log', '{"broken', '{}', ...incoming, ...transfer('b', 0, 1_000_000)], 'beta');
    expect(observed).toMatchObject({ transfers: 1, cuts: 0 });
    expect(observed.cutsPerHour).toBeUndefined();
    expect(observeLog(transfer('b', 0, 1000), 'gamma')).toMatchObject({ transfers: 0, transferSeconds: 0 });
  });

  it('has the outages between the loss of an association and its recovery', () => {
    const lines = log(
      [10, 'association.lost', { association: 'a1' }],
      [12, 'association.lost', { association: 'a2' }],
      [40, 'association.recovered', { association: 'a3', lost: 'a1' }],
    );
    expect(observeLog(lines, 'beta').outageSeconds).toEqual([30]);
  });

  it('may come from the metrics of a running daemon: losses per hour since its start', () => {
    const metrics = [
      'process_start_time_seconds 1000',
      'mta_events_total{event="association.lost",connector="beta"} 3',
      'mta_events_total{event="association.lost",connector="gamma"} 9',
      'mta_events_total{event="association.opened",connector="beta"} 20',
    ].join('\n');
    expect(lossesPerHour(metrics, 'beta', 1000 + 1800)).toBe(6);
    expect(lossesPerHour(metrics, 'beta', 1001)).toBeUndefined();
    expect(lossesPerHour('', 'beta', 1001)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkpointSizeKMax,
  octetsAtRisk,
  predict,
  progressesBetweenCuts,
  windowBound,
  windowSizeMax,
  type CheckpointValues,
  type Line,
} from '../../src/advice/line-model.js';
import { recommend, recommendRecoveryTimeout } from '../../src/advice/recommendation.js';

const clean: Line = {
  octetsPerSecond: 1_000_000,
  roundTripSeconds: 0.6,
  syncSeconds: 0,
  cutsPerHour: 0,
  messageOctets: Infinity,
};

const lines: fc.Arbitrary<Line> = fc.record({
  octetsPerSecond: fc.integer({ min: 10, max: 200_000_000 }),
  roundTripSeconds: fc.double({ min: 0, max: 30, noNaN: true }),
  syncSeconds: fc.double({ min: 0, max: 1, noNaN: true }),
  cutsPerHour: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3600, noNaN: true })),
  messageOctets: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 2 ** 31 })),
});

const values: fc.Arbitrary<CheckpointValues> = fc.record({
  checkpointSizeK: fc.integer({ min: 1, max: checkpointSizeKMax }),
  windowSize: fc.integer({ min: 1, max: windowSizeMax }),
});

/** A search through all values: a few lines suffice. */
const runs = { numRuns: 30 };

describe('what a line carries', () => {
  it('is window times checkpoint for each confirmation, where the line itself takes no time', () => {
    const line = { ...clean, octetsPerSecond: Infinity };
    expect(windowBound({ checkpointSizeK: 30, windowSize: 5 }, line)).toBe((5 * 30 * 1024) / 0.6);
    expect(windowBound({ checkpointSizeK: 30, windowSize: 5 }, { ...line, syncSeconds: 0.4 })).toBe(5 * 30 * 1024);
  });

  it('counts the time that a piece takes on the line: a window of 1 never fills it', () => {
    const prediction = predict({ ...clean, octetsPerSecond: 30 * 1024 }, { checkpointSizeK: 30, windowSize: 1 });
    expect(prediction.goodputOctetsPerSecond).toBeCloseTo((30 * 1024) / 1.6);
    expect(prediction).toMatchObject({ boundBy: 'window' });
    expect(prediction.waitSecondsPerCheckpoint).toBeCloseTo(0.6);
  });

  it('is what the line carries where nobody waits, and without checkpoints', () => {
    const fast = { ...clean, roundTripSeconds: 0.001 };
    expect(predict(fast, { checkpointSizeK: 30, windowSize: 5 })).toMatchObject({
      goodputOctetsPerSecond: 1_000_000,
      boundBy: 'line',
      waitSecondsPerCheckpoint: 0,
    });
    expect(predict(clean, { checkpointSizeK: 0, windowSize: 5 })).toMatchObject({
      goodputOctetsPerSecond: 1_000_000,
      overheadShare: 0,
      octetsAtRisk: Infinity,
    });
  });

  it('never falls with a better line or a larger window, nor rises with a worse line', () => {
    fc.assert(
      fc.property(lines, values, fc.double({ min: 1, max: 10, noNaN: true }), (line, chosen, factor) => {
        const at = (changed: Partial<Line>, other: Partial<CheckpointValues> = {}) =>
          predict({ ...line, ...changed }, { ...chosen, ...other }).goodputOctetsPerSecond;
        const now = at({}) * (1 - 1e-9); // the last digits of a division
        expect(at({ octetsPerSecond: line.octetsPerSecond * factor })).toBeGreaterThanOrEqual(now);
        expect(at({}, { windowSize: Math.min(255, chosen.windowSize + 1) })).toBeGreaterThanOrEqual(now);
        expect(at({}, { checkpointSizeK: chosen.checkpointSizeK + 1 })).toBeGreaterThanOrEqual(now);
        expect(at({ roundTripSeconds: line.roundTripSeconds / factor })).toBeGreaterThanOrEqual(now);
        expect(at({ syncSeconds: line.syncSeconds / factor })).toBeGreaterThanOrEqual(now);
      }),
    );
  });
});

describe('what a cut costs', () => {
  it('is at most the window and the piece in flight, and never more than the message', () => {
    expect(octetsAtRisk({ checkpointSizeK: 30, windowSize: 5 }, Infinity)).toBe(6 * 30 * 1024);
    expect(octetsAtRisk({ checkpointSizeK: 30, windowSize: 5 }, 2048)).toBe(2048);
    expect(octetsAtRisk({ checkpointSizeK: 0, windowSize: 5 }, 5_000_000)).toBe(5_000_000);
  });

  it('grows with the window, the checkpoint size and the cuts', () => {
    fc.assert(
      fc.property(lines, values, (line, chosen) => {
        const now = predict(line, chosen);
        const wider = predict(line, { ...chosen, windowSize: chosen.windowSize + 1 });
        const larger = predict(line, { ...chosen, checkpointSizeK: chosen.checkpointSizeK + 1 });
        const worse = predict({ ...line, cutsPerHour: line.cutsPerHour + 1 }, chosen);
        expect(wider.octetsAtRisk).toBeGreaterThanOrEqual(now.octetsAtRisk);
        expect(larger.octetsAtRisk).toBeGreaterThanOrEqual(now.octetsAtRisk);
        expect(worse.resentOctetsPerHour).toBeGreaterThan(now.resentOctetsPerHour);
        expect(worse.netOctetsPerSecond).toBeLessThan(now.netOctetsPerSecond);
      }),
    );
  });
});

describe('a recommendation', () => {
  it('is never worse than the built-in default under its own model, and within the limits of the site file', () => {
    fc.assert(
      fc.property(lines, (line) => {
        const { prediction, alternatives } = recommend(line);
        const builtin = predict(line, { checkpointSizeK: 30, windowSize: 5 });
        expect(prediction.netOctetsPerSecond).toBeGreaterThanOrEqual(builtin.netOctetsPerSecond);
        for (const { checkpointSizeK, windowSize } of [prediction, ...alternatives]) {
          expect(checkpointSizeK).toBeGreaterThanOrEqual(1);
          expect(checkpointSizeK).toBeLessThanOrEqual(checkpointSizeKMax);
          expect(windowSize).toBeGreaterThanOrEqual(1);
          expect(windowSize).toBeLessThanOrEqual(windowSizeMax);
        }
      }),
      runs,
    );
  });

  it('risks no more on a line that breaks more often', () => {
    fc.assert(
      fc.property(lines, fc.double({ min: 0, max: 100, noNaN: true }), (line, more) => {
        const now = recommend(line).prediction;
        const worse = recommend({ ...line, cutsPerHour: line.cutsPerHour + more }).prediction;
        fc.pre(now.checkpointSizeK <= 60 && worse.checkpointSizeK <= 60); // sizes above are a step of their own
        expect(worse.octetsAtRisk).toBeLessThanOrEqual(now.octetsAtRisk);
      }),
      runs,
    );
  });

  it('warns of a size above 60 K, and takes one only where no window of smaller ones fills the line', () => {
    const satellite = recommend({ ...clean, octetsPerSecond: 100_000_000 });
    expect(satellite.prediction.checkpointSizeK).toBeGreaterThan(60);
    expect(satellite.warnings).toContainEqual(expect.stringContaining('above 60 K'));
    const ordinary = recommend(clean);
    expect(ordinary.prediction.checkpointSizeK).toBeLessThanOrEqual(60);
    expect(ordinary.prediction).toMatchObject({ boundBy: 'line' });
    expect(ordinary.warnings).toEqual([]);
  });

  it('says so where the line breaks before a checkpoint is confirmed', () => {
    const hopeless = { ...clean, octetsPerSecond: 10, cutsPerHour: 600 };
    expect(progressesBetweenCuts(hopeless, { checkpointSizeK: 1, windowSize: 1 })).toBe(false);
    expect(recommend(hopeless).warnings).toContainEqual(expect.stringContaining('breaks before one checkpoint'));
  });

  it('shows the built-in default and itself among the alternatives', () => {
    const { prediction, alternatives } = recommend(clean);
    expect(alternatives).toContainEqual(prediction);
    expect(alternatives).toContainEqual(predict(clean, { checkpointSizeK: 30, windowSize: 5 }));
  });
});

describe('a recommended recovery timeout', () => {
  it('is the default while no outage was seen', () => {
    expect(recommendRecoveryTimeout([], 30)).toBe(60);
  });

  it('outlasts twice the longest outage and the later of the two ends to notice it', () => {
    expect(recommendRecoveryTimeout([3, 100, 20], 30)).toBe(240);
    expect(recommendRecoveryTimeout([1], 5)).toBe(60);
  });
});

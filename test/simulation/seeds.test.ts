import { describe, expect, it } from 'vitest';
import { runSeed } from '../../src/simulation/run.js';

/** New seeds of each run of the tests: always the same, so that a failure belongs to a change. */
const firstSeed = 20_000;
const seeds = 40;

/** Seeds that have found mistakes: what is queued behind a lost transfer, an abandoned recovery, a silent peer with the turn, octets nobody holds. */
const regressionSeeds = [6, 11, 39, 46, 261];

describe('agents that suffer faults and come to rest', () => {
  it(`deliver or report every message once and leave nothing behind, seeds ${String(firstSeed)} to ${String(firstSeed + seeds - 1)}`, () => {
    const failed = Array.from({ length: seeds }, (_, i) => runSeed(firstSeed + i))
      .filter(({ violations }) => violations.length > 0)
      .map(({ seed, violations }) => `npm run simulate -- --seeds 1 --seed ${String(seed)}: ${violations.join('; ')}`);
    expect(failed).toEqual([]);
  });

  for (const seed of regressionSeeds) {
    it(`hold with seed ${String(seed)}, which once failed`, () => {
      expect(runSeed(seed).violations).toEqual([]);
    });
  }

  it('give the same trace for the same seed', () => {
    const [first, second, other] = [runSeed(12), runSeed(12), runSeed(13)];
    expect(second.traceHash).toBe(first.traceHash);
    expect(other.traceHash).not.toBe(first.traceHash);
  });
});

import { describe, expect, it } from 'vitest';
import { runSeed } from '../../src/simulation/run.js';

/** New seeds of each run of the tests: always the same, so that a failure belongs to a change. */
const firstSeed = 20_000;
const seeds = 20;

/**
 * Seeds that have found mistakes: a queue left waiting for a recovery that was given up (6), octets that nobody holds (11), a message sent on
 * an association just lost (39), a transfer both recovered and queued (46), a silent peer that has the turn (261), octets counted before they
 * are sent (1203).
 */
const regressionSeeds = [6, 11, 39, 46, 261, 1203];

describe('agents that suffer faults and come to rest', () => {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    it(`deliver or report every message once and leave nothing behind: npm run simulate -- --seeds 1 --seed ${String(seed)}`, () => {
      expect(runSeed(seed).violations).toEqual([]);
    });
  }

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

import { describe, expect, it } from 'vitest';
import { runSeed } from '../../src/simulation/run.js';

/**
 * New seeds of each run of the tests: always the same, so that a failure belongs to a change. What seeds have found has tests of its own
 * (recovery.test.ts, store-failure.test.ts): a seed means something else as soon as the generator has changed.
 */
const firstSeed = 20_000;
const seeds = 20;

/** Seeds in which all of this must be met. */
const coverageSeeds = { first: 1, count: 60 };
const commonly = [
  'fault: cut',
  'fault: reset',
  'fault: half-open',
  'fault: refusal',
  'fault: reorder',
  'fault: kill',
  'fault: power-loss',
  'fault: stop',
  'fault: reload',
  'fault: operator',
  'fault: slow-receiver',
  'fault: database-failure',
  'struck while opening',
  'struck while sending',
  'struck while receiving',
  'struck while an agent is down',
  'association recovered',
  'resumed on another association',
  'begun again on another association',
  'peer silent',
  'partial transfer forgotten',
  'recovery given up by the timeout',
  'message deferred',
];

describe('agents that suffer faults and come to rest', () => {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    it(`deliver or report every message once and leave nothing behind: npm run simulate -- --seeds 1 --seed ${String(seed)}`, () => {
      expect(runSeed(seed).violations).toEqual([]);
    });
  }

  it('give the same trace for the same seed', () => {
    const [first, second, other] = [runSeed(12), runSeed(12), runSeed(13)];
    expect(second.traceHash).toBe(first.traceHash);
    expect(other.traceHash).not.toBe(first.traceHash);
  });

  it(
    'are struck by every kind of fault that is common, and take every common way of recovery',
    { timeout: 60_000 },
    () => {
      const met = new Set<string>();
      for (let i = 0; i < coverageSeeds.count; i++) {
        for (const name of runSeed(coverageSeeds.first + i).coverage.keys()) met.add(name);
      }
      expect(commonly.filter((name) => !met.has(name))).toEqual([]);
    },
  );
});

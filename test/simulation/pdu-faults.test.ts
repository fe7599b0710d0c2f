import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../src/faults/schedule-json.js';
import { runSeed, type RunResult } from '../../src/simulation/run.js';

/** Kinds of faults that struck, in order. */
function run(
  seed: number,
  faults: readonly object[],
): { readonly result: RunResult; readonly struck: readonly string[] } {
  const struck: string[] = [];
  const result = runSeed(seed, {
    schedule: parseSchedule(JSON.stringify(faults)),
    listener: (_at, _agent, event, fields) => {
      if (event === 'fault') struck.push((JSON.parse(fields) as { readonly kind: string }).kind);
    },
  });
  return { result, struck };
}

describe('a schedule that names PDUs, in the simulated world', () => {
  for (const place of ['before', 'middle', 'after'] as const) {
    it(`strikes ${place} the start, the end and the end's acknowledgement of activities, and everything holds`, () => {
      const faults = [
        { kind: 'cut', when: { on: 'ACTIVITY START', place } },
        { kind: 'silence', when: { on: 'ACTIVITY END', place } },
        { kind: 'cut', when: { on: 'ACTIVITY END ACK', nth: 2, place } },
        { kind: 'kill', agent: 0, downMilliseconds: 500, when: { on: 'CONNECT', nth: 2 } },
      ];
      const { result, struck } = run(12, faults);
      expect(result.violations).toEqual([]);
      expect([...struck].sort()).toEqual(['cut', 'cut', 'kill', 'silence']);
      expect(run(12, faults).result.traceHash).toBe(result.traceHash);
    });
  }
});

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCrash } from '../../src/crash/run.js';

if (!existsSync(new URL('../../dist/crash/doomed-daemon.js', import.meta.url))) {
  throw new Error('these tests run what the build made of src/: run "npm run build" first, as "npm test" does');
}

/** Steps of the start, the middle and the end; `npm run crash` takes all of them. */
const deaths = [
  { victim: 'sender', steps: [1, 30] },
  { victim: 'sender', steps: [16, 2] },
  { victim: 'receiver', steps: [2, 25] },
  { victim: 'receiver', steps: [40, 1] },
] as const;

describe('a daemon that dies at a step of its store and again in its next life', { timeout: 180_000 }, () => {
  for (const { victim, steps } of deaths) {
    it(`as ${victim} at steps ${steps.join(' and ')} loses nothing, doubles nothing, leaves nothing`, async () => {
      const result = await runCrash({ victim, steps });
      expect(result.violations).toEqual([]);
      expect(result.deaths).toBe(2);
    });
  }
});

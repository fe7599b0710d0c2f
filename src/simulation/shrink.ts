import type { Schedule } from '../faults/schedule.js';
import { runSeed, type RunResult } from './run.js';

/** Takes faults away for as long as the run still fails; the result fails, with the fewest faults found. */
export function shrink(failed: RunResult): RunResult {
  let smallest = failed;
  for (let i = 0; i < smallest.schedule.length;) {
    const without: Schedule = smallest.schedule.filter((_, j) => j !== i);
    const result = runSeed(failed.seed, without);
    if (result.violations.length === 0) i += 1;
    else smallest = result;
  }
  return smallest;
}

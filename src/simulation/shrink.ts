import { runSeed, type RunOptions, type RunResult } from './run.js';

/** Runs that may be spent on making one failure smaller. */
const runsMax = 60;

/** A failure and the least that was found to bring it about. */
export interface Shrunk {
  readonly result: RunResult;
  readonly options: RunOptions;
}

/** Takes faults away, then messages, then shortens what is left, for as long as the run still fails. */
export function shrink(failed: RunResult): Shrunk {
  const { seed } = failed;
  let runs = 0;
  let smallest: Shrunk = { result: failed, options: { schedule: failed.schedule } };
  const fails = (options: RunOptions): boolean => {
    if (++runs > runsMax) return false;
    const result = runSeed(seed, options);
    if (result.violations.length > 0) smallest = { result, options };
    return result.violations.length > 0;
  };
  fewer(failed.schedule, (schedule) => fails({ ...smallest.options, schedule }));
  const messages = failed.load.map(({ number }) => number);
  fewer(messages, (left) => fails({ ...smallest.options, load: { messages: left } }));
  let octetsMax = Math.max(1, ...smallest.result.load.map(({ octets }) => octets));
  while (
    octetsMax > 1 &&
    fails({ ...smallest.options, load: { ...smallest.options.load, octetsMax: octetsMax >> 1 } })
  ) {
    octetsMax >>= 1;
  }
  return smallest;
}

/** Leaves out one after the other for as long as `fails` says so. */
function fewer<Item>(items: readonly Item[], fails: (left: readonly Item[]) => boolean): void {
  let left = items;
  for (let i = 0; i < left.length;) {
    const without = left.filter((_, j) => j !== i);
    if (fails(without)) left = without;
    else i += 1;
  }
}

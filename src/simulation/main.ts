import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { parseSchedule, printSchedule } from '../faults/schedule-json.js';
import type { Schedule } from '../faults/schedule.js';
import { runSeed, type RunResult } from './run.js';
import { shrink } from './shrink.js';

/** Of so many seeds one is run twice, to see that the same seed gives the same trace. */
const repeatEvery = 10;

const progressMilliseconds = 5000;

const usage = 'npm run simulate -- --seeds N [--seed FIRST] [--faults JSON]';

interface SeedAnswer {
  readonly failure?: { readonly result: RunResult; readonly shrunk: RunResult };
}

/** One seed, as a thread does it. */
function attend(seed: number): SeedAnswer {
  const result = runSeed(seed);
  if (seed % repeatEvery === 0 && runSeed(seed).traceHash !== result.traceHash) {
    const failed = { ...result, violations: [...result.violations, 'a second run gives another trace'] };
    return { failure: { result: failed, shrunk: failed } };
  }
  return result.violations.length === 0 ? {} : { failure: { result, shrunk: shrink(result) } };
}

function describe({ result, shrunk }: NonNullable<SeedAnswer['failure']>): string {
  const list = (violations: readonly string[]): string => violations.map((text) => `    ${text}\n`).join('');
  return (
    `seed ${String(result.seed)} fails (trace ${result.traceHash}):\n${list(result.violations)}` +
    `  replay: npm run simulate -- --seeds 1 --seed ${String(result.seed)}\n` +
    `  with ${String(shrunk.schedule.length)} of ${String(result.schedule.length)} faults:\n${list(shrunk.violations)}` +
    `  replay: npm run simulate -- --seeds 1 --seed ${String(result.seed)} --faults '${printSchedule(shrunk.schedule)}'\n`
  );
}

/** Seeds `first` to `first + count - 1` on all processors; the seeds that failed. */
async function runAll(first: number, count: number): Promise<number> {
  const startedAt = Date.now();
  let next = first;
  let done = 0;
  let failures = 0;
  const rate = (): string => `${String(Math.round((done * 60_000) / Math.max(Date.now() - startedAt, 1)))} a minute`;
  const progress = setInterval(() => {
    process.stderr.write(`${String(done)} of ${String(count)} seeds, ${String(failures)} failed, ${rate()}\n`);
  }, progressMilliseconds);
  const threads = Array.from({ length: Math.min(availableParallelism(), count) }, async () => {
    const worker = new Worker(new URL(import.meta.url));
    while (next < first + count) {
      worker.postMessage(next++);
      const [{ failure }] = (await once(worker, 'message')) as [SeedAnswer];
      done += 1;
      if (failure === undefined) continue;
      failures += 1;
      process.stdout.write(describe(failure));
    }
    await worker.terminate();
  });
  await Promise.all(threads);
  clearInterval(progress);
  const seeds = `seeds ${String(first)} to ${String(first + count - 1)}`;
  process.stdout.write(`${seeds}: ${String(failures)} failed, ${rate()}\n`);
  return failures;
}

/** The whole log of one run, for the eye. */
function runOne(seed: number, schedule: Schedule | undefined): number {
  const { violations, traceHash } = runSeed(seed, schedule, (at, agent, event, fields) => {
    process.stdout.write(`${at.toFixed(1).padStart(12)} ${agent.padEnd(6)} ${event} ${fields}\n`);
  });
  process.stdout.write(`trace ${traceHash}\n${violations.map((text) => `violated: ${text}\n`).join('')}`);
  return violations.length;
}

async function main(): Promise<number> {
  const options = { seeds: { type: 'string' }, seed: { type: 'string' }, faults: { type: 'string' } } as const;
  const { values } = parseArgs({ options });
  const count = Number(values.seeds ?? '1');
  const first = Number(values.seed ?? '1');
  if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(first) || first < 0) throw new Error(usage);
  const schedule = values.faults === undefined ? undefined : parseSchedule(values.faults);
  const failures = count === 1 ? runOne(first, schedule) : await runAll(first, count);
  return failures === 0 ? 0 : 1;
}

if (isMainThread) {
  main().then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    },
  );
} else {
  parentPort?.on('message', (seed: number) => parentPort?.postMessage(attend(seed)));
}

import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { parseSchedule } from '../faults/schedule-json.js';
import { coverageText, failureText, sizeText, type Failure } from './run-report.js';
import { runSeed, type RunOptions } from './run.js';
import { shrink } from './shrink.js';

/** Of so many seeds one is run twice, to see that the same seed gives the same trace. */
const repeatEvery = 10;

/** Seeds that a thread does before it answers. */
const batchSeeds = 10;

const progressMilliseconds = 5000;

const usage = `npm run simulate -- [--seeds N] [--seed FIRST] [--faults JSON] [--messages NUMBERS] [--octets-max N]

Runs whole agents through faults in virtual time, and looks whether what must hold holds.
  --seeds N           how many seeds; one alone prints the whole log
  --seed FIRST        the first seed, by default 1
  --faults JSON       a schedule of faults instead of the one that the seed makes
  --messages NUMBERS  of the seed's messages only these, such as 0,3
  --octets-max N      longer messages are shortened to this
Each seed: ${sizeText()}
`;

/** Seeds for a thread. */
interface Batch {
  readonly first: number;
  readonly count: number;
}

interface BatchAnswer {
  readonly failures: readonly Failure[];
  readonly coverage: readonly (readonly [string, number])[];
}

/** One batch, as a thread does it. */
function attend({ first, count }: Batch): BatchAnswer {
  const failures: Failure[] = [];
  const coverage = new Map<string, number>();
  for (let seed = first; seed < first + count; seed++) {
    const result = runSeed(seed);
    for (const [name, times] of result.coverage) coverage.set(name, (coverage.get(name) ?? 0) + times);
    if (seed % repeatEvery === 0 && runSeed(seed).traceHash !== result.traceHash) {
      const failed = { ...result, violations: [...result.violations, 'a second run gives another trace'] };
      failures.push({ result: failed, shrunk: { result: failed, options: { schedule: failed.schedule } } });
    } else if (result.violations.length > 0) failures.push({ result, shrunk: shrink(result) });
  }
  return { failures, coverage: [...coverage] };
}

/** Seeds `first` to `first + count - 1` on all processors; the seeds that failed. */
async function runAll(first: number, count: number): Promise<number> {
  const startedAt = Date.now();
  const end = first + count;
  let next = first;
  let done = 0;
  let failures = 0;
  const coverage = new Map<string, number>();
  const rate = (): number => (done * 60_000) / Math.max(Date.now() - startedAt, 1);
  process.stdout.write(`seeds ${String(first)} to ${String(end - 1)}: ${sizeText()}\n`);
  const progress = setInterval(() => {
    const seconds = done === 0 ? '?' : String(Math.ceil(((count - done) / rate()) * 60));
    process.stderr.write(
      `${String(done)} of ${String(count)} seeds, ${String(failures)} failed, ${rate().toFixed(0)} a minute, ${seconds} s to go\n`,
    );
  }, progressMilliseconds);
  const threads = Array.from({ length: Math.min(availableParallelism(), count) }, async () => {
    const worker = new Worker(new URL(import.meta.url));
    while (next < end) {
      const batch: Batch = { first: next, count: Math.min(batchSeeds, end - next) };
      next += batch.count;
      worker.postMessage(batch);
      const [answer] = (await once(worker, 'message')) as [BatchAnswer];
      done += batch.count;
      failures += answer.failures.length;
      for (const [name, times] of answer.coverage) coverage.set(name, (coverage.get(name) ?? 0) + times);
      for (const failure of answer.failures) process.stdout.write(failureText(failure));
    }
    await worker.terminate();
  });
  await Promise.all(threads);
  clearInterval(progress);
  process.stdout.write(coverageText(coverage));
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(
    `seeds ${String(first)} to ${String(end - 1)}: ${String(failures)} failed, ${rate().toFixed(0)} a minute, ${seconds} s\n`,
  );
  return failures;
}

/** The whole log of one run, for the eye. */
function runOne(seed: number, options: RunOptions): number {
  const listener: RunOptions['listener'] = (at, agent, event, fields) => {
    process.stdout.write(`${at.toFixed(1).padStart(12)} ${agent.padEnd(6)} ${event} ${fields}\n`);
  };
  const { violations, traceHash } = runSeed(seed, { ...options, listener });
  process.stdout.write(`trace ${traceHash}\n${violations.map((text) => `violated: ${text}\n`).join('')}`);
  return violations.length;
}

/** A whole number from a flag. Throws Error with the usage. */
function wholeNumber(text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`"${text}" is no number from ${String(least)} on\n${usage}`);
  return value;
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const options = {
    seeds: text,
    seed: text,
    faults: text,
    messages: text,
    'octets-max': text,
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const count = wholeNumber(values.seeds ?? '1', 1);
  const first = wholeNumber(values.seed ?? '1', 0);
  if (count > 1) return (await runAll(first, count)) === 0 ? 0 : 1;
  const octetsMax = values['octets-max'];
  const failures = runOne(first, {
    ...(values.faults === undefined ? {} : { schedule: parseSchedule(values.faults) }),
    load: {
      ...(values.messages === undefined
        ? {}
        : { messages: values.messages.split(',').map((number) => wholeNumber(number, 0)) }),
      ...(octetsMax === undefined ? {} : { octetsMax: wholeNumber(octetsMax, 1) }),
    },
  });
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
  parentPort?.on('message', (batch: Batch) => parentPort?.postMessage(attend(batch)));
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.js';
import type { Finding } from './fuzzer.js';
import { added, parseLedger, type Ledger } from './ledger.js';
import type { Material } from './target.js';
import type { Answer, Order, TargetFacts } from './thread.js';

const usage =
  'npm run fuzz -- --minutes M [--target NAME] [--seed N] [--threads N]\n' +
  '       npm run fuzz -- --replay FILE [--target NAME]';

/** A thread that begins no new input for so long does not end any more; a busy machine may hold one up for many seconds. */
const hangMilliseconds = 60_000;
/** A thread that needs more heap than this for inputs of a few kilobytes is a finding. */
const heapMegabytesMax = 768;
const progressMilliseconds = 5000;
/** One target is searched for so long at a time, for each part of its weight. */
const sliceMilliseconds = 5000;
/** Longest input that is remembered for the case that it does not end. */
const sharedOctetsMax = 256 * 1024;

const exitCodes = { good: 0, failed: 1, usage: 2, negative: 3 } as const;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const conformance = join(root, 'conformance');
const folders = {
  corpus: join(conformance, 'fuzz', 'corpus'),
  regressions: join(conformance, 'fuzz', 'regressions'),
  findings: join(conformance, 'fuzz', 'findings'),
};
const ledgerFile = join(conformance, 'fuzz', 'ledger.json');

interface ThreadData {
  readonly shared: SharedArrayBuffer;
  readonly seed: number;
}

/** Octets 0..3: inputs begun; 4..7: length of the present one, then its octets. */
const inputAt = 8;

function attendOrders({ shared, seed }: ThreadData): void {
  const coverage = new Coverage({
    urlBeginning: new URL('../', import.meta.url).href,
    without: ['fuzz', 'simulation'],
  });
  const numbers = new Int32Array(shared, 0, 2);
  const octets = new Uint8Array(shared, inputAt);
  const about = (input: Uint8Array): void => {
    octets.set(input.subarray(0, octets.length));
    numbers[1] = input.length;
    Atomics.add(numbers, 0, 1);
  };
  const worked = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  // Coverage is complete only of code that is loaded after it was switched on.
  void import('./thread.js').then(({ FuzzThread, targetFacts }) => {
    const thread = new FuzzThread(coverage, material(), seed, { now: () => performance.now(), worked, about });
    parentPort?.on('message', (order: Order) => parentPort?.postMessage(thread.attend(order)));
    parentPort?.postMessage(targetFacts);
  });
}

function material(): readonly Material[] {
  return ['captures', 'vectors'].flatMap((folder) =>
    readdirSync(join(conformance, folder))
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(conformance, folder, name), 'utf8') })),
  );
}

function inputsIn(folder: string): readonly Uint8Array[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

function nameOf(input: Uint8Array): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 16);
}

function keep(folder: string, inputs: readonly Uint8Array[]): void {
  mkdirSync(folder, { recursive: true });
  const names = new Set(inputs.map(nameOf));
  for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(join(folder, name));
  for (const input of inputs) writeFileSync(join(folder, nameOf(input)), input);
}

/** A thread, and what it is at. */
class Searcher {
  readonly #shared = new SharedArrayBuffer(inputAt + sharedOctetsMax);
  readonly #seed: number;
  #worker: Worker | undefined;
  facts: readonly TargetFacts[] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  async start(): Promise<void> {
    this.#worker = new Worker(new URL(import.meta.url), {
      workerData: { shared: this.#shared, seed: this.#seed } satisfies ThreadData,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
    });
    this.facts = await this.#next<readonly TargetFacts[]>(this.#worker);
  }

  /** The answer, or the input at which the thread hung or died. */
  async order(
    order: Order,
  ): Promise<Answer | { readonly kind: 'hang' | 'memory'; readonly text: string; readonly input: Uint8Array }> {
    const worker = this.#worker;
    if (worker === undefined) throw new Error('the thread was not started');
    const numbers = new Int32Array(this.#shared, 0, 2);
    let begun = -1;
    let hangs: (() => void) | undefined;
    const watch = setInterval(() => {
      if (numbers[0] === begun) hangs?.();
      begun = numbers[0] ?? 0;
    }, hangMilliseconds);
    const hung = new Promise<'hang'>((done) => {
      hangs = () => {
        done('hang');
      };
    });
    try {
      worker.postMessage(order);
      const answer = await Promise.race([this.#next<Answer>(worker), hung]);
      if (answer !== 'hang') return answer;
      return { kind: 'hang', text: `does not end within ${String(hangMilliseconds)} ms`, input: this.#present() };
    } catch (error) {
      return {
        kind: 'memory',
        text: error instanceof Error ? (error.stack ?? error.message) : String(error),
        input: this.#present(),
      };
    } finally {
      clearInterval(watch);
    }
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #present(): Uint8Array {
    const [, length = 0] = new Int32Array(this.#shared, 0, 2);
    return new Uint8Array(this.#shared, inputAt, Math.min(length, sharedOctetsMax)).slice();
  }

  #next<Message>(worker: Worker): Promise<Message> {
    return new Promise((done, failed) => {
      worker.once('error', failed);
      worker.once('message', (message: Message) => {
        worker.off('error', failed);
        done(message);
      });
    });
  }
}

class Run {
  readonly #end: number;
  readonly #corpora = new Map<string, Uint8Array[]>();
  readonly #latest = new Map<string, { characters: number; features: number }>();
  readonly #stopped = new Set<string>();
  readonly #signatures = new Set<string>();
  #targets: readonly TargetFacts[] = [];
  #nextTarget = 0;
  #executions = 0;
  #processorMinutesBefore = 0;
  readonly #startedAt = Date.now();

  constructor(minutes: number) {
    this.#end = this.#startedAt + minutes * 60_000;
  }

  get findings(): number {
    return this.#signatures.size;
  }

  async go(threads: number, seed: number, only: string | undefined): Promise<void> {
    const searchers = Array.from({ length: threads }, (_, i) => new Searcher(seed + i));
    await Promise.all(searchers.map((searcher) => searcher.start()));
    const facts = searchers[0]?.facts ?? [];
    this.#targets = facts.filter(({ name }) => only === undefined || name === only);
    if (this.#targets.length === 0)
      throw new Error(`no target ${only ?? ''}; there are ${facts.map(({ name }) => name).join(', ')}`);
    const progress = setInterval(() => {
      this.#report();
    }, progressMilliseconds);
    await Promise.all(searchers.map((searcher) => this.#search(searcher)));
    clearInterval(progress);
    const [first, ...others] = searchers;
    await Promise.all(others.map((searcher) => searcher.stop()));
    if (first !== undefined) await this.#minimise(first);
    await first?.stop();
    this.#report();
  }

  async #search(searcher: Searcher): Promise<void> {
    /** How much of each corpus the thread knows. */
    const known = new Map<string, number>();
    for (;;) {
      const left = this.#end - Date.now();
      const target = this.#targets[this.#nextTarget++ % this.#targets.length];
      if (left <= 0 || target === undefined || this.#stopped.size === this.#targets.length) return;
      if (this.#stopped.has(target.name)) continue;
      const corpus = this.#corpusOf(target.name);
      const milliseconds = Math.min(sliceMilliseconds * target.weight, left);
      const startedAt = Date.now();
      const inputs = corpus.slice(known.get(target.name) ?? 0);
      const answer = await searcher.order({ kind: 'search', target: target.name, inputs, milliseconds });
      if ('kind' in answer) {
        this.#found({ target: target.name, signature: `${target.name} ${answer.kind}`, ...answer });
        this.#stopped.add(target.name);
        known.clear();
        await searcher.stop();
        await searcher.start();
        continue;
      }
      corpus.push(...answer.inputs);
      known.set(target.name, corpus.length);
      this.#executions += answer.executions;
      this.#latest.set(target.name, answer);
      for (const finding of answer.findings) this.#found(finding);
      const ledger = parseLedger(existsSync(ledgerFile) ? readFileSync(ledgerFile, 'utf8') : undefined);
      const after = added(ledger, target.name, {
        minutes: (Date.now() - startedAt) / 60_000,
        processorMinutes: this.#processorMinutes(),
        executions: answer.executions,
      });
      writeFileSync(ledgerFile, `${JSON.stringify(after, undefined, 2)}\n`);
    }
  }

  /** Of all threads together, since it was last asked. */
  #processorMinutes(): number {
    const { user, system } = process.cpuUsage();
    const minutes = (user + system) / 60_000_000;
    const since = minutes - this.#processorMinutesBefore;
    this.#processorMinutesBefore = minutes;
    return since;
  }

  async #minimise(searcher: Searcher): Promise<void> {
    for (const { name } of this.#targets) {
      if (this.#stopped.has(name)) continue;
      const answer = await searcher.order({ kind: 'minimise', target: name, inputs: this.#corpusOf(name) });
      if (!('kind' in answer)) keep(join(folders.corpus, name), answer.inputs);
    }
  }

  #corpusOf(target: string): Uint8Array[] {
    const known = this.#corpora.get(target);
    if (known !== undefined) return known;
    const loaded = [folders.regressions, folders.corpus].flatMap((folder) => inputsIn(join(folder, target)));
    this.#corpora.set(target, loaded);
    return loaded;
  }

  #found({ target, kind, text, signature, input }: Finding): void {
    if (this.#signatures.has(signature)) return;
    this.#signatures.add(signature);
    const folder = join(folders.findings, target);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, nameOf(input));
    writeFileSync(file, input);
    process.stdout.write(
      `finding in ${target}: ${kind}, ${String(input.length)} octets\n${text}\n  replay: npm run fuzz -- --replay ${file.slice(root.length + 1)}\n`,
    );
  }

  #report(): void {
    const seconds = Math.max(Date.now() - this.#startedAt, 1) / 1000;
    const sum = (of: (name: string) => number): string =>
      String(this.#targets.reduce((total, { name }) => total + of(name), 0));
    process.stderr.write(
      `${(seconds / 60).toFixed(1)} min: ${String(Math.round(this.#executions / seconds))} executions/s, ` +
        `corpus ${sum((name) => this.#corpora.get(name)?.length ?? 0)}, ` +
        `code ${sum((name) => this.#latest.get(name)?.characters ?? 0)} characters, ` +
        `${sum((name) => this.#latest.get(name)?.features ?? 0)} features, ${String(this.findings)} findings\n`,
    );
  }
}

async function replay(file: string, target: string): Promise<number> {
  const searcher = new Searcher(0);
  await searcher.start();
  const input = new Uint8Array(readFileSync(file));
  const answer = await searcher.order({ kind: 'replay', target, inputs: [input] });
  await searcher.stop();
  const findings = 'kind' in answer ? [answer] : answer.findings;
  for (const { kind, text } of findings) process.stdout.write(`${target}: ${kind}\n${text}\n`);
  if (findings.length === 0) process.stdout.write(`${target}: ${String(input.length)} octets, nothing found\n`);
  return findings.length === 0 ? exitCodes.good : exitCodes.negative;
}

function totals({ minutes, processorMinutes, executions }: Ledger): string {
  return `${minutes.toFixed(1)} minutes (${processorMinutes.toFixed(1)} of a processor), ${String(executions)} executions`;
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { minutes: text, target: text, seed: text, threads: text, replay: text } });
  if (values.replay !== undefined)
    return replay(values.replay, values.target ?? basename(dirname(resolve(values.replay))));
  const minutes = Number(values.minutes);
  const seed = Number(values.seed ?? String(Date.now() % 2 ** 32));
  const threads = Number(values.threads ?? String(availableParallelism()));
  if (!(minutes > 0) || !Number.isSafeInteger(seed) || !(Number.isSafeInteger(threads) && threads > 0)) {
    process.stderr.write(`${usage}\n`);
    return exitCodes.usage;
  }
  process.stderr.write(`seed ${String(seed)}, ${String(threads)} threads\n`);
  const run = new Run(minutes);
  await run.go(threads, seed, values.target);
  process.stdout.write(
    `${String(run.findings)} findings; all runs together: ${totals(parseLedger(readFileSync(ledgerFile, 'utf8')))}\n`,
  );
  return run.findings === 0 ? exitCodes.good : exitCodes.negative;
}

if (isMainThread) {
  main().then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = exitCodes.failed;
    },
  );
} else {
  attendOrders(workerData as ThreadData);
}

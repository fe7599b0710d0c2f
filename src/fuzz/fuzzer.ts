import type { Random } from '../faults/random.js';
import { Reached, type Coverage } from './coverage.js';
import { mutate } from './mutator.js';
import { shrink } from './shrink.js';
import { shapeOf, Violation, type Target } from './target.js';

export interface FuzzerPorts {
  /** Milliseconds. */
  now(): number;
  /** Milliseconds that a processor has worked for this process. */
  worked(): number;
  /** Told of every input before it runs, for whoever must know which one did not end. */
  about(input: Uint8Array): void;
}

export interface Finding {
  readonly target: string;
  readonly kind: 'violation' | 'thrown' | 'slow' | 'hang' | 'memory';
  readonly text: string;
  /** Equal for findings that have the same cause, as far as can be told. */
  readonly signature: string;
  readonly input: Uint8Array;
}

/** Inputs are run in batches; between them it is asked what code has run, which takes at most this share of the time. */
const coverageShareMax = 0.1;
const batchInputsMax = 4096;
/** An input that took too long is run so many times more before it is called slow. */
const slowAttempts = 5;
/** Features of one target that are told apart. */
const featuresMax = 20_000;
/** Findings of one cause are told once, and of so many causes. */
const signaturesMax = 25;
/** Share of inputs that are made of one of the last found. */
const recentShare = 0.3;
const recentInputs = 8;

/** Searches one target: changes inputs, and keeps those that reach new code or make something new happen. */
export class Fuzzer {
  readonly target: Target;
  readonly #coverage: Coverage | undefined;
  readonly #random: Random;
  readonly #ports: FuzzerPorts;
  readonly #reached = new Reached();
  readonly #features = new Set<string>();
  readonly #signatures = new Set<string>();
  readonly corpus: Uint8Array[] = [];
  readonly #found: Finding[] = [];
  executions = 0;
  #takeMilliseconds = 1;

  constructor(target: Target, coverage: Coverage | undefined, random: Random, ports: FuzzerPorts) {
    this.target = target;
    this.#coverage = coverage;
    this.#random = random;
    this.#ports = ports;
  }

  get characters(): number {
    return this.#reached.characters;
  }

  get features(): number {
    return this.#features.size;
  }

  /** Runs inputs that others have found; keeps those that show something new here. */
  add(inputs: readonly Uint8Array[]): void {
    this.#coverage?.take();
    for (const input of inputs) {
      const isNew = this.#run(input);
      if (this.#addsCode() || isNew || this.#coverage === undefined) this.corpus.push(input);
    }
  }

  /** Searches for so long; the findings. */
  search(milliseconds: number): readonly Finding[] {
    const end = this.#ports.now() + milliseconds;
    this.#coverage?.take();
    while (this.#ports.now() < end && this.#signatures.size < signaturesMax) this.#batch();
    return this.#found.splice(0);
  }

  /** The findings of one input, as they come. */
  replay(input: Uint8Array): readonly Finding[] {
    this.#run(input);
    return this.#found.splice(0);
  }

  /** The fewest inputs, small ones first, that reach what all of the corpus reaches. */
  minimised(): readonly Uint8Array[] {
    const fresh = new Fuzzer(this.target, this.#coverage, this.#random, this.#ports);
    fresh.add(this.corpus.toSorted((a, b) => a.length - b.length));
    let octets = 0;
    return fresh.corpus
      .slice(0, this.target.corpusMax)
      .filter(({ length }) => (octets += length) <= this.target.corpusOctetsMax);
  }

  #batch(): void {
    const end = this.#ports.now() + this.#takeMilliseconds / coverageShareMax;
    const inputs: Uint8Array[] = [];
    while (inputs.length < batchInputsMax && this.#ports.now() < end) {
      const input = this.#next();
      inputs.push(input);
      if (this.#run(input)) this.corpus.push(input);
    }
    if (this.#coverage === undefined) return;
    const startedAt = this.#ports.now();
    const scripts = this.#coverage.take();
    this.#takeMilliseconds = this.#ports.now() - startedAt;
    if (!this.#reached.hasNew(scripts)) return;
    this.#locateInHalves(inputs);
    this.#reached.add(scripts);
  }

  /** Which of the inputs reach new code: those that do are kept. */
  #locate(inputs: readonly Uint8Array[]): void {
    for (const input of inputs) this.#run(input);
    const scripts = this.#coverage?.take() ?? [];
    if (!this.#reached.hasNew(scripts)) return;
    const [only] = inputs;
    if (inputs.length > 1) this.#locateInHalves(inputs);
    else if (only !== undefined) {
      this.#reached.add(scripts);
      this.corpus.push(only);
    }
  }

  #locateInHalves(inputs: readonly Uint8Array[]): void {
    const middle = inputs.length >> 1;
    this.#locate(inputs.slice(0, middle));
    this.#locate(inputs.slice(middle));
  }

  #addsCode(): boolean {
    return this.#coverage !== undefined && this.#reached.add(this.#coverage.take());
  }

  #next(): Uint8Array {
    const random = this.#random;
    const parent = this.#pick();
    const input = mutate(random, this.target.mutators, parent, this.#pick());
    return input.subarray(0, this.target.octetsMax);
  }

  #pick(): Uint8Array {
    const { corpus } = this;
    const last = corpus.length - 1;
    const from = this.#random.chance(recentShare) ? Math.max(last - recentInputs, 0) : 0;
    return corpus[this.#random.between(from, Math.max(last, 0))] ?? new Uint8Array(0);
  }

  /** Whether something happened that never had before. */
  #run(input: Uint8Array): boolean {
    this.#ports.about(input);
    this.executions += 1;
    const startedAt = this.#ports.now();
    try {
      const features = this.target.run(input);
      const elapsed = this.#ports.now() - startedAt;
      if (elapsed > this.target.millisecondsMax) this.#slow(input);
      return this.#remember(features);
    } catch (error) {
      const found = findingOf(this.target.name, error, input);
      if (this.#signatures.has(found.signature)) return false;
      this.#signatures.add(found.signature);
      const smaller = shrink(input, (candidate) => this.#signatureOf(candidate) === found.signature);
      this.#found.push({ ...found, input: smaller });
      return false;
    }
  }

  #signatureOf(input: Uint8Array): string | undefined {
    this.#ports.about(input);
    try {
      this.target.run(input);
      return undefined;
    } catch (error) {
      return findingOf(this.target.name, error, input).signature;
    }
  }

  /** Slow once may be the machine; what costs the processor much every time is the input. */
  #slow(input: Uint8Array): void {
    let least = Infinity;
    for (let i = 0; i < slowAttempts; i++) {
      const before = this.#ports.worked();
      this.target.run(input);
      least = Math.min(least, this.#ports.worked() - before);
    }
    const { name, millisecondsMax } = this.target;
    const signature = `${name} slow`;
    if (least <= millisecondsMax || this.#signatures.has(signature)) return;
    this.#signatures.add(signature);
    const text = `${least.toFixed(0)} ms for ${String(input.length)} octets, at most ${String(millisecondsMax)} ms`;
    this.#found.push({ target: name, kind: 'slow', text, signature, input });
  }

  #remember(features: readonly string[]): boolean {
    let isNew = false;
    for (const feature of features) {
      if (this.#features.size >= featuresMax || this.#features.has(feature)) continue;
      this.#features.add(feature);
      isNew = true;
    }
    return isNew;
  }
}

/** Where in our code an error was thrown: the first line of its stack that is not of the fuzzer. */
function placeOf(error: Error): string {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const line = lines.find((candidate) => !candidate.includes('/fuzz/')) ?? lines[0] ?? '';
  return line
    .replace(/^\s+at /, '')
    .replace(/\(?file:.*\/(?:dist|src)\//, '(')
    .replace(/:\d+:\d+/, '');
}

function findingOf(target: string, error: unknown, input: Uint8Array): Finding {
  if (!(error instanceof Error)) {
    return { target, kind: 'thrown', text: String(error), signature: `${target} ${String(error)}`, input };
  }
  const kind = error instanceof Violation ? 'violation' : 'thrown';
  const place = kind === 'violation' ? '' : ` ${placeOf(error)}`;
  const signature = `${target} ${error.name} ${shapeOf(error.message)}${place}`;
  return { target, kind, text: error.stack ?? error.message, signature, input };
}

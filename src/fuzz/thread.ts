import { Random } from '../faults/random.js';
import type { Coverage } from './coverage.js';
import { Fuzzer, type Finding, type FuzzerPorts } from './fuzzer.js';
import type { Material } from './target.js';
import { targets } from './targets/all.js';

export type Order =
  /** Search a target for so long; `inputs` are those that this thread does not know yet. */
  | {
      readonly kind: 'search';
      readonly target: string;
      readonly inputs: readonly Uint8Array[];
      readonly milliseconds: number;
    }
  | { readonly kind: 'minimise'; readonly target: string; readonly inputs: readonly Uint8Array[] }
  | { readonly kind: 'replay'; readonly target: string; readonly inputs: readonly Uint8Array[] };

export interface Answer {
  readonly findings: readonly Finding[];
  /** What the search has added to the corpus, or what the corpus has become. */
  readonly inputs: readonly Uint8Array[];
  readonly executions: number;
  /** Of code that the target's inputs reach. */
  readonly characters: number;
  readonly features: number;
}

export interface TargetFacts {
  readonly name: string;
  readonly weight: number;
}

export const targetFacts: readonly TargetFacts[] = targets.map(({ name, weight }) => ({ name, weight }));

/** What one thread does: each of its targets keeps what it has learnt from one order to the next. */
export class FuzzThread {
  readonly #fuzzers = new Map<string, Fuzzer>();
  readonly #coverage: Coverage | undefined;
  readonly #material: readonly Material[];
  readonly #seed: number;
  readonly #ports: FuzzerPorts;

  constructor(coverage: Coverage | undefined, material: readonly Material[], seed: number, ports: FuzzerPorts) {
    this.#coverage = coverage;
    this.#material = material;
    this.#seed = seed;
    this.#ports = ports;
  }

  attend(order: Order): Answer {
    const fuzzer = this.#fuzzerOf(order.target);
    const executionsBefore = fuzzer.executions;
    fuzzer.add(order.inputs);
    const inputsBefore = fuzzer.corpus.length;
    const findings = order.kind === 'search' ? fuzzer.search(order.milliseconds) : fuzzer.search(0);
    return {
      findings,
      inputs: order.kind === 'minimise' ? fuzzer.minimised() : fuzzer.corpus.slice(inputsBefore),
      executions: fuzzer.executions - executionsBefore,
      characters: fuzzer.characters,
      features: fuzzer.features,
    };
  }

  #fuzzerOf(name: string): Fuzzer {
    const known = this.#fuzzers.get(name);
    if (known !== undefined) return known;
    const index = targets.findIndex((candidate) => candidate.name === name);
    const target = targets[index];
    if (target === undefined) throw new RangeError(`no target ${name}`);
    const made = new Fuzzer(target, this.#coverage, new Random(this.#seed, index), this.#ports);
    this.#fuzzers.set(name, made);
    made.add(target.seeds(this.#material));
    return made;
  }
}

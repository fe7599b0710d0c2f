/** Judges what an analyser finds wrong in a capture: meant to be so, an artefact of its own, or unexplained. Pure. */
import { artefacts } from './artefacts.js';
import type { Frame } from './frame.js';
import { Streams } from './streams.js';

export interface UnexplainedFrame {
  readonly file: string;
  readonly frame: Frame;
  readonly faults: readonly string[];
}

export interface Reading {
  readonly file: string;
  readonly frames: number;
  readonly faulty: number;
  /** Faulty frames that are meant to be so. */
  readonly intended: number;
  /** Frames in which something is an artefact, by its name. */
  readonly byArtefact: ReadonlyMap<string, number>;
  readonly unexplained: readonly UnexplainedFrame[];
}

/** `oddCases` are those whose octets an analyser is to complain of. */
export function readingOf(file: string, frames: readonly Frame[], oddCases: ReadonlySet<string>): Reading {
  const streams = new Streams();
  const intentions = new Intentions(oddCases);
  const byArtefact = new Map<string, number>();
  const unexplained: UnexplainedFrame[] = [];
  let intended = 0;
  for (const frame of frames) {
    const state = streams.before(frame);
    const names = new Set<string>();
    const rest = frame.faults.filter((fault) => {
      const artefact = artefacts.find(({ explains }) => explains(fault, frame, state, streams));
      if (artefact !== undefined) names.add(artefact.name);
      return artefact === undefined;
    });
    streams.after(frame);
    for (const name of names) byArtefact.set(name, (byArtefact.get(name) ?? 0) + 1);
    if (rest.length === 0) continue;
    const faults = intentions.unintended(frame, rest);
    if (faults.length === 0) intended += 1;
    else unexplained.push({ file, frame, faults });
  }
  const faulty = frames.filter(({ faults }) => faults.length > 0).length;
  return { file, frames: frames.length, faulty, intended, byArtefact, unexplained };
}

/** Elements that no edition has, or not the one that the analyser knows: the Recommendations let them be sent, and want them ignored or relayed. */
const unknownElement =
  /^(?:BER Error: Unknown field in SET|BER Error: This field lies beyond the end|Unknown bit|Unknown standard-extension)/;

/** The tester may send unknown elements, and in odd cases anything; the implementation only what it was sent before in that case, which it relays. */
class Intentions {
  readonly #oddCases: ReadonlySet<string>;
  readonly #sentByTester = new Map<string, Set<string>>();

  constructor(oddCases: ReadonlySet<string>) {
    this.#oddCases = oddCases;
  }

  unintended({ sender }: Frame, faults: readonly string[]): readonly string[] {
    if (sender === undefined) return faults;
    const sent = this.#sentByTester.get(sender.caseId) ?? new Set();
    if (sender.is === 'implementation') return faults.filter((fault) => !sent.has(fault));
    const isOdd = this.#oddCases.has(sender.caseId);
    const meant = faults.filter((fault) => isOdd || unknownElement.test(fault));
    this.#sentByTester.set(sender.caseId, new Set([...sent, ...meant]));
    return faults.filter((fault) => !meant.includes(fault));
  }
}

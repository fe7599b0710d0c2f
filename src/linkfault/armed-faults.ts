/** The faults of a scenario: which of them strikes when. Pure; the link tells what passes and what time it is. */
import type { PduName, Place, PduTrigger, Stream } from '../faults/pdu-trigger.js';
import type { LinkFault, Trigger } from '../faults/schedule.js';

export type FaultList = 'timeline' | 'faults';

/** A fault that strikes now. */
export interface StruckFault<Fault = LinkFault> {
  readonly fault: Fault;
  /** Its list in the scenario, and its place there, from 0. */
  readonly list: FaultList;
  readonly index: number;
  /** From 1. */
  readonly round: number;
}

interface Armed<Fault> {
  readonly fault: Fault;
  readonly index: number;
  /** PDUs that matched since it was armed. */
  matches: number;
  struck: boolean;
}

export function placeOf(trigger: PduTrigger): Place {
  return trigger.place ?? 'before';
}

/** One list of faults, armed for so many rounds. */
export class ArmedFaults<Fault extends { readonly when: Trigger } = LinkFault> {
  readonly list: FaultList;
  readonly #faults: readonly Armed<Fault>[];
  readonly #rounds: number;
  #round = 0;
  #armedAt = 0;
  /** Octets that had crossed when the round began. */
  #octetsAtStart = 0;
  #octets = 0;

  constructor(list: FaultList, faults: readonly Fault[], rounds: number, now: number) {
    this.list = list;
    this.#faults = faults.map((fault, index) => ({ fault, index, matches: 0, struck: false }));
    this.#rounds = faults.length === 0 ? 0 : rounds;
    this.#arm(now);
  }

  get round(): number {
    return this.#round;
  }

  /** Every fault has struck in every round. */
  get isOver(): boolean {
    return this.#round > this.#rounds;
  }

  /** When the next fault of the timeline strikes; Infinity if none is left. */
  get dueAt(): number {
    return Math.min(
      Infinity,
      ...this.#left().map(({ fault: { when } }) =>
        'milliseconds' in when ? this.#armedAt + when.milliseconds : Infinity,
      ),
    );
  }

  /** Octets that may cross until the next fault strikes that counts them. */
  get octetsLeft(): number {
    const crossed = this.#octets - this.#octetsAtStart;
    return Math.min(
      Infinity,
      ...this.#left().map(({ fault: { when } }) => ('octets' in when ? Math.max(when.octets - crossed, 0) : Infinity)),
    );
  }

  due(now: number): readonly StruckFault<Fault>[] {
    return this.#strike(now, ({ when }) => 'milliseconds' in when && this.#armedAt + when.milliseconds <= now);
  }

  /** So many octets have crossed, not more than were left. */
  crossed(octets: number, now: number): readonly StruckFault<Fault>[] {
    this.#octets += octets;
    const crossed = this.#octets - this.#octetsAtStart;
    return this.#strike(now, ({ when }) => 'octets' in when && when.octets <= crossed);
  }

  /** A PDU begins to pass, with all the names that it has. */
  passing(names: readonly PduName[], stream: Stream, now: number): readonly StruckFault<Fault>[] {
    const matching = this.#left().filter(({ fault: { when } }) => matches(when, names, stream));
    for (const armed of matching) armed.matches += 1;
    const due = matching.filter(({ fault: { when }, matches: count }) => 'on' in when && count === (when.nth ?? 1));
    return this.#strike(now, (fault) => due.some((armed) => armed.fault === fault));
  }

  #left(): readonly Armed<Fault>[] {
    return this.isOver ? [] : this.#faults.filter(({ struck }) => !struck);
  }

  #strike(now: number, isDue: (fault: Fault) => boolean): readonly StruckFault<Fault>[] {
    const due = this.#left().filter(({ fault }) => isDue(fault));
    if (due.length === 0) return [];
    const round = this.#round;
    for (const armed of due) armed.struck = true;
    if (this.#faults.every(({ struck }) => struck)) this.#arm(now);
    return due.map(({ fault, index }) => ({ fault, list: this.list, index, round }));
  }

  #arm(now: number): void {
    this.#round += 1;
    this.#armedAt = now;
    this.#octetsAtStart = this.#octets;
    for (const armed of this.#faults) {
      armed.matches = 0;
      armed.struck = false;
    }
  }
}

function matches(when: Trigger, names: readonly PduName[], stream: Stream): boolean {
  return 'on' in when && names.includes(when.on) && (when.stream === undefined || when.stream === stream);
}

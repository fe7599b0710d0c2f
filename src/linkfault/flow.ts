import { ByteList } from '../bytes/byte-list.js';
import type { PduTrigger, Stream } from '../faults/pdu-trigger.js';
import type { LinkFaultKind } from '../faults/schedule.js';
import { placeOf, type StruckFault } from './armed-faults.js';
import { changed } from './changes.js';
import type { Item } from './items.js';
import { Recogniser, type Passage } from './recogniser.js';
import { Stage } from './stage.js';
import { makeGate, type Treatment } from './treatments.js';

/** A packet that is not complete after this time passes as far as it has come, and nothing is recognised any more. */
const incompleteMilliseconds = 10_000;

/** Of a DATA TRANSFER that is to arrive twice; of a longer one only its first packets do. */
const duplicateOctetsMax = 1024 * 1024;

export interface FlowUser {
  /** A fault will end the connection: nothing else is triggered by what passes until then, nor written down. */
  isDoomed(): boolean;
  /** What strikes now that these octets begin to pass. */
  passing(passage: Passage): readonly StruckFault[];
  /** Octets that may go on until a fault strikes that counts them, and what strikes when so many have. */
  octetsLeft(): number;
  crossed(octets: number): readonly StruckFault[];
  /** A fault on a PDU could not be applied as it was meant. */
  unchanged(struck: StruckFault, passage: Passage): void;
  passed(passage: Passage): void;
  unrecognised(text: string): void;
  arrived(item: Item, now: number): void;
}

/** One direction of a connection: octets are recognised, faults on PDUs applied, and toxics passed one after the other. */
export class Flow {
  readonly stream: Stream;
  readonly #user: FlowUser;
  readonly #recogniser = new Recogniser();
  readonly #gate: Stage;
  readonly #stages: { readonly name: string; stage: Stage }[] = [];
  #incompleteSince: number | undefined;
  /** What is to happen at the end of the DATA TRANSFER that is passing. */
  #atEnd: { readonly after: readonly StruckFault[]; readonly dropped: boolean; copy: ByteList | undefined } | undefined;
  #over = false;

  constructor(stream: Stream, user: FlowUser, now: number) {
    this.stream = stream;
    this.#user = user;
    this.#gate = new Stage(makeGate(), now);
  }

  get isFull(): boolean {
    return this.#gate.isFull || this.#stages.some(({ stage }) => stage.isFull);
  }

  /** All that came has gone on, or is lost. */
  get isEmpty(): boolean {
    return this.#gate.isEmpty && this.#stages.every(({ stage }) => stage.isEmpty);
  }

  get dueAt(): number {
    const incomplete = this.#incompleteSince === undefined ? Infinity : this.#incompleteSince + incompleteMilliseconds;
    return Math.min(incomplete, this.#gate.dueAt, ...this.#stages.map(({ stage }) => stage.dueAt));
  }

  get partialApduOctets(): number {
    return this.#recogniser.partialApduOctets;
  }

  add(name: string, treatment: Treatment, now: number): void {
    this.#stages.push({ name, stage: new Stage(treatment, now) });
  }

  /** The toxic acts otherwise from now on; what waits goes on at once. */
  update(name: string, treatment: Treatment, now: number): void {
    const place = this.#stages.findIndex((each) => each.name === name);
    const found = this.#stages[place];
    if (found === undefined) return;
    const former = found.stage;
    found.stage = new Stage(treatment, now, former.passed);
    for (const item of former.flush()) this.#push(item, place + 2, now);
  }

  remove(name: string, now: number): void {
    const place = this.#stages.findIndex((each) => each.name === name);
    const [found] = place < 0 ? [] : this.#stages.splice(place, 1);
    if (found === undefined) return;
    for (const item of [...found.stage.flush(), ...found.stage.removed(now)]) this.#push(item, place + 1, now);
  }

  receive(octets: Uint8Array, now: number): void {
    const recognising = this.#recogniser.opaque === undefined;
    for (const passage of this.#recogniser.read(octets)) this.#pass(passage, now);
    this.#incompleteSince = this.#recogniser.heldOctets > 0 ? now : undefined;
    const { opaque } = this.#recogniser;
    if (recognising && opaque !== undefined) this.#user.unrecognised(opaque);
  }

  /** The sender has no more to send, or is gone. */
  end(how: 'end' | 'reset', now: number): void {
    this.#release('the connection ended within a packet', now);
    this.#push({ kind: how }, 0, now);
  }

  run(now: number): void {
    if (this.#incompleteSince !== undefined && now >= this.#incompleteSince + incompleteMilliseconds) {
      this.#user.unrecognised('a packet was not complete in time');
      this.#release('a packet was not complete in time', now);
    }
    for (const item of this.#gate.due(now)) this.#push(item, 1, now);
    for (let i = 0; i < this.#stages.length; i++) {
      for (const item of this.#stages[i]?.stage.due(now) ?? []) this.#push(item, i + 2, now);
    }
  }

  /** A fault strikes when what has come so far has arrived. */
  strike(fault: StruckFault, now: number): void {
    this.#push({ kind: 'strike', fault }, 0, now);
  }

  stop(): void {
    this.#over = true;
  }

  #release(reason: string, now: number): void {
    this.#incompleteSince = undefined;
    for (const passage of this.#recogniser.release(reason)) this.#pass(passage, now);
  }

  #pass(passage: Passage, now: number): void {
    if (passage.part === 'next' || passage.part === 'last') {
      this.#passRest(passage, now);
      return;
    }
    const doomed = this.#user.isDoomed();
    const struck = passage.pdus.length === 0 || doomed ? [] : this.#user.passing(passage);
    if (struck.length === 0) {
      if (passage.part === 'whole' && !doomed) this.#user.passed(passage);
      this.#octets(passage.octets, now);
      return;
    }
    this.#passStruck(passage, struck, now);
  }

  #passStruck(passage: Passage, struck: readonly StruckFault[], now: number): void {
    const at = (place: 'before' | 'middle' | 'after'): readonly StruckFault[] =>
      struck.filter(({ fault }) => !isPduFault(fault.kind) && placeOf(fault.when as PduTrigger) === place);
    const octets = this.#changed(passage, struck);
    const dropped = struck.some(({ fault }) => fault.kind === 'drop');
    const copy = struck.some(({ fault }) => fault.kind === 'duplicate') ? octets : undefined;
    for (const { fault } of struck) {
      if (fault.kind === 'hold') this.#push({ kind: 'hold', milliseconds: fault.milliseconds }, 0, now);
    }
    const [before, middle, after] = [at('before'), at('middle'), at('after')];
    for (const fault of before) this.strike(fault, now);
    const whole = !dropped && (!this.#user.isDoomed() || after.length > 0);
    if (passage.part === 'whole' && whole) this.#user.passed(passage);
    if (!dropped) {
      const half = octets.length >> 1;
      this.#octets(middle.length > 0 ? octets.slice(0, half) : octets, now);
      for (const fault of middle) this.strike(fault, now);
      if (middle.length > 0) this.#octets(octets.slice(half), now);
    }
    if (passage.part === 'first') {
      this.#atEnd = { after, dropped, copy };
      return;
    }
    if (copy !== undefined) this.#octets(copy, now);
    for (const fault of after) this.strike(fault, now);
  }

  #passRest(passage: Passage, now: number): void {
    const atEnd = this.#atEnd;
    const isLast = passage.part === 'last';
    const whole = atEnd?.dropped !== true && (!this.#user.isDoomed() || (atEnd?.after.length ?? 0) > 0);
    if (isLast && whole) this.#user.passed(passage);
    if (atEnd?.dropped !== true) this.#octets(passage.octets, now);
    if (atEnd === undefined) return;
    if (atEnd.copy !== undefined && atEnd.copy.length < duplicateOctetsMax) {
      atEnd.copy = ByteList.of(atEnd.copy, passage.octets);
    }
    if (!isLast) return;
    this.#atEnd = undefined;
    if (atEnd.copy !== undefined) this.#octets(atEnd.copy, now);
    for (const fault of atEnd.after) this.strike(fault, now);
  }

  #changed(passage: Passage, struck: readonly StruckFault[]): ByteList {
    let { octets } = passage;
    for (const each of struck) {
      if (each.fault.kind !== 'change') continue;
      const result = changed(passage, each.fault.field, each.fault.value);
      if (result === undefined) this.#user.unchanged(each, passage);
      else octets = result;
    }
    return octets;
  }

  #octets(list: ByteList, now: number): void {
    let rest = list.toUint8Array();
    while (rest.length > 0 && !this.#over) {
      const piece = rest.subarray(0, Math.max(this.#user.octetsLeft(), 1));
      rest = rest.subarray(piece.length);
      this.#push({ kind: 'octets', octets: piece }, 0, now);
      for (const fault of this.#user.crossed(piece.length)) this.strike(fault, now);
    }
  }

  /** `place`: 0 is the gate, 1 the first toxic. */
  #push(item: Item, place: number, now: number): void {
    if (this.#over) return;
    const stage = place === 0 ? this.#gate : this.#stages[place - 1]?.stage;
    if (stage === undefined) {
      this.#user.arrived(item, now);
      return;
    }
    stage.take(item, now);
    for (const next of stage.due(now)) this.#push(next, place + 1, now);
  }
}

function isPduFault(kind: LinkFaultKind['kind']): boolean {
  return kind === 'drop' || kind === 'duplicate' || kind === 'hold' || kind === 'change';
}

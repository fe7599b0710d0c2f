/**
 * A link: connections that are carried from where they were made to a server, with toxics, and faults that strike. Synchronous and
 * deterministic: what happens to sockets and what time it is come in, what is to be done to sockets and what is to be written down come out.
 * Times are milliseconds since the start of the run, and only ever grow.
 */
import type { Stream } from '../faults/pdu-trigger.js';
import { preset, type PresetName } from '../faults/presets.js';
import type { Scenario } from '../faults/scenario.js';
import type { ToxicSettings } from '../faults/toxics.js';
import { Random } from '../faults/random.js';
import { ArmedFaults, placeOf, type StruckFault } from './armed-faults.js';
import { LinkConnection, type ConnectionUser, type SocketOutput } from './connection.js';
import type { Passage } from './recogniser.js';
import type { Author, Ender, Event } from './timeline.js';
import { ToxicList, toxicNameOf, type Toxic } from './toxic-list.js';
import type { Attributes } from './treatments.js';

export type LinkOutput =
  /** A connection was accepted: make its other half. */
  | { readonly type: 'dial'; readonly connection: number }
  | { readonly type: 'sockets'; readonly connection: number; readonly output: SocketOutput }
  | { readonly type: 'event'; readonly event: Event };

/** Independent of the numbers that the same seed gives for toxics. */
const refusalStream = 1;

export class Link {
  readonly toxics = new ToxicList();
  readonly #connections = new Map<number, LinkConnection>();
  readonly #seed: number;
  readonly #refusals: Random;
  #armed: readonly ArmedFaults[];
  #wasOver: boolean;
  #refusedUntil = 0;
  #made = 0;
  #now = 0;
  #outputs: LinkOutput[] = [];

  constructor(scenario: Scenario, now: number) {
    this.#now = now;
    this.#seed = scenario.seed;
    this.#refusals = new Random(scenario.seed, refusalStream);
    this.#armed = armedOf(scenario, now);
    this.#wasOver = this.isPlayed;
    for (const name of scenario.presets) this.#addPreset(name, 0, now);
    for (const toxic of scenario.toxics) this.#renew(toxic, now);
  }

  /** Rounds of the scenario that are complete. */
  get roundsDone(): number {
    return (this.#armed.find(({ list }) => list === 'faults')?.round ?? 1) - 1;
  }

  /** There were faults, and all have struck as often as they were to. */
  get isPlayed(): boolean {
    return this.#armed.every(({ isOver }) => isOver);
  }

  /** When `run` is to be called; Infinity: not before something else happens. */
  get dueAt(): number {
    return Math.min(
      ...this.#armed.map(({ dueAt }) => dueAt),
      this.toxics.dueAt,
      ...Array.from(this.#connections.values(), (connection) => connection.dueAt),
    );
  }

  /** What is to be done, in order; it is asked for after every call. */
  take(): readonly LinkOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** Other faults from now on, in place of those that were to strike. */
  play(scenario: Pick<Scenario, 'timeline' | 'faults' | 'repeat'>, now: number): void {
    this.#now = now;
    this.#armed = armedOf(scenario, now);
    this.#wasOver = this.isPlayed;
  }

  accept(now: number): number {
    this.#now = now;
    const id = (this.#made += 1);
    const refusing = this.toxics.all.some(({ type, toxicity }) => type === 'refuse' && this.#refusals.chance(toxicity));
    const connection = new LinkConnection(id, this.#seed, this.toxics.all, this.#user, now);
    this.#connections.set(id, connection);
    if (refusing || now < this.#refusedUntil) {
      this.#event({ type: 'refused', connection: id, text: 'by the link' });
      connection.finish({ type: 'reset' }, 'fault');
      this.#connections.delete(id);
    } else {
      this.#event({ type: 'opened', connection: id });
      this.#outputs.push({ type: 'dial', connection: id });
    }
    return id;
  }

  /** The server could not be reached. */
  undialled(id: number, text: string, now: number): void {
    this.#now = now;
    this.#event({ type: 'refused', connection: id, text });
    this.#connections.get(id)?.finish({ type: 'reset' }, 'server');
  }

  receive(id: number, stream: Stream, octets: Uint8Array, now: number): void {
    this.#now = now;
    this.#connections.get(id)?.receive(stream, octets, now);
    this.#afterwards();
  }

  /** The socket from which this direction comes has no more, or was reset. */
  end(id: number, stream: Stream, how: 'end' | 'reset', now: number): void {
    this.#now = now;
    this.#connections.get(id)?.end(stream, how, now);
    this.#afterwards();
  }

  /** Both sockets are gone. */
  closed(id: number, now: number): void {
    this.#now = now;
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    this.#connections.delete(id);
    for (const stream of ['upstream', 'downstream'] as const) {
      const apduOctets = connection.partialApduOctets(stream);
      if (apduOctets === 0) continue;
      const at = connection.arrivedOctets[stream];
      const event = { type: 'passed', connection: id, stream, pdus: ['DATA TRANSFER'], from: at, to: at } as const;
      this.#event({ ...event, apduOctets, partial: true });
    }
    const { upstream, downstream } = connection.arrivedOctets;
    this.#event({ type: 'closed', connection: id, by: connection.ender ?? 'link', upstream, downstream });
  }

  isFull(id: number, stream: Stream): boolean {
    return this.#connections.get(id)?.isFull(stream) ?? false;
  }

  /** Nothing arrives any more, and nobody is told. */
  isSilent(id: number): boolean {
    return this.#connections.get(id)?.isSilent ?? false;
  }

  run(now: number): void {
    this.#now = now;
    for (const struck of this.#armed.flatMap((armed) => armed.due(now))) {
      this.#struck(struck, {});
      this.#strikeAll(struck);
    }
    for (const toxic of this.toxics.expired(now)) {
      this.#forget(toxic);
      this.#event({ type: 'toxic.expired', name: toxic.name });
    }
    for (const connection of this.#connections.values()) connection.run(now);
    this.#afterwards();
  }

  /** Throws FieldError. The name must be free. */
  addToxic(settings: ToxicSettings, by: Author, now: number): Toxic {
    this.#now = now;
    const toxic = this.toxics.add(settings, now);
    for (const connection of this.#connections.values()) connection.add(toxic, now);
    const { name, type, stream, toxicity, attributes, duration } = toxic;
    this.#event({ type: 'toxic.added', by, toxic: { name, type, stream, toxicity, attributes, duration } });
    return toxic;
  }

  updateToxic(
    toxic: Toxic,
    changes: { readonly toxicity: number; readonly attributes: Attributes },
    now: number,
  ): Toxic {
    this.#now = now;
    const changed = { ...toxic, ...changes };
    this.toxics.replace(changed);
    for (const connection of this.#connections.values()) connection.update(changed, now);
    const { name, type, stream, toxicity, attributes, duration } = changed;
    this.#event({ type: 'toxic.updated', toxic: { name, type, stream, toxicity, attributes, duration } });
    return changed;
  }

  removeToxic(toxic: Toxic, by: Author, now: number): void {
    this.#now = now;
    this.#forget(toxic);
    this.#event({ type: 'toxic.removed', by, name: toxic.name });
  }

  /** The toxics of a preset, for a time or, with 0, for good; in place of those that it brought before. */
  #addPreset(name: PresetName, milliseconds: number, now: number): void {
    for (const settings of preset(name).toxics) {
      this.#renew({ ...settings, name: `${name}_${toxicNameOf(settings)}`, duration: milliseconds }, now);
    }
  }

  /** Ends every connection. */
  cut(now: number): void {
    this.#now = now;
    for (const connection of this.#connections.values()) connection.finish({ type: 'reset' }, 'link');
  }

  #renew(settings: ToxicSettings, now: number): void {
    const former = this.toxics.get(toxicNameOf(settings));
    if (former !== undefined) this.removeToxic(former, 'scenario', now);
    this.addToxic(settings, 'scenario', now);
  }

  #forget(toxic: Toxic): void {
    this.toxics.remove(toxic.name);
    for (const connection of this.#connections.values()) connection.remove(toxic, this.#now);
  }

  #afterwards(): void {
    if (this.#wasOver || !this.isPlayed) return;
    this.#wasOver = true;
    this.#event({ type: 'finished', rounds: this.roundsDone });
  }

  #event(event: Event): void {
    this.#outputs.push({ type: 'event', event });
  }

  #struck({ fault, list, index, round }: StruckFault, where: Partial<Extract<Event, { type: 'struck' }>>): void {
    this.#event({ type: 'struck', kind: fault.kind, list, fault: index, round, ...where });
  }

  readonly #user: ConnectionUser = {
    passing: (connection, stream, passage) => this.#passing(connection, stream, passage),
    octetsLeft: () => Math.min(...this.#armed.map(({ octetsLeft }) => octetsLeft)),
    crossed: (connection, stream, octets) => {
      const struck = this.#armed.flatMap((armed) => armed.crossed(octets, this.#now));
      for (const each of struck) this.#struck(each, { connection: connection.id, stream });
      return struck;
    },
    unchanged: (connection, stream, struck, { pdus }) => {
      const text = 'the PDU does not have this field: it passed as it was';
      this.#struck(struck, { connection: connection.id, stream, pdus: pdus.map(({ name }) => name), text });
    },
    passed: (connection, stream, { from, octets, pdus }) => {
      if (pdus.length === 0) return;
      const names = pdus.map(({ name }) => name);
      const facts = Object.assign({}, ...pdus.map((pdu) => pdu.facts)) as object;
      const to = from + octets.length;
      this.#event({ type: 'passed', connection: connection.id, stream, pdus: names, from, to, ...facts });
    },
    unrecognised: (connection, stream, text) => {
      this.#event({ type: 'unrecognised', connection: connection.id, stream, text });
    },
    strikes: (connection, stream, struck) => {
      this.#strikes(connection, stream, struck);
    },
    output: (connection, output) => {
      this.#outputs.push({ type: 'sockets', connection: connection.id, output });
    },
  };

  #passing(connection: LinkConnection, stream: Stream, passage: Passage): readonly StruckFault[] {
    const names = passage.pdus.map(({ name }) => name);
    const struck = this.#armed.flatMap((armed) => armed.passing(names, stream, this.#now));
    for (const each of struck) {
      const { kind, when } = each.fault;
      const where = { connection: connection.id, stream, pdus: names, from: passage.from };
      this.#struck(each, { ...where, ...('on' in when ? { place: placeOf(when) } : {}) });
      connection.doomed ||= kind === 'cut' || kind === 'silence' || kind === 'refusal';
    }
    return struck;
  }

  /** A fault strikes with which one connection came, after what came before it there has arrived. */
  #strikes(connection: LinkConnection, stream: Stream, struck: StruckFault): void {
    const { fault } = struck;
    if (fault.kind === 'cut' || fault.kind === 'refusal')
      connection.finish({ type: 'reset', delivered: stream }, 'fault');
    if (fault.kind === 'silence') connection.silence();
    else if (fault.kind !== 'cut') this.#strikeAll(struck);
  }

  #strikeAll({ fault, index }: StruckFault): void {
    const now = this.#now;
    switch (fault.kind) {
      case 'cut':
      case 'refusal':
        this.#finishAll('fault');
        if (fault.kind === 'refusal') this.#refusedUntil = now + fault.milliseconds;
        return;
      case 'silence':
        for (const connection of this.#connections.values()) connection.silence();
        return;
      case 'toxic': {
        const { toxic, milliseconds = toxic.duration ?? 0 } = fault;
        this.#renew({ ...toxic, name: toxic.name ?? `fault_${String(index)}`, duration: milliseconds }, now);
        return;
      }
      case 'preset':
        this.#addPreset(fault.preset, fault.milliseconds ?? 0, now);
        return;
      default: // What happens to a PDU happened where it passed.
    }
  }

  #finishAll(ender: Ender): void {
    for (const connection of this.#connections.values()) connection.finish({ type: 'reset' }, ender);
  }
}

function armedOf({ timeline, faults, repeat }: Pick<Scenario, 'timeline' | 'faults' | 'repeat'>, now: number) {
  return [new ArmedFaults('timeline', timeline, 1, now), new ArmedFaults('faults', faults, repeat, now)];
}

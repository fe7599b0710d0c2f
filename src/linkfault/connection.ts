import type { Stream } from '../faults/pdu-trigger.js';
import { Random } from '../faults/random.js';
import type { StruckFault } from './armed-faults.js';
import { Flow, type FlowUser } from './flow.js';
import type { Item } from './items.js';
import type { Passage } from './recogniser.js';
import type { Ender } from './timeline.js';
import type { Toxic } from './toxic-list.js';
import { makeTreatment } from './treatments.js';

/** What is to be done to the two sockets of a connection. */
export type SocketOutput =
  /** Towards the server if upstream, else towards the client. */
  | { readonly type: 'send'; readonly stream: Stream; readonly octets: Uint8Array }
  | { readonly type: 'end'; readonly stream: Stream }
  /** Both sockets: what was sent before still arrives, then they end. */
  | { readonly type: 'close' }
  /** Both sockets are reset. What was sent along `delivered` still arrives, and is followed by an orderly end there. */
  | { readonly type: 'reset'; readonly delivered?: Stream };

export interface ConnectionUser {
  passing(connection: LinkConnection, stream: Stream, passage: Passage): readonly StruckFault[];
  octetsLeft(): number;
  crossed(connection: LinkConnection, stream: Stream, octets: number): readonly StruckFault[];
  unchanged(connection: LinkConnection, stream: Stream, struck: StruckFault, passage: Passage): void;
  passed(connection: LinkConnection, stream: Stream, passage: Passage): void;
  unrecognised(connection: LinkConnection, stream: Stream, text: string): void;
  /** A fault strikes, and what came before it in its direction has arrived. */
  strikes(connection: LinkConnection, stream: Stream, struck: StruckFault): void;
  output(connection: LinkConnection, output: SocketOutput): void;
}

const streamNumbers = { upstream: 0, downstream: 1 } as const;

/** Numbers that no two toxics of two connections share. */
const randomStreams = { perConnection: 4096, perToxic: 2 };

export class LinkConnection {
  readonly id: number;
  readonly arrivedOctets = { upstream: 0, downstream: 0 };
  readonly #flows: Readonly<Record<Stream, Flow>>;
  readonly #user: ConnectionUser;
  readonly #seed: number;
  /** A fault will end it: nothing else is triggered by what passes until then. */
  doomed = false;
  #state: 'open' | 'silent' | 'over' = 'open';
  /** Directions whose source has no more, and those in which this has arrived. */
  readonly #ended = new Set<Stream>();
  readonly #endArrived = new Set<Stream>();
  #ender: Ender | undefined;

  constructor(id: number, seed: number, toxics: readonly Toxic[], user: ConnectionUser, now: number) {
    this.id = id;
    this.#seed = seed;
    this.#user = user;
    const flow = (stream: Stream): Flow => new Flow(stream, this.#flowUser(stream), now);
    this.#flows = { upstream: flow('upstream'), downstream: flow('downstream') };
    for (const toxic of toxics) this.add(toxic, now);
  }

  /** Who ended it, if that is known by now. */
  get ender(): Ender | undefined {
    return this.#ender;
  }

  get isSilent(): boolean {
    return this.#state === 'silent';
  }

  get dueAt(): number {
    if (this.#state === 'over') return Infinity;
    return Math.min(this.#flows.upstream.dueAt, this.#flows.downstream.dueAt);
  }

  isFull(stream: Stream): boolean {
    return this.#state === 'open' && this.#flows[stream].isFull;
  }

  /** Octets of an APDU in a DATA TRANSFER that has not come to its end. */
  partialApduOctets(stream: Stream): number {
    return this.#flows[stream].partialApduOctets;
  }

  add(toxic: Toxic, now: number): void {
    const treatment = this.#treatment(toxic);
    if (treatment !== undefined) this.#flows[toxic.stream].add(toxic.name, treatment, now);
  }

  update(toxic: Toxic, now: number): void {
    const treatment = this.#treatment(toxic);
    if (treatment === undefined) this.remove(toxic, now);
    else this.#flows[toxic.stream].update(toxic.name, treatment, now);
  }

  remove({ name, stream }: Toxic, now: number): void {
    this.#flows[stream].remove(name, now);
  }

  receive(stream: Stream, octets: Uint8Array, now: number): void {
    if (this.#state === 'open') this.#flows[stream].receive(octets, now);
  }

  end(stream: Stream, how: 'end' | 'reset', now: number): void {
    this.#ender ??= stream === 'upstream' ? 'client' : 'server';
    if (this.#state !== 'open') return;
    this.#ended.add(stream);
    this.#flows[stream].end(how, now);
    this.#leaveWhenLost();
  }

  run(now: number): void {
    if (this.#state === 'over') return;
    this.#flows.upstream.run(now);
    this.#flows.downstream.run(now);
    this.#leaveWhenLost();
  }

  /** Where an end was lost on its way, nobody else closes the socket behind it when both ends are gone. */
  #leaveWhenLost(): void {
    const bothGone = this.#ended.size === 2 && this.#endArrived.size < 2;
    if (bothGone && this.#flows.upstream.isEmpty && this.#flows.downstream.isEmpty) {
      this.finish({ type: 'close' }, 'link');
    }
  }

  /** Nothing arrives any more, and nobody is told. */
  silence(): void {
    this.#state = 'silent';
  }

  finish(output: SocketOutput, ender: Ender): void {
    if (this.#state === 'over') return;
    this.#ender ??= ender;
    this.#state = 'over';
    this.#flows.upstream.stop();
    this.#flows.downstream.stop();
    this.#user.output(this, output);
  }

  #arrived(stream: Stream, item: Item): void {
    if (this.#state !== 'open') return;
    switch (item.kind) {
      case 'octets':
        this.arrivedOctets[stream] += item.octets.length;
        this.#user.output(this, { type: 'send', stream, octets: item.octets });
        return;
      case 'end':
        this.#endArrived.add(stream);
        this.#user.output(this, { type: 'end', stream });
        return;
      case 'close':
        this.finish({ type: 'close' }, 'toxic');
        return;
      case 'reset':
        this.finish({ type: 'reset' }, 'toxic');
        return;
      case 'strike':
        this.#user.strikes(this, stream, item.fault);
        return;
      case 'hold':
        return;
    }
  }

  #treatment(toxic: Toxic) {
    const { ordinal, toxicity, type, attributes } = toxic;
    const number = (this.id * randomStreams.perConnection + ordinal) * randomStreams.perToxic;
    const random = new Random(this.#seed, number + streamNumbers[toxic.stream]);
    return random.fraction() < toxicity ? makeTreatment(type, attributes, random) : undefined;
  }

  #flowUser(stream: Stream): FlowUser {
    return {
      isDoomed: () => this.doomed,
      passing: (passage) => this.#user.passing(this, stream, passage),
      octetsLeft: () => this.#user.octetsLeft(),
      crossed: (octets) => this.#user.crossed(this, stream, octets),
      unchanged: (struck, passage) => {
        this.#user.unchanged(this, stream, struck, passage);
      },
      passed: (passage) => {
        this.#user.passed(this, stream, passage);
      },
      unrecognised: (text) => {
        this.#user.unrecognised(this, stream, text);
      },
      arrived: (item) => {
        this.#arrived(stream, item);
      },
    };
  }
}

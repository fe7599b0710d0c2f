import type { Connection, ConnectionHandlers, NetworkTarget } from '../engine/world.js';
import type { Passage } from '../linkfault/recogniser.js';
import type { VirtualClock } from './virtual-clock.js';
import { Link, type LinkUser, type Side } from './virtual-link.js';

type Accept = (connection: Connection) => ConnectionHandlers;

/** Ascending counts at which the connection that has carried the last of what is counted breaks. */
class Breaks {
  #at: number[] = [];

  add(count: number): void {
    this.#at = [...this.#at, count].sort((a, b) => a - b);
  }

  get next(): number {
    return this.#at[0] ?? Infinity;
  }

  /** The next has come, if so many have been counted. */
  isDue(counted: number): boolean {
    if (counted < this.next) return false;
    this.#at.shift();
    return true;
  }

  forget(): void {
    this.#at = [];
  }
}

/** TCP between agents in virtual time: octets arrive in order after the latency, at the rate; connections can be broken at any moment. */
export class VirtualNetwork implements LinkUser {
  latencyMilliseconds = 1;
  octetsPerSecond = Infinity;
  refusing = false;
  /** What an attempt to connect takes besides the latency, asked anew for each: later ones may overtake. */
  connectMilliseconds: () => number = () => 0;
  /** Called after each delivery, with what was delivered so far on all connections together. */
  onDelivery: ((octetsDelivered: number, packetsDelivered: number) => void) | undefined;
  octetsDelivered = 0;
  packetsDelivered = 0;
  /** Packets of RFC 1006 are counted. */
  countsPackets = false;
  /** Called, where it is there, with what comes to a side: it says what is handed over. */
  onPassage: ((link: Link, to: Side, passage: Passage, hand: (octets: Uint8Array) => void) => void) | undefined;
  /** Deliveries come in pieces of so many octets, asked anew for each. */
  pieceOctets: () => number = () => Infinity;
  readonly clock: VirtualClock;
  readonly #listeners = new Map<number, Accept>();
  readonly #links = new Set<Link>();
  readonly #held = new Set<number>();
  readonly #octetBreaks = new Breaks();
  readonly #packetBreaks = new Breaks();

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  listen(port: number, accept: Accept): void {
    this.#listeners.set(port, accept);
  }

  close(port: number): void {
    this.#listeners.delete(port);
  }

  get openLinks(): number {
    return this.#links.size;
  }

  /** `callerPort`: the port by which the agent that calls is known, if it is. */
  connect(target: NetworkTarget, handlers: ConnectionHandlers, callerPort?: number): Connection {
    const link = new Link(this, [callerPort, target.port]);
    this.#links.add(link);
    link.attach(0, handlers);
    this.clock.schedule(this.latencyMilliseconds + this.connectMilliseconds(), () => {
      const accept = this.#listeners.get(target.port);
      if (accept === undefined || this.refusing || link.isClosed(0) || link.isClosed(1)) {
        link.break('connection refused');
        return;
      }
      link.attach(1, accept(link.connection(1, 'agent')));
      this.clock.schedule(this.latencyMilliseconds, () => {
        if (!link.isClosed(0) && link.takes(0)) handlers.connected();
      });
    });
    return link.connection(0, `agent:${String(target.port)}`);
  }

  /** Every connection breaks now; nothing that is under way arrives. */
  cut(): void {
    for (const link of [...this.#links]) link.break('connection reset');
  }

  /** The connection that carries octet number `octets`, counted from the start on all connections together, breaks after it. */
  cutAfterOctets(octets: number): void {
    this.#octetBreaks.add(octets);
  }

  /** The same with the last octet of packet number `packets`. */
  cutAfterPackets(packets: number): void {
    this.countsPackets = true;
    this.#packetBreaks.add(packets);
  }

  /** Breaks that have not come yet do not come. */
  forgetBreaks(): void {
    this.#octetBreaks.forget();
    this.#packetBreaks.forget();
  }

  /** Every connection falls silent: nothing arrives any more, and nobody is told. */
  silence(): void {
    for (const link of this.#links) link.silence();
  }

  /** Of what the agent sends on the connections that there are nothing arrives any more, and nobody is told. */
  mute(port: number): void {
    for (const [link, side] of this.#linksOf(port)) link.mute(side);
  }

  /** The agent's connections break at its end; the other ends hear of it when they send. */
  reset(port: number): void {
    for (const [link, side] of this.#linksOf(port)) link.reset(side);
  }

  /** The agent is gone: its system resets its connections, or has gone with it and leaves them silent. */
  leave(port: number, how: 'reset' | 'silence'): void {
    for (const [link, side] of this.#linksOf(port)) {
      if (how === 'reset') link.break('connection reset');
      else link.vanish(side);
    }
  }

  /** The agent takes nothing from its connections until it is released. */
  hold(port: number): void {
    this.#held.add(port);
  }

  release(port: number): void {
    this.#held.delete(port);
    for (const [link, side] of this.#linksOf(port)) link.flow(side);
  }

  holds(port: number | undefined): boolean {
    return port !== undefined && this.#held.has(port);
  }

  gone(link: Link): void {
    this.#links.delete(link);
  }

  deliver(link: Link, to: Side, octets: Uint8Array): void {
    const { onPassage } = this;
    if (onPassage === undefined) {
      for (const { octets: held } of link.pdus[to].release('nobody asks any more'))
        this.#hand(link, to, held.toUint8Array());
      this.#hand(link, to, octets);
      return;
    }
    for (const passage of link.pdus[to].read(octets)) {
      onPassage(link, to, passage, (part) => {
        this.#hand(link, to, part);
      });
    }
  }

  #hand(link: Link, to: Side, octets: Uint8Array): void {
    for (let rest = octets; rest.length > 0;) {
      if (!link.takes(to)) return;
      const room = Math.max(Math.min(this.#octetBreaks.next - this.octetsDelivered, this.pieceOctets()), 1);
      let piece = rest.subarray(0, room);
      const packetEnd = this.countsPackets ? link.packets[to].next(piece) : undefined;
      if (packetEnd !== undefined) piece = piece.subarray(0, packetEnd);
      rest = rest.subarray(piece.length);
      this.octetsDelivered += piece.length;
      if (packetEnd !== undefined) this.packetsDelivered += 1;
      link.hand(to, piece);
      const octetsDue = this.#octetBreaks.isDue(this.octetsDelivered);
      const packetsDue = packetEnd !== undefined && this.#packetBreaks.isDue(this.packetsDelivered);
      if (octetsDue || packetsDue) link.break('connection reset');
      this.onDelivery?.(this.octetsDelivered, this.packetsDelivered);
    }
  }

  #linksOf(port: number): readonly (readonly [Link, Side])[] {
    return Array.from(this.#links).flatMap((link) => link.sidesOf(port).map((side) => [link, side] as const));
  }
}

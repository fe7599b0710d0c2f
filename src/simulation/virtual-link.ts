import type { ByteList } from '../bytes/byte-list.js';
import type { Connection, ConnectionHandlers } from '../engine/world.js';
import { Recogniser } from '../linkfault/recogniser.js';
import { PacketEnds } from './packet-ends.js';
import type { VirtualClock } from './virtual-clock.js';

/** Octets under way that the systems at both ends take before the sender hears of a backlog. */
const bufferedOctetsMax = 64 * 1024;

/** What a link asks of the network that it belongs to. */
export interface LinkUser {
  readonly clock: VirtualClock;
  readonly latencyMilliseconds: number;
  readonly octetsPerSecond: number;
  /** Gives octets to a side by `hand`, in pieces, for as long as it takes them. */
  deliver(link: Link, to: Side, octets: Uint8Array): void;
  /** The system of the agent at this port takes nothing from its connections just now. */
  holds(port: number | undefined): boolean;
  /** Both ends are closed. */
  gone(link: Link): void;
}

/** One end of a connection, and what is on its way to it. */
interface End {
  handlers: ConnectionHandlers | undefined;
  /** The port by which the agent at this end is known, if it is. */
  readonly port: number | undefined;
  closed: boolean;
  paused: boolean;
  /** What this end sends vanishes. */
  mute: boolean;
  /** This end was reset without the other's knowledge: the other learns of it when it sends. */
  resets: boolean;
  /** Octets that have come and were not taken; `end`: the peer has closed. */
  readonly arrived: (Uint8Array | 'end')[];
  /** Of what this end has sent, octets that the other has not taken. */
  unsettledOctets: number;
  busyUntil: number;
  /** What is sent later never overtakes, also when the latency falls. */
  arrivesAt: number;
}

export type Side = 0 | 1;

/** One TCP connection between two agents: octets arrive in order, after the latency and at the rate. Side 0 has called. */
export class Link {
  readonly #user: LinkUser;
  readonly #ends: readonly [End, End];
  /** Of what comes to each side. */
  readonly packets: readonly [PacketEnds, PacketEnds] = [new PacketEnds(), new PacketEnds()];
  readonly pdus: readonly [Recogniser, Recogniser] = [new Recogniser(), new Recogniser()];

  constructor(user: LinkUser, ports: readonly [number | undefined, number]) {
    this.#user = user;
    this.#ends = [newEnd(ports[0]), newEnd(ports[1])];
  }

  attach(side: Side, handlers: ConnectionHandlers): void {
    this.#ends[side].handlers = handlers;
  }

  isClosed(side: Side): boolean {
    return this.#ends[side].closed;
  }

  /** The sides at which the agent of this port is. */
  sidesOf(port: number): readonly Side[] {
    return ([0, 1] as const).filter((side) => this.#ends[side].port === port);
  }

  /** Both ends are told that it is broken, and what is under way is lost. */
  break(text: string): void {
    for (const end of this.#ends) this.#closed(end, text);
  }

  /** Nothing arrives any more in either direction, and nobody is told. */
  silence(): void {
    for (const end of this.#ends) end.mute = true;
  }

  /** Nothing arrives any more of what this side sends, and nobody is told. */
  mute(side: Side): void {
    this.#ends[side].mute = true;
  }

  /** This side's connection breaks; the other side hears of it when it sends. */
  reset(side: Side): void {
    const end = this.#ends[side];
    end.mute = true;
    end.resets = true;
    this.#closed(end, 'connection reset');
  }

  /** The system of this side is gone and answers nothing. */
  vanish(side: Side): void {
    this.silence();
    const end = this.#ends[side];
    end.handlers = undefined;
    this.#closed(end, '');
  }

  /** Hands over what has come, as far as the end takes it. */
  flow(side: Side): void {
    const end = this.#ends[side];
    const other = this.#ends[otherSide(side)];
    while (!end.closed && !end.paused && !this.#user.holds(end.port)) {
      const next = end.arrived.shift();
      if (next === undefined) return;
      if (next === 'end') {
        this.#closedNow(end, 'closed by the peer');
        return;
      }
      this.#settled(other, next.length);
      this.#user.deliver(this, side, next);
    }
  }

  /** Octets that come still reach this side. */
  takes(side: Side): boolean {
    return !this.#ends[side].closed && !this.#ends[otherSide(side)].mute;
  }

  hand(side: Side, piece: Uint8Array): void {
    this.#ends[side].handlers?.data(piece);
  }

  connection(side: Side, peer: string): Connection {
    const { clock } = this.#user;
    const own = this.#ends[side];
    const to = otherSide(side);
    const other = this.#ends[to];
    return {
      peer,
      send: (octets: ByteList) => {
        if (own.closed) return;
        const copy = octets.toUint8Array().slice();
        own.unsettledOctets += copy.length;
        if (other.resets) {
          clock.schedule(2 * this.#user.latencyMilliseconds, () => {
            this.#closed(own, 'connection reset');
          });
          return;
        }
        this.#send(own, to, copy);
      },
      close: (how) => {
        if (own.closed) return;
        this.#closed(own, 'closed here');
        if (how === 'graceful') this.#send(own, to, 'end');
        else {
          clock.schedule(this.#user.latencyMilliseconds, () => {
            if (!own.mute) this.#closedNow(other, 'closed by the peer');
          });
        }
      },
      backlogOctets: () => Math.max(own.unsettledOctets - bufferedOctetsMax, 0),
      pause: () => {
        own.paused = true;
      },
      resume: () => {
        own.paused = false;
        clock.schedule(0, () => {
          this.flow(side);
        });
      },
    };
  }

  #send(own: End, to: Side, what: Uint8Array | 'end'): void {
    const { clock, latencyMilliseconds, octetsPerSecond } = this.#user;
    const octets = what === 'end' ? 0 : what.length;
    own.busyUntil = Math.max(own.busyUntil, clock.now) + (octets / octetsPerSecond) * 1000;
    own.arrivesAt = Math.max(own.busyUntil + latencyMilliseconds, own.arrivesAt);
    clock.schedule(own.arrivesAt - clock.now, () => {
      if (own.mute || this.#ends[to].closed) return;
      this.#ends[to].arrived.push(what);
      this.flow(to);
    });
  }

  /** The other end has taken octets of `from`. */
  #settled(from: End, octets: number): void {
    const before = from.unsettledOctets;
    from.unsettledOctets -= octets;
    if (before <= bufferedOctetsMax || from.unsettledOctets > bufferedOctetsMax) return;
    this.#user.clock.schedule(0, () => {
      if (!from.closed) from.handlers?.drained();
    });
  }

  #closed(end: End, text: string): void {
    if (end.closed) return;
    end.closed = true;
    end.arrived.length = 0;
    this.#user.clock.schedule(0, () => end.handlers?.closed(text));
    if (this.#ends.every(({ closed }) => closed)) this.#user.gone(this);
  }

  #closedNow(end: End, text: string): void {
    if (end.closed) return;
    end.closed = true;
    end.arrived.length = 0;
    if (this.#ends.every(({ closed }) => closed)) this.#user.gone(this);
    end.handlers?.closed(text);
  }
}

function newEnd(port: number | undefined): End {
  return {
    handlers: undefined,
    port,
    closed: false,
    paused: false,
    mute: false,
    resets: false,
    arrived: [],
    unsettledOctets: 0,
    busyUntil: 0,
    arrivesAt: 0,
  };
}

function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}

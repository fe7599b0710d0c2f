import type { ByteList } from '../bytes/byte-list.js';
import type { Connection, ConnectionHandlers, NetworkTarget } from '../engine/world.js';
import type { VirtualClock } from './virtual-clock.js';

interface End {
  handlers: ConnectionHandlers | undefined;
  closed: boolean;
  /** The port by which the agent at this end is known. */
  port: number | undefined;
}

/** One connection between two agents; what is under way when it is cut is lost. */
class Link {
  readonly ends: readonly [End, End];
  dead = false;

  constructor(caller: End, called: End) {
    this.ends = [caller, called];
  }
}

/** TCP between agents in virtual time: octets arrive in order after the latency, at the rate; links can be cut at any moment. */
export class VirtualNetwork {
  latencyMilliseconds = 1;
  octetsPerSecond = Infinity;
  refusing = false;
  /** Called after each delivery, with the octets delivered so far on all connections together. */
  onDelivery: ((octetsDelivered: number) => void) | undefined;
  octetsDelivered = 0;
  /** Deliveries come in pieces of so many octets, asked anew for each. */
  pieceOctets: () => number = () => Infinity;
  readonly #clock: VirtualClock;
  readonly #listeners = new Map<number, (connection: Connection) => ConnectionHandlers>();
  readonly #links = new Set<Link>();
  /** Ascending counts of octets delivered at which the connection that carries the last of them breaks. */
  #breaks: number[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  listen(port: number, accept: (connection: Connection) => ConnectionHandlers): void {
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
    const link = new Link(
      { handlers, closed: false, port: callerPort },
      { handlers: undefined, closed: false, port: target.port },
    );
    this.#links.add(link);
    const connection = this.#connection(link, 0, `agent:${String(target.port)}`);
    this.#clock.schedule(this.latencyMilliseconds, () => {
      const accept = this.#listeners.get(target.port);
      if (accept === undefined || this.refusing || link.dead) {
        this.#end(link, 'connection refused');
        return;
      }
      link.ends[1].handlers = accept(this.#connection(link, 1, 'agent'));
      this.#clock.schedule(this.latencyMilliseconds, () => {
        if (!link.dead) handlers.connected();
      });
    });
    return connection;
  }

  /** Every connection breaks now; nothing that is under way arrives. */
  cut(): void {
    for (const link of [...this.#links]) this.#end(link, 'connection reset');
  }

  /** The connection that carries octet number `octets`, counted from the start on all connections together, breaks after it. */
  cutAfter(octets: number): void {
    this.#breaks = [...this.#breaks, octets].sort((a, b) => a - b);
  }

  /** Breaks that have not come yet do not come. */
  forgetBreaks(): void {
    this.#breaks = [];
  }

  /** Every connection falls silent: nothing arrives any more, and nobody is told. */
  silence(): void {
    for (const link of this.#links) link.dead = true;
  }

  /** The agent is gone: its system resets its connections, or has gone with it and leaves them silent. */
  leave(port: number, how: 'reset' | 'silence'): void {
    for (const link of [...this.#links]) {
      if (!link.ends.some((end) => end.port === port)) continue;
      if (how === 'reset') {
        this.#end(link, 'connection reset');
        continue;
      }
      link.dead = true;
      for (const end of link.ends) end.closed ||= end.port === port;
      if (link.ends.every(({ closed }) => closed)) this.#links.delete(link);
    }
  }

  #end(link: Link, text: string): void {
    link.dead = true;
    this.#links.delete(link);
    for (const end of link.ends) {
      if (end.closed) continue;
      end.closed = true;
      this.#clock.schedule(0, () => end.handlers?.closed(text));
    }
  }

  #deliver(link: Link, to: End, octets: Uint8Array): void {
    let rest = octets;
    while (rest.length > 0) {
      if (link.dead || to.closed) return;
      const room = (this.#breaks[0] ?? Infinity) - this.octetsDelivered;
      const piece = rest.subarray(0, Math.max(Math.min(rest.length, room, this.pieceOctets()), 1));
      rest = rest.subarray(piece.length);
      this.octetsDelivered += piece.length;
      to.handlers?.data(piece);
      if (piece.length >= room) {
        this.#breaks.shift();
        this.#end(link, 'connection reset');
      }
      this.onDelivery?.(this.octetsDelivered);
    }
  }

  #connection(link: Link, side: 0 | 1, peer: string): Connection {
    const other = link.ends[side === 0 ? 1 : 0];
    const own = link.ends[side];
    let busyUntil = 0;
    /** What was sent later never overtakes, also when the latency falls. */
    let arrivesAt = 0;
    return {
      peer,
      send: (octets: ByteList) => {
        if (link.dead || own.closed) return;
        const copy = octets.toUint8Array().slice();
        const transmission = (copy.length / this.octetsPerSecond) * 1000;
        busyUntil = Math.max(busyUntil, this.#clock.now) + transmission;
        arrivesAt = Math.max(busyUntil + this.latencyMilliseconds, arrivesAt);
        this.#clock.schedule(arrivesAt - this.#clock.now, () => {
          this.#deliver(link, other, copy);
        });
      },
      close: (how) => {
        if (own.closed) return;
        own.closed = true;
        this.#clock.schedule(0, () => own.handlers?.closed('closed here'));
        const soonest = this.#clock.now + this.latencyMilliseconds;
        const at = how === 'graceful' ? Math.max(arrivesAt, soonest) : soonest;
        this.#clock.schedule(at - this.#clock.now, () => {
          this.#links.delete(link);
          if (link.dead || other.closed) return;
          other.closed = true;
          other.handlers?.closed('closed by the peer');
        });
      },
      backlogOctets: () => 0,
      pause: () => undefined,
      resume: () => undefined,
    };
  }
}

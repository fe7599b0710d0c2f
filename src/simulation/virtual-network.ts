import type { ByteList } from '../bytes/byte-list.js';
import type { Connection, ConnectionHandlers, NetworkTarget } from '../engine/world.js';
import type { VirtualClock } from './virtual-clock.js';

interface End {
  handlers: ConnectionHandlers | undefined;
  closed: boolean;
  received: number;
}

/** One connection between two agents; what is under way when it is cut is lost. */
class Link {
  readonly ends: readonly [End, End] = [
    { handlers: undefined, closed: false, received: 0 },
    { handlers: undefined, closed: false, received: 0 },
  ];
  dead = false;
}

/** TCP between agents in virtual time: octets arrive in order after the latency, at the rate; links can be cut at any moment. */
export class VirtualNetwork {
  latencyMilliseconds = 1;
  octetsPerSecond = Infinity;
  refusing = false;
  /** Called with each delivery; `cut` makes this delivery the last, after `octets` of it. */
  onDelivery: ((octetsDelivered: number) => void) | undefined;
  octetsDelivered = 0;
  readonly #clock: VirtualClock;
  readonly #listeners = new Map<number, (connection: Connection) => ConnectionHandlers>();
  readonly #links = new Set<Link>();

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

  connect(target: NetworkTarget, handlers: ConnectionHandlers): Connection {
    const link = new Link();
    link.ends[0].handlers = handlers;
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

  /** Every connection falls silent: nothing arrives any more, and nobody is told. */
  silence(): void {
    for (const link of this.#links) link.dead = true;
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

  #connection(link: Link, side: 0 | 1, peer: string): Connection {
    const other = link.ends[side === 0 ? 1 : 0];
    const own = link.ends[side];
    let busyUntil = 0;
    return {
      peer,
      send: (octets: ByteList) => {
        if (link.dead || own.closed) return;
        const copy = octets.toUint8Array().slice();
        const transmission = (copy.length / this.octetsPerSecond) * 1000;
        busyUntil = Math.max(busyUntil, this.#clock.now) + transmission;
        this.#clock.schedule(busyUntil - this.#clock.now + this.latencyMilliseconds, () => {
          if (link.dead || other.closed) return;
          this.octetsDelivered += copy.length;
          other.received += copy.length;
          other.handlers?.data(copy);
          this.onDelivery?.(this.octetsDelivered);
        });
      },
      close: (how) => {
        if (own.closed) return;
        own.closed = true;
        this.#clock.schedule(0, () => own.handlers?.closed('closed here'));
        const delay =
          how === 'graceful'
            ? Math.max(busyUntil - this.#clock.now, 0) + this.latencyMilliseconds
            : this.latencyMilliseconds;
        this.#clock.schedule(delay, () => {
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

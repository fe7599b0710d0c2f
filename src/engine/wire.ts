import { Association, type AssociationOptions } from '../association/association.js';
import type { ByteList } from '../bytes/byte-list.js';
import type { Observation } from '../osi/machine.js';
import type { RtseIndication, RtseRequest } from '../rtse/service.js';
import type { Connection, ConnectionHandlers, NetworkTarget, TapEvent, TimerHandle, World } from './world.js';

/** What the wire under reliable transfer asks of the one who owns the association. */
export interface WireUser {
  indication(primitive: RtseIndication): void;
  /** TCP is gone; last of all. */
  disconnected(text: string): void;
  /** The connection takes octets again. */
  drained(): void;
  /** How many octets the peer may have sent by now, in all. */
  octetsMax(): number;
  observe(observation: Observation): void;
  /** For captures. */
  tap(kind: TapEvent['kind'], octets?: ByteList | Uint8Array): void;
}

/**
 * One TCP connection with its six layers: joins the pure association to the world's sockets and timers, and watches for a peer that has
 * gone silent.
 */
export class Wire {
  readonly #world: World;
  readonly #user: WireUser;
  readonly #association: Association;
  readonly #timers = new Map<string, TimerHandle>();
  readonly #target: NetworkTarget | undefined;
  #connection: Connection | undefined;
  #closed = false;
  #lastReceivedAt: number;
  octetsReceived = 0;

  constructor(world: World, options: AssociationOptions, user: WireUser, target?: NetworkTarget) {
    this.#world = world;
    this.#user = user;
    this.#target = target;
    this.#lastReceivedAt = world.monotonicMilliseconds();
    this.#association = new Association(options, {
      network: (primitive) => {
        switch (primitive.type) {
          case 'N-CONNECT.request':
            this.#connect();
            return;
          case 'N-DATA.request':
            this.#user.tap('sent', primitive.userData);
            this.#connection?.send(primitive.userData);
            return;
          case 'N-DISCONNECT.request':
            this.close(primitive.graceful ? 'graceful' : 'abrupt');
        }
      },
      setTimer: (key, milliseconds) => {
        this.#clearTimer(key);
        const fire = (): void => {
          this.#timers.delete(key);
          this.#association.timer(key);
        };
        this.#timers.set(key, world.setTimer(milliseconds, fire));
      },
      clearTimer: (key) => {
        this.#clearTimer(key);
      },
      indication: (primitive) => {
        user.indication(primitive);
      },
      observe: (layer, observation) => {
        user.observe({ ...observation, fields: { layer, ...observation.fields } });
      },
    });
  }

  /** The handlers for a connection that a peer has opened to us. */
  accepted(connection: Connection): ConnectionHandlers {
    this.#connection = connection;
    this.#user.tap('opened');
    this.#association.network({ type: 'N-CONNECT.indication' });
    return this.#handlers();
  }

  request(primitive: RtseRequest): void {
    this.#association.request(primitive);
  }

  get peer(): string {
    return this.#connection?.peer ?? `${this.#target?.host ?? ''}:${String(this.#target?.port ?? '')}`;
  }

  get backlogOctets(): number {
    return this.#connection?.backlogOctets() ?? 0;
  }

  /** Milliseconds since the peer was last heard. */
  get silentMilliseconds(): number {
    return this.#world.monotonicMilliseconds() - this.#lastReceivedAt;
  }

  /** Silence counts from here: the peer owes us something only now. */
  touch(): void {
    this.#lastReceivedAt = this.#world.monotonicMilliseconds();
  }

  pause(): void {
    this.#connection?.pause();
  }

  resume(): void {
    this.#connection?.resume();
  }

  close(how: 'graceful' | 'abrupt'): void {
    this.#connection?.close(how);
  }

  /** Gives the connection up at once: the layers hear of it before this returns, whatever the network says later. */
  abandon(text: string): void {
    this.#connection?.close('abrupt');
    this.#disconnected(text);
  }

  #connect(): void {
    if (this.#target === undefined) return;
    this.#connection = this.#world.connect(this.#target, this.#handlers());
  }

  #handlers(): ConnectionHandlers {
    return {
      connected: () => {
        if (this.#closed) return;
        this.#lastReceivedAt = this.#world.monotonicMilliseconds();
        this.#user.tap('opened');
        this.#association.network({ type: 'N-CONNECT.confirm' });
      },
      data: (octets) => {
        if (this.#closed) return;
        this.#lastReceivedAt = this.#world.monotonicMilliseconds();
        this.octetsReceived += octets.length;
        const octetsMax = this.#user.octetsMax();
        if (this.octetsReceived > octetsMax) {
          this.abandon(`more than ${String(octetsMax)} octets before there is a bind`);
          return;
        }
        this.#user.tap('received', octets);
        this.#association.network({ type: 'N-DATA.indication', userData: octets });
      },
      drained: () => {
        this.#user.drained();
      },
      closed: (text) => {
        this.#disconnected(text);
      },
    };
  }

  #disconnected(text: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#user.tap('closed');
    // One that is given up before it has set out to connect has nobody to hear of it below.
    if (this.#connection !== undefined) this.#association.network({ type: 'N-DISCONNECT.indication', text });
    for (const handle of this.#timers.values()) this.#world.clearTimer(handle);
    this.#timers.clear();
    this.#user.disconnected(text);
  }

  #clearTimer(key: string): void {
    const handle = this.#timers.get(key);
    if (handle === undefined) return;
    this.#timers.delete(key);
    this.#world.clearTimer(handle);
  }
}

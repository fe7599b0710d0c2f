import type { ByteList } from '../bytes/byte-list.js';
import type { Observation } from '../osi/machine.js';

/** The outside as the engine sees it: the daemon gives it sockets, clocks and timers, a simulator gives it virtual ones. */
export interface World {
  /** Milliseconds since some moment of this boot of the machine; never goes back. */
  monotonicMilliseconds(): number;
  /** Milliseconds since 1970 UTC, as the machine believes; may step either way. */
  wallClockMilliseconds(): number;
  /** Differs after every boot of the machine. */
  readonly bootId: string;
  setTimer(milliseconds: number, fire: () => void): TimerHandle;
  clearTimer(handle: TimerHandle): void;
  /** Opens a TCP connection; the answer comes by the handlers, never before `connect` returns. */
  connect(target: NetworkTarget, handlers: ConnectionHandlers): Connection;
  randomOctets(count: number): Uint8Array;
  observe(observation: Observation): void;
  /** Called with every octet of an association's connection, for captures. */
  tap(event: TapEvent): void;
}

export type TimerHandle = object | number;

export interface NetworkTarget {
  readonly host: string;
  readonly port: number;
}

export interface Connection {
  /** The other end, for logs only: peers are never known by their address. */
  readonly peer: string;
  send(octets: ByteList): void;
  /** `graceful`: after what was sent has left; `abrupt`: at once. */
  close(how: 'graceful' | 'abrupt'): void;
  /** Octets sent but not yet taken by the network. */
  backlogOctets(): number;
  pause(): void;
  resume(): void;
}

export interface ConnectionHandlers {
  connected(): void;
  data(octets: Uint8Array): void;
  /** The backlog is gone. */
  drained(): void;
  /** Last of all, once. */
  closed(text: string): void;
}

export interface TapEvent {
  readonly association: string;
  readonly connector: string;
  readonly kind: 'opened' | 'sent' | 'received' | 'closed';
  readonly role: 'initiator' | 'responder';
  readonly octets?: ByteList | Uint8Array;
}

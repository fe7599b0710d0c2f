/** Primitives, TPDUs and timers as events of the state table. */
import { assert } from '../osi/machine.js';
import type { ByteList } from '../bytes/byte-list.js';
import type { Tpdu } from './pdu.js';
import type { NetworkIndication, TransportRequest } from './service.js';

/** What the peer did wrong. */
export interface Fault {
  readonly text: string;
  readonly clause: string;
  /** The octet, counted from 0, up to which an ER returns the rejected TPDU. */
  readonly offset: number;
  readonly rejectCause: number;
}

/** The selectors of a CR; a nil selector that is given is an empty array. */
export interface ConnectSelectors {
  readonly calledSelector?: Uint8Array;
  readonly callingSelector?: Uint8Array;
}

export function selectorsOf({ calledSelector, callingSelector }: ConnectSelectors): ConnectSelectors {
  return { ...(calledSelector && { calledSelector }), ...(callingSelector && { callingSelector }) };
}

export type Event =
  | Tpdu
  | { readonly type: 'TCONreq'; readonly selectors: ConnectSelectors }
  | { readonly type: 'TDTreq'; readonly userData: ByteList }
  | { readonly type: 'TCONresp' | 'TDISreq' | 'NCONind' | 'NCONconf' | 'TS1' | 'TS2' }
  | { readonly type: 'NDISind'; readonly text: string }
  | { readonly type: 'invalid TPDU'; readonly fault: Fault; readonly octets: ByteList }
  | { readonly type: 'invalid TPKT'; readonly fault: Fault };

/** An action or a predicate stands only in cells of the event that it needs; this tells the compiler. */
export function as<Type extends Event['type']>(event: Event, type: Type): Extract<Event, { type: Type }> {
  assert(event.type === type, () => `${event.type} in a cell that needs ${type}`);
  return event as Extract<Event, { type: Type }>;
}

export function eventOfRequest(request: TransportRequest): Event {
  switch (request.type) {
    case 'T-CONNECT.request':
      return { type: 'TCONreq', selectors: selectorsOf(request) };
    case 'T-CONNECT.response':
      return { type: 'TCONresp' };
    case 'T-DATA.request':
      return { type: 'TDTreq', userData: request.userData };
    case 'T-DISCONNECT.request':
      return { type: 'TDISreq' };
  }
}

/** All but N-DATA.indication, whose octets become TPDUs first. */
export function eventOfNetwork(indication: Exclude<NetworkIndication, { type: 'N-DATA.indication' }>): Event {
  switch (indication.type) {
    case 'N-CONNECT.indication':
      return { type: 'NCONind' };
    case 'N-CONNECT.confirm':
      return { type: 'NCONconf' };
    case 'N-DISCONNECT.indication':
      return { type: 'NDISind', text: indication.text };
  }
}

export function eventOfTimer(timer: string): Event {
  assert(timer === 'TS1' || timer === 'TS2', () => `timer ${timer}`);
  return { type: timer };
}

/**
 * The transport service (X.214) over TCP: RFC 1006 packets around X.224 class 0. Offers the session layer a connection with selectors and
 * TSDUs of any length. Left out, as class 0 has none: expedited data, user data of T-CONNECT and T-DISCONNECT, an orderly release (the end
 * of the TCP connection is the end of the transport connection).
 */
import type { ByteList } from '../bytes/byte-list.js';
import type { Machine } from '../osi/machine.js';

/** Why a connection ended or was refused. `code` is the DR reason of X.224 §13.5.3 where the peer gave one. */
export interface TransportDisconnectReason {
  readonly origin: 'peer' | 'network' | 'local';
  /** The same attempt may succeed later (true), or only after somebody changed something (false). */
  readonly transient: boolean;
  readonly code?: number;
  /** One plain sentence for the log. */
  readonly text: string;
}

export type TransportRequest =
  | { readonly type: 'T-CONNECT.request'; readonly calledSelector?: Uint8Array; readonly callingSelector?: Uint8Array }
  | { readonly type: 'T-CONNECT.response' }
  | { readonly type: 'T-DATA.request'; readonly userData: ByteList }
  /** On a connection not yet accepted: refuses it with a DR. On an open one: closes TCP after what was sent has left. */
  | { readonly type: 'T-DISCONNECT.request' };

export type TransportIndication =
  | {
      readonly type: 'T-CONNECT.indication';
      readonly calledSelector?: Uint8Array;
      readonly callingSelector?: Uint8Array;
    }
  | { readonly type: 'T-CONNECT.confirm'; readonly respondingSelector?: Uint8Array }
  | { readonly type: 'T-DATA.indication'; readonly userData: ByteList }
  | { readonly type: 'T-DISCONNECT.indication'; readonly reason: TransportDisconnectReason };

/** What transport asks of TCP. */
export type NetworkRequest =
  | { readonly type: 'N-CONNECT.request' }
  | { readonly type: 'N-DATA.request'; readonly userData: ByteList }
  /** Close once all data given before has left (`graceful`), or at once. */
  | { readonly type: 'N-DISCONNECT.request'; readonly graceful: boolean };

export type NetworkIndication =
  /** The responder's first event: a TCP connection was accepted. */
  | { readonly type: 'N-CONNECT.indication' }
  | { readonly type: 'N-CONNECT.confirm' }
  | { readonly type: 'N-DATA.indication'; readonly userData: Uint8Array }
  /** FIN, RST, or a connection that could not be made. */
  | { readonly type: 'N-DISCONNECT.indication'; readonly text: string };

export interface TransportOptions {
  readonly role: 'initiator' | 'responder';
  /** Our reference, 1..65535, not in use on another open connection (X.224 §13.3.3). */
  readonly reference: number;
  /** Responder: called selectors that we answer to, undefined for any; a nil selector is an empty array. */
  readonly acceptedSelectors?: readonly Uint8Array[];
  /**
   * Size parameters that we offer: `preferred` sends both C0 0B and F0 (65408 octets), `none` leaves both out (RFC 1006: 65531),
   * or an exponent 7..11 sent as C0 alone.
   */
  readonly sizeOffer: 'preferred' | 'none' | 7 | 8 | 9 | 10 | 11;
  /** Largest TSDU taken, in octets; a longer one ends the connection. */
  readonly tsduOctetsMax: number;
  /** TS1: supervision of CR and CC, milliseconds. */
  readonly connectMilliseconds: number;
  /** TS2: how long we wait for the peer's close after an ER, milliseconds. */
  readonly errorMilliseconds: number;
}

export type TransportMachine = Machine<TransportRequest, TransportIndication, NetworkIndication, NetworkRequest>;

/**
 * The session service (X.215) as X.225 versions 1 and 2 give it, in the functional units that reliable transfer needs: kernel, half-duplex,
 * minor synchronize, activity management, exceptions. Left out: all other functional units, transport expedited, reuse of a transport
 * connection. The three tokens (data, synchronize-minor, major/activity) always exist.
 */
import type { ByteList } from '../bytes/byte-list.js';
import type { Machine } from '../osi/machine.js';
import type { TransportIndication, TransportRequest } from '../transport/service.js';

/** The highest synchronization point serial number; ACTIVITY END needs one too (X.225 §8.3.20). */
export const SERIAL_NUMBER_MAX = 999_999;

export const SEGMENTED_DATA_OCTETS_MAX = 16 * 1024 * 1024;

/** The references that name a session connection (X.225 §8.3.1); octets as they stand in PI 9 to 12. */
export interface SessionConnectionIdentifier {
  readonly calling?: Uint8Array;
  readonly called?: Uint8Array;
  readonly common?: Uint8Array;
  readonly additional?: Uint8Array;
}

export type Token = 'data' | 'synchronize-minor' | 'major-activity';
export type TokenSide = 'initiator' | 'responder';

/** S-ACTIVITY-RESUME's linking information: the activity as it was first started, and where. */
export interface ActivityLink {
  readonly oldActivityIdentifier: Uint8Array;
  /** Last confirmed synchronization point, 0..999998. */
  readonly serialNumber: number;
  /** Present when the activity was started on another session connection. */
  readonly oldSessionConnection?: SessionConnectionIdentifier;
}

/**
 * Reason codes of S-U-EXCEPTION-REPORT, S-ACTIVITY-INTERRUPT and S-ACTIVITY-DISCARD: 0 none, 1 receiving ability jeopardized, 3 sequence error,
 * 5 local user error, 6 unrecoverable procedural error, 128 demand data token (X.225 §8.3.28). Some peers abort on a 6.
 */
export type ExceptionReason = number;

export interface SessionRefusal {
  /** PI 50 of REFUSE: 0..2 the called user, 129..134 the SPM; undefined when the transport connection could not be had. */
  readonly reason?: number;
  readonly transient: boolean;
  readonly text: string;
}

export type SessionRequest =
  | {
      readonly type: 'S-CONNECT.request';
      readonly identifier: SessionConnectionIdentifier;
      readonly calledTransportSelector?: Uint8Array;
      readonly callingTransportSelector?: Uint8Array;
      readonly calledSessionSelector?: Uint8Array;
      readonly callingSessionSelector?: Uint8Array;
      /** Who has all three tokens first. */
      readonly initialTokens: TokenSide;
      readonly userData: Uint8Array;
    }
  | {
      readonly type: 'S-CONNECT.response';
      readonly result: 'accept';
      readonly identifier?: SessionConnectionIdentifier;
      /** Used where the caller left the choice to us. */
      readonly initialTokens: TokenSide;
      readonly userData: Uint8Array;
    }
  | {
      readonly type: 'S-CONNECT.response';
      readonly result: 'reject';
      /** 0 called user, none given; 1 congestion; 2 with user data. */
      readonly reason: 0 | 1 | 2;
      readonly userData?: Uint8Array;
    }
  | { readonly type: 'S-DATA.request'; readonly userData: ByteList }
  | { readonly type: 'S-TOKEN-GIVE.request'; readonly tokens: readonly Token[] }
  | { readonly type: 'S-TOKEN-PLEASE.request'; readonly tokens: readonly Token[]; readonly userData?: Uint8Array }
  | { readonly type: 'S-CONTROL-GIVE.request' }
  | { readonly type: 'S-SYNC-MINOR.request' }
  | { readonly type: 'S-SYNC-MINOR.response'; readonly serialNumber: number }
  | { readonly type: 'S-U-EXCEPTION-REPORT.request'; readonly reason: ExceptionReason }
  | { readonly type: 'S-ACTIVITY-START.request'; readonly activityIdentifier: Uint8Array }
  | { readonly type: 'S-ACTIVITY-RESUME.request'; readonly activityIdentifier: Uint8Array; readonly link: ActivityLink }
  | { readonly type: 'S-ACTIVITY-INTERRUPT.request'; readonly reason: ExceptionReason }
  | { readonly type: 'S-ACTIVITY-INTERRUPT.response' }
  | { readonly type: 'S-ACTIVITY-DISCARD.request'; readonly reason: ExceptionReason }
  | { readonly type: 'S-ACTIVITY-DISCARD.response' }
  | { readonly type: 'S-ACTIVITY-END.request' }
  | { readonly type: 'S-ACTIVITY-END.response' }
  | { readonly type: 'S-RELEASE.request'; readonly userData?: Uint8Array }
  | { readonly type: 'S-RELEASE.response'; readonly userData?: Uint8Array }
  /** User data beyond 9 octets is left out when version 1 was selected (X.225 §8.3.9). */
  | { readonly type: 'S-U-ABORT.request'; readonly userData?: Uint8Array };

/**
 * Serial numbers: minor synchronization points of an activity are numbered from 1 (after a resume at n, from n + 1), one up each, by both
 * ends alike; S-SYNC-MINOR.request therefore needs no number and its user counts along.
 */
export type SessionIndication =
  | {
      readonly type: 'S-CONNECT.indication';
      readonly identifier: SessionConnectionIdentifier;
      readonly calledTransportSelector?: Uint8Array;
      readonly callingTransportSelector?: Uint8Array;
      readonly calledSessionSelector?: Uint8Array;
      readonly callingSessionSelector?: Uint8Array;
      readonly version: 1 | 2;
      /** `called-user` when the caller leaves the choice to us. */
      readonly initialTokens: TokenSide | 'called-user';
      readonly userData: Uint8Array;
    }
  | {
      readonly type: 'S-CONNECT.confirm';
      readonly result: 'accept';
      readonly identifier: SessionConnectionIdentifier;
      readonly version: 1 | 2;
      readonly initialTokens: TokenSide;
      readonly userData: Uint8Array;
    }
  | {
      readonly type: 'S-CONNECT.confirm';
      readonly result: 'reject';
      readonly refusal: SessionRefusal;
      readonly userData?: Uint8Array;
    }
  | { readonly type: 'S-DATA.indication'; readonly userData: ByteList }
  | { readonly type: 'S-TOKEN-GIVE.indication'; readonly tokens: readonly Token[] }
  | { readonly type: 'S-TOKEN-PLEASE.indication'; readonly tokens: readonly Token[]; readonly userData?: Uint8Array }
  | { readonly type: 'S-CONTROL-GIVE.indication' }
  /** GIVE TOKENS ACK came: the peer has taken the tokens. */
  | { readonly type: 'S-CONTROL-GIVE.confirm' }
  | { readonly type: 'S-SYNC-MINOR.indication'; readonly serialNumber: number; readonly explicitConfirmation: boolean }
  | { readonly type: 'S-SYNC-MINOR.confirm'; readonly serialNumber: number }
  | { readonly type: 'S-U-EXCEPTION-REPORT.indication'; readonly reason: ExceptionReason }
  | { readonly type: 'S-P-EXCEPTION-REPORT.indication' }
  | { readonly type: 'S-ACTIVITY-START.indication'; readonly activityIdentifier: Uint8Array }
  | {
      readonly type: 'S-ACTIVITY-RESUME.indication';
      readonly activityIdentifier: Uint8Array;
      readonly link: ActivityLink;
    }
  /** `activityInProgress` false: it crossed our ACTIVITY END ACK, the activity is already over here. */
  | {
      readonly type: 'S-ACTIVITY-INTERRUPT.indication';
      readonly reason?: ExceptionReason;
      readonly activityInProgress: boolean;
    }
  | { readonly type: 'S-ACTIVITY-INTERRUPT.confirm' }
  | {
      readonly type: 'S-ACTIVITY-DISCARD.indication';
      readonly reason?: ExceptionReason;
      readonly activityInProgress: boolean;
    }
  | { readonly type: 'S-ACTIVITY-DISCARD.confirm' }
  | { readonly type: 'S-ACTIVITY-END.indication'; readonly serialNumber: number }
  | { readonly type: 'S-ACTIVITY-END.confirm' }
  | { readonly type: 'S-RELEASE.indication'; readonly userData?: Uint8Array }
  | { readonly type: 'S-RELEASE.confirm'; readonly userData?: Uint8Array }
  | { readonly type: 'S-U-ABORT.indication'; readonly userData?: Uint8Array }
  /** `protocol-error`: one of the two SPMs found a fault; `transport`: the connection below went away. */
  | {
      readonly type: 'S-P-ABORT.indication';
      readonly cause: 'protocol-error' | 'transport' | 'unspecified';
      readonly origin: 'peer' | 'local';
      readonly text: string;
    };

export interface SessionOptions {
  readonly role: 'initiator' | 'responder';
  /** Versions that we offer or accept. */
  readonly versions: readonly (1 | 2)[];
  /** Responder: called session selectors that we answer to, undefined for any. Who calls none is answered too. */
  readonly acceptedSelectors?: readonly Uint8Array[];
  /** TIM: how long we wait for the peer to close after ABORT, REFUSE or DISCONNECT, milliseconds. */
  readonly releaseMilliseconds: number;
  /**
   * How long INTERRUPT ACK, DISCARD ACK, GIVE TOKENS ACK, DISCONNECT and ACCEPT may take before we abort, and a caller's CONNECT before we
   * close the transport connection, milliseconds.
   */
  readonly acknowledgementMilliseconds: number;
  /** Largest user data of one service primitive other than S-DATA, reassembled, in octets. */
  readonly userDataOctetsMax: number;
  /**
   * Largest S-DATA that is put together from segments, in octets, by default SEGMENTED_DATA_OCTETS_MAX. We never ask for segments; one whole
   * is as large as transport lets it be.
   */
  readonly segmentedDataOctetsMax?: number;
}

export type SessionMachine = Machine<SessionRequest, SessionIndication, TransportIndication, TransportRequest>;

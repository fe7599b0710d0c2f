/**
 * The presentation service (X.216) as X.226 gives it with the kernel functional unit, in two modes: normal, and X.410-1984. Left out:
 * context management, restoration, default context, typed data.
 *
 * In X.410-1984 mode the only user is the reliable transfer layer. Its connection-time APDUs cross this service as complete encodings with
 * the tags of normal mode (RTORQ B0, RTOAC B1, RTORJ B2, RTAB B6); this layer puts their members into the SETs of that mode and gives the
 * tags back on receipt, so that the layers above see one form.
 *
 * Session services that X.226 passes through unchanged keep their session names here.
 */
import type { ByteList } from '../bytes/byte-list.js';
import type { AddressPair, Selectors } from '../osi/address.js';
import type { Machine } from '../osi/machine.js';
import type {
  SessionConnectionIdentifier,
  SessionIndication,
  SessionRequest,
  Token,
  TokenSide,
} from '../session/service.js';

export type ReliableTransferMode = 'normal' | 'x410-1984';

/** Abstract syntaxes that an MTA uses: that of X.227, id-as-mta-rtse and id-as-mtse of X.419. */
export const acseAbstractSyntax = '2.2.1.0.1';
export const rtseAbstractSyntax = '2.6.0.2.12';
export const mtseAbstractSyntax = '2.6.0.2.7';
export const berTransferSyntax = '2.1.1';

/** A member of the defined context set. */
export interface PresentationContext {
  /** Odd, chosen by the initiator. */
  readonly identifier: number;
  readonly abstractSyntax: string;
}

/** One value and the abstract syntax it belongs to; in X.410-1984 mode the syntax is ignored. */
export interface PresentationData {
  readonly abstractSyntax: string;
  /** One complete BER encoding. */
  readonly octets: Uint8Array;
}

export interface PresentationRefusal {
  readonly source: 'presentation-user' | 'presentation-provider' | 'session' | 'transport';
  readonly transient: boolean;
  /** provider-reason of CPR, PI 50 of REFUSE or the DR reason, by `source`. */
  readonly code?: number;
  readonly text: string;
}

type PassedRequest = Exclude<
  SessionRequest,
  {
    readonly type:
      | 'S-CONNECT.request'
      | 'S-CONNECT.response'
      | 'S-DATA.request'
      | 'S-TOKEN-PLEASE.request'
      | 'S-RELEASE.request'
      | 'S-RELEASE.response'
      | 'S-U-ABORT.request';
  }
>;

type PassedIndication = Exclude<
  SessionIndication,
  {
    readonly type:
      | 'S-CONNECT.indication'
      | 'S-CONNECT.confirm'
      | 'S-DATA.indication'
      | 'S-TOKEN-PLEASE.indication'
      | 'S-RELEASE.indication'
      | 'S-RELEASE.confirm'
      | 'S-U-ABORT.indication'
      | 'S-P-ABORT.indication';
  }
>;

export type PresentationRequest =
  | {
      readonly type: 'P-CONNECT.request';
      readonly addresses: AddressPair;
      readonly identifier: SessionConnectionIdentifier;
      readonly initialTokens: TokenSide;
      /** Contexts to propose, each with BER; empty in X.410-1984 mode. */
      readonly contexts: readonly PresentationContext[];
      readonly userData: PresentationData;
    }
  | {
      readonly type: 'P-CONNECT.response';
      readonly result: 'accept';
      readonly initialTokens: TokenSide;
      readonly userData: PresentationData;
    }
  | {
      readonly type: 'P-CONNECT.response';
      readonly result: 'reject';
      /** Only used without user data: refused for now (session reason 1) or for good (session reason 0). */
      readonly transient: boolean;
      readonly userData?: PresentationData;
    }
  /** Normal mode: one complete RTTR encoding, wrapped here. X.410-1984 mode: octets as they are. */
  | { readonly type: 'P-DATA.request'; readonly abstractSyntax: string; readonly userData: ByteList }
  | { readonly type: 'P-TOKEN-PLEASE.request'; readonly tokens: readonly Token[]; readonly userData?: PresentationData }
  | { readonly type: 'P-RELEASE.request'; readonly userData?: PresentationData }
  | { readonly type: 'P-RELEASE.response'; readonly userData?: PresentationData }
  | {
      readonly type: 'P-U-ABORT.request';
      readonly userData?: PresentationData;
      /** Abstract syntaxes used inside the data, listed in the context identifier list of ARU. */
      readonly abstractSyntaxes: readonly string[];
    }
  | PassedRequest;

export type PresentationIndication =
  | {
      readonly type: 'P-CONNECT.indication';
      readonly mode: ReliableTransferMode;
      readonly called: Selectors;
      readonly calling: Selectors;
      readonly identifier: SessionConnectionIdentifier;
      readonly initialTokens: TokenSide | 'called-user';
      readonly sessionVersion: 1 | 2;
      /** Contexts that we can accept, as proposed; empty in X.410-1984 mode. */
      readonly contexts: readonly PresentationContext[];
      readonly userData: PresentationData;
    }
  | {
      readonly type: 'P-CONNECT.confirm';
      readonly result: 'accept';
      readonly identifier: SessionConnectionIdentifier;
      readonly initialTokens: TokenSide;
      readonly sessionVersion: 1 | 2;
      readonly contexts: readonly PresentationContext[];
      readonly userData: PresentationData;
    }
  | {
      readonly type: 'P-CONNECT.confirm';
      readonly result: 'reject';
      readonly refusal: PresentationRefusal;
      readonly userData?: PresentationData;
    }
  /** Normal mode: the value of one PDV (a complete RTTR encoding); several PDVs come as several indications. */
  | { readonly type: 'P-DATA.indication'; readonly abstractSyntax: string; readonly userData: ByteList }
  | {
      readonly type: 'P-TOKEN-PLEASE.indication';
      readonly tokens: readonly Token[];
      readonly userData?: PresentationData;
    }
  | { readonly type: 'P-RELEASE.indication'; readonly userData?: PresentationData }
  | { readonly type: 'P-RELEASE.confirm'; readonly userData?: PresentationData }
  | { readonly type: 'P-U-ABORT.indication'; readonly userData?: PresentationData }
  | {
      readonly type: 'P-P-ABORT.indication';
      /** Who ended it: a PPM by ARP or for a fault it found, the session provider, or the transport connection's end. */
      readonly cause: 'presentation' | 'session' | 'transport';
      readonly origin: 'peer' | 'local';
      readonly text: string;
    }
  | PassedIndication;

export interface PresentationOptions {
  readonly role: 'initiator' | 'responder';
  /** Initiator: the mode of the association. Responder: modes it takes; the mode-selector of the CP decides. */
  readonly modes: readonly ReliableTransferMode[];
  /** Responder: called presentation selectors that we answer to, undefined for any. */
  readonly acceptedSelectors?: readonly Uint8Array[];
  /** Responder, normal mode: the session selectors of which one must have been called; undefined for any or none. */
  readonly acceptedSessionSelectors?: readonly Uint8Array[];
  /** Responder: abstract syntaxes accepted when proposed with BER; others get provider-rejection 1. */
  readonly abstractSyntaxes: readonly string[];
  /** Responder: our own presentation selector for CPA and CPR. */
  readonly respondingSelector?: Uint8Array;
}

export type PresentationMachine = Machine<
  PresentationRequest,
  PresentationIndication,
  SessionIndication,
  SessionRequest
>;

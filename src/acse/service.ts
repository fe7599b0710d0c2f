/**
 * The association control service (X.217) as X.227 gives it: A-ASSOCIATE, A-RELEASE, A-ABORT. In X.410-1984 mode there is no ACSE protocol;
 * the same primitives then map straight on the presentation service, so that reliable transfer sees one service in both modes. Everything
 * else of the presentation service passes through under its own name. Left out: authentication functional unit, context negotiation.
 */
import type { AddressPair, Selectors } from '../osi/address.js';
import type { Machine } from '../osi/machine.js';
import type {
  PresentationContext,
  PresentationIndication,
  PresentationRequest,
  ReliableTransferMode,
} from '../presentation/service.js';
import type { SessionConnectionIdentifier, TokenSide } from '../session/service.js';

/** Application context of P1 (X.419): mts-transfer. */
export const mtsTransferContext = '2.6.0.1.6';

/** AP title and AE qualifier, each one complete BER encoding (form 1 or form 2) taken and given as it is. */
export interface ApplicationEntityTitle {
  readonly apTitle?: Uint8Array;
  readonly aeQualifier?: Uint8Array;
}

export interface AssociationRefusal {
  readonly source: 'acse-user' | 'acse-provider' | 'presentation' | 'session' | 'transport';
  readonly transient: boolean;
  /** The diagnostic of AARE, or the reason code of the layer that refused. */
  readonly code?: number;
  readonly text: string;
}

export type AcseRequest =
  | {
      readonly type: 'A-ASSOCIATE.request';
      readonly addresses: AddressPair;
      readonly identifier: SessionConnectionIdentifier;
      readonly initialTokens: TokenSide;
      readonly contexts: readonly PresentationContext[];
      readonly applicationContext: string;
      readonly calledTitle?: ApplicationEntityTitle;
      readonly callingTitle?: ApplicationEntityTitle;
      /** RTORQ, a complete encoding with tag B0. */
      readonly userInformation: Uint8Array;
    }
  | {
      readonly type: 'A-ASSOCIATE.response';
      readonly result: 'accept';
      readonly initialTokens: TokenSide;
      /** RTOAC, tag B1. */
      readonly userInformation: Uint8Array;
    }
  | {
      readonly type: 'A-ASSOCIATE.response';
      readonly result: 'reject';
      readonly transient: boolean;
      /** RTORJ, tag B2. */
      readonly userInformation?: Uint8Array;
    }
  | { readonly type: 'A-RELEASE.request' }
  | { readonly type: 'A-RELEASE.response' }
  /** `userInformation`: RTAB, tag B6. */
  | { readonly type: 'A-ABORT.request'; readonly userInformation?: Uint8Array }
  | Exclude<
      PresentationRequest,
      {
        readonly type:
          'P-CONNECT.request' | 'P-CONNECT.response' | 'P-RELEASE.request' | 'P-RELEASE.response' | 'P-U-ABORT.request';
      }
    >;

export type AcseIndication =
  | {
      readonly type: 'A-ASSOCIATE.indication';
      readonly mode: ReliableTransferMode;
      readonly called: Selectors;
      readonly calling: Selectors;
      readonly identifier: SessionConnectionIdentifier;
      readonly initialTokens: TokenSide | 'called-user';
      readonly contexts: readonly PresentationContext[];
      /** Undefined in X.410-1984 mode. */
      readonly applicationContext?: string;
      readonly callingTitle?: ApplicationEntityTitle;
      readonly userInformation: Uint8Array;
    }
  | {
      readonly type: 'A-ASSOCIATE.confirm';
      readonly result: 'accept';
      readonly identifier: SessionConnectionIdentifier;
      readonly initialTokens: TokenSide;
      readonly contexts: readonly PresentationContext[];
      readonly respondingTitle?: ApplicationEntityTitle;
      readonly userInformation: Uint8Array;
    }
  | {
      readonly type: 'A-ASSOCIATE.confirm';
      readonly result: 'reject';
      readonly refusal: AssociationRefusal;
      /** RTORJ where the peer's reliable transfer refused. */
      readonly userInformation?: Uint8Array;
    }
  | { readonly type: 'A-RELEASE.indication' }
  | { readonly type: 'A-RELEASE.confirm' }
  | { readonly type: 'A-ABORT.indication'; readonly source: 'user' | 'provider'; readonly userInformation?: Uint8Array }
  | {
      readonly type: 'A-P-ABORT.indication';
      readonly cause: 'presentation' | 'session' | 'transport';
      readonly origin: 'peer' | 'local';
      readonly text: string;
    }
  | Exclude<
      PresentationIndication,
      {
        readonly type:
          | 'P-CONNECT.indication'
          | 'P-CONNECT.confirm'
          | 'P-RELEASE.indication'
          | 'P-RELEASE.confirm'
          | 'P-U-ABORT.indication'
          | 'P-P-ABORT.indication';
      }
    >;

export interface AcseOptions {
  readonly role: 'initiator' | 'responder';
  /** Responder: application contexts that we take; another one is refused with user diagnostic 2. */
  readonly applicationContexts: readonly string[];
  /** Responder: our own title for AARE, where configured. */
  readonly respondingTitle?: ApplicationEntityTitle;
  /** Initiator: the mode, as given to the presentation machine below. The responder learns it from P-CONNECT.indication. */
  readonly mode?: ReliableTransferMode;
}

export type AcseMachine = Machine<AcseRequest, AcseIndication, PresentationIndication, PresentationRequest>;

import type { Connector } from '../config/site.js';
import type { AssociationFacts, IncomingId, MessageStore, Moment } from '../queue/store.js';
import type { ConnectionData, NegotiatedValues, RefuseReason, RtseIndication } from '../rtse/service.js';
import type { SessionConnectionIdentifier } from '../session/service.js';
import type { IdleTimes } from './idle-timers.js';
import type { Identifiers } from './identifiers.js';
import type { IncomingTransfer } from './incoming-transfer.js';
import type { MtaAssociation } from './mta-association.js';
import type { OutgoingTransfer } from './outgoing-transfer.js';
import type { LostAssociation } from './recovery.js';
import type { TransferConfirm } from './sending.js';
import type { World } from './world.js';

/** What an association that we open is for. */
export interface OpenPlan {
  readonly connector: Connector;
  readonly recover?: RecoverPlan;
}

/** The association that the new one stands in for. */
export interface RecoverPlan {
  readonly lost: LostAssociation;
  readonly facts: AssociationFacts;
  /** The session connection that the peer is to look up. */
  readonly identifier: SessionConnectionIdentifier;
  /** Who sends first: the side whose transfer was interrupted. */
  readonly turn: 'initiator' | 'responder';
}

type OpenIndication = Extract<RtseIndication, { type: 'RT-OPEN.indication' }>;

/** What becomes of a peer's wish to open. `text` and `cause` are for our log; the peer gets `reason`. */
export type OpenDecision =
  | {
      readonly result: 'accept';
      readonly connector: Connector;
      readonly limits: NegotiatedValues;
      readonly userData?: Uint8Array;
      readonly recovers?: LostAssociation;
    }
  | {
      readonly result: 'reject';
      readonly reason: RefuseReason;
      readonly cause: string;
      readonly text: string;
      readonly userData?: Uint8Array;
    };

export interface AssociationDeparture {
  readonly text: string;
  readonly recoverable: boolean;
  readonly cause: 'transport' | 'protocol' | 'abort' | 'released';
  readonly pauseSeconds?: number;
}

export interface OpenFailure {
  readonly text: string;
  /** `unreachable`: the same may succeed later; `refused`: not before somebody changed something. */
  readonly outlook: 'unreachable' | 'refused';
  readonly reason?: RefuseReason;
}

/** Everything an association leaves to the engine. */
export interface AssociationOwner {
  readonly world: World;
  readonly store: MessageStore;
  readonly identifiers: Identifiers;
  now(): Moment;
  newSessionConnection(connector: Connector): SessionConnectionIdentifier;
  bindArgument(connector: Connector): Uint8Array;
  /** Why the answer to our bind is not acceptable, if so. */
  checkBindResult(connector: Connector, answer: ConnectionData): string | undefined;
  openRequested(association: MtaAssociation, request: OpenIndication): OpenDecision;
  /** The decision may come later, when the store has been asked. */
  recoverRequested(
    association: MtaAssociation,
    name: string,
    request: OpenIndication,
    decided: (decision: OpenDecision) => void,
  ): void;
  opened(association: MtaAssociation): void;
  openFailed(association: MtaAssociation, failure: OpenFailure): void;
  /** It may send, or the peer has asked for the turn. */
  ready(association: MtaAssociation): void;
  idleTimes(association: MtaAssociation): IdleTimes;
  refusesTransfers(): string | undefined;
  /** With any result but `lost`. */
  transferEnded(association: MtaAssociation, transfer: OutgoingTransfer, confirm: TransferConfirm): void;
  complete(
    association: MtaAssociation,
    transfer: IncomingTransfer,
    answer: (result: { readonly secured: boolean }) => void,
  ): void;
  incomingKept(association: MtaAssociation, transfer: IncomingTransfer): void;
  incomingResumed(id: IncomingId): void;
  /** It was open and is over; `lostTransfer` and `keptIncoming` say what it left. */
  ended(association: MtaAssociation, departure: AssociationDeparture): void;
  /** Its TCP connection is gone too. */
  gone(association: MtaAssociation): void;
}

/**
 * The reliable transfer service (X.218) as X.228 gives it, one machine for normal and X.410-1984 mode. Offers the association above it: an
 * association opened with negotiated checkpoint size and window, or opened to recover a lost one; the transfer of one APDU at a time as an
 * activity, with resumption; the turn; aborts.
 *
 * The machine holds no octets of an APDU: the sender's are asked for piece by piece (APDU-READ), the receiver's are handed up as they come
 * (APDU-WRITE) and must be reported durable (APDU-SECURE) before a checkpoint is confirmed. What must survive the association (positions,
 * identifiers) is told upward; a new machine on a new association is given it back with RT-TRANSFER.request `resume` or
 * ACTIVITY-LOOKUP.response.
 */
import type { ByteList } from '../bytes/byte-list.js';
import type { AcseIndication, AcseRequest, ApplicationEntityTitle, AssociationRefusal } from '../acse/service.js';
import type { AddressPair, Selectors } from '../osi/address.js';
import type { Machine } from '../osi/machine.js';
import type { PresentationContext, ReliableTransferMode } from '../presentation/service.js';
import type { SessionConnectionIdentifier, TokenSide } from '../session/service.js';

export type DialogueMode = 'monologue' | 'two-way-alternate';

/** Application protocols of X.410-1984 mode (X.419): 12 mts-transfer-protocol, 1 mts-transfer-protocol-1984. */
export type ApplicationProtocol = 12 | 1;

/** What an association runs with; checkpointSizeK in units of 1024 octets, 0 none. */
export interface NegotiatedValues {
  readonly checkpointSizeK: number;
  readonly windowSize: number;
}

/** The identifier inside RTORQ/RTOAC `recover` (X.228): names the session connection on which the lost association was opened. */
export interface RecoverIdentifier {
  readonly callingReference: Uint8Array;
  /** UTCTime characters. */
  readonly commonReference: Uint8Array;
  readonly additionalReference?: Uint8Array;
}

export type ConnectionData =
  /** The user's bind value, a complete encoding (in normal mode with its tag [16], [17]); undefined: NULL. */
  | { readonly kind: 'open'; readonly userData?: Uint8Array }
  | { readonly kind: 'recover'; readonly identifier: RecoverIdentifier };

/** refuseReason of RTORJ (X.410 mode) and its normal-mode equivalents. */
export type RefuseReason = 'busy' | 'cannot-recover' | 'validation-failure' | 'unacceptable-dialogue-mode';

/** abortReason of RTAB. */
export type AbortReason =
  | 'local-system-problem'
  | 'invalid-parameter'
  | 'unrecognized-activity'
  | 'temporary-problem'
  | 'protocol-error'
  | 'permanent-problem'
  | 'user-error'
  | 'transfer-completed';

/** Where an interrupted outgoing activity stands: enough to resume it, on this association or another. */
export interface ResumePoint {
  /** The identifier under which the activity was first started (X.215 §13.14). */
  readonly originalActivityIdentifier: Uint8Array;
  /** The session connection on which it was first started; left out when that is the present one. */
  readonly originalSessionConnection?: SessionConnectionIdentifier;
  /** Last confirmed checkpoint, at least 1, and the number of APDU octets before it. */
  readonly serialNumber: number;
  readonly offset: number;
  /** ACTIVITY END was sent for it: an RTAB transferCompleted in answer to the resumption then means that the peer has the APDU. */
  readonly endWasSent?: boolean;
}

export type RtseRequest =
  | {
      readonly type: 'RT-OPEN.request';
      readonly addresses: AddressPair;
      /** References of the new session connection, never used before. */
      readonly identifier: SessionConnectionIdentifier;
      readonly dialogueMode: DialogueMode;
      readonly initialTurn: TokenSide;
      /** Our proposal (X.228 §7.1): 0 leaves the checkpoint size to the responder. */
      readonly proposal: NegotiatedValues;
      readonly connectionData: ConnectionData;
      /** Normal mode. */
      readonly contexts: readonly PresentationContext[];
      readonly applicationContext: string;
      readonly callingTitle?: ApplicationEntityTitle;
      readonly calledTitle?: ApplicationEntityTitle;
      /** X.410-1984 mode. */
      readonly applicationProtocol: ApplicationProtocol;
    }
  | {
      readonly type: 'RT-OPEN.response';
      readonly result: 'accept';
      /** Our own configured values, or those of the activity to be recovered; the machine answers not above the proposal (X.228 §7.1). */
      readonly limits: NegotiatedValues;
      readonly initialTurn: TokenSide;
      readonly connectionData: ConnectionData;
    }
  | {
      readonly type: 'RT-OPEN.response';
      readonly result: 'reject';
      readonly reason: RefuseReason;
      /** Normal mode: the bind error, a complete encoding with its tag [18]; left out in answer to a recovery. */
      readonly userData?: Uint8Array;
    }
  | { readonly type: 'RT-CLOSE.request' }
  | { readonly type: 'RT-CLOSE.response' }
  | {
      readonly type: 'RT-TRANSFER.request';
      /** Length of the APDU as it is transferred (in normal mode with its EXTERNAL wrapper), at least 1. */
      readonly apduOctets: number;
      readonly transferMilliseconds: number;
      readonly resume?: ResumePoint;
    }
  /**
   * Answers every RT-TRANSFER.indication, unless the association ends before: the APDU is ours for good, or is refused with the reason of
   * S-U-EXCEPTION-REPORT. An interrupt or discard of the peer that comes meanwhile waits for this answer.
   */
  | { readonly type: 'RT-TRANSFER.response'; readonly result: 'secured' }
  | { readonly type: 'RT-TRANSFER.response'; readonly result: 'refused'; readonly reason: number }
  | { readonly type: 'APDU-READ.response'; readonly offset: number; readonly octets: ByteList }
  /** All octets before the synchronization point are durable; confirms the lower ones too, which then need no answer. */
  | { readonly type: 'APDU-SECURE.response'; readonly serialNumber: number }
  | {
      readonly type: 'ACTIVITY-LOOKUP.response';
      /** `partial`: `offset` is the number of octets kept, those before checkpoint `serialNumber` of the indication. */
      readonly result: 'partial' | 'completed' | 'unknown';
      readonly offset: number;
    }
  | { readonly type: 'RT-TURN-PLEASE.request'; readonly priority: number }
  | { readonly type: 'RT-TURN-GIVE.request' }
  /** Receiver in trouble with the running activity: S-U-EXCEPTION-REPORT with this reason. */
  | { readonly type: 'RECEIVE-TROUBLE.request'; readonly reason: number }
  /**
   * Sender: interrupt the running activity cleanly and stop there (shutdown), or discard it where no checkpoint is confirmed; confirmed by
   * RT-TRANSFER.confirm `interrupted`. Behind ACTIVITY END its answer is waited for: the confirm may then be `transferred`.
   */
  | { readonly type: 'TRANSFER-INTERRUPT.request' }
  /** Sender: give the running transfer up (discard); confirmed by RT-TRANSFER.confirm `failed`. */
  | { readonly type: 'TRANSFER-DISCARD.request' }
  | { readonly type: 'RT-U-ABORT.request'; readonly userData?: Uint8Array }
  /**
   * Ends the association because of a problem of ours. Confirmed by RT-TRANSFER.confirm `lost`, where a transfer is outstanding, and
   * RT-P-ABORT.indication. Not with `user-error`.
   */
  | { readonly type: 'RT-P-ABORT.request'; readonly reason: AbortReason };

export type RtseIndication =
  | {
      readonly type: 'RT-OPEN.indication';
      readonly mode: ReliableTransferMode;
      readonly called: Selectors;
      readonly calling: Selectors;
      readonly identifier: SessionConnectionIdentifier;
      readonly dialogueMode: DialogueMode;
      readonly initialTurn: TokenSide | 'called-user';
      readonly proposal: NegotiatedValues;
      readonly connectionData: ConnectionData;
      readonly contexts: readonly PresentationContext[];
      readonly applicationContext?: string;
      readonly applicationProtocol?: ApplicationProtocol;
    }
  /** Follows RT-OPEN.response `accept`: what was answered. The association is open. */
  | { readonly type: 'RT-OPEN.completed'; readonly negotiated: NegotiatedValues }
  | {
      readonly type: 'RT-OPEN.confirm';
      readonly result: 'accept';
      readonly negotiated: NegotiatedValues;
      readonly initialTurn: TokenSide;
      readonly identifier: SessionConnectionIdentifier;
      readonly contexts: readonly PresentationContext[];
      readonly connectionData: ConnectionData;
    }
  | {
      readonly type: 'RT-OPEN.confirm';
      readonly result: 'reject';
      readonly refusal: AssociationRefusal;
      /** Known where the peer's reliable transfer said so. */
      readonly reason?: RefuseReason;
      /** The bind error, where there is one. */
      readonly userData?: Uint8Array;
    }
  | { readonly type: 'RT-CLOSE.indication' }
  | { readonly type: 'RT-CLOSE.confirm' }
  /**
   * Sender: the activity was started or resumed; what to keep for a resumption elsewhere. May come again within one transfer, with another
   * identifier if the activity had to be started anew: nothing that was kept before is valid then.
   */
  | {
      readonly type: 'TRANSFER-STARTED.indication';
      readonly originalActivityIdentifier: Uint8Array;
      readonly fromOffset: number;
    }
  /**
   * Sender: the next octets please; the answer may be shorter, but not empty. Only one is outstanding. It may be answered at leisure, which
   * holds the transfer up, and is void with RT-TRANSFER.confirm: do not answer it then.
   */
  | { readonly type: 'APDU-READ.indication'; readonly offset: number; readonly octetsMax: number }
  | {
      readonly type: 'CHECKPOINT-SENT.indication';
      readonly serialNumber: number;
      readonly offset: number;
      readonly outstanding: number;
    }
  | {
      readonly type: 'CHECKPOINT-CONFIRMED.indication';
      readonly serialNumber: number;
      readonly offset: number;
      readonly outstanding: number;
    }
  | {
      readonly type: 'RT-TRANSFER.confirm';
      /**
       * `transferred`: the peer has it. `failed`: not transferred, the association lives. `interrupted`: stopped at our request, to be resumed
       * from `resume` where present. `lost`: precedes RT-P-ABORT.indication or follows an abort; `resume` says from where.
       */
      readonly result: 'transferred' | 'failed' | 'interrupted' | 'lost';
      readonly text: string;
      readonly resume?: ResumePoint;
      /** True when `resume` is there. False: the activity does not exist any more, or the peer will not have it; send it as a new one. */
      readonly resumable: boolean;
      /** Seconds to leave the peer alone, after reason "receiving ability jeopardized" or RTAB temporaryProblem. */
      readonly pauseSeconds?: number;
    }
  /** Receiver: a new activity; octets follow from offset 0. */
  | { readonly type: 'ACTIVITY-START.indication'; readonly activityIdentifier: Uint8Array }
  /** Receiver: is this interrupted activity known? `sessionConnection` undefined: it was started on this association. */
  | {
      readonly type: 'ACTIVITY-LOOKUP.indication';
      readonly activityIdentifier: Uint8Array;
      readonly oldActivityIdentifier: Uint8Array;
      readonly sessionConnection?: SessionConnectionIdentifier;
      readonly serialNumber: number;
    }
  | { readonly type: 'APDU-WRITE.indication'; readonly offset: number; readonly octets: ByteList }
  | { readonly type: 'APDU-SECURE.indication'; readonly serialNumber: number; readonly offset: number }
  /** Receiver: the MIA left. */
  | { readonly type: 'CHECKPOINT-ANSWERED.indication'; readonly serialNumber: number; readonly offset: number }
  /** Receiver: the APDU is complete. ACTIVITY END is answered when RT-TRANSFER.response says that it is secured. */
  | { readonly type: 'RT-TRANSFER.indication'; readonly apduOctets: number }
  /** Receiver: keep what was confirmed, a resumption may follow on this association. Checkpoints not yet answered are void. */
  | { readonly type: 'ACTIVITY-INTERRUPT.indication' }
  /** Receiver: delete the partial APDU. Checkpoints not yet answered are void. */
  | { readonly type: 'ACTIVITY-DISCARD.indication' }
  /** The most urgent priority asked for since the turn is ours: 0 to close, then 1 and up (X.228 §7.4). */
  | { readonly type: 'RT-TURN-PLEASE.indication'; readonly priority: number }
  | { readonly type: 'RT-TURN-GIVE.indication' }
  | { readonly type: 'RT-U-ABORT.indication'; readonly userData?: Uint8Array }
  | {
      readonly type: 'RT-P-ABORT.indication';
      readonly origin: 'peer' | 'local';
      readonly reason?: AbortReason;
      /** `transport`: the connection went away; `protocol`: a fault in the protocol; `abort`: an RTAB or A-ABORT. */
      readonly cause: 'transport' | 'protocol' | 'abort';
      /** The association may be recovered. */
      readonly recoverable: boolean;
      readonly pauseSeconds?: number;
      readonly text: string;
    };

export interface RtseOptions {
  readonly role: 'initiator' | 'responder';
  /** Initiator only; the responder learns it from A-ASSOCIATE.indication. */
  readonly mode?: ReliableTransferMode;
  /** Largest piece asked for at once when checkpointing is off, octets. */
  readonly pieceOctetsMax: number;
  /** Largest APDU taken, octets; a larger one is refused by S-U-EXCEPTION-REPORT reason 0. */
  readonly apduOctetsMax: number;
  /** How long an answer to AI, AD, AE, GTC, FN or ED may take, milliseconds; then the association is aborted. */
  readonly acknowledgementMilliseconds: number;
  /** Retries of one APDU inside one RT-TRANSFER after exception reports. */
  readonly retriesMax: number;
}

export type RtseMachine = Machine<RtseRequest, RtseIndication, AcseIndication, AcseRequest>;

import type { AssociationOptions } from '../association/association.js';
import type { Connector } from '../config/site.js';
import type { Observation } from '../osi/machine.js';
import type { AssociationFacts, IncomingId, Moment } from '../queue/store.js';
import type { AbortReason, NegotiatedValues, ResumePoint, RtseIndication, RtseRequest } from '../rtse/service.js';
import type { SessionConnectionIdentifier } from '../session/service.js';
import type { AssociationDeparture, AssociationOwner, OpenFailure, OpenPlan } from './association-owner.js';
import { Handshake, openingOctetsMax } from './handshake.js';
import { IdleTimers } from './idle-timers.js';
import type { IncomingTransfer } from './incoming-transfer.js';
import { LayerFaults } from './layer-faults.js';
import { openedFields } from './opening.js';
import type { OutgoingTransfer } from './outgoing-transfer.js';
import type { LostAssociation } from './recovery.js';
import { Receiving } from './receiving.js';
import { isOfSender, Sending, type TransferConfirm } from './sending.js';
import { closingPriority, Turn } from './turn.js';
import { Wire } from './wire.js';
import type { Connection, ConnectionHandlers } from './world.js';

export type AssociationState = 'opening' | 'idle' | 'sending' | 'receiving' | 'closing' | 'ended';

type Fields = Observation['fields'];

/**
 * The life of one association: opened or accepted, the turn, transfers both ways, closed or lost. What it decides is the protocol's; what
 * is sent next, who the peer is and what becomes of a loss is decided by its owner.
 */
export class MtaAssociation {
  readonly id: string;
  readonly role: 'initiator' | 'responder';
  readonly sending: Sending;
  readonly receiving: Receiving;
  readonly openedAt: Moment;
  /** What was under way on the association that this one stands in for and has not been taken up here yet. */
  pendingOutgoing: LostAssociation['outgoing'];
  pendingIncoming: LostAssociation['incoming'];
  /** What the loss of this association leaves behind, until the owner has seen to it. */
  lostTransfer: OutgoingTransfer | undefined;
  keptIncoming: IncomingTransfer | undefined;
  readonly #turn: Turn;
  readonly #handshake: Handshake;
  readonly #owner: AssociationOwner;
  readonly #wire: Wire;
  readonly #idle: IdleTimers;
  readonly #layerFaults = new LayerFaults();
  #phase: 'opening' | 'open' | 'closing' | 'ended' = 'opening';
  #stopping = false;
  /** Why we abort it, once we do. */
  #abortText: string | undefined;

  constructor(owner: AssociationOwner, options: AssociationOptions, plan?: OpenPlan) {
    this.#owner = owner;
    this.id = `a${owner.identifiers.next()}`;
    this.role = plan === undefined ? 'responder' : 'initiator';
    const request = (primitive: RtseRequest): void => {
      this.#wire.request(primitive);
    };
    this.#turn = new Turn(plan === undefined ? 'peer' : 'ours', request);
    this.#handshake = new Handshake(this, owner, this.#turn, plan, {
      request,
      isOpening: () => this.#phase === 'opening',
      opened: () => {
        this.#opened();
      },
      refused: (text, cause) => {
        this.#refused(text, cause);
        this.#phase = 'ended';
      },
      failed: (failure) => {
        this.#openFailed(failure);
      },
    });
    this.openedAt = owner.now();
    const target = plan?.connector.remote.connectTo;
    this.#wire = new Wire(
      owner.world,
      options,
      {
        indication: (primitive) => {
          this.#indication(primitive);
        },
        disconnected: (text) => {
          this.#end({ text, recoverable: true, cause: 'transport' });
          owner.gone(this);
        },
        drained: () => {
          this.sending.drained();
        },
        octetsMax: () => (this.#phase === 'opening' ? openingOctetsMax : Infinity),
        observe: (observation) => {
          const { event, fields, level } = this.#layerFaults.heard(observation);
          this.#observe(event, fields, level);
        },
        tap: (kind, octets) => {
          owner.world.tap({
            association: this.id,
            connector: this.connector?.name ?? '',
            kind,
            role: this.role,
            ...(octets === undefined ? {} : { octets }),
          });
        },
      },
      target,
    );
    const observe = (event: string, fields: Fields): void => {
      this.#observe(event, fields);
    };
    const facts = (): AssociationFacts => this.#handshake.settledFacts();
    this.sending = new Sending(this.#wire, {
      store: owner.store,
      facts,
      observe,
      transferEnded: (transfer, confirm) => {
        this.#transferEnded(transfer, confirm);
      },
    });
    this.receiving = new Receiving(this.#wire, {
      store: owner.store,
      facts,
      observe,
      newIncomingId: () => owner.identifiers.next(),
      refusesTransfers: () => owner.refusesTransfers(),
      complete: (transfer, answer) => {
        owner.complete(this, transfer, (result) => {
          answer(result);
          this.#idle.touch();
        });
      },
      kept: (transfer) => {
        this.keptIncoming = transfer;
        owner.incomingKept(this, transfer);
      },
      resumed: (id) => {
        this.forgetIncoming(id);
        owner.incomingResumed(id);
      },
      now: () => owner.now(),
      later: (milliseconds, action) => {
        const handle = owner.world.setTimer(milliseconds, action);
        return () => {
          owner.world.clearTimer(handle);
        };
      },
    });
    this.#idle = new IdleTimers(owner.world, this, () => owner.idleTimes(this));
  }

  /** Initiator: sets out to open. */
  open(): void {
    if (this.#phase === 'ended') return; // The agent may have been stopped meanwhile.
    this.#idle.touch();
    this.#handshake.begin();
  }

  /** An interrupted APDU that was kept here, or was to be resumed here, is not kept any more. */
  forgetIncoming(id: IncomingId): void {
    if (this.keptIncoming?.activity.id === id) this.keptIncoming = undefined;
    if (this.pendingIncoming?.id === id) this.pendingIncoming = undefined;
  }

  /** Responder: takes a connection that a peer has opened. */
  accepted(connection: Connection): ConnectionHandlers {
    this.#idle.touch();
    return this.#wire.accepted(connection);
  }

  get state(): AssociationState {
    if (this.#phase !== 'open') return this.#phase;
    if (this.sending.transfer !== undefined) return 'sending';
    return this.receiving.transfer === undefined ? 'idle' : 'receiving';
  }

  get connector(): Connector | undefined {
    return this.#handshake.connector;
  }

  /** From the moment when the peer was accepted, or has accepted us. */
  get facts(): AssociationFacts | undefined {
    return this.#handshake.facts;
  }

  get negotiated(): NegotiatedValues | undefined {
    return this.#handshake.negotiated;
  }

  get identifier(): SessionConnectionIdentifier | undefined {
    return this.#handshake.identifier;
  }

  /** The lost association that this one stands in for. */
  get recovers(): LostAssociation | undefined {
    return this.#handshake.recovers;
  }

  /** The one that it was to stand in for was given up meanwhile. */
  recoversNothing(): void {
    this.#handshake.recovers = undefined;
  }

  /** Names of its session connection, and of those that it stands in for. */
  namesOf(): readonly string[] {
    const inherited = this.recovers?.names ?? [];
    return this.facts === undefined ? inherited : [this.facts.sessionConnection, ...inherited];
  }

  get peer(): string {
    return this.#wire.peer;
  }

  get silentMilliseconds(): number {
    return this.#wire.silentMilliseconds;
  }

  /** Open, the turn is ours and nothing is under way. */
  get canSend(): boolean {
    return this.state === 'idle' && this.#turn.holder === 'ours' && !this.#stopping;
  }

  /** Open for our mail, now or when the turn comes. */
  get maySend(): boolean {
    if (this.#stopping || this.#phase === 'closing' || this.#phase === 'ended') return false;
    return this.role === 'initiator' || this.facts?.dialogue === 'two-way-alternate';
  }

  /** The peer owes us something. */
  get awaitsPeer(): boolean {
    if (this.#phase === 'opening' || this.#phase === 'closing') return true;
    const { transfer } = this.sending;
    if (transfer !== undefined) return this.sending.windowInUse > 0 || transfer.sentOffset >= transfer.apduOctets;
    return this.receiving.transfer === undefined ? this.#turn.isAwaited : this.receiving.awaitsPeer;
  }

  send(transfer: OutgoingTransfer, transferMilliseconds: number, resume?: ResumePoint): void {
    this.#turn.transferred();
    this.#idle.touch();
    this.#wire.touch();
    this.sending.start(transfer, transferMilliseconds, resume);
  }

  get turn(): 'ours' | 'peer' {
    return this.#turn.holder;
  }

  /** Two-way alternate: we have mail of this priority and not the turn. */
  askForTurn(priority: number): void {
    if (this.#phase === 'open' && this.#turn.ask(priority) === 'asked') this.#wire.touch();
  }

  giveTurnIfDue(ownPriority: number | undefined): 'given' | 'kept' {
    return this.canSend ? this.#turn.giveIfDue(ownPriority) : 'kept';
  }

  /** Releases the association when nothing is under way; as initiator only, and with the turn. */
  close(): void {
    if (this.#phase !== 'open' || this.role !== 'initiator') return;
    if (this.#turn.holder === 'peer') {
      this.askForTurn(closingPriority);
      return;
    }
    if (this.state !== 'idle') return;
    this.#phase = 'closing';
    this.#idle.touch();
    this.#wire.request({ type: 'RT-CLOSE.request' });
  }

  /** Shutdown: interrupts what is under way, so that it can be resumed, then closes. */
  stop(): void {
    this.#stopping = true;
    if (this.#phase === 'opening') this.drop('shutdown');
    else if (this.sending.transfer !== undefined) this.#wire.request({ type: 'TRANSFER-INTERRUPT.request' });
    else if (this.role === 'initiator' && this.#turn.holder === 'ours') this.close();
    else this.abort('temporary-problem', 'shutdown');
  }

  abort(reason: AbortReason, text: string): void {
    if (this.#phase === 'ended') return;
    this.#abortText = text;
    this.#wire.request({ type: 'RT-P-ABORT.request', reason });
    this.#end({ text, recoverable: true, cause: 'abort' });
  }

  /** Ends the TCP connection without a word: the peer is silent, or its successor has come. */
  drop(text: string): void {
    this.#wire.abandon(text);
  }

  #indication(primitive: RtseIndication): void {
    switch (primitive.type) {
      case 'RT-OPEN.indication':
        this.#handshake.asked(primitive);
        return;
      case 'RT-OPEN.completed':
        this.#handshake.completed(primitive.negotiated);
        return;
      case 'RT-OPEN.confirm':
        this.#handshake.answered(primitive);
        return;
      case 'RT-CLOSE.indication':
        this.#phase = 'closing';
        this.#wire.request({ type: 'RT-CLOSE.response' });
        this.#end({ text: 'released by the peer', recoverable: false, cause: 'released' });
        return;
      case 'RT-CLOSE.confirm':
        this.#end({ text: 'released', recoverable: false, cause: 'released' });
        return;
      case 'RT-TURN-PLEASE.indication':
        this.#turn.wanted(primitive.priority);
        this.#ready();
        return;
      case 'RT-TURN-GIVE.indication':
        this.receiving.unheardEnd = undefined;
        this.#turn.given();
        this.#ready();
        return;
      case 'RT-U-ABORT.indication':
        this.#end({ text: 'aborted by the peer', recoverable: false, cause: 'abort' });
        return;
      case 'RT-P-ABORT.indication':
        this.#end(this.#abortText === undefined ? primitive : { ...primitive, text: this.#abortText });
        return;
      default:
        if (isOfSender(primitive)) {
          if (primitive.type === 'CHECKPOINT-SENT.indication' && primitive.outstanding === 1) this.#wire.touch();
          this.sending.handle(primitive);
        } else {
          this.#idle.touch();
          this.receiving.handle(primitive);
        }
    }
  }

  #opened(): void {
    this.#phase = 'open';
    if (this.connector !== undefined && this.facts !== undefined) {
      const fields = openedFields(this.connector, this.facts, this.recovers);
      this.#observe('association.opened', { peer: this.peer, ...fields });
    }
    this.#owner.opened(this);
    this.#ready();
  }

  #openFailed(failure: OpenFailure): void {
    this.#refused(failure.text, failure.reason ?? failure.outlook);
    this.#phase = 'ended';
    this.#idle.end();
    this.#owner.openFailed(this, failure);
  }

  #refused(text: string, cause: string): void {
    this.#observe('association.refused', { text, cause, peer: this.peer, role: this.role }, 'warn');
  }

  #transferEnded(transfer: OutgoingTransfer, confirm: TransferConfirm): void {
    this.#idle.touch();
    if (confirm.result === 'lost') {
      this.lostTransfer = transfer; // The association goes with it: nothing more may be sent here.
      return;
    }
    this.#owner.transferEnded(this, transfer, confirm);
    if (this.#stopping) this.close();
    else this.#ready();
  }

  #ready(): void {
    if (this.#stopping || this.#phase !== 'open') return;
    this.#owner.ready(this);
  }

  #end(departure: AssociationDeparture): void {
    if (this.#phase === 'ended') return;
    const wasOpening = this.#phase === 'opening';
    this.#phase = 'ended';
    this.#idle.end();
    if (wasOpening && this.role === 'initiator') {
      this.#openFailed({ text: departure.text, outlook: 'unreachable' });
      return;
    }
    if (wasOpening) {
      const { text, cause } = this.#layerFaults.refusal(departure.text);
      this.#refused(text, cause);
      this.#owner.gone(this);
      return;
    }
    this.receiving.end();
    // Asked for in the instant in which the association went: no layer has begun it, and none will answer.
    this.lostTransfer ??= this.sending.transfer;
    this.#observe(departure.cause === 'released' ? 'association.closed' : 'association.lost', {
      text: departure.text,
      cause: departure.cause,
      peer: this.peer,
    });
    this.#owner.ended(this, departure);
  }

  #observe(event: string, fields: Fields, level: Observation['level'] = 'info'): void {
    const quiet = event.startsWith('checkpoint.') ? 'debug' : level;
    this.#owner.world.observe({
      event,
      level: quiet,
      fields: { association: this.id, connector: this.connector?.name, ...fields },
    });
  }
}

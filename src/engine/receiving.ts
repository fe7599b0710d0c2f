import { sessionConnectionName } from '../association/session-connection.js';
import { toHex } from '../bytes/octets.js';
import type {
  ActivityName,
  AssociationFacts,
  IncomingActivity,
  IncomingId,
  MessageStore,
  Moment,
  StoreFailure,
} from '../queue/store.js';
import type { RtseIndication } from '../rtse/service.js';
import { IncomingTransfer } from './incoming-transfer.js';
import type { Wire } from './wire.js';

/** How long the first checkpoints of an APDU wait for its end. */
const holdMilliseconds = 2;

/** Reasons of S-U-EXCEPTION-REPORT that we give (X.225 table 28): 0 no further attempt wanted, 5 a trouble of ours that may pass. */
const nonSpecific = 0;
const localUserError = 5;

export interface ReceivingUser {
  readonly store: MessageStore;
  readonly facts: () => AssociationFacts;
  newIncomingId(): string;
  observe(event: string, fields: Readonly<Record<string, string | number | boolean | undefined>>): void;
  /** Why no message can be taken now, if so. */
  refusesTransfers(): string | undefined;
  /** The APDU is complete: make it ours for good, then answer. */
  complete(transfer: IncomingTransfer, answer: (result: { readonly secured: boolean }) => void): void;
  /** An interrupted activity that may be resumed on this association or another. */
  kept(transfer: IncomingTransfer): void;
  /** A kept activity goes on here. */
  resumed(id: IncomingId): void;
  now(): Moment;
  /** Acts so many milliseconds later, unless what is returned is called before. */
  later(milliseconds: number, action: () => void): () => void;
}

type ReceiverIndication = Extract<
  RtseIndication,
  {
    type:
      | 'ACTIVITY-START.indication'
      | 'ACTIVITY-LOOKUP.indication'
      | 'APDU-WRITE.indication'
      | 'APDU-SECURE.indication'
      | 'CHECKPOINT-ANSWERED.indication'
      | 'RT-TRANSFER.indication'
      | 'ACTIVITY-INTERRUPT.indication'
      | 'ACTIVITY-DISCARD.indication';
  }
>;

/** The receiving half of an association: at most one APDU under way. */
export class Receiving {
  readonly #wire: Wire;
  readonly #user: ReceivingUser;
  #transfer: IncomingTransfer | undefined;
  #isOver = false;
  /** The APDU with checkpoints that was confirmed last, as long as nothing shows that the peer has heard it. */
  unheardEnd: { readonly sessionConnection: string; readonly at: Moment } | undefined;
  /** Operations of ours that the peer waits for. */
  #pending = 0;

  constructor(wire: Wire, user: ReceivingUser) {
    this.#wire = wire;
    this.#user = user;
  }

  get transfer(): IncomingTransfer | undefined {
    return this.#transfer;
  }

  /** The next step is the peer's. */
  get awaitsPeer(): boolean {
    return this.#transfer !== undefined && this.#pending === 0;
  }

  handle(primitive: ReceiverIndication): void {
    switch (primitive.type) {
      case 'ACTIVITY-START.indication':
        this.unheardEnd = undefined;
        this.#start(primitive.activityIdentifier);
        return;
      case 'ACTIVITY-LOOKUP.indication':
        this.#lookUp(primitive);
        return;
      case 'APDU-WRITE.indication':
        this.#transfer?.write(primitive.octets);
        return;
      case 'APDU-SECURE.indication':
        this.#secure(primitive.serialNumber);
        return;
      case 'CHECKPOINT-ANSWERED.indication':
        this.#user.observe('checkpoint.answered', { serial: primitive.serialNumber, octet: primitive.offset });
        return;
      case 'RT-TRANSFER.indication':
        this.#complete();
        return;
      case 'ACTIVITY-INTERRUPT.indication':
        this.#interrupt();
        return;
      case 'ACTIVITY-DISCARD.indication':
        this.#transfer?.discard();
        this.#transfer?.settleHeld('failed');
        this.#transfer = undefined;
    }
  }

  /** The association is over. */
  end(): void {
    this.#isOver = true;
    this.#interrupt();
  }

  /** The activity stops here; what is secured is kept for a resumption. */
  #interrupt(): void {
    const transfer = this.#transfer;
    this.#transfer = undefined;
    if (transfer === undefined) return;
    transfer.settleHeld('failed');
    transfer.interrupt(this.#user.now(), () => undefined);
    if (transfer.resumable) this.#user.kept(transfer);
  }

  #begin(activity: IncomingActivity, resumed?: { readonly offset: number; readonly serialNumber: number }): void {
    const transfer: IncomingTransfer = new IncomingTransfer(
      this.#user.store,
      activity,
      {
        pause: () => {
          this.#wire.pause();
        },
        resume: () => {
          this.#wire.resume();
        },
        failed: (failure) => {
          this.#trouble(transfer, failure);
        },
        later: (action) => this.#user.later(holdMilliseconds, action),
      },
      resumed,
    );
    this.#transfer = transfer;
  }

  #start(activityIdentifier: Uint8Array): void {
    const facts = this.#user.facts();
    const activity: ActivityName = {
      connector: facts.connector,
      sessionConnection: facts.sessionConnection,
      activityIdentifier: toHex(activityIdentifier),
    };
    this.#begin({ id: this.#user.newIncomingId(), activity, association: facts });
    const refusal = this.#user.refusesTransfers();
    if (refusal === undefined) {
      this.#user.observe('transfer.started', { direction: 'incoming' });
      return;
    }
    this.#user.observe('transfer.refused', { text: refusal });
    this.#wire.request({ type: 'RECEIVE-TROUBLE.request', reason: nonSpecific });
  }

  #lookUp(lookup: Extract<ReceiverIndication, { type: 'ACTIVITY-LOOKUP.indication' }>): void {
    const facts = this.#user.facts();
    const { serialNumber, sessionConnection } = lookup;
    const activity: ActivityName = {
      connector: facts.connector,
      sessionConnection:
        sessionConnection === undefined ? facts.sessionConnection : sessionConnectionName(sessionConnection),
      activityIdentifier: toHex(lookup.oldActivityIdentifier),
    };
    this.#pending += 1;
    this.#user.store.execute('incoming.resume', { activity, serialNumber }, (answer) => {
      this.#pending -= 1;
      if (!answer.ok || answer.value === undefined) {
        this.#user.observe('transfer.unknown', { activity: activity.activityIdentifier, serial: serialNumber });
        this.#wire.request({ type: 'ACTIVITY-LOOKUP.response', result: 'unknown', offset: 0 });
        return;
      }
      if ('completed' in answer.value) {
        this.#user.observe('transfer.completed-before', { activity: activity.activityIdentifier });
        this.#wire.request({ type: 'ACTIVITY-LOOKUP.response', result: 'completed', offset: 0 });
        return;
      }
      const { id, offset } = answer.value;
      if (this.#isOver) {
        // The association went while the store was asked: what was found goes on waiting.
        this.#user.store.execute('incoming.interrupted', { id, at: this.#user.now() }, () => undefined);
        return;
      }
      this.#user.resumed(id);
      this.#begin({ id, activity, association: facts }, { offset, serialNumber });
      this.#user.observe('transfer.resumed', { direction: 'incoming', fromOctet: offset, serial: serialNumber });
      this.#wire.request({ type: 'ACTIVITY-LOOKUP.response', result: 'partial', offset });
    });
  }

  #secure(serialNumber: number): void {
    const transfer = this.#transfer;
    if (transfer === undefined) return;
    this.#pending += 1;
    transfer.secure(serialNumber, (result) => {
      this.#pending -= 1;
      if (this.#transfer !== transfer || result === 'failed') return;
      this.#wire.request({ type: 'APDU-SECURE.response', serialNumber });
    });
  }

  #complete(): void {
    const transfer = this.#transfer;
    if (transfer === undefined) return;
    this.#pending += 1;
    this.#user.complete(transfer, (result) => {
      this.#pending -= 1;
      if (this.#transfer !== transfer) return;
      transfer.settleHeld(result.secured ? 'secured' : 'failed');
      if (result.secured) {
        this.#transfer = undefined;
        if (transfer.resumable) {
          const { sessionConnection } = transfer.activity.activity;
          this.unheardEnd = { sessionConnection, at: this.#user.now() };
        }
        this.#wire.request({ type: 'RT-TRANSFER.response', result: 'secured' });
        return;
      }
      // What is there of it stays until the peer, or the end of the association, says what becomes of the activity.
      this.#wire.request({ type: 'RT-TRANSFER.response', result: 'refused', reason: nonSpecific });
    });
  }

  #trouble(transfer: IncomingTransfer, failure: StoreFailure): void {
    if (this.#transfer !== transfer) return;
    this.#user.observe('transfer.trouble', { text: failure.text });
    const reason = failure.code === 'disk-full' ? nonSpecific : localUserError;
    this.#wire.request({ type: 'RECEIVE-TROUBLE.request', reason });
  }
}

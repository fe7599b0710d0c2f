import type { AssociationFacts, MessageStore } from '../queue/store.js';
import type { ResumePoint, RtseIndication } from '../rtse/service.js';
import { toHex } from '../bytes/octets.js';
import type { OutgoingTransfer } from './outgoing-transfer.js';
import type { Wire } from './wire.js';

/** Octets waiting for the network above which no more are read from the store: with pieces of 1 M one leaves while the next waits. */
const backlogOctetsMax = 2 * 1024 * 1024;

export type TransferConfirm = Extract<RtseIndication, { type: 'RT-TRANSFER.confirm' }>;

export interface SendingUser {
  readonly store: MessageStore;
  readonly facts: () => AssociationFacts;
  observe(event: string, fields: Readonly<Record<string, string | number | boolean | undefined>>): void;
  /** The transfer is over on this association; `resume` of the transfer says whether it can go on elsewhere. */
  transferEnded(transfer: OutgoingTransfer, confirm: TransferConfirm): void;
}

const senderIndications = [
  'TRANSFER-STARTED.indication',
  'APDU-READ.indication',
  'CHECKPOINT-SENT.indication',
  'CHECKPOINT-CONFIRMED.indication',
  'RT-TRANSFER.confirm',
] as const;

type SenderIndication = Extract<RtseIndication, { type: (typeof senderIndications)[number] }>;

export function isOfSender(primitive: RtseIndication): primitive is SenderIndication {
  return (senderIndications as readonly string[]).includes(primitive.type);
}

/** The sending half of an association: at most one APDU under way. */
export class Sending {
  readonly #wire: Wire;
  readonly #user: SendingUser;
  #transfer: OutgoingTransfer | undefined;
  #waitingRead: { readonly offset: number; readonly octetsMax: number } | undefined;
  /** Where the last checkpoint was sent on this association, or the transfer began here. */
  #checkpointOffset = 0;
  #isRead = false;
  windowInUse = 0;

  constructor(wire: Wire, user: SendingUser) {
    this.#wire = wire;
    this.#user = user;
  }

  get transfer(): OutgoingTransfer | undefined {
    return this.#transfer;
  }

  start(transfer: OutgoingTransfer, transferMilliseconds: number, resume?: ResumePoint): void {
    this.#transfer = transfer;
    this.windowInUse = 0;
    this.#wire.request({
      type: 'RT-TRANSFER.request',
      apduOctets: transfer.apduOctets,
      transferMilliseconds,
      ...(resume === undefined ? {} : { resume }),
    });
  }

  handle(primitive: SenderIndication): void {
    const transfer = this.#transfer;
    if (transfer === undefined) return;
    switch (primitive.type) {
      case 'TRANSFER-STARTED.indication':
        this.#started(transfer, primitive);
        return;
      case 'APDU-READ.indication':
        // The next piece is asked for when the one before it has been sent.
        transfer.sentUpTo(primitive.offset);
        this.#waitingRead = primitive;
        this.drained();
        return;
      case 'CHECKPOINT-SENT.indication':
        transfer.checkpointsSent += 1;
        transfer.sentUpTo(primitive.offset);
        this.windowInUse = primitive.outstanding;
        this.#checkpointOffset = primitive.offset;
        this.#countLastPiece(transfer);
        return;
      case 'CHECKPOINT-CONFIRMED.indication':
        this.#confirmed(transfer, primitive);
        return;
      case 'RT-TRANSFER.confirm':
        this.#transfer = undefined;
        this.#waitingRead = undefined;
        this.windowInUse = 0;
        transfer.resume = primitive.resumable ? primitive.resume : undefined;
        transfer.endNotes();
        this.#user.transferEnded(transfer, primitive);
    }
  }

  /** The network takes octets: go on reading where that was held back. */
  drained(): void {
    const transfer = this.#transfer;
    const read = this.#waitingRead;
    if (transfer === undefined || read === undefined || this.#wire.backlogOctets > backlogOctetsMax) return;
    this.#waitingRead = undefined;
    transfer.read(
      read.offset,
      read.octetsMax,
      (octets) => {
        if (this.#transfer !== transfer) return;
        this.#wire.request({ type: 'APDU-READ.response', offset: read.offset, octets });
        this.#isRead = read.offset + octets.length === transfer.apduOctets;
        this.#countLastPiece(transfer);
      },
      (text) => {
        if (this.#transfer !== transfer) return;
        this.#user.observe('transfer.unreadable', { text });
        this.#wire.request({ type: 'TRANSFER-DISCARD.request' });
      },
    );
  }

  /** The last piece is read ahead, and leaves no sooner than the checkpoint before it. */
  #countLastPiece(transfer: OutgoingTransfer): void {
    const { checkpointSizeK } = this.#user.facts();
    const pieceOctetsMax = checkpointSizeK === 0 ? Infinity : checkpointSizeK * 1024;
    if (this.#isRead && this.#checkpointOffset + pieceOctetsMax >= transfer.apduOctets) {
      transfer.sentUpTo(transfer.apduOctets);
    }
  }

  #started(
    transfer: OutgoingTransfer,
    started: Extract<SenderIndication, { type: 'TRANSFER-STARTED.indication' }>,
  ): void {
    transfer.startFrom(started.fromOffset);
    this.#checkpointOffset = started.fromOffset;
    this.#isRead = false;
    const resumed = started.fromOffset > 0;
    this.#user.observe(resumed ? 'transfer.resumed' : 'transfer.started', {
      mts: transfer.copy.mtsIdentifier,
      octets: transfer.apduOctets,
      fromOctet: started.fromOffset,
    });
    const facts = this.#user.facts();
    if (resumed || facts.checkpointSizeK === 0 || transfer.apduOctets <= facts.checkpointSizeK * 1024) return;
    // An activity begun anew within the transfer takes the place of the one that was kept.
    this.#user.store.execute(
      'outgoing.start',
      {
        copy: transfer.copy.id,
        activity: {
          connector: facts.connector,
          sessionConnection: facts.sessionConnection,
          activityIdentifier: toHex(started.originalActivityIdentifier),
        },
        association: facts,
        head: transfer.head,
        apduOctets: transfer.apduOctets,
      },
      () => undefined,
    );
  }

  #confirmed(
    transfer: OutgoingTransfer,
    confirmed: Extract<SenderIndication, { type: 'CHECKPOINT-CONFIRMED.indication' }>,
  ): void {
    transfer.checkpointsConfirmed += 1;
    transfer.confirmed(confirmed.offset);
    this.windowInUse = confirmed.outstanding;
    transfer.noteProgress(confirmed.serialNumber);
    this.#user.observe('checkpoint.confirmed', {
      mts: transfer.copy.mtsIdentifier,
      serial: confirmed.serialNumber,
      octet: confirmed.offset,
      outstanding: confirmed.outstanding,
    });
  }
}

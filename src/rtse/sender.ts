import { ByteList } from '../bytes/byte-list.js';
import { assert } from '../osi/machine.js';
import { rtseAbstractSyntax, type ReliableTransferMode } from '../presentation/service.js';
import { SERIAL_NUMBER_MAX, type ActivityLink, type SessionConnectionIdentifier } from '../session/service.js';
import type { Effects } from './effects.js';
import { encodeRttr } from './rttr.js';
import type { NegotiatedValues, ResumePoint } from './service.js';

const octetsPerK = 1024;

export interface Checkpoint {
  readonly serialNumber: number;
  /** APDU octets before it. */
  readonly offset: number;
}

const beginning: Checkpoint = { serialNumber: 0, offset: 0 };

interface SenderOptions {
  readonly mode: ReliableTransferMode;
  readonly negotiated: NegotiatedValues;
  /** Largest piece when checkpointing is off, octets. */
  readonly pieceOctetsMax: number;
  readonly apduOctets: number;
  readonly resume?: ResumePoint;
  /** A new one on every call (X.215 §13.11). */
  readonly nextActivityIdentifier: () => Uint8Array;
}

/**
 * One APDU on its way out (X.228 §7.3): its octets are asked for piece by piece, a piece reaching to the next checkpoint, and a checkpoint is
 * sent only while fewer than the window are outstanding. While the window is full the next piece is already read, but not sent.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #effects: Effects;
  /** Under which identifier, and where, the activity was first started. */
  #originalActivityIdentifier: Uint8Array;
  #originalSessionConnection: SessionConnectionIdentifier | undefined;
  #endSent: boolean;
  #confirmed: Checkpoint;
  #outstanding: Checkpoint[] = [];
  #lastSerialNumber = 0;
  /** APDU octets given to S-DATA. */
  #sentOctets = 0;
  /** Data up to a checkpoint are sent, the checkpoint itself is held up by the window. */
  #checkpointDue = false;
  /** Octets of the next piece, so far. */
  #piece = ByteList.empty;
  #reading: { readonly offset: number; readonly octetsMax: number } | undefined;
  /** What is being read belongs to a piece that will not be sent now: the activity was left and begun anew. */
  #readingIsVoid = false;

  constructor(options: SenderOptions, effects: Effects) {
    const { resume, apduOctets } = options;
    this.#options = options;
    this.#effects = effects;
    this.#originalActivityIdentifier = resume?.originalActivityIdentifier ?? new Uint8Array(0);
    this.#originalSessionConnection = resume?.originalSessionConnection;
    this.#endSent = resume?.endWasSent ?? false;
    this.#confirmed = resume === undefined ? beginning : { serialNumber: resume.serialNumber, offset: resume.offset };
    assert(apduOctets >= 1, 'an APDU of no octets');
    assert(resume === undefined || resume.serialNumber >= 1, 'a resumption needs a confirmed checkpoint');
    assert(this.#confirmed.offset < apduOctets, 'a resumption behind the end of the APDU');
  }

  get confirmed(): Checkpoint {
    return this.#confirmed;
  }

  /** ACTIVITY END was sent for this activity, here or where it began. */
  get endSent(): boolean {
    return this.#endSent;
  }

  get isComplete(): boolean {
    return this.#sentOctets === this.#options.apduOctets;
  }

  /** Present when a checkpoint is confirmed. */
  get resumePoint(): ResumePoint | undefined {
    if (this.#confirmed.serialNumber === 0) return undefined;
    return {
      originalActivityIdentifier: this.#originalActivityIdentifier,
      ...(this.#originalSessionConnection === undefined
        ? {}
        : { originalSessionConnection: this.#originalSessionConnection }),
      serialNumber: this.#confirmed.serialNumber,
      offset: this.#confirmed.offset,
      ...(this.#endSent ? { endWasSent: true } : {}),
    };
  }

  isOutstanding(serialNumber: number): boolean {
    return this.#outstanding.some((checkpoint) => checkpoint.serialNumber === serialNumber);
  }

  /** A new activity, from the first octet. */
  start(): void {
    const activityIdentifier = this.#options.nextActivityIdentifier();
    this.#originalActivityIdentifier = activityIdentifier;
    this.#originalSessionConnection = undefined;
    this.#endSent = false;
    this.#effects.below({ type: 'S-ACTIVITY-START.request', activityIdentifier });
    this.#goOnFrom(beginning);
  }

  /** The interrupted activity, behind its last confirmed checkpoint; named as it was first started (X.215 §13.14). */
  resume(): void {
    const link: ActivityLink = {
      oldActivityIdentifier: this.#originalActivityIdentifier,
      serialNumber: this.#confirmed.serialNumber,
      ...(this.#originalSessionConnection === undefined
        ? {}
        : { oldSessionConnection: this.#originalSessionConnection }),
    };
    const activityIdentifier = this.#options.nextActivityIdentifier();
    this.#effects.below({ type: 'S-ACTIVITY-RESUME.request', activityIdentifier, link });
    this.#goOnFrom(this.#confirmed);
  }

  /** The answer to APDU-READ. */
  take(offset: number, octets: ByteList): void {
    const reading = this.#reading;
    assert(reading !== undefined && reading.offset === offset, () => `nobody asked for octet ${String(offset)}`);
    assert(octets.length >= 1 && octets.length <= reading.octetsMax, () => `${String(octets.length)} octets read`);
    this.#reading = undefined;
    if (this.#readingIsVoid) this.#readingIsVoid = false;
    else this.#piece = ByteList.of(this.#piece, octets);
  }

  /** The answer to an APDU-READ of an activity that is being left. */
  drop(): void {
    this.#reading = undefined;
    this.#readingIsVoid = false;
  }

  /** MIA: confirms all checkpoints up to this one. */
  confirm(serialNumber: number): void {
    this.#confirmed =
      this.#outstanding.find((checkpoint) => checkpoint.serialNumber === serialNumber) ?? this.#confirmed;
    this.#outstanding = this.#outstanding.filter((checkpoint) => checkpoint.serialNumber > serialNumber);
    this.#effects.above({
      type: 'CHECKPOINT-CONFIRMED.indication',
      ...this.#confirmed,
      outstanding: this.#outstanding.length,
    });
  }

  end(): void {
    this.#endSent = true;
    this.#effects.below({ type: 'S-ACTIVITY-END.request' });
  }

  /** Sends and asks for all that position and window allow. */
  sendWhatMay(): void {
    this.#sendCheckpoint();
    if (!this.#checkpointDue && this.#piece.length > 0 && this.#piece.length === this.#pieceOctets()) {
      this.#sendPiece();
      this.#sendCheckpoint();
    }
    this.#read();
  }

  #goOnFrom(checkpoint: Checkpoint): void {
    this.#confirmed = checkpoint;
    this.#outstanding = [];
    this.#lastSerialNumber = checkpoint.serialNumber;
    this.#sentOctets = checkpoint.offset;
    this.#checkpointDue = false;
    this.#piece = ByteList.empty;
    this.#readingIsVoid = this.#reading !== undefined;
    this.#effects.above({
      type: 'TRANSFER-STARTED.indication',
      originalActivityIdentifier: this.#originalActivityIdentifier,
      fromOffset: checkpoint.offset,
    });
  }

  /** Length of the next piece: up to the next checkpoint, or the end. */
  #pieceOctets(): number {
    const { negotiated, pieceOctetsMax, apduOctets } = this.#options;
    const piece = negotiated.checkpointSizeK === 0 ? pieceOctetsMax : negotiated.checkpointSizeK * octetsPerK;
    return Math.min(piece, apduOctets - this.#sentOctets);
  }

  #sendPiece(): void {
    const { mode, negotiated } = this.#options;
    this.#effects.below({
      type: 'P-DATA.request',
      abstractSyntax: rtseAbstractSyntax,
      userData: mode === 'normal' ? encodeRttr(this.#piece) : this.#piece,
    });
    this.#sentOctets += this.#piece.length;
    this.#piece = ByteList.empty;
    // Behind the last piece ACTIVITY END is the checkpoint. It needs a number of its own, at most 999999 (X.225 §8.3.20).
    const isNumberLeft = this.#lastSerialNumber + 1 < SERIAL_NUMBER_MAX;
    this.#checkpointDue = negotiated.checkpointSizeK > 0 && !this.isComplete && isNumberLeft;
  }

  #sendCheckpoint(): void {
    if (!this.#checkpointDue || this.#outstanding.length >= this.#options.negotiated.windowSize) return;
    this.#checkpointDue = false;
    this.#lastSerialNumber += 1;
    const checkpoint = { serialNumber: this.#lastSerialNumber, offset: this.#sentOctets };
    this.#outstanding.push(checkpoint);
    this.#effects.below({ type: 'S-SYNC-MINOR.request' });
    this.#effects.above({
      type: 'CHECKPOINT-SENT.indication',
      ...checkpoint,
      outstanding: this.#outstanding.length,
    });
  }

  #read(): void {
    const octetsMax = this.#pieceOctets() - this.#piece.length;
    if (this.#reading !== undefined || octetsMax === 0) return;
    const reading = { offset: this.#sentOctets + this.#piece.length, octetsMax };
    this.#reading = reading;
    this.#effects.above({ type: 'APDU-READ.indication', ...reading });
  }
}

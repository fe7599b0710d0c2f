import { ByteList } from '../bytes/byte-list.js';
import type { MessageStore, OutgoingPosition, QueuedCopy } from '../queue/store.js';
import type { ResumePoint } from '../rtse/service.js';
import { ContentReader } from './content-reader.js';

const noOctets = new Uint8Array(0);

/** How far attempts at a copy got that came to nothing: what they sent is sent again, and only what they did not confirm is progress. */
export interface EarlierAttempts {
  readonly sentOffset: number;
  readonly octetsResent: number;
  readonly furthestConfirmed: number;
}

/** The octets of one APDU on their way out: its head, made here, and the content, read from the store piece by piece. */
export class OutgoingTransfer {
  readonly copy: QueuedCopy;
  readonly head: Uint8Array;
  readonly apduOctets: number;
  /** Set when the activity has been started: what a resumption on another association needs. */
  resume: ResumePoint | undefined;
  checkpointsSent = 0;
  checkpointsConfirmed = 0;
  confirmedOffset: number;
  /** Highest offset sent, on any association. */
  sentOffset: number;
  /** Octets below `sentOffset` that were sent again. */
  octetsResent: number;
  /**
   * An operator has taken the copy away meanwhile, and this is its last attempt. `held`: the claim of the copy is still this transfer's;
   * `gone`: the copy has nothing to do with it any more.
   */
  withdrawn: 'held' | 'gone' | undefined;
  /** An activity was begun for it. */
  hasBegun = false;
  /** A checkpoint was confirmed that no attempt had reached before. */
  progressed = false;
  /** Offset from which the present association sends. */
  fromOffset: number;
  readonly #store: MessageStore;
  readonly #reader: ContentReader;
  /** What was confirmed last, if the store itself has not been told of it. */
  #untold: OutgoingPosition | undefined;
  #isTelling = false;
  /** Under which progress is noted on the present association, once the store was told of a first checkpoint there. */
  #key: number | undefined;
  /** Counts the attempts: an answer of the store to a former one says nothing of the present one. */
  #attempt = 0;
  #counted: number;
  /** How far the present association has sent. */
  #position = 0;
  /** Highest offset confirmed, on any association. */
  #furthestConfirmed: number;

  constructor(
    store: MessageStore,
    copy: QueuedCopy,
    head: Uint8Array,
    position: { readonly confirmedOffset: number; readonly sentOffset: number } = { confirmedOffset: 0, sentOffset: 0 },
    earlier?: EarlierAttempts,
  ) {
    this.#store = store;
    this.#reader = new ContentReader(store, copy.content, copy.contentOctets);
    this.copy = copy;
    this.head = head;
    this.apduOctets = head.length + copy.contentOctets;
    this.confirmedOffset = position.confirmedOffset;
    this.sentOffset = Math.max(position.sentOffset, earlier?.sentOffset ?? 0);
    this.octetsResent = earlier?.octetsResent ?? 0;
    this.fromOffset = position.confirmedOffset;
    this.#counted = this.octetsResent;
    this.#furthestConfirmed = Math.max(position.confirmedOffset, earlier?.furthestConfirmed ?? 0);
  }

  /** For another attempt that begins anew. */
  get attempts(): EarlierAttempts {
    const { sentOffset, octetsResent } = this;
    return { sentOffset, octetsResent, furthestConfirmed: this.#furthestConfirmed };
  }

  /** The present association begins here. */
  startFrom(offset: number): void {
    this.hasBegun = true;
    this.fromOffset = offset;
    this.confirmedOffset = offset;
    this.#position = offset;
    this.#untold = undefined;
    this.#isTelling = false;
    this.#endKey();
  }

  confirmed(offset: number): void {
    this.confirmedOffset = offset;
    this.progressed ||= offset > this.#furthestConfirmed;
    this.#furthestConfirmed = Math.max(offset, this.#furthestConfirmed);
  }

  /** How far this has come survives the death of the process: the store is told of the first checkpoint, and the others are noted. */
  noteProgress(serialNumber: number): void {
    const { confirmedOffset: offset, sentOffset } = this;
    this.#untold = { serialNumber, offset, sentOffset };
    if (this.#key !== undefined) this.#store.progress.note(this.#key, this.#untold);
    else if (!this.#isTelling) this.#tell(this.#untold);
  }

  /** The activity has ended here: what the store was not told yet it is told at once, before it hears of the end. */
  endNotes(): void {
    if (this.#untold !== undefined) this.#tell(this.#untold);
    this.#endKey();
  }

  #endKey(): void {
    if (this.#key !== undefined) this.#store.progress.end(this.#key);
    this.#key = undefined;
    this.#attempt += 1;
  }

  #tell(position: OutgoingPosition): void {
    const attempt = this.#attempt;
    this.#untold = undefined;
    this.#isTelling = true;
    this.#store.execute('outgoing.progress', { copy: this.copy.id, ...position }, (answer) => {
      if (attempt !== this.#attempt) return;
      this.#isTelling = false;
      if (answer.ok) this.#key = answer.value.key;
      if (this.#key !== undefined && this.#untold !== undefined) this.#store.progress.note(this.#key, this.#untold);
    });
  }

  /** Everything before `offset` has been sent here. */
  sentUpTo(offset: number): void {
    this.octetsResent += Math.max(Math.min(offset, this.sentOffset) - this.#position, 0);
    this.#position = Math.max(this.#position, offset);
    this.sentOffset = Math.max(this.sentOffset, offset);
  }

  /** Octets sent again since this was asked last. */
  takeOctetsResent(): number {
    const octets = this.octetsResent - this.#counted;
    this.#counted = this.octetsResent;
    return octets;
  }

  /** Up to `octetsMax` octets from `offset` on, never none; `failed` when the store cannot give them. */
  read(offset: number, octetsMax: number, answer: (octets: ByteList) => void, failed: (text: string) => void): void {
    const end = Math.min(offset + octetsMax, this.apduOctets);
    const head = this.head.subarray(Math.min(offset, this.head.length), Math.min(end, this.head.length));
    const contentFrom = Math.max(offset - this.head.length, 0);
    const contentOctets = end - this.head.length - contentFrom;
    const inline = this.copy.contentInline;
    if (contentOctets <= 0 || inline !== undefined) {
      answer(ByteList.of(head, inline?.subarray(contentFrom, contentFrom + contentOctets) ?? noOctets));
      return;
    }
    this.#reader.read(
      contentFrom,
      contentOctets,
      (octets) => {
        answer(ByteList.of(head, octets));
      },
      failed,
    );
  }
}

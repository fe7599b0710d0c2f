import { ByteList } from '../bytes/byte-list.js';
import type { MessageStore, QueuedCopy } from '../queue/store.js';
import type { ResumePoint } from '../rtse/service.js';

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
  /** Highest offset handed out for sending, on any association. */
  sentOffset: number;
  /** Octets handed out below `sentOffset`: sent again. */
  octetsResent = 0;
  /** A checkpoint was confirmed in this attempt. */
  progressed = false;
  /** Offset from which the present association sends. */
  fromOffset: number;
  readonly #store: MessageStore;
  #counted = 0;

  constructor(
    store: MessageStore,
    copy: QueuedCopy,
    head: Uint8Array,
    position: { readonly confirmedOffset: number; readonly sentOffset: number } = { confirmedOffset: 0, sentOffset: 0 },
  ) {
    this.#store = store;
    this.copy = copy;
    this.head = head;
    this.apduOctets = head.length + copy.contentOctets;
    this.confirmedOffset = position.confirmedOffset;
    this.sentOffset = position.sentOffset;
    this.fromOffset = position.confirmedOffset;
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
    if (contentOctets <= 0) {
      this.#count(offset, end);
      answer(ByteList.of(head));
      return;
    }
    this.#store.execute(
      'content.read',
      { reference: this.copy.content, offset: contentFrom, length: contentOctets },
      (outcome) => {
        if (!outcome.ok) {
          failed(outcome.failure.text);
          return;
        }
        if (outcome.value.length === 0) {
          failed(`content ${this.copy.content} ends at octet ${String(contentFrom)}`);
          return;
        }
        this.#count(offset, offset + head.length + outcome.value.length);
        answer(ByteList.of(head, outcome.value));
      },
    );
  }

  #count(from: number, end: number): void {
    this.octetsResent += Math.max(Math.min(end, this.sentOffset) - from, 0);
    this.sentOffset = Math.max(this.sentOffset, end);
  }
}

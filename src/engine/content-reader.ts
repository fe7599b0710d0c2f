import { ByteList } from '../bytes/byte-list.js';
import type { ContentReference, MessageStore } from '../queue/store.js';

/** Octets asked of the store at once: several pieces of a usual checkpoint size for one trip to it. */
const stepOctets = 256 * 1024;

/** Octets read, or asked for, beyond those that are wanted now: as many as are wanted, and no fewer than this. */
const aheadOctetsMin = 512 * 1024;

interface Wanted {
  readonly offset: number;
  readonly length: number;
  readonly answer: (octets: ByteList) => void;
  readonly failed: (text: string) => void;
}

/** Reads a content from the store in order, a little ahead of its reader: the link does not wait for the disk. */
export class ContentReader {
  readonly #store: MessageStore;
  readonly #reference: ContentReference;
  readonly #contentOctets: number;
  /** What has been read from `#from` on, in order. */
  #octets = ByteList.empty;
  #from = 0;
  /** Where the next step begins. */
  #asked = 0;
  /** Answers to what was asked before a jump are for nobody. */
  #jumps = 0;
  #failure: string | undefined;
  #wanted: Wanted | undefined;

  constructor(store: MessageStore, reference: ContentReference, contentOctets: number) {
    this.#store = store;
    this.#reference = reference;
    this.#contentOctets = contentOctets;
  }

  /**
   * All of these octets, at once where they are here already; `failed` when the store cannot give them. At most one read is outstanding: the
   * next takes the place of one that was not answered.
   */
  read(offset: number, length: number, answer: Wanted['answer'], failed: Wanted['failed']): void {
    const here = this.#from + this.#octets.length;
    if (offset < this.#from || offset > here || this.#failure !== undefined) this.#jump(offset);
    this.#octets = this.#octets.slice(offset - this.#from);
    this.#from = offset;
    this.#wanted = { offset, length, answer, failed };
    this.#ask(offset + length + Math.max(length, aheadOctetsMin));
    this.#serve();
  }

  #jump(offset: number): void {
    this.#jumps += 1;
    this.#octets = ByteList.empty;
    this.#from = offset;
    this.#asked = offset;
    this.#failure = undefined;
  }

  #ask(until: number): void {
    const end = Math.min(until, this.#contentOctets);
    while (this.#asked < end) {
      const offset = this.#asked;
      const length = Math.min(stepOctets, this.#contentOctets - offset);
      const jumps = this.#jumps;
      this.#asked += length;
      this.#store.execute('content.read', { reference: this.#reference, offset, length }, (outcome) => {
        if (jumps !== this.#jumps) return;
        if (this.#failure === undefined && outcome.ok) this.#octets = ByteList.of(this.#octets, outcome.value);
        if (!outcome.ok) this.#failure ??= outcome.failure.text;
        else if (outcome.value.length < length) {
          this.#failure ??= `content ${this.#reference} ends at octet ${String(offset + outcome.value.length)}`;
        }
        this.#serve();
      });
    }
  }

  #serve(): void {
    const wanted = this.#wanted;
    if (wanted === undefined) return;
    if (this.#octets.length >= wanted.length) {
      this.#wanted = undefined;
      wanted.answer(this.#octets.slice(0, wanted.length));
    } else if (this.#failure !== undefined) {
      this.#wanted = undefined;
      wanted.failed(this.#failure);
    }
  }
}

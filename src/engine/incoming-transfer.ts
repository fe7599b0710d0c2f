import type { ByteList } from '../bytes/byte-list.js';
import { concatOctets } from '../bytes/octets.js';
import type {
  ApduOutline,
  IncomingActivity,
  MessageStore,
  Moment,
  NewContent,
  StoreAnswer,
  StoreFailure,
} from '../queue/store.js';
import { outlineAnswer } from '../queue/apdu-outline.js';

/** Octets of an APDU that are kept in memory before the store sees any of it: a small message costs one commit and no file. */
const memoryOctetsMax = 64 * 1024;

/** Octets given to the store and not yet answered, above which the peer is not read any more. */
const unsettledOctetsMax = 4 * 1024 * 1024;

/** The octets of one APDU on their way in. */
export class IncomingTransfer {
  readonly activity: IncomingActivity;
  /** Octets received, of which `securedOffset` are durable behind checkpoint `serialNumber`. */
  offset: number;
  securedOffset: number;
  serialNumber: number;
  readonly resumedFrom: number | undefined;
  readonly #store: MessageStore;
  readonly #flow: { pause(): void; resume(): void };
  #memory: Uint8Array[] = [];
  #stored: boolean;
  #unsettledOctets = 0;
  #secureAsked: boolean;
  #failure: StoreFailure | undefined;

  constructor(
    store: MessageStore,
    activity: IncomingActivity,
    flow: { pause(): void; resume(): void },
    resumed?: { readonly offset: number; readonly serialNumber: number },
  ) {
    this.#store = store;
    this.activity = activity;
    this.#flow = flow;
    this.#stored = resumed !== undefined;
    this.#secureAsked = this.#stored;
    this.offset = resumed?.offset ?? 0;
    this.securedOffset = this.offset;
    this.serialNumber = resumed?.serialNumber ?? 0;
    this.resumedFrom = resumed?.offset;
  }

  /** Whether anything is kept that a resumption could continue. */
  get resumable(): boolean {
    return this.#secureAsked;
  }

  write(octets: ByteList): void {
    this.offset += octets.length;
    if (this.#stored) {
      this.#append(octets.chunks, octets.length);
      return;
    }
    // Views would keep the whole chunks of the socket alive; what stays in memory is copied once, to its size.
    this.#memory.push(...octets.chunks.map((chunk) => chunk.slice()));
    if (this.offset > memoryOctetsMax) this.#moveToStore();
  }

  /** `secured` when all octets so far are durable behind this checkpoint. */
  secure(serialNumber: number, secured: () => void, failed: (failure: StoreFailure) => void): void {
    this.#moveToStore();
    this.#secureAsked = true;
    const { offset } = this;
    this.#store.execute('incoming.secure', { id: this.activity.id, serialNumber, offset }, (answer) => {
      if (!answer.ok) {
        failed(answer.failure);
        return;
      }
      this.serialNumber = serialNumber;
      this.securedOffset = offset;
      secured();
    });
  }

  /** The complete APDU's outline, and how a commit takes its content over. */
  outline(
    answered: (answer: StoreAnswer<'incoming.outline'>, contentOf: (outline: ApduOutline) => NewContent) => void,
  ): void {
    const { id } = this.activity;
    if (!this.#stored) {
      const octets = concatOctets(...this.#memory);
      const source = {
        octets: octets.length,
        read: (from: number, length: number) => octets.subarray(from, from + length),
      };
      answered(outlineAnswer(source), (outline) =>
        outline.content === undefined ? { kind: 'none' } : { kind: 'octets', octets: contentRuns(octets, outline) },
      );
      return;
    }
    if (this.#failure !== undefined) {
      answered({ ok: false, failure: this.#failure }, () => ({ kind: 'none' }));
      return;
    }
    this.#store.execute('incoming.outline', { id }, (answer) => {
      answered(answer, (outline) =>
        outline.content === undefined ? { kind: 'none' } : { kind: 'incoming', id, location: outline.content },
      );
    });
  }

  /** Kept for a resumption from this moment on, where there is something to keep. */
  interrupt(at: Moment, kept: () => void): void {
    if (this.resumable) this.#store.execute('incoming.interrupted', { id: this.activity.id, at }, kept);
    else {
      this.discard();
      kept();
    }
  }

  discard(): void {
    if (this.#stored) this.#store.execute('incoming.discard', { id: this.activity.id }, () => undefined);
    this.#memory = [];
  }

  /** Puts octets that are no APDU aside for the operator. */
  quarantine(reason: string, done: () => void): void {
    this.#moveToStore();
    this.#store.execute('incoming.quarantine', { id: this.activity.id, reason }, done);
  }

  #moveToStore(): void {
    if (this.#stored) return;
    this.#stored = true;
    this.#store.execute('incoming.start', this.activity, (answer) => {
      if (!answer.ok) this.#failure = answer.failure;
    });
    const memory = this.#memory;
    this.#memory = [];
    if (memory.length > 0) this.#append(memory, this.offset);
  }

  #append(octets: readonly Uint8Array[], length: number): void {
    this.#unsettledOctets += length;
    if (this.#unsettledOctets > unsettledOctetsMax) this.#flow.pause();
    this.#store.execute('incoming.append', { id: this.activity.id, octets }, (answer) => {
      if (!answer.ok) this.#failure = answer.failure;
      const wasAbove = this.#unsettledOctets > unsettledOctetsMax;
      this.#unsettledOctets -= length;
      if (wasAbove && this.#unsettledOctets <= unsettledOctetsMax) this.#flow.resume();
    });
  }
}

function contentRuns(octets: Uint8Array, outline: ApduOutline): Uint8Array {
  return concatOctets(
    ...(outline.content?.runs ?? []).map(({ offset, length }) => octets.subarray(offset, offset + length)),
  );
}

import { ByteList } from '../bytes/byte-list.js';
import { concatOctets } from '../bytes/octets.js';
import type {
  ApduOutline,
  IncomingActivity,
  IncomingId,
  MessageStore,
  Moment,
  NewContent,
  StoreAnswer,
  StoreFailure,
} from '../queue/store.js';
import { outlineAnswer } from '../queue/apdu-outline.js';

/** Octets of an APDU that are kept in memory before the store sees any of it: a small message costs one commit and no file. */
const memoryOctetsMax = 64 * 1024;

/** Octets up to which what came last waits for a checkpoint behind it, to go to the store in one operation with that. */
const latestOctetsMax = 64 * 1024;

/** Octets given to the store and not yet answered, above which the peer is not read any more. */
const unsettledOctetsMax = 4 * 1024 * 1024;

export interface IncomingTransferUser {
  /** Lets the peer wait, while the store is behind. */
  pause(): void;
  resume(): void;
  /** The store does not take the octets; told once. */
  failed(failure: StoreFailure): void;
  /** Acts a moment later, unless what is returned is called before. */
  later(action: () => void): () => void;
}

type Secured = (result: 'secured' | 'failed') => void;

interface Checkpoint {
  readonly serialNumber: number;
  readonly offset: number;
  readonly answered: Secured;
}

/** The octets of one APDU on their way in. */
export class IncomingTransfer {
  readonly activity: IncomingActivity;
  /** Octets received, of which `securedOffset` are durable behind checkpoint `serialNumber`. */
  offset: number;
  securedOffset: number;
  serialNumber: number;
  readonly resumedFrom: number | undefined;
  readonly #store: MessageStore;
  readonly #user: IncomingTransferUser;
  #memory: Uint8Array[] = [];
  /** Checkpoints of an APDU that is still in memory alone, in the order in which they came. */
  #held: Checkpoint[] = [];
  #stopHolding: (() => void) | undefined;
  #stored: boolean;
  /** Came behind what the store was given. */
  #latest = ByteList.of();
  #unsettledOctets = 0;
  #failure: StoreFailure | undefined;

  constructor(
    store: MessageStore,
    activity: IncomingActivity,
    user: IncomingTransferUser,
    resumed?: { readonly offset: number; readonly serialNumber: number },
  ) {
    this.#store = store;
    this.activity = activity;
    this.#user = user;
    this.#stored = resumed !== undefined;
    this.offset = resumed?.offset ?? 0;
    this.securedOffset = this.offset;
    this.serialNumber = resumed?.serialNumber ?? 0;
    this.resumedFrom = resumed?.offset;
  }

  /** Whether a checkpoint was secured: the peer can resume from no other. */
  get resumable(): boolean {
    return this.serialNumber > 0;
  }

  write(octets: ByteList): void {
    this.offset += octets.length;
    if (this.#stored) {
      this.#giveLatest();
      this.#latest = octets;
      if (octets.length > latestOctetsMax) this.#giveLatest();
      return;
    }
    // Views would keep the whole chunks of the socket alive; what stays in memory is copied once, to its size.
    this.#memory.push(...octets.chunks.map((chunk) => chunk.slice()));
    if (this.offset > memoryOctetsMax) this.#moveToStore();
  }

  /**
   * `secured` when all octets so far are durable behind this checkpoint, `failed` when they cannot be. Of a small APDU the rest comes at once as
   * a rule, and one commit makes all of it durable: the first checkpoints wait a moment for that, and cost no file then.
   */
  secure(serialNumber: number, answered: Secured): void {
    const { offset } = this;
    if (this.#stored) {
      this.#giveLatest({ serialNumber, offset, answered });
      return;
    }
    this.#held.push({ serialNumber, offset, answered });
    // With the window full the peer sends nothing more before it hears of the first.
    if (this.#held.length >= this.activity.association.windowSize) this.#moveToStore();
    else {
      this.#stopHolding ??= this.#user.later(() => {
        this.#moveToStore();
      });
    }
  }

  /** What becomes of the whole becomes of the checkpoints that are held: `secured` when the APDU is ours for good. */
  settleHeld(result: 'secured' | 'failed'): void {
    this.#endHolding();
    const held = this.#held;
    this.#held = [];
    for (const { serialNumber, offset, answered } of held) {
      if (result === 'secured') {
        this.serialNumber = serialNumber;
        this.securedOffset = offset;
      }
      answered(result);
    }
  }

  /** The complete APDU's outline, and how a commit takes its content over. */
  outline(
    answered: (answer: StoreAnswer<'incoming.outline'>, contentOf: (outline: ApduOutline) => NewContent) => void,
  ): void {
    const { id } = this.activity;
    if (!this.#stored) {
      this.#endHolding();
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
    this.#giveLatest();
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
    this.#endHolding();
    if (this.#stored) this.#store.execute('incoming.discard', { id: this.activity.id }, () => undefined);
    this.#memory = [];
    this.#latest = ByteList.of();
  }

  /** Where the store finds its octets, for one who puts them aside. */
  source(): { readonly kind: 'incoming'; readonly id: IncomingId } {
    this.#moveToStore();
    this.#giveLatest();
    return { kind: 'incoming', id: this.activity.id };
  }

  #moveToStore(): void {
    if (this.#stored) return;
    this.#stored = true;
    this.#endHolding();
    this.#store.execute('incoming.start', this.activity, (answer) => {
      if (!answer.ok) this.#fail(answer.failure);
    });
    const octets = ByteList.of(...this.#memory);
    const held = this.#held;
    this.#memory = [];
    this.#held = [];
    let from = 0;
    for (const checkpoint of held) {
      this.#secure(octets.slice(from, checkpoint.offset), checkpoint);
      from = checkpoint.offset;
    }
    this.#append(octets.slice(from));
  }

  #endHolding(): void {
    this.#stopHolding?.();
    this.#stopHolding = undefined;
  }

  /** Gives the store what has waited, secured by a checkpoint if there is one behind it. */
  #giveLatest(checkpoint?: Checkpoint): void {
    const octets = this.#latest;
    this.#latest = ByteList.of();
    if (checkpoint === undefined) this.#append(octets);
    else this.#secure(octets, checkpoint);
  }

  #append({ length, chunks: octets }: ByteList): void {
    if (length === 0) return;
    this.#given(length);
    this.#store.execute('incoming.append', { id: this.activity.id, octets }, (answer) => {
      if (!answer.ok) this.#fail(answer.failure);
      this.#settled(length);
    });
  }

  #secure({ length, chunks: octets }: ByteList, { serialNumber, offset, answered }: Checkpoint): void {
    this.#given(length);
    // What waits for the answer must not keep the octets in memory, which the store has by then.
    this.#store.execute('incoming.secure', { id: this.activity.id, octets, serialNumber, offset }, (answer) => {
      if (answer.ok) {
        this.serialNumber = serialNumber;
        this.securedOffset = offset;
      } else this.#fail(answer.failure);
      this.#settled(length);
      answered(answer.ok ? 'secured' : 'failed');
    });
  }

  #given(octets: number): void {
    this.#unsettledOctets += octets;
    if (this.#unsettledOctets > unsettledOctetsMax) this.#user.pause();
  }

  #settled(octets: number): void {
    const wasAbove = this.#unsettledOctets > unsettledOctetsMax;
    this.#unsettledOctets -= octets;
    if (wasAbove && this.#unsettledOctets <= unsettledOctetsMax) this.#user.resume();
  }

  /** What follows the first failure fails because of it. */
  #fail(failure: StoreFailure): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#user.failed(failure);
  }
}

function contentRuns(octets: Uint8Array, outline: ApduOutline): Uint8Array {
  return concatOctets(
    ...(outline.content?.runs ?? []).map(({ offset, length }) => octets.subarray(offset, offset + length)),
  );
}

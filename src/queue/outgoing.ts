import type { Batch } from './batch.js';
import type { StoreContext } from './context.js';
import { activityKey } from './incoming.js';
import { further, notedProgress, removeNotedProgress } from './progress-notes.js';
import type { StoredOutgoing } from './sqlite/outgoing-table.js';
import { StoreError } from './store-error.js';
import type { CopyId, Moment, OutgoingActivity, OutgoingPosition } from './store.js';

/** Keys of one incarnation start here times its number: none is ever used again. */
const keysOfIncarnation = 2 ** 32;

const atStart: OutgoingPosition = { serialNumber: 0, offset: 0, sentOffset: 0 };

/**
 * Outgoing activities that could be resumed. One is only in memory until its first checkpoint is confirmed, as before that there is nothing
 * to resume; then it has a row, and whoever sends keeps notes of what follows (`ProgressNotes`).
 */
export class OutgoingActivities {
  readonly #context: StoreContext;
  readonly #entries = new Map<CopyId, StoredOutgoing>();
  #nextKey = 0;

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** What a dead process left, as far as its copies are still to be sent; the rest goes. */
  restore(incarnation: number, isWanted: (copy: CopyId) => boolean): readonly StoredOutgoing[] {
    this.#nextKey = incarnation * keysOfIncarnation;
    const { outgoing } = this.#context;
    const positions = notedProgress(this.#context.disk);
    for (const key of outgoing.keys()) {
      const stored = readable(() => outgoing.find(key));
      if (stored === undefined || !isWanted(stored.activity.copy)) {
        outgoing.remove(key);
        continue;
      }
      const position = further(positions.get(key), stored.position);
      const entry = { ...stored, position };
      this.#entries.set(stored.activity.copy, entry);
      outgoing.put(entry);
    }
    return [...this.#entries.values()];
  }

  /** The positions that `restore` found are in the database. */
  restored(): void {
    removeNotedProgress(this.#context.disk);
  }

  start(batch: Batch, activity: OutgoingActivity): void {
    const known = this.#entries.get(activity.copy);
    const isSame = known !== undefined && activityKey(known.activity.activity) === activityKey(activity.activity);
    if (known !== undefined && !isSame) this.forget(batch, activity.copy);
    this.#put(batch, {
      key: isSame ? known.key : this.#nextKey++,
      activity,
      position: isSame ? known.position : { ...atStart, sentOffset: known?.position.sentOffset ?? 0 },
      lostAt: undefined,
    });
  }

  /** The key under which notes are kept from now on. */
  progress(batch: Batch, copy: CopyId, position: OutgoingPosition): number {
    const known = this.#find(copy);
    this.#store(batch, { ...known, position: further(known.position, position), lostAt: undefined });
    return known.key;
  }

  interrupted(batch: Batch, copy: CopyId, lostAt: Moment): void {
    this.#store(batch, { ...this.#find(copy), lostAt });
  }

  forget(batch: Batch, copy: CopyId): void {
    const known = this.#entries.get(copy);
    if (known === undefined) return;
    this.#entries.delete(copy);
    batch.onUndo(() => {
      this.#entries.set(copy, known);
    });
    this.#context.outgoing.remove(known.key);
  }

  #find(copy: CopyId): StoredOutgoing {
    const entry = this.#entries.get(copy);
    if (entry === undefined) throw new StoreError('not-found', `no activity is known that sends copy ${copy}`);
    return entry;
  }

  #store(batch: Batch, entry: StoredOutgoing): void {
    this.#context.outgoing.put(entry);
    this.#put(batch, entry);
  }

  #put(batch: Batch, entry: StoredOutgoing): void {
    const { copy } = entry.activity;
    const before = this.#entries.get(copy);
    this.#entries.set(copy, entry);
    batch.onUndo(() => {
      if (before === undefined) this.#entries.delete(copy);
      else this.#entries.set(copy, before);
    });
  }
}

/** A row that does not decode only costs a resumption: the copy is sent again from its beginning. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof StoreError && error.code === 'malformed') return undefined;
    throw error;
  }
}

import type { Batch } from './batch.js';
import type { StoreContext } from './context.js';
import { activityKey } from './incoming.js';
import { further, ProgressFile } from './progress-file.js';
import type { OutgoingPosition, StoredOutgoing } from './sqlite/outgoing-table.js';
import { StoreError } from './store-error.js';
import type { CopyId, Moment, OutgoingActivity } from './store.js';

/** Keys of one incarnation start here times its number: none is ever used again. */
const keysOfIncarnation = 2 ** 32;

const atStart: OutgoingPosition = { serialNumber: 0, offset: 0, sentOffset: 0 };

interface Entry extends StoredOutgoing {
  /** Whether the table has it, apart from what the progress file says better. */
  readonly isStored: boolean;
}

/**
 * Outgoing activities that could be resumed. One is only in memory until its first checkpoint is confirmed, as before that there is nothing
 * to resume; then it has a row, and every confirmation a record in the progress file.
 */
export class OutgoingActivities {
  readonly #context: StoreContext;
  readonly #progress: ProgressFile;
  readonly #entries = new Map<CopyId, Entry>();
  #nextKey = 0;

  constructor(context: StoreContext) {
    this.#context = context;
    this.#progress = new ProgressFile(context.disk);
  }

  /** What a dead process left, as far as its copies are still to be sent; the rest goes. */
  restore(incarnation: number, isWanted: (copy: CopyId) => boolean): readonly StoredOutgoing[] {
    this.#nextKey = incarnation * keysOfIncarnation;
    const { outgoing } = this.#context;
    const positions = this.#progress.read();
    for (const key of outgoing.keys()) {
      const stored = readable(() => outgoing.find(key));
      if (stored === undefined || !isWanted(stored.activity.copy)) {
        outgoing.remove(key);
        continue;
      }
      const position = further(positions.get(key), stored.position);
      const entry = { ...stored, position, isStored: true };
      this.#entries.set(stored.activity.copy, entry);
      outgoing.put(entry);
    }
    return [...this.#entries.values()];
  }

  /** The positions that `restore` found are in the database: the file can begin anew. */
  restored(): void {
    this.#progress.clear();
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
      isStored: false,
    });
  }

  progress(batch: Batch, copy: CopyId, position: OutgoingPosition): void {
    const known = this.#find(copy);
    const entry = { ...known, position: further(known.position, position) };
    if (known.isStored && known.lostAt === undefined) this.#put(batch, entry);
    else this.#store(batch, { ...entry, lostAt: undefined });
    this.#progress.add(entry.key, entry.position);
    batch.beforeAnswers(this.#progress, () => {
      this.#progress.write();
      if (this.#progress.octets > this.#context.limits.progressFileOctetsMax) this.#compact(batch);
    });
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

  /** Writes all positions to the table, then begins the file anew. */
  #compact(batch: Batch): void {
    for (const entry of this.#entries.values()) if (entry.isStored) this.#context.outgoing.put(entry);
    batch.afterCommit(() => {
      this.#progress.clear();
    });
  }

  #find(copy: CopyId): Entry {
    const entry = this.#entries.get(copy);
    if (entry === undefined) throw new StoreError('not-found', `no activity is known that sends copy ${copy}`);
    return entry;
  }

  #store(batch: Batch, entry: Entry): void {
    this.#context.outgoing.put(entry);
    this.#put(batch, { ...entry, isStored: true });
  }

  #put(batch: Batch, entry: Entry): void {
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

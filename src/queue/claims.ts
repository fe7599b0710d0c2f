import type { Batch } from './batch.js';
import type { StoredCopyState } from './sqlite/copy-table.js';
import type { CopyState, PriorityRank } from './store.js';

/** A copy's place among those of its connector and priority: oldest first, in the order of acceptance among the equally old. */
export interface QueuePlace {
  readonly sequence: number;
  readonly connector: string;
  readonly priority: PriorityRank;
  readonly arrivedAt: number;
}

const start: Pick<QueuePlace, 'arrivedAt' | 'sequence'> = { arrivedAt: -Infinity, sequence: 0 };

/**
 * Which copies this incarnation is sending. Only in memory: void when the process starts anew. For each connector and priority it
 * remembers a place before which every queued copy is claimed, so that a claim looks at none of them again.
 */
export class Claims {
  readonly #claimed = new Set<number>();
  readonly #frontiers = new Map<string, Pick<QueuePlace, 'arrivedAt' | 'sequence'>>();

  has(sequence: number): boolean {
    return this.#claimed.has(sequence);
  }

  /** How the copy is counted and listed: what is claimed is being sent, unless an operator holds it. */
  shown({ sequence, state }: { readonly sequence: number; readonly state: StoredCopyState }): CopyState {
    return state !== 'held' && this.#claimed.has(sequence) ? 'sending' : state;
  }

  claim(batch: Batch, place: QueuePlace): void {
    this.#claimed.add(place.sequence);
    batch.onUndo(() => {
      this.#claimed.delete(place.sequence);
      this.mayBeQueued(place);
    });
  }

  /** Tells whether the copy had been claimed. One that is queued now `mayBeQueued`. */
  release(batch: Batch, place: QueuePlace): boolean {
    const claimed = this.#claimed.delete(place.sequence);
    batch.onUndo(() => {
      if (claimed) this.#claimed.add(place.sequence);
      else this.mayBeQueued(place);
    });
    return claimed;
  }

  /** From where on to look for queued copies. */
  frontier(connector: string, priority: PriorityRank): Pick<QueuePlace, 'arrivedAt' | 'sequence'> {
    return this.#frontiers.get(keyOf(connector, priority)) ?? start;
  }

  /** Every queued copy up to this place is claimed. */
  passed(place: QueuePlace): void {
    const { connector, priority, arrivedAt, sequence } = place;
    this.#frontiers.set(keyOf(connector, priority), { arrivedAt, sequence: sequence + 1 });
  }

  /** A queued copy that is not claimed may stand at this place. */
  mayBeQueued(place: QueuePlace): void {
    const { arrivedAt, sequence } = place;
    const frontier = this.frontier(place.connector, place.priority);
    const isBefore =
      arrivedAt < frontier.arrivedAt || (arrivedAt === frontier.arrivedAt && sequence < frontier.sequence);
    if (isBefore) this.#frontiers.set(keyOf(place.connector, place.priority), { arrivedAt, sequence });
  }
}

function keyOf(connector: string, priority: PriorityRank): string {
  return `${String(priority)} ${connector}`;
}

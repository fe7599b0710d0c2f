import type { Batch } from './batch.js';
import type { Claims } from './claims.js';
import type { StoreContext } from './context.js';
import type { Counters } from './counters.js';
import type { CopyInTurn } from './sqlite/copy-table.js';
import type { FoundEntry } from './sqlite/queue-views.js';
import { failureOf, StoreError } from './store-error.js';
import type { CopyId, PriorityRank, QueuedCopy, QueueEntry, StoreInput, StoreOutput } from './store.js';

type UnreadableCopy = StoreOutput<'queue.claim'>['unreadable'][number];

const priorities: readonly PriorityRank[] = [0, 1, 2];

/** Ends of listings that are remembered, so that one goes on although its last copy has left the queue meanwhile. */
const listingsMax = 64;

const beforeAll = { arrivedAt: -Infinity, sequence: 0 };

/** Claims and listings of the copies that wait for their transfer. */
export class Queue {
  readonly #context: StoreContext;
  readonly #claims: Claims;
  readonly #counters: Counters;
  readonly #listings = new Map<CopyId, number>();

  constructor(context: StoreContext, claims: Claims, counters: Counters) {
    this.#context = context;
    this.#claims = claims;
    this.#counters = counters;
  }

  claim(batch: Batch, input: StoreInput<'queue.claim'>): StoreOutput<'queue.claim'> {
    const { connector, count, now, arrivedBefore } = input;
    this.#promote(batch, connector, now, this.#context.limits.promotedCopiesMax);
    const copies: QueuedCopy[] = [];
    const unreadable: UnreadableCopy[] = [];
    for (const priority of this.#isEmpty(connector, arrivedBefore) ? [] : priorities) {
      while (copies.length < count) {
        const places = this.#unclaimed(connector, priority, count - copies.length, arrivedBefore);
        if (places.length === 0) break;
        for (const place of places) {
          const taken = this.#take(batch, place);
          if ('text' in taken) unreadable.push(taken);
          else copies.push(taken);
        }
      }
    }
    const nextDueAt =
      this.#counters.of(connector, 'deferred') === 0 ? undefined : this.#context.copies.nextDueAt(connector);
    return { copies, unreadable, ...(nextDueAt === undefined ? {} : { nextDueAt }) };
  }

  /** A certain copy, however its turn is; undefined if it is held or gone. */
  claimCopy(batch: Batch, id: CopyId): QueuedCopy | undefined {
    const copy = this.#context.copies.find(id);
    if (copy === undefined || copy.state === 'held') return undefined;
    const taken = this.#take(batch, copy);
    return 'text' in taken ? undefined : taken;
  }

  unclaim(batch: Batch, ids: readonly CopyId[]): void {
    for (const id of ids) {
      const copy = this.#context.copies.find(id);
      if (copy === undefined) continue;
      const before = this.#claims.shown(copy);
      if (!this.#claims.release(batch, copy)) continue;
      this.#claims.mayBeQueued(copy);
      this.#counters.move(batch, copy.connector, before, copy.state);
    }
  }

  due(batch: Batch, connector: string): number {
    return this.#promote(batch, connector, Infinity, -1);
  }

  list({ connector, after, limit }: StoreInput<'queue.list'>): readonly QueueEntry[] {
    const sequence =
      after === undefined ? 0 : (this.#context.copies.find(after)?.sequence ?? this.#listings.get(after));
    if (sequence === undefined) throw new StoreError('not-found', `there is no copy ${after ?? ''}`);
    const found = this.#context.views.entriesAfter(sequence, connector, limit);
    const last = found.at(-1);
    if (last !== undefined) this.#listings.set(last.entry.copy, last.sequence);
    for (const oldest of this.#listings.keys()) {
      if (this.#listings.size <= listingsMax) break;
      this.#listings.delete(oldest);
    }
    return found.map((entry) => this.#present(entry));
  }

  show(identifier: string): StoreOutput<'queue.show'> {
    const found = this.#context.views.entriesOf(identifier);
    return found.map((entry) => ({ ...this.#present(entry), envelope: entry.envelope }));
  }

  /** Nothing waits that a claim could take; known without asking the database. */
  #isEmpty(connector: string, arrivedBefore: number | undefined): boolean {
    if (this.#counters.of(connector, 'queued') > 0) return false;
    return arrivedBefore === undefined || this.#counters.of(connector, 'deferred') === 0;
  }

  /** Makes deferred copies due; -1 for all of them. */
  #promote(batch: Batch, connector: string, notBefore: number, count: number): number {
    if (this.#counters.of(connector, 'deferred') === 0) return 0;
    const promoted = this.#context.copies.promote(connector, notBefore, count);
    for (const place of promoted) {
      if (this.#claims.has(place.sequence)) continue;
      this.#claims.mayBeQueued(place);
      this.#counters.move(batch, connector, 'deferred', 'queued');
    }
    return promoted.length;
  }

  /** The next queued copies of a priority in order; with `arrivedBefore` those that are not due as well. */
  #unclaimed(connector: string, priority: PriorityRank, count: number, arrivedBefore?: number): readonly CopyInTurn[] {
    const frontier = this.#claims.frontier(connector, priority);
    const { copies } = this.#context;
    const before = arrivedBefore ?? Infinity;
    const queued = this.#firstUnclaimed(copies.inTurn('queued', connector, priority, frontier, before), count);
    if (arrivedBefore === undefined) {
      const last = queued.at(-1);
      if (last !== undefined) this.#claims.passed(last);
      return queued;
    }
    const deferred = copies.inTurn('deferred', connector, priority, beforeAll, before);
    const both = [...queued, ...this.#firstUnclaimed(deferred, count)];
    return both.sort((a, b) => a.arrivedAt - b.arrivedAt || a.sequence - b.sequence).slice(0, count);
  }

  #firstUnclaimed(places: Iterable<CopyInTurn>, count: number): readonly CopyInTurn[] {
    const unclaimed: CopyInTurn[] = [];
    for (const place of places) {
      if (!this.#claims.has(place.sequence)) unclaimed.push(place);
      if (unclaimed.length >= count) break;
    }
    return unclaimed;
  }

  /** Claims the copy. One whose record does not decode is held instead, for an operator to see. */
  #take(batch: Batch, copy: CopyInTurn): QueuedCopy | UnreadableCopy {
    const { copies, limits, views } = this.#context;
    try {
      const queued = views.queued(copy.sequence, limits.claimedContentOctetsMax);
      this.#claims.claim(batch, copy);
      this.#counters.move(batch, copy.connector, copy.state, 'sending');
      return queued;
    } catch (error) {
      const { code, text } = failureOf(error);
      if (code !== 'malformed') throw error;
      copies.setState(copy.sequence, 'held', 0);
      copies.setLastError(copy.sequence, text);
      this.#counters.move(batch, copy.connector, copy.state, 'held');
      batch.onUndo(() => {
        this.#claims.mayBeQueued(copy);
      });
      return { copy: copies.idOf(copy.sequence) ?? '', text };
    }
  }

  #present({ sequence, entry }: FoundEntry): QueueEntry {
    return { ...entry, state: this.#claims.shown({ sequence, state: entry.state }) };
  }
}

import type { Acceptance } from './acceptance.js';
import type { Batch } from './batch.js';
import type { Claims } from './claims.js';
import type { Contents } from './contents.js';
import type { StoreContext } from './context.js';
import type { Counters } from './counters.js';
import { activityKey } from './incoming.js';
import type { OutgoingActivities } from './outgoing.js';
import type { QuarantineIntake } from './quarantine-intake.js';
import type { StoredCopy, StoredCopyState } from './sqlite/copy-table.js';
import { StoreError } from './store-error.js';
import type { Change, CommitOutput, CopyId } from './store.js';

export interface CommitmentParts {
  readonly context: StoreContext;
  readonly acceptance: Acceptance;
  readonly contents: Contents;
  readonly outgoing: OutgoingActivities;
  readonly intake: QuarantineIntake;
  readonly claims: Claims;
  readonly counters: Counters;
}

/** The atomic changes of the queue and the mailboxes. */
export class Commitment {
  readonly #parts: CommitmentParts;

  constructor(parts: CommitmentParts) {
    this.#parts = parts;
  }

  commit(batch: Batch, changes: readonly Change[]): CommitOutput {
    const { acceptance, intake } = this.#parts;
    const keys = [
      ...acceptance.duplicates(changes),
      ...intake
        .keysOf(changes)
        .filter(({ key, now }) => acceptance.wasSeen(key, now))
        .map(({ key }) => key),
    ];
    if (keys.length > 0) return { result: 'duplicate', keys };
    for (const change of changes) this.#apply(batch, change);
    return { result: 'committed' };
  }

  #apply(batch: Batch, change: Change): void {
    const { context, acceptance } = this.#parts;
    switch (change.type) {
      case 'message.insert':
        acceptance.insert(batch, change.message);
        return;
      case 'copy.transferred':
      case 'copy.failed':
        this.#removeCopy(batch, change.copy);
        return;
      case 'copy.removed':
        this.#copy(change.copy);
        this.#removeCopy(batch, change.copy);
        return;
      case 'copy.deferred':
        this.#defer(batch, change);
        return;
      case 'copy.held': {
        const copy = this.#copy(change.copy);
        this.#setState(batch, copy, 'held', 0, 'stays');
        if (change.reason !== undefined) context.copies.setLastError(copy.sequence, change.reason);
        return;
      }
      case 'copy.released':
        this.#release(batch, this.#copy(change.copy), change.notBefore);
        return;
      case 'activity.completed':
        context.memory.completed(activityKey(change.activity), change.at.wallClockMilliseconds);
        return;
      case 'delivery.removed':
        this.#removeDelivery(batch, change.mailbox, change.delivery);
        return;
      case 'quarantine.insert':
        this.#parts.intake.insert(batch, change.entry);
        return;
      case 'quarantine.removed':
        this.#parts.intake.remove(batch, change.id);
    }
  }

  /** A copy that is gone already is what was wanted: an operator may have removed it while it was sent. */
  #removeCopy(batch: Batch, id: CopyId): void {
    const { claims, context, counters, outgoing } = this.#parts;
    const copy = context.copies.find(id);
    if (copy === undefined) return;
    context.copies.remove(copy.sequence);
    outgoing.forget(batch, id);
    counters.copies(batch, copy.connector, claims.shown(copy), -1);
    claims.release(batch, copy);
    if (context.copies.hasCopies(copy.message)) return;
    counters.messages(batch, -1, context.messages.contentOctets(copy.message));
    if (!context.deliveries.hasDeliveries(copy.message)) this.#removeMessage(batch, copy.message);
  }

  #defer(batch: Batch, change: Extract<Change, { type: 'copy.deferred' }>): void {
    const { claims, context } = this.#parts;
    const { copies } = context;
    const copy = copies.find(change.copy);
    if (copy === undefined) return;
    // Held by an operator while it was sent: it stays so.
    if (copy.state === 'held') claims.release(batch, copy);
    else this.#setState(batch, copy, 'deferred', change.notBefore, 'ends');
    copies.setAttempts(copy.sequence, change.openAttempts, change.transferAttempts);
    copies.setLastError(copy.sequence, change.lastError);
  }

  #release(batch: Batch, copy: StoredCopy, notBefore: number): void {
    const isDeferred = notBefore > 0 && !this.#parts.claims.has(copy.sequence);
    this.#setState(batch, copy, isDeferred ? 'deferred' : 'queued', notBefore, 'stays');
  }

  /** A claim that `stays` is that of a transfer under way: until it has ended nobody else may send the copy. */
  #setState(batch: Batch, copy: StoredCopy, state: StoredCopyState, notBefore: number, claim: 'stays' | 'ends'): void {
    const { claims, context, counters } = this.#parts;
    const before = claims.shown(copy);
    if (claim === 'ends') claims.release(batch, copy);
    context.copies.setState(copy.sequence, state, Math.ceil(notBefore));
    counters.move(batch, copy.connector, before, claims.shown({ ...copy, state }));
    if (state === 'queued') claims.mayBeQueued(copy);
  }

  #removeDelivery(batch: Batch, mailbox: string, delivery: string): void {
    const { context, counters } = this.#parts;
    const message = context.deliveries.remove(mailbox, delivery);
    if (message === undefined) throw new StoreError('not-found', `there is no ${delivery} in mailbox ${mailbox}`);
    counters.delivered(batch, -1);
    if (!context.deliveries.hasDeliveries(message) && !context.copies.hasCopies(message)) {
      this.#removeMessage(batch, message);
    }
  }

  #removeMessage(batch: Batch, message: number): void {
    const reference = this.#parts.context.messages.remove(message);
    if (reference !== undefined) this.#parts.contents.release(batch, reference);
  }

  #copy(id: CopyId): StoredCopy {
    const copy = this.#parts.context.copies.find(id);
    if (copy === undefined) throw new StoreError('not-found', `there is no copy ${id}`);
    return copy;
  }
}

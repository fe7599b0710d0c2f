import type { Batch } from './batch.js';
import type { Claims } from './claims.js';
import type { Contents, SettledContent } from './contents.js';
import type { StoreContext } from './context.js';
import type { Counters } from './counters.js';
import type { IncomingApdus } from './incoming.js';
import type { Quarantine } from './quarantine.js';
import type { Change, NewMessage } from './store.js';

export interface AcceptanceParts {
  readonly context: StoreContext;
  readonly contents: Contents;
  readonly incoming: IncomingApdus;
  readonly quarantine: Quarantine;
  readonly claims: Claims;
  readonly counters: Counters;
}

/** Takes messages into the queue and the mailboxes. */
export class Acceptance {
  readonly #parts: AcceptanceParts;
  #duplicateRetentionMilliseconds = 0;
  #nextSequence = 1;

  constructor(parts: AcceptanceParts) {
    this.#parts = parts;
  }

  open(duplicateRetentionSeconds: number): void {
    this.#duplicateRetentionMilliseconds = duplicateRetentionSeconds * 1000;
    this.#nextSequence = this.#parts.context.memory.lastSequence() + 1;
  }

  /** Keys are forgotten that were seen before this, at a certain time. */
  seenBefore(now: number): number {
    return now - this.#duplicateRetentionMilliseconds;
  }

  /** Keys of new messages that were seen within the retention. */
  duplicates(changes: readonly Change[]): readonly string[] {
    return changes.flatMap((change) =>
      change.type === 'message.insert'
        ? change.message.duplicateKeys.filter((key) => this.wasSeen(key, change.message.arrivedAt))
        : [],
    );
  }

  wasSeen(key: string, now: number): boolean {
    const seenAt = this.#parts.context.memory.seen(key);
    return seenAt !== undefined && seenAt > this.seenBefore(now);
  }

  insert(batch: Batch, message: NewMessage): void {
    const { context, counters } = this.#parts;
    for (const key of message.duplicateKeys) context.memory.remember(key, message.arrivedAt);
    const content = this.#settle(batch, message);
    if (message.copies.length + message.deliveries.length === 0) {
      if (content.octets === undefined) this.#parts.contents.release(batch, content.reference);
      return;
    }
    const sequence = this.#nextSequence++;
    context.messages.insert(sequence, message, content);
    for (const delivery of message.deliveries) {
      context.deliveries.insert(this.#nextSequence++, sequence, delivery);
      counters.delivered(batch, 1);
    }
    this.#insertCopies(batch, message, sequence);
    if (message.copies.length > 0) counters.messages(batch, 1, message.contentOctets);
  }

  #insertCopies(batch: Batch, message: NewMessage, messageSequence: number): void {
    const { claims, context, counters } = this.#parts;
    const { priority } = message;
    const arrivedAt = Math.trunc(message.arrivedAt);
    for (const { id, connector, recipients, notBefore, claim } of message.copies) {
      const place = { sequence: this.#nextSequence++, connector, priority, arrivedAt };
      const state = notBefore > message.arrivedAt ? 'deferred' : 'queued';
      context.copies.insert({
        ...place,
        id,
        message: messageSequence,
        state,
        notBefore: Math.ceil(notBefore),
        recipients: JSON.stringify(recipients),
      });
      const isClaimed = claim === 'by-commit' && state === 'queued';
      if (isClaimed) claims.claim(batch, place);
      else if (state === 'queued') claims.mayBeQueued(place);
      counters.copies(batch, connector, isClaimed ? 'sending' : state, 1);
    }
  }

  #settle(batch: Batch, { id, content }: NewMessage): SettledContent {
    const { contents, incoming, quarantine } = this.#parts;
    switch (content.kind) {
      case 'none':
        return { reference: '', octets: undefined };
      case 'octets':
        return contents.settleOctets(id, content.octets);
      case 'stored':
        return contents.settleStored(batch, id, content.reference);
      case 'incoming':
        return contents.settleIncoming(id, incoming.take(batch, content.id), content.location);
      case 'quarantined':
        return contents.settleCopied(id, quarantine.source(content.id), content.location);
    }
  }
}

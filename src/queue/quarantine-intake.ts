import type { OctetSource } from '../p1/octet-source.js';
import { concatOctets } from '../bytes/octets.js';
import { headAround } from '../p1/apdu-head.js';
import type { Batch } from './batch.js';
import type { Contents } from './contents.js';
import type { StoreContext } from './context.js';
import type { IncomingApdus } from './incoming.js';
import type { Quarantine } from './quarantine.js';
import { StoreError } from './store-error.js';
import type { NewQuarantineEntry } from './quarantine-entry.js';
import type { Change, CopyId } from './store.js';

export interface QuarantineIntakeParts {
  readonly context: StoreContext;
  readonly contents: Contents;
  readonly incoming: IncomingApdus;
  readonly quarantine: Quarantine;
}

/** What goes into the quarantine by a commit, from wherever it is. */
export class QuarantineIntake {
  readonly #parts: QuarantineIntakeParts;

  constructor(parts: QuarantineIntakeParts) {
    this.#parts = parts;
  }

  /** By which arrivals among the changes are known again, and at what time that is asked. */
  keysOf(changes: readonly Change[]): readonly { readonly key: string; readonly now: number }[] {
    return changes.flatMap((change) => {
      if (change.type !== 'quarantine.insert' || change.entry.kind !== 'arrival') return [];
      return [{ key: this.#keyOf(change.entry), now: change.entry.quarantinedAt }];
    });
  }

  insert(batch: Batch, entry: NewQuarantineEntry): void {
    const { context, incoming, quarantine } = this.#parts;
    const { source, ...facts } = entry;
    if (entry.kind === 'arrival') context.memory.remember(this.#keyOf(entry), entry.quarantinedAt);
    quarantine.put(batch, facts, this.#sourceOf(source));
    if (source.kind === 'incoming') incoming.take(batch, source.id);
  }

  remove(batch: Batch, id: string): void {
    this.#parts.quarantine.remove(batch, id);
  }

  #keyOf({ connector = '', source }: NewQuarantineEntry): string {
    return this.#parts.quarantine.keyOf(connector, this.#sourceOf(source));
  }

  #sourceOf(source: NewQuarantineEntry['source']): OctetSource {
    switch (source.kind) {
      case 'octets': {
        const { octets } = source;
        return { octets: octets.length, read: (offset, length) => octets.subarray(offset, offset + length) };
      }
      case 'incoming':
        return this.#parts.incoming.source(source.id);
      case 'copy':
        return this.#copySource(source.copy);
    }
  }

  /** The copy as an APDU, its envelope as it is stored: nobody could make another of it. A message that is gone has no octets. */
  #copySource(id: CopyId): OctetSource {
    const { contents, context } = this.#parts;
    const copy = context.copies.find(id);
    if (copy === undefined) throw new StoreError('not-found', `there is no copy ${id}`);
    const message = context.messages.find(copy.message);
    if (message === undefined) return { octets: 0, read: () => new Uint8Array(0) };
    const { kind, envelope, contentReference } = message;
    const contentOctets = kind === 'message' ? message.contentOctets : 0;
    const head = headAround(kind, envelope, contentOctets);
    return {
      octets: head.length + contentOctets,
      read(offset, length) {
        const ofHead = head.subarray(offset, offset + length);
        const from = Math.max(offset - head.length, 0);
        const more = Math.min(length - ofHead.length, contentOctets - from);
        return more <= 0 ? ofHead : concatOctets(ofHead, contents.read(contentReference, from, more));
      },
    };
  }
}

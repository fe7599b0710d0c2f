import type { Batch } from './batch.js';
import type { StoreContext } from './context.js';
import type { QueueCounts } from './queue-counts.js';
import type { CopyState } from './store.js';

/** Counts of the queue, kept in step with every change; counted in the database only once, at the start. */
export class Counters {
  readonly #connectors = new Map<string, Record<CopyState, number>>();
  #messages = 0;
  #octets = 0;
  #delivered = 0;
  #quarantined = 0;

  recount({ copies, deliveries, quarantined }: Pick<StoreContext, 'copies' | 'deliveries' | 'quarantined'>): void {
    this.#connectors.clear();
    for (const { connector, state, copies: count } of copies.counts()) this.#addCopies(connector, state, count);
    const queued = copies.messages();
    this.#messages = queued.messages;
    this.#octets = queued.octets;
    this.#delivered = deliveries.count();
    this.#quarantined = quarantined.size().entries;
  }

  copies(batch: Batch, connector: string, state: CopyState, by: number): void {
    this.#addCopies(connector, state, by);
    batch.onUndo(() => {
      this.#addCopies(connector, state, -by);
    });
  }

  move(batch: Batch, connector: string, from: CopyState, to: CopyState): void {
    if (from === to) return;
    this.copies(batch, connector, from, -1);
    this.copies(batch, connector, to, 1);
  }

  /** `contentOctets`: of the one message that comes or goes. */
  messages(batch: Batch, by: 1 | -1, contentOctets: number): void {
    this.#addMessages(by, contentOctets);
    batch.onUndo(() => {
      this.#addMessages(-by, contentOctets);
    });
  }

  /** Of the contents of messages with a copy left to transfer. */
  get octets(): number {
    return this.#octets;
  }

  delivered(batch: Batch, by: number): void {
    this.#delivered += by;
    batch.onUndo(() => {
      this.#delivered -= by;
    });
  }

  /** Copies of a connector in a state. */
  of(connector: string, state: CopyState): number {
    return this.#connectors.get(connector)?.[state] ?? 0;
  }

  quarantined(batch: Batch, by: number): void {
    this.#quarantined += by;
    batch.onUndo(() => {
      this.#quarantined -= by;
    });
  }

  present(): QueueCounts {
    const connectors: Record<string, Readonly<Record<CopyState, number>>> = {};
    for (const [connector, states] of this.#connectors) {
      if (Object.values(states).some((count) => count > 0)) connectors[connector] = { ...states };
    }
    return {
      connectors,
      messages: this.#messages,
      octets: this.#octets,
      delivered: this.#delivered,
      quarantined: this.#quarantined,
    };
  }

  #addMessages(by: number, contentOctets: number): void {
    this.#messages += by;
    this.#octets += by * contentOctets;
  }

  #addCopies(connector: string, state: CopyState, by: number): void {
    const states = this.#connectors.get(connector) ?? { queued: 0, sending: 0, deferred: 0, held: 0 };
    this.#connectors.set(connector, states);
    states[state] += by;
  }
}

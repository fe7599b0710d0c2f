import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, CopyState, NewMessage, PriorityRank, StoreOutput } from '../../src/queue/store.js';
import { committedImage, newMessage, openStore, sampleOctets } from './support/fixture.js';
import { SimulatedDisk } from './support/simulated-disk.js';

interface ModelCopy {
  readonly id: string;
  readonly message: ModelMessage;
  readonly connector: string;
  readonly order: number;
  state: Exclude<CopyState, 'sending'>;
  isClaimed: boolean;
  notBefore: number;
}

interface ModelMessage {
  readonly id: string;
  readonly priority: PriorityRank;
  readonly arrivedAt: number;
  readonly content: Uint8Array;
  readonly deliveries: string[];
}

/** A claim outlasts what an operator does to the copy; a held copy is shown as held all the same. */
function shown({ state, isClaimed }: ModelCopy): CopyState {
  return isClaimed && state !== 'held' ? 'sending' : state;
}

/** The queue as its contract tells it, by the simplest means. */
class Model {
  copies: ModelCopy[] = [];
  messages: ModelMessage[] = [];
  #order = 0;

  insert(message: NewMessage, content: Uint8Array): void {
    const { id, priority, arrivedAt } = message;
    const inserted = {
      id,
      priority,
      arrivedAt,
      content,
      deliveries: message.deliveries.map((delivery) => delivery.id),
    };
    this.messages.push(inserted);
    for (const { id: copy, connector, notBefore } of message.copies) {
      const state = notBefore > arrivedAt ? 'deferred' : 'queued';
      this.copies.push({
        id: copy,
        message: inserted,
        connector,
        order: this.#order++,
        state,
        isClaimed: false,
        notBefore,
      });
    }
  }

  claim(connector: string, count: number, now: number): readonly string[] {
    for (const copy of this.copies) {
      if (copy.connector === connector && copy.state === 'deferred' && copy.notBefore <= now) copy.state = 'queued';
    }
    const claimed = this.copies
      .filter((copy) => copy.connector === connector && copy.state === 'queued' && !copy.isClaimed)
      .sort(
        (a, b) =>
          a.message.priority - b.message.priority || a.message.arrivedAt - b.message.arrivedAt || a.order - b.order,
      )
      .slice(0, count);
    for (const copy of claimed) copy.isClaimed = true;
    return claimed.map(({ id }) => id);
  }

  remove(copy: ModelCopy): void {
    this.copies = this.copies.filter((other) => other !== copy);
    this.#sweep();
  }

  removeDelivery(message: ModelMessage, delivery: string): void {
    message.deliveries.splice(message.deliveries.indexOf(delivery), 1);
    this.#sweep();
  }

  forgetClaims(): void {
    for (const copy of this.copies) copy.isClaimed = false;
  }

  counts(): StoreOutput<'counts'> {
    const connectors: Record<string, Record<CopyState, number>> = {};
    for (const copy of this.copies) {
      const { connector } = copy;
      const states = (connectors[connector] ??= { queued: 0, sending: 0, deferred: 0, held: 0 });
      states[shown(copy)] += 1;
    }
    const messages = new Set(this.copies.map(({ message }) => message));
    return {
      connectors,
      messages: messages.size,
      octets: [...messages].reduce((sum, { content }) => sum + content.length, 0),
      delivered: this.messages.reduce((sum, { deliveries }) => sum + deliveries.length, 0),
      quarantined: 0,
    };
  }

  #sweep(): void {
    this.messages = this.messages.filter(
      (message) => message.deliveries.length > 0 || this.copies.some((copy) => copy.message === message),
    );
  }
}

const connector = fc.constantFrom('beta', 'beta', 'beta', 'gamma');
const time = fc.nat(20);
const choice = fc.nat(1000);

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      priority: fc.constantFrom<PriorityRank>(0, 1, 1, 1, 2),
      arrivedAt: time,
      contentOctets: fc.constantFrom(0, 10, 40, 41, 200),
      copies: fc.array(fc.record({ connector, notBefore: time }), { maxLength: 3 }),
      deliveries: fc.nat(2),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), connector, count: fc.nat(4), now: time }) },
  fc.record({ do: fc.constant('unclaim' as const), choice }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('transferred' as const), choice }) },
  fc.record({ do: fc.constant('deferred' as const), choice, notBefore: time }),
  fc.record({ do: fc.constant('held' as const), choice }),
  fc.record({ do: fc.constant('released' as const), choice, notBefore: time }),
  fc.record({ do: fc.constant('due' as const), connector }),
  fc.record({ do: fc.constant('delivery removed' as const), choice }),
  fc.record({ do: fc.constant('restart' as const) }),
);

describe('the queue of the store, against a model', () => {
  it('holds the same copies in the same states, gives them in the same order, and keeps and drops the same messages', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let disk = new SimulatedDisk();
        const model = new Model();
        let store = openStore({ disk });
        let inserted = 0;
        const commit = (change: Change): void => void store.does('commit', { changes: [change] });
        const chosen = (number: number): ModelCopy | undefined =>
          model.copies[number % Math.max(model.copies.length, 1)];
        for (const next of steps) {
          switch (next.do) {
            case 'insert': {
              inserted += 1;
              const id = `m${String(inserted)}`;
              const octets = sampleOctets(next.contentOctets, inserted);
              const message = newMessage(id, {
                priority: next.priority,
                arrivedAt: next.arrivedAt,
                content: { kind: 'octets', octets },
                contentOctets: next.contentOctets,
                copies: next.copies.map((copy, i) => ({ ...copy, id: `${id}.${String(i)}`, recipients: [i] })),
                deliveries: Array.from({ length: next.deliveries }, (_, i) => {
                  return { id: `${id}-${String(i)}`, mailbox: 'anna', recipient: i, to: 'S=Smith' };
                }),
              });
              commit({ type: 'message.insert', message });
              if (next.copies.length + next.deliveries > 0) model.insert(message, octets);
              break;
            }
            case 'claim': {
              const { copies } = store.does('queue.claim', {
                connector: next.connector,
                count: next.count,
                now: next.now,
              });
              expect(copies.map(({ id }) => id)).toEqual(model.claim(next.connector, next.count, next.now));
              break;
            }
            case 'unclaim': {
              const copy = chosen(next.choice);
              if (copy === undefined) break;
              store.does('queue.unclaim', { copies: [copy.id] });
              copy.isClaimed = false;
              break;
            }
            case 'transferred': {
              const copy = chosen(next.choice);
              if (copy === undefined) break;
              commit({ type: 'copy.transferred', copy: copy.id });
              model.remove(copy);
              break;
            }
            case 'deferred': {
              const copy = chosen(next.choice);
              if (copy === undefined) break;
              const { notBefore } = next;
              commit({
                type: 'copy.deferred',
                copy: copy.id,
                notBefore,
                openAttempts: 1,
                transferAttempts: 0,
                lastError: '',
              });
              if (copy.state !== 'held') Object.assign(copy, { state: 'deferred', notBefore });
              copy.isClaimed = false;
              break;
            }
            case 'held': {
              const copy = chosen(next.choice);
              if (copy === undefined) break;
              commit({ type: 'copy.held', copy: copy.id });
              copy.state = 'held';
              break;
            }
            case 'released': {
              const copy = chosen(next.choice);
              if (copy === undefined) break;
              commit({ type: 'copy.released', copy: copy.id, notBefore: next.notBefore });
              const isDeferred = next.notBefore > 0 && !copy.isClaimed;
              Object.assign(copy, { state: isDeferred ? 'deferred' : 'queued', notBefore: next.notBefore });
              break;
            }
            case 'due': {
              const deferred = model.copies.filter(
                (copy) => copy.connector === next.connector && copy.state === 'deferred',
              );
              expect(store.does('queue.due', { connector: next.connector, now: 0 })).toEqual({
                copies: deferred.length,
              });
              for (const copy of deferred) copy.state = 'queued';
              break;
            }
            case 'delivery removed': {
              const delivered = model.messages.filter(({ deliveries }) => deliveries.length > 0);
              const message = delivered[next.choice % Math.max(delivered.length, 1)];
              const delivery = message?.deliveries[0];
              if (message === undefined || delivery === undefined) break;
              commit({ type: 'delivery.removed', mailbox: 'anna', delivery });
              model.removeDelivery(message, delivery);
              break;
            }
            case 'restart':
              disk = disk.processDeath();
              store = openStore({ disk, database: committedImage(store.database) });
              model.forgetClaims();
          }
          expect(store.does('counts', {})).toEqual(model.counts());
        }
        const listed = store.does('queue.list', { limit: 1000 });
        expect(listed.map(({ copy, state }) => [copy, state])).toEqual(
          model.copies.map((copy) => [copy.id, shown(copy)]),
        );
        const delivered = store.does('mailbox.list', { mailbox: 'anna' }).map(({ id }) => id);
        expect(delivered).toEqual(model.messages.flatMap(({ deliveries }) => deliveries));
        for (const { id, content, deliveries } of model.messages) {
          const [first] = deliveries;
          if (first === undefined) continue;
          const found = store.does('mailbox.get', { mailbox: 'anna', id: first });
          const octets = store.does('content.read', { reference: found?.content ?? id, offset: 0, length: 999 });
          expect(octets).toEqual(content);
        }
      }),
      { numRuns: 60 },
    );
  });
});

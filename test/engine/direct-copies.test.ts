import { describe, expect, it } from 'vitest';
import { ConnectorQueue, type ConnectorUser } from '../../src/engine/connector-queue.js';
import { reserveDirect } from '../../src/engine/direct-copies.js';
import type { NewMessage, QueuedCopy } from '../../src/queue/store.js';
import { facts, newCopy, newMessage, openStore } from '../queue/support/fixture.js';
import { alphaObject, only, valid } from '../config/site-files.js';
import { SlowStore } from './slow-store.js';

/** A queue without associations, whose store says that nothing waits. */
function emptyQueue(): { readonly queue: ConnectorQueue; readonly store: SlowStore } {
  const site = alphaObject();
  only(site).remote = { mtaName: 'MTA-BETA', password: 'beta-secret', transportSelector: 'MTA' }; // waits for its peer to call
  const [connector] = valid(site).connectors;
  if (connector === undefined) throw new Error('a site with a connector');
  const store = new SlowStore(() => ({ ok: true, value: { copies: [], unreadable: [] } }));
  const world = { wallClockMilliseconds: () => 5000, monotonicMilliseconds: () => 5000 };
  const queue = new ConnectorQueue({ world, store } as unknown as ConnectorUser, connector);
  queue.wake();
  store.answerAll();
  return { queue, store };
}

function reserved(queue: ConnectorQueue, ...messages: readonly NewMessage[]): readonly QueuedCopy[] {
  return reserveDirect(messages, new Map([['beta', queue]])).reservations.map(({ copy }) => copy);
}

describe('copies that go to their queue without the way through the store', () => {
  it.each([
    ['a small content', newMessage('m', { copies: [newCopy('m.c', { recipients: [0, 2] })] })],
    ['no content', newMessage('m', { kind: 'probe', content: { kind: 'none' }, contentOctets: 0, arrivedAt: 12.7 })],
  ])('are what a claim gives: %s', (_what, message) => {
    const { queue } = emptyQueue();
    const { does } = openStore();
    does('commit', { changes: [{ type: 'message.insert', message }] });
    const claimed = does('queue.claim', { connector: facts.connector, count: 1, now: 5000 }).copies;
    expect(reserved(queue, message)).toEqual(claimed);
  });

  it('are claimed by the commit', () => {
    const { queue } = emptyQueue();
    const { messages } = reserveDirect([newMessage('m')], new Map([['beta', queue]]));
    expect(messages[0]?.copies.map(({ claim }) => claim)).toEqual(['by-commit']);
  });

  it('are not those whose content lies in a file, or that are not due yet', () => {
    const { queue } = emptyQueue();
    const stored = newMessage('a', { content: { kind: 'stored', reference: 'content/a' } });
    expect(reserved(queue, stored)).toEqual([]);
    const later = emptyQueue();
    expect(reserved(later.queue, newMessage('b', { copies: [newCopy('b.c', { notBefore: 9000 })] }))).toEqual([]);
  });

  it('overtake no copy that has no place and is only being committed', () => {
    const { queue, store } = emptyQueue();
    const stored = newMessage('a', { content: { kind: 'stored', reference: 'content/a' } });
    expect(reserved(queue, stored, newMessage('b'))).toEqual([]);
    queue.wake();
    store.answerAll();
    expect(reserved(queue, newMessage('c')).map(({ id }) => id)).toEqual(['c.c']);
  });

  it('are 32 at once; a place that is cancelled is free again', () => {
    const { queue, store } = emptyQueue();
    const many = Array.from({ length: 40 }, (_, i) => newMessage(`m${String(i)}`));
    expect(reserved(queue, ...many)).toHaveLength(32);
    queue.cancel();
    queue.wake();
    store.answerAll();
    expect(reserved(queue, newMessage('x'), newMessage('y')).map(({ id }) => id)).toEqual(['x.c']);
  });
});

import { progressFiles } from '../../src/queue/progress-notes.js';
import { describe, expect, it } from 'vitest';
import type { CopyState } from '../../src/queue/store.js';
import type { VirtualAgent } from './virtual-agent.js';
import { anna, bob, makePair, testOctets } from './pair.js';

const long = testOctets(1_000_000);

/** What an operator does to the only copy in the queue. */
function change(alpha: VirtualAgent, how: 'held' | 'removed'): void {
  const [entry] = alpha.call('queue.list', { limit: 1 });
  if (entry === undefined) throw new Error('the queue is empty');
  const { copy, connector } = entry;
  alpha.call('commit', { changes: [{ type: how === 'held' ? 'copy.held' : 'copy.removed', copy }] });
  alpha.engine?.withdraw(connector, copy, how);
}

function queueOf(alpha: VirtualAgent): { readonly counted: number | undefined; readonly states: readonly CopyState[] } {
  return {
    counted: alpha.engine?.status().connectors[0]?.queued,
    states: alpha.call('queue.list', { limit: 10 }).map(({ state }) => state),
  };
}

/** A pair with a long message under way. */
function sendingPair() {
  const pair = makePair({});
  pair.alpha.start();
  pair.beta.start();
  pair.alpha.submit({ from: anna, to: [bob] }, long);
  pair.clock.run(60_000, () => (pair.alpha.engine?.status().associations[0]?.octets.confirmed ?? 0) > 300_000);
  return pair;
}

describe('a message that an operator takes away', () => {
  it('before it is sent is not sent, and no longer counted', () => {
    const { clock, alpha, beta } = makePair({ retry: { openIntervalSeconds: 10 } });
    alpha.start();
    alpha.submit({ from: anna, to: [bob] }, long);
    clock.run(1000);
    change(alpha, 'removed');
    expect(queueOf(alpha)).toEqual({ counted: 0, states: [] });
    beta.start();
    clock.run(60_000);
    expect(beta.mailbox('bob')).toEqual([]);
    expect(alpha.disk.files.filter((file) => !progressFiles.includes(file))).toEqual([]);
  });

  for (const how of ['held', 'removed'] as const) {
    const left = how === 'held' ? { counted: 1, states: ['held'] } : { counted: 0, states: [] };

    it(`is ${how} while it is sent: a lost association is not recovered for it`, () => {
      const { clock, network, alpha, beta } = sendingPair();
      change(alpha, how);
      network.cut();
      clock.run(120_000);
      expect(beta.mailbox('bob')).toEqual([]);
      expect(alpha.events('transfer.resumed')).toEqual([]);
      expect(queueOf(alpha)).toEqual(left);
    });

    it(`is ${how} while its association is lost: the recovered association goes on without it`, () => {
      const { clock, network, alpha, beta } = sendingPair();
      network.refusing = true;
      network.cut();
      clock.run(1000);
      change(alpha, how);
      network.refusing = false;
      clock.run(120_000);
      expect(alpha.events('association.recovered').length).toBe(1);
      expect(beta.mailbox('bob')).toEqual([]);
      expect(queueOf(alpha)).toEqual(left);
      alpha.submit({ from: anna, to: [bob] }, testOctets(100));
      clock.run(10_000);
      expect(beta.mailbox('bob').length).toBe(1);
    });
  }

  it('is held and released arrives once', () => {
    const { clock, network, alpha, beta } = sendingPair();
    change(alpha, 'held');
    network.cut();
    clock.run(10_000);
    const [entry] = alpha.call('queue.list', { limit: 1 });
    alpha.call('commit', { changes: [{ type: 'copy.released', copy: entry?.copy ?? '', notBefore: 0 }] });
    alpha.engine?.retryNow('beta');
    clock.run(60_000);
    expect(beta.mailbox('bob').length).toBe(1);
    expect(queueOf(alpha)).toEqual({ counted: 0, states: [] });
  });

  it('is sent again at once, and no other that is deferred with it', () => {
    const { clock, alpha, beta } = makePair({ retry: { transferIntervalSeconds: 3600, maxTransferRetries: 5 } });
    alpha.start();
    beta.start();
    beta.disk.space = 'none';
    for (const octets of [300_000, 400_000]) alpha.submit({ from: anna, to: [bob] }, testOctets(octets));
    clock.run(60_000, () => alpha.events('message.deferred').length === 2);
    beta.disk.space = 'plenty';
    const entry = alpha.call('queue.list', { limit: 10 }).find(({ sizeOctets }) => sizeOctets === 400_000);
    alpha.call('commit', { changes: [{ type: 'copy.released', copy: entry?.copy ?? '', notBefore: 0 }] });
    alpha.engine?.retryNow('beta');
    clock.run(60_000);
    expect(beta.mailbox('bob').map(({ sizeOctets }) => sizeOctets)).toEqual([400_000]);
    expect(queueOf(alpha)).toEqual({ counted: 1, states: ['deferred'] });
  });

  for (const cut of ['undisturbed', 'and cut'] as const) {
    it(`and gives back while it is sent, ${cut}, is sent once and counted once`, () => {
      const { clock, network, alpha, beta } = sendingPair();
      const [entry] = alpha.call('queue.list', { limit: 1 });
      change(alpha, 'held');
      alpha.call('commit', { changes: [{ type: 'copy.released', copy: entry?.copy ?? '', notBefore: 0 }] });
      alpha.engine?.retryNow('beta');
      clock.run(20);
      if (cut === 'and cut') network.cut();
      clock.run(120_000);
      expect(beta.mailbox('bob')).toHaveLength(1);
      expect(beta.events('message.duplicate')).toEqual([]);
      expect(alpha.events('transfer.completed')).toHaveLength(1);
      expect(queueOf(alpha)).toEqual({ counted: 0, states: [] });
    });
  }

  it('in the instant in which its transfer ends is counted out of the queue once', () => {
    const { clock, alpha, beta } = sendingPair();
    const [entry] = alpha.call('queue.list', { limit: 1 });
    alpha.storage.batchMilliseconds = 500;
    clock.run(60_000, () => beta.events('transfer.completed').length > 0);
    let removed = 0;
    // Between alpha's transfer and its commit, in the batch before it, or after both.
    alpha.engine?.store.execute(
      'commit',
      { changes: [{ type: 'copy.removed', copy: entry?.copy ?? '' }] },
      (answer) => {
        if (!answer.ok) return;
        removed += 1;
        alpha.engine?.withdraw('beta', entry?.copy ?? '', 'removed');
      },
    );
    clock.run(60_000);
    expect(removed).toBe(1);
    expect(alpha.events('transfer.completed')).toHaveLength(1);
    expect(queueOf(alpha)).toEqual({ counted: 0, states: [] });
    expect(() => alpha.call('commit', { changes: [{ type: 'copy.removed', copy: entry?.copy ?? '' }] })).toThrow(
      'there is no copy',
    );
  });
});

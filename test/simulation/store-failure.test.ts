import { describe, expect, it } from 'vitest';
import { equalOctets } from '../../src/bytes/octets.js';
import { anna, bob, makePair, testOctets } from './pair.js';

const content = testOctets(50_000);

/** A pair whose message is on its way when every commit of one of them begins to fail, for half a minute. */
function failingPair(victim: 'alpha' | 'beta', checkpointSizeK = 10) {
  const retry = { openIntervalSeconds: 5, transferIntervalSeconds: 5, maxTransferRetries: 1000 };
  const pair = makePair({ rts: { checkpointSizeK }, retry });
  const { clock, alpha, beta } = pair;
  alpha.start();
  beta.start();
  alpha.submit({ from: anna, to: [bob] }, content);
  clock.run(60_000, () => beta.events('transfer.started').length > 0);
  pair[victim].storage.databaseFailure = 'full';
  clock.run(30_000);
  pair[victim].storage.databaseFailure = undefined;
  clock.run(120_000);
  return pair;
}

describe('a store whose commits fail for a time', () => {
  it('at the receiver: the message arrives afterwards, and nothing is left of what was refused', () => {
    const { beta } = failingPair('beta');
    const [entry, ...others] = beta.mailbox('bob');
    expect(equalOctets(beta.content('bob', entry?.id ?? ''), content)).toBe(true);
    expect(others).toEqual([]);
    expect(beta.events('message.refused').length).toBeGreaterThan(1);
    beta.call('commit', { changes: [{ type: 'delivery.removed', mailbox: 'bob', delivery: entry?.id ?? '' }] });
    expect(beta.disk.files).toEqual([]);
  });

  it('at the receiver: no checkpoint of a small message is confirmed before the message is taken', () => {
    const { beta } = failingPair('beta', 30);
    expect(beta.events('message.refused').length).toBeGreaterThan(1);
    expect(beta.events('checkpoint.answered').length).toBe(beta.mailbox('bob').length);
  });

  it('at the sender: a copy that was transferred leaves the queue as soon as that can be stored', () => {
    const { alpha, beta } = failingPair('alpha');
    expect(beta.mailbox('bob').length).toBe(1);
    expect(alpha.call('queue.list', { limit: 10 })).toEqual([]);
    expect(alpha.events('store.failed').length).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { anna, bob, makePair, testOctets } from './pair.js';

const mebi = 1024 * 1024;

describe('a receiver whose disk is slower than the link', () => {
  it('is not read from while 4 MiB wait for its disk, and has the whole message in the end', () => {
    const { clock, network, alpha, beta } = makePair({ rts: { checkpointSizeK: 0, stallTimeoutSeconds: 600 } });
    let delivered = 0;
    network.onDelivery = (octets) => {
      delivered = octets;
    };
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: [bob] }, testOctets(12 * mebi));
    beta.storage.batchMilliseconds = 100_000;
    clock.run(90_000);
    expect(delivered).toBeGreaterThan(3 * mebi);
    expect(delivered).toBeLessThan(6 * mebi);
    beta.storage.batchMilliseconds = 1;
    clock.run(600_000, () => beta.events('message.delivered').length > 0);
    expect(beta.mailbox('bob')).toHaveLength(1);
  });
});

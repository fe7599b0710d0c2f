import { equalOctets } from '../../src/bytes/octets.js';
import { describe, expect, it } from 'vitest';
import { anna, bob, makePair, testOctets } from './pair.js';

describe('two agents on a virtual network', () => {
  for (const mode of ['normal', 'x410-1984'] as const) {
    it(`carry a short message octet for octet in mode ${mode} (X.411 §12, X.228)`, () => {
      const { clock, alpha, beta } = makePair({ mode });
      alpha.start();
      beta.start();
      const content = testOctets(500);
      const identifier = alpha.submit({ from: anna, to: [bob] }, content);
      clock.run(60_000, () => alpha.events('transfer.completed').length > 0);
      const [entry] = beta.mailbox('bob');
      expect(entry?.mtsIdentifier, JSON.stringify([alpha.log, beta.log], undefined, 1)).toBe(identifier);
      expect(equalOctets(beta.content('bob', entry?.id ?? ''), content)).toBe(true);
    });

    it(`carry a long message with checkpoints and resume it after a cut in mode ${mode} (X.228 §7.8)`, () => {
      const { clock, network, alpha, beta } = makePair({ mode });
      alpha.start();
      beta.start();
      const content = testOctets(1_000_000);
      network.onDelivery = (octets) => {
        if (octets < 600_000) return;
        network.onDelivery = undefined;
        network.cut();
      };
      alpha.submit({ from: anna, to: [bob] }, content);
      clock.run(60_000, () => alpha.events('transfer.completed').length > 0);
      const [entry] = beta.mailbox('bob');
      expect(entry, JSON.stringify([alpha.log, beta.log], undefined, 1)).toBeDefined();
      expect(equalOctets(beta.content('bob', entry?.id ?? ''), content)).toBe(true);
      const [resumed] = alpha.events('transfer.resumed');
      expect(resumed?.['fromOctet']).toBeGreaterThan(300_000);
      const [completed] = alpha.events('transfer.completed');
      expect(completed?.['octetsResent']).toBeLessThanOrEqual(6 * 30 * 1024);
    });
  }
});

import { describe, expect, it } from 'vitest';
import { anna, bob, makePair, testOctets } from './pair.js';

describe('Messages for a peer that cannot be reached yet', () => {
  it('go urgent first, then normal, then non-urgent, whatever their order of arrival (P1-011)', () => {
    const { clock, alpha, beta } = makePair();
    alpha.start();
    const order = ['non-urgent', 'normal', 'urgent', 'non-urgent', 'urgent'] as const;
    const identifiers = order.map((priority, i) => {
      const identifier = alpha.submit({ from: anna, to: [bob], priority }, testOctets(100 + i));
      clock.run(1000, () => false);
      return identifier;
    });
    beta.start();
    clock.run(600_000, () => beta.mailbox('bob').length === order.length);
    const arrived = beta.events('message.delivered').map((fields) => fields['mts']);
    expect(arrived).toEqual([2, 4, 1, 0, 3].map((i) => identifiers[i]));
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testMilliseconds } from '../daemon/daemons.js';
import { Pair, retry, rts } from './pair.js';
import { cutsIn } from './scenes.js';

describe('a new association', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  const association = { lifetimeSeconds: 1 };
  beforeAll(() => pair.start({ both: { connector: { override: { rts, retry, association } } } }));
  afterAll(() => pair.close());
  beforeEach(() => pair.withoutAssociation());

  for (const [field, on, stream, value] of [
    ['checkpointSize', 'RTORQ', 'upstream', 2],
    ['windowSize', 'RTORQ', 'upstream', 1],
    ['checkpointSize', 'RTOAC', 'downstream', 1],
    ['windowSize', 'RTOAC', 'downstream', 2],
  ] as const) {
    it(`with another ${field} in its ${on} carries a message once`, async () => {
      const before = pair.struckKinds.length;
      await pair.expectDelivery([{ kind: 'change', field, value, when: { on, stream } }]);
      expect(pair.struckKinds.slice(before)).toEqual(['change']);
    });
  }

  for (const { text, fault } of [...cutsIn('opening'), ...cutsIn('release')]) {
    it(`that is cut ${text} carries a message once, or has done so`, () => pair.expectDelivery([fault]));
  }
});

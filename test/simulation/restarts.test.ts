import { describe, expect, it } from 'vitest';
import type { Site } from '../../src/config/site.js';
import { anna, bob, makePair, testOctets, type PairOptions } from './pair.js';
import { arrivedOnce, costOfCutOctetsMax, eventsText, strikeAt, struckPair, type Pair } from './struck.js';
import { VirtualAgent } from './virtual-agent.js';

const modes = ['normal', 'x410-1984'] as const;

/** Beta is gone for ever, and another agent with the same name and an empty store stands in its place. */
function replacedBeta(pair: Pair): Pair {
  pair.beta.kill();
  pair.network.cut();
  const beta = new VirtualAgent(pair.clock, pair.network, pair.beta.site);
  beta.start();
  return { ...pair, beta };
}

/** The transfer began twice and was never resumed; what was sent in vain is counted. */
function beganAnew({ alpha, beta }: Pair): void {
  const text = eventsText({ alpha, beta });
  expect(alpha.events('transfer.started').length, text).toBe(2);
  expect(alpha.events('transfer.restarted').length, text).toBe(1);
  const [completed] = alpha.events('transfer.completed');
  expect(completed?.['octetsResent']).toBeGreaterThan(500_000);
  expect(alpha.engine?.status().connectors[0]?.octetsResent).toBe(completed?.['octetsResent']);
}

describe('a transfer that cannot be resumed begins anew', () => {
  for (const mode of modes) {
    it(`when the peer does not know the association: it cannot recover, mode ${mode} (R-039, R-057)`, () => {
      let replaced: Pair | undefined;
      const pair = struckPair({ mode }, (struck) => {
        replaced = replacedBeta(struck);
      });
      pair.clock.run(60_000, () => replaced !== undefined);
      if (replaced === undefined) throw new Error('nothing was struck');
      arrivedOnce(replaced);
      beganAnew(replaced);
    });

    it(`when the peer knows the association and not the activity, or not that checkpoint: RTAB 2, mode ${mode} (R-032, R-056)`, () => {
      const pair = struckPair({ mode }, ({ network, beta }) => {
        network.cut();
        for (const file of beta.disk.files) {
          if (file.startsWith('incoming/')) beta.call('incoming.discard', { id: file.replace('incoming/', '') });
        }
      });
      arrivedOnce(pair);
      expect(pair.beta.events('transfer.unknown').length, eventsText(pair)).toBe(1);
      expect(pair.alpha.events('association.lost').at(-1)?.['text']).toContain('unrecognized-activity');
      expect(pair.alpha.events('message.deferred')).toEqual([]); // at once, and no failed attempt
      beganAnew(pair);
    });

    it(`when the recovery timeout is 0, mode ${mode}`, () => {
      const pair = struckPair({ mode, rts: { recoveryTimeoutSeconds: 0 } }, ({ network }) => {
        network.cut();
      });
      arrivedOnce(pair);
      beganAnew(pair);
      expect(pair.beta.disk.files.length).toBe(1); // the message that arrived
    });

    it(`when its sender does not keep it as long as its receiver, mode ${mode}`, () => {
      const options = { mode, rts: { recoveryTimeoutSeconds: 2 }, betaRts: { recoveryTimeoutSeconds: 600 } };
      const pair = struckPair({ ...options, retry: { openIntervalSeconds: 5 } }, ({ network, clock }) => {
        network.refusing = true;
        network.cut();
        clock.schedule(10_000, () => {
          network.refusing = false;
        });
      });
      arrivedOnce(pair);
      beganAnew(pair);
    });

    it(`when its receiver does not keep it as long as its sender, mode ${mode}`, () => {
      const options = { mode, rts: { recoveryTimeoutSeconds: 600 }, betaRts: { recoveryTimeoutSeconds: 2 } };
      const pair = struckPair(options, ({ network, clock }) => {
        network.refusing = true;
        network.cut();
        clock.schedule(10_000, () => {
          network.refusing = false;
        });
      });
      arrivedOnce(pair);
      beganAnew(pair);
      expect(pair.beta.events('transfer.forgotten').length).toBe(1);
    });
  }

  it('again and again, and counts all that was sent in vain', () => {
    const pair = struckPair({ rts: { recoveryTimeoutSeconds: 0 } }, ({ network, ...rest }) => {
      network.cut();
      strikeAt({ network, ...rest }, network.octetsDelivered + 600_000, () => {
        network.cut();
      });
    });
    arrivedOnce(pair);
    expect(pair.alpha.events('transfer.started').length).toBe(3);
    expect(pair.alpha.events('transfer.completed')[0]?.['octetsResent']).toBeGreaterThan(1_000_000);
  });
});

describe('values that are loaded between a loss and its recovery', () => {
  const changes: readonly [string, PairOptions][] = [
    ['a larger checkpoint size and window', { rts: { checkpointSizeK: 60, windowSize: 9 } }],
    ['no checkpoints', { rts: { checkpointSizeK: 0 } }],
    ['another dialogue', { dialogue: 'two-way-alternate' }],
    ['another mode', { mode: 'x410-1984' }],
    ['another version of P1', { mode: 'x410-1984', p1: '1984' }],
  ];
  for (const [what, options] of changes) {
    it(`do not touch the interrupted transfer: ${what}`, () => {
      const changed = makePair(options);
      const sites: Readonly<Record<'alpha' | 'beta', Site>> = { alpha: changed.alpha.site, beta: changed.beta.site };
      const pair = struckPair({}, ({ network, alpha, beta }) => {
        network.cut();
        alpha.reload(sites.alpha);
        beta.reload(sites.beta);
      });
      arrivedOnce(pair);
      const { alpha, beta } = pair;
      expect(alpha.events('transfer.resumed').length, eventsText(pair)).toBe(1);
      expect(alpha.events('transfer.started').length).toBe(1);
      expect(alpha.events('transfer.completed')[0]?.['octetsResent']).toBeLessThanOrEqual(costOfCutOctetsMax);
      expect(alpha.events('association.opened').at(-1)).toMatchObject({
        negotiatedCheckpointSizeK: 30,
        negotiatedWindowSize: 5,
        mode: 'normal',
        dialogue: 'monologue',
      });
      // What comes next is sent all the same.
      alpha.submit({ from: anna, to: [bob], contentType: '2' }, testOctets(100));
      pair.clock.run(30_000);
      expect(beta.mailbox('bob').length, eventsText(pair)).toBe(2);
    });
  }
});

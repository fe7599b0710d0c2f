import { describe, expect, it } from 'vitest';
import { anna, bob, makePair, testOctets } from './pair.js';
import { StoreError } from '../../src/queue/store-error.js';
import { arrivedOnce, costOfCutOctetsMax, eventsText, long, struckPair } from './struck.js';

const retry = { maxTransferRetries: 2, transferIntervalSeconds: 10 };
const troubleMilliseconds = 5000;

describe('a receiver in trouble (X.228 §7.6)', () => {
  for (const mode of ['normal', 'x410-1984'] as const) {
    it(`without room in its store refuses the activity, not the association, and gets the message later, mode ${mode} (R-029)`, () => {
      const pair = struckPair({ mode, retry }, ({ beta, clock }) => {
        beta.disk.space = 'none';
        clock.schedule(troubleMilliseconds, () => {
          beta.disk.space = 'plenty';
        });
      });
      arrivedOnce(pair);
      const { alpha, beta } = pair;
      expect(alpha.events('association.lost'), eventsText(pair)).toEqual([]);
      expect(beta.events('transfer.trouble').map(({ text }) => text)).toContain('no space left');
      const [deferred] = alpha.events('message.deferred');
      expect(deferred?.['text']).toBe('exception report of the receiver, reason 0'); // no further attempt is wanted now
    });

    it(`takes the running transfer to its end below the disk reserve, and refuses the next one, mode ${mode}`, () => {
      const pair = struckPair({ mode, retry }, ({ beta }) => {
        beta.disk.space = 'reserve';
      });
      arrivedOnce(pair);
      const { clock, alpha, beta } = pair;
      alpha.submit({ from: anna, to: [bob] }, testOctets(300_000));
      clock.run(5000);
      expect(alpha.events('association.lost')).toEqual([]);
      expect(beta.events('transfer.trouble').map(({ text }) => text)).toEqual([
        'the disk reserve is reached',
        'the disk reserve is reached',
      ]);
      beta.disk.space = 'plenty';
      clock.run(20_000);
      expect(beta.mailbox('bob').length).toBe(2);
    });
  }

  for (const mode of ['normal', 'x410-1984'] as const) {
    it(`whose disk fails once has the activity interrupted and resumed on the same association, mode ${mode} (R-030)`, () => {
      const pair = struckPair({ mode }, ({ beta }) => {
        const { disk } = beta;
        const sync = disk.sync.bind(disk);
        disk.sync = () => {
          disk.sync = sync;
          throw new StoreError('input-output', 'the disk failed');
        };
      });
      arrivedOnce(pair);
      const { alpha } = pair;
      expect(alpha.events('association.lost'), eventsText(pair)).toEqual([]);
      expect(alpha.events('transfer.resumed').length, eventsText(pair)).toBe(1);
      expect(alpha.events('transfer.completed')[0]?.['octetsResent']).toBeLessThanOrEqual(costOfCutOctetsMax);
    });
  }

  it('that fills its disk for a moment has the activity begun anew, which then is the one that a later loss resumes', () => {
    const pair = struckPair({}, ({ alpha, beta, clock, network }) => {
      beta.disk.space = 'none';
      clock.schedule(3, () => {
        beta.disk.space = 'plenty';
      });
      alpha.observer = ({ event, fields }) => {
        if (event !== 'checkpoint.confirmed' || Number(fields['octet']) < 700_000) return;
        alpha.observer = undefined;
        clock.schedule(0, () => {
          alpha.kill();
          network.cut();
          clock.schedule(1000, () => {
            alpha.start();
          });
        });
      };
    });
    arrivedOnce(pair);
    expect(pair.alpha.events('transfer.started').length, eventsText(pair)).toBe(2);
    expect(pair.alpha.events('transfer.resumed').length).toBe(1);
    expect(pair.beta.events('transfer.unknown')).toEqual([]);
  });

  it('refuses what is too long beyond doubt while it comes; attempts that confirm the same checkpoints again end in a report', () => {
    const pair = makePair({ retry, rts: { checkpointSizeK: 1024 } });
    const { clock, alpha, beta } = pair;
    beta.site = { ...beta.site, limits: { ...beta.site.limits, messageOctetsMax: 1024 } };
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: [bob] }, testOctets(12 * 1024 * 1024));
    clock.run(120_000);
    const refused = beta.log.filter(({ event }) => event === 'rts.apdu-too-large');
    expect(refused.length, eventsText(pair)).toBe(6); // three transfers, each with the one retry that reason 0 is worth
    expect(alpha.events('transfer.given-up').length).toBe(1);
    expect(alpha.mailbox('anna').map(({ kind }) => kind)).toEqual(['report']);
    expect(alpha.events('association.lost')).toEqual([]);
  });

  it('reports what is longer than it takes, where only the whole message shows that', () => {
    const { clock, alpha, beta } = makePair({ retry });
    beta.site = { ...beta.site, limits: { ...beta.site.limits, messageOctetsMax: 500_000 } };
    alpha.start();
    beta.start();
    alpha.submit({ from: anna, to: [bob] }, long);
    clock.run(60_000);
    expect(alpha.mailbox('anna').map(({ kind }) => kind)).toEqual(['report']);
    expect(alpha.events('transfer.completed').length).toBeGreaterThan(0);
  });
});

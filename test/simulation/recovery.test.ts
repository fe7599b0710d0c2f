import { describe, expect, it } from 'vitest';
import { equalOctets } from '../../src/bytes/octets.js';
import { anna, bob, makePair, testOctets } from './pair.js';
import { arrivedOnce, checkpointOctets, eventsText, long, struckPair } from './struck.js';

describe('an interrupted transfer', () => {
  for (const mode of ['normal', 'x410-1984'] as const) {
    for (const victim of ['alpha', 'beta'] as const) {
      for (const how of ['process', 'power'] as const) {
        it(`resumes in mode ${mode} when ${victim} dies by loss of ${how} and is started again`, () => {
          const pair = struckPair({ mode }, ({ clock, network, ...agents }) => {
            agents[victim].kill(how);
            network.cut();
            clock.schedule(2000, () => {
              agents[victim].start();
            });
          });
          arrivedOnce(pair);
          const [resumed] = pair.alpha.events('transfer.resumed');
          expect(resumed?.['fromOctet']).toBeGreaterThanOrEqual(how === 'power' && victim === 'alpha' ? 0 : 400_000);
        });
      }
    }

    it(`starts again from the beginning in mode ${mode} when the peer returns after the recovery timeout`, () => {
      const pair = struckPair(
        { mode, rts: { recoveryTimeoutSeconds: 5 }, retry: { openIntervalSeconds: 10 } },
        ({ clock, network }) => {
          network.refusing = true;
          network.cut();
          clock.schedule(20_000, () => {
            network.refusing = false;
          });
        },
      );
      arrivedOnce(pair);
      expect(pair.alpha.events('transfer.resumed')).toEqual([]);
      expect(pair.alpha.events('transfer.restarted').length).toBe(1);
      // The file of the message that arrived, and nothing of the one that was given up.
      expect(pair.beta.disk.files.length, pair.beta.disk.files.join()).toBe(1);
    });

    it(`is taken up again in mode ${mode} after a link that fell silent, by the stall timeout`, () => {
      const pair = struckPair({ mode, rts: { stallTimeoutSeconds: 5 } }, ({ network }) => {
        network.silence();
      });
      arrivedOnce(pair);
      const [completed] = pair.alpha.events('transfer.completed');
      expect(completed?.['octetsResent']).toBeLessThanOrEqual(6 * checkpointOctets);
    });
  }

  it('resumes when its sender is stopped cleanly and started again', () => {
    const pair = struckPair({}, ({ clock, alpha }) => {
      alpha.engine?.stop(() => {
        alpha.kill();
        clock.schedule(1000, () => {
          alpha.start();
        });
      });
    });
    arrivedOnce(pair);
    expect(pair.alpha.events('transfer.resumed').length, eventsText(pair)).toBe(1);
  });

  it('survives a link that is cut again and again, each cut costing at most the window and the piece in flight', () => {
    const pair = makePair();
    pair.alpha.start();
    pair.beta.start();
    let next = 150_000;
    pair.network.onDelivery = (octets) => {
      if (octets < next) return;
      next += 250_000;
      pair.clock.schedule(0, () => {
        pair.network.cut();
      });
    };
    pair.alpha.submit({ from: anna, to: [bob] }, long);
    pair.clock.run(200_000, () => pair.beta.events('message.delivered').length > 0);
    pair.network.onDelivery = undefined;
    arrivedOnce(pair);
    const cuts = pair.alpha.events('association.lost').length;
    expect(cuts).toBeGreaterThan(3);
    const resent = pair.alpha.engine?.status().connectors[0]?.octetsResent ?? Infinity;
    expect(resent).toBeLessThanOrEqual(cuts * 6 * checkpointOctets);
  });

  it('leaves what is queued behind it to the association that comes next', () => {
    const pair = struckPair({}, ({ network }) => {
      network.cut();
    });
    pair.alpha.submit({ from: anna, to: [bob] }, testOctets(100_000));
    pair.clock.run(60_000, () => pair.beta.mailbox('bob').length === 2);
    expect(pair.beta.mailbox('bob').length, eventsText(pair)).toBe(2);
  });

  it('counts the last piece as sent when it is sent, not when it is read ahead', () => {
    const pair = makePair({ rts: { checkpointSizeK: 10, windowSize: 1 } });
    pair.network.latencyMilliseconds = 100;
    pair.alpha.start();
    pair.beta.start();
    pair.alpha.submit({ from: anna, to: [bob] }, testOctets(35 * 1024));
    pair.clock.run(60_000, () => pair.alpha.events('checkpoint.confirmed').length === 1);
    pair.network.cut();
    pair.clock.run(60_000, () => pair.alpha.events('transfer.completed').length > 0);
    const [completed] = pair.alpha.events('transfer.completed');
    expect(completed?.['octetsResent']).toBeLessThanOrEqual(2 * 10 * 1024);
  });

  it('arrives whole whenever it is cut while a slow store is asked about its end', () => {
    const content = testOctets(5000);
    for (let milliseconds = 50; milliseconds < 65; milliseconds += 1) {
      const { clock, network, alpha, beta } = makePair({ rts: { checkpointSizeK: 1 } });
      network.octetsPerSecond = 100_000;
      beta.storage.batchMilliseconds = 5;
      alpha.start();
      beta.start();
      alpha.submit({ from: anna, to: [bob] }, content);
      clock.run(60_000, () => beta.events('transfer.started').length > 0);
      clock.run(milliseconds);
      network.cut();
      clock.run(60_000, () => alpha.events('transfer.completed').length > 0);
      const [entry, ...others] = beta.mailbox('bob');
      expect(equalOctets(beta.content('bob', entry?.id ?? ''), content), `after ${String(milliseconds)} ms`).toBe(true);
      expect(others).toEqual([]);
    }
  });

  it('is not delivered twice when the end confirmation is lost', () => {
    const pair = makePair();
    pair.alpha.start();
    pair.beta.start();
    pair.alpha.submit({ from: anna, to: [bob] }, long);
    // The message is accepted at beta; before anything of the answer arrives, the link is cut.
    pair.clock.run(60_000, () => pair.beta.events('message.accepted').length > 0);
    pair.network.cut();
    arrivedOnce(pair);
    pair.clock.run(60_000, () => pair.alpha.events('transfer.completed').length > 0);
    expect(pair.alpha.events('transfer.completed').length).toBe(1);
    expect(pair.beta.mailbox('bob').length).toBe(1);
  });

  it('of a short message is sent again after a cut and recognised when it had arrived', () => {
    const pair = makePair();
    pair.alpha.start();
    pair.beta.start();
    pair.alpha.submit({ from: anna, to: [bob] }, testOctets(300));
    pair.clock.run(60_000, () => pair.beta.events('message.accepted').length > 0);
    pair.network.cut();
    pair.clock.run(60_000, () => pair.alpha.events('transfer.completed').length > 0);
    expect(pair.beta.events('message.duplicate').length, eventsText(pair)).toBe(1);
    expect(pair.beta.mailbox('bob').length).toBe(1);
  });
});

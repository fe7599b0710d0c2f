import { describe, expect, it } from 'vitest';
import { anna, bob, makePair } from './pair.js';
import { arrivedOnce, costOfCutOctetsMax, eventsText, long, struckPair, type Pair } from './struck.js';

/** The transfer was begun once, whatever happened, and cost so many cuts at most. */
function resumedAfter({ alpha, beta }: Pair, cuts: number): void {
  expect(alpha.events('transfer.started').length, eventsText({ alpha, beta })).toBe(1);
  expect(alpha.events('transfer.completed')[0]?.['octetsResent']).toBeLessThanOrEqual(cuts * costOfCutOctetsMax);
}

describe('a lost end confirmation (X.228 §7.8.1)', () => {
  for (const mode of ['normal', 'x410-1984'] as const) {
    for (const victims of [[], ['alpha'], ['beta'], ['alpha', 'beta']] as const) {
      const how = victims.length === 0 ? 'by a cut' : `as ${victims.join(' and ')} died`;
      it(`is given again, and nothing else sent again but the window, ${how}, mode ${mode} (R-033)`, () => {
        const pair = makePair({ mode });
        pair.alpha.start();
        pair.beta.start();
        pair.alpha.submit({ from: anna, to: [bob] }, long);
        // The message is accepted at beta; before anything of the answer arrives, the link is cut.
        pair.clock.run(60_000, () => pair.beta.events('message.accepted').length > 0);
        for (const victim of victims) {
          pair[victim].kill();
          pair.clock.schedule(2000, () => {
            pair[victim].start();
          });
        }
        pair.network.cut();
        pair.clock.run(60_000, () => pair.alpha.events('transfer.completed').length > 0);
        arrivedOnce(pair);
        resumedAfter(pair, 1);
        expect(pair.beta.events('transfer.completed-before').length).toBe(1);
      });
    }
  }
});

describe('a recovery that is lost itself (X.228 §7.8.3)', () => {
  it('when the peer has accepted it and nothing was resumed yet, is made again', () => {
    const pair = struckPair({}, ({ network, beta, clock }) => {
      network.cut();
      beta.observer = ({ event }) => {
        if (event !== 'association.recovered') return;
        beta.observer = undefined;
        clock.schedule(0, () => {
          network.cut();
        });
      };
    });
    arrivedOnce(pair);
    expect(pair.beta.events('association.recovered').length).toBe(2);
    resumedAfter(pair, 2);
  });

  it('when the activity has just been resumed and nothing confirmed, is made again', () => {
    const pair = struckPair({}, ({ network, beta, clock }) => {
      network.cut();
      beta.observer = ({ event }) => {
        if (event !== 'transfer.resumed') return;
        beta.observer = undefined;
        clock.schedule(0, () => {
          network.cut();
        });
      };
    });
    arrivedOnce(pair);
    resumedAfter(pair, 2);
  });

  it('finds the half-dead association that it replaces, and ends that', () => {
    const rts = { stallTimeoutSeconds: 5 };
    const pair = struckPair({ rts, betaRts: { stallTimeoutSeconds: 300 } }, ({ network }) => {
      network.silence();
    });
    arrivedOnce(pair);
    expect(pair.beta.events('association.lost')[0]?.['text']).toBe('replaced by its recovery');
    resumedAfter(pair, 1);
  });

  it('while the store is asked for what was kept, is made again, and leaves nothing behind', () => {
    const pair = struckPair({ rts: { recoveryTimeoutSeconds: 20 } }, ({ network, beta, clock }) => {
      network.cut();
      beta.observer = ({ event }) => {
        if (event !== 'association.recovered') return;
        beta.observer = undefined;
        beta.answerMilliseconds = 500;
        clock.schedule(300, () => {
          network.cut();
          beta.answerMilliseconds = 0;
        });
      };
    });
    arrivedOnce(pair);
    resumedAfter(pair, 2);
    pair.clock.run(60_000);
    expect(pair.beta.engine?.status().associations.map(({ state }) => state)).toEqual(['idle']);
    expect(pair.beta.events('transfer.forgotten')).toEqual([]);
  });

  it('is not refused to a peer whose own abort it crosses', () => {
    const pair = struckPair({}, ({ network, beta, clock }) => {
      // Beta goes down in order: its RTAB and the cut of alpha's side meet.
      beta.engine?.stop(() => {
        beta.kill();
        clock.schedule(1000, () => {
          beta.start();
        });
      });
      network.cut();
    });
    arrivedOnce(pair);
    resumedAfter(pair, 1);
  });

  it('of both ends at once, each for its own association, crosses without harm', () => {
    const pair = struckPair({}, ({ network }) => {
      network.cut();
    });
    pair.beta.submit({ from: bob, to: [anna] }, long);
    arrivedOnce(pair);
    pair.clock.run(60_000, () => pair.alpha.events('message.delivered').length > 0);
    expect(pair.alpha.mailbox('anna').length).toBe(1);
    for (const agent of [pair.alpha, pair.beta]) {
      expect(agent.events('association.recovered').length).toBe(2); // its own, and the peer's
      const resent = agent.events('transfer.completed').map(({ octetsResent = 0 }) => Number(octetsResent));
      expect(Math.max(...resent)).toBeLessThanOrEqual(costOfCutOctetsMax);
    }
  });
});

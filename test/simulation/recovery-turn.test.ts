import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { anna, bob, makePair, testOctets, type PairOptions } from './pair.js';
import { costOfCutOctetsMax, eventsText, long, strikeAt, type Pair } from './struck.js';
import { VirtualNetwork } from './virtual-network.js';

const modes = ['normal', 'x410-1984'] as const;

/** Two-way alternate on an association of alpha's, on which beta has got the turn and sends the long message. */
function responderSends(
  mode: (typeof modes)[number],
  strike: (pair: Pair) => void,
  options: PairOptions = { rts: { stallTimeoutSeconds: 5 } },
): Pair {
  const pair = makePair({ ...options, mode, dialogue: 'two-way-alternate' });
  pair.alpha.start();
  pair.beta.start();
  pair.alpha.submit({ from: anna, to: [bob] }, testOctets(100));
  pair.clock.run(1000);
  strike(pair);
  pair.beta.submit({ from: bob, to: [anna] }, long);
  return pair;
}

/** The middle of the transfer. */
function inTheMiddle(strike: (pair: Pair) => void): (pair: Pair) => void {
  return (pair) => {
    strikeAt(pair, pair.network.octetsDelivered + 600_000, strike);
  };
}

function arrivedOnceAtAlpha({ alpha, beta, clock }: Pair): void {
  clock.run(200_000, () => alpha.engine !== undefined && alpha.events('message.delivered').length > 0);
  clock.run(20_000);
  expect(alpha.mailbox('anna').length, eventsText({ alpha, beta })).toBe(1);
  expect(beta.engine?.status().connectors[0]?.queued).toBe(0);
}

/** What beta sent was begun once and cost so many cuts at most. */
function resumedAfter({ alpha, beta }: Pair, cuts: number): void {
  const outgoing = (name: string) => beta.events(name).filter(({ direction }) => direction !== 'incoming');
  expect(outgoing('transfer.started').length, eventsText({ alpha, beta })).toBe(1);
  const [completed] = outgoing('transfer.completed');
  expect(completed?.['octetsResent']).toBeLessThanOrEqual(cuts * costOfCutOctetsMax);
}

describe('a transfer of the responder, which has the turn', () => {
  for (const mode of modes) {
    for (const victims of [[], ['alpha'], ['beta'], ['alpha', 'beta']] as const) {
      const how = victims.length === 0 ? 'a cut' : `the death of ${victims.join(' and ')}`;
      it(`goes on after ${how} on an association that the initiator recovers, mode ${mode} (R-041)`, () => {
        const strike = inTheMiddle(({ network, clock, ...agents }) => {
          for (const victim of victims) {
            agents[victim].kill();
            clock.schedule(2000, () => {
              agents[victim].start();
            });
          }
          network.cut();
        });
        const pair = responderSends(mode, strike);
        arrivedOnceAtAlpha(pair);
        resumedAfter(pair, 1);
      });
    }

    it(`goes on after silence, mode ${mode}`, () => {
      const pair = responderSends(
        mode,
        inTheMiddle(({ network }) => {
          network.silence();
        }),
      );
      arrivedOnceAtAlpha(pair);
      resumedAfter(pair, 1);
    });

    it(`goes on after a second loss, also when its sender died then and knows only the first association, mode ${mode} (R-058)`, () => {
      const strike = inTheMiddle((pair) => {
        pair.network.cut();
        strikeAt(pair, pair.network.octetsDelivered + 100_000, ({ beta, network, clock }) => {
          beta.kill();
          network.cut();
          clock.schedule(1000, () => {
            beta.start();
          });
        });
      });
      const pair = responderSends(mode, strike);
      arrivedOnceAtAlpha(pair);
      resumedAfter(pair, 2);
    });

    it(`is confirmed again when only the end confirmation was lost, mode ${mode} (R-033)`, () => {
      const pair = responderSends(mode, ({ alpha, network, clock }) => {
        alpha.observer = ({ event }) => {
          if (event !== 'message.accepted') return;
          alpha.observer = undefined;
          clock.schedule(0, () => {
            network.cut();
          });
        };
      });
      arrivedOnceAtAlpha(pair);
      resumedAfter(pair, 1);
    });
  }
});

/** Token Setting items with all tokens on one side (X.225 §8.3.1.10). */
const turnOfCaller = '1a0100';
const turnOfCalled = '1a0115';

/** A caller that gives the turn to the called side believes that it has it, and the called side that the caller has it. */
class TurnLosingNetwork extends VirtualNetwork {
  override connect(...call: Parameters<VirtualNetwork['connect']>): ReturnType<VirtualNetwork['connect']> {
    const [target, handlers, ...rest] = call;
    let turn: 'kept' | 'lost' = 'kept';
    const data = (octets: Uint8Array): void => {
      handlers.data(turn === 'lost' ? replaced(octets, turnOfCaller, turnOfCalled) : octets);
    };
    const connection = super.connect(target, { ...handlers, data }, ...rest);
    return {
      ...connection,
      send: (octets) => {
        if (toHex(octets.toUint8Array()).includes(turnOfCalled)) turn = 'lost';
        connection.send(ByteList.of(replaced(octets.toUint8Array(), turnOfCalled, turnOfCaller)));
      },
    };
  }
}

function replaced(octets: Uint8Array, from: string, to: string): Uint8Array {
  return fromHex(toHex(octets).replace(from, to));
}

describe('a turn that is lost in a recovery', () => {
  it('is missed for no longer than the stall timeout each time; past the recovery timeout the transfer begins anew', () => {
    const strike = inTheMiddle(({ network }) => {
      network.cut();
    });
    const pair = responderSends('normal', strike, {
      rts: { stallTimeoutSeconds: 5, recoveryTimeoutSeconds: 20 },
      makeNetwork: (clock) => new TurnLosingNetwork(clock),
    });
    arrivedOnceAtAlpha(pair);
    expect(pair.beta.events('association.lost').map(({ text }) => text)).toContain('the peer keeps the turn');
    expect(pair.beta.events('transfer.restarted').length, eventsText(pair)).toBe(1);
  });
});

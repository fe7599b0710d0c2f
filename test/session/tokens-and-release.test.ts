import { describe, expect, it } from 'vitest';
import { fromHex, latin1Octets } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import type { SessionRequest } from '../../src/session/service.js';
import { ACCEPT_VERSION_1_HEX, connectedInitiator, connectedResponder, forget, text, TOKENS } from './support/end.js';
import { Pair } from './support/pair.js';

const START: SessionRequest = { type: 'S-ACTIVITY-START.request', activityIdentifier: fromHex('020101') };
const GIVE: SessionRequest = { type: 'S-CONTROL-GIVE.request' };
const PLEASE: SessionRequest = { type: 'S-TOKEN-PLEASE.request', tokens: TOKENS };
const RELEASE: SessionRequest = { type: 'S-RELEASE.request' };
const ABORTED = [{ type: 'S-P-ABORT.indication', cause: 'protocol-error', origin: 'local' }];

describe('tokens', () => {
  it('are given all together, and acknowledged, before the other side works (S-032)', () => {
    const pair = new Pair().connect();
    const { initiator, responder } = pair;
    initiator.request(GIVE);
    expect(initiator.timers.get('acknowledgement')).toBe(60_000);
    for (const request of [START, GIVE, RELEASE, PLEASE]) {
      expect(() => {
        initiator.request(request);
      }).toThrow(AssertionError);
    }
    pair.settle();
    expect(responder.said()).toEqual([{ type: 'S-CONTROL-GIVE.indication' }]);
    expect(initiator.said()).toEqual([{ type: 'S-CONTROL-GIVE.confirm' }]);
    expect(initiator.timers.size).toBe(0);
    responder.request(START);
    pair.settle();
    expect(initiator.said()).toMatchObject([{ type: 'S-ACTIVITY-START.indication' }]);
  });

  it('are moved by 15 00 and 16 00 (S-032)', () => {
    const initiator = connectedInitiator();
    initiator.request(GIVE);
    expect(initiator.sent()).toEqual(['1500']);
    const responder = connectedResponder();
    responder.receive('1500');
    expect(responder.sent()).toEqual(['1600']);
    expect(responder.said()).toEqual([{ type: 'S-CONTROL-GIVE.indication' }]);
  });

  it('abort when the acknowledgement does not come', () => {
    const initiator = connectedInitiator();
    initiator.request(GIVE);
    initiator.expire('acknowledgement');
    expect(initiator.sent()).toEqual(['1500', '1903110109']);
  });

  it('cannot be given as control with an activity or without them all (S-033)', () => {
    const responder = connectedResponder();
    responder.receive('01002d052903020101', '1500');
    expect(responder.said().slice(1)).toMatchObject(ABORTED);
    const owner = connectedInitiator();
    owner.receive('1500');
    expect(owner.said()).toMatchObject(ABORTED);
    expect(() => {
      connectedResponder().request(GIVE);
    }).toThrow(AssertionError);
  });

  it('can be asked for with user data, in data transfer and in 04B, 18 and 03 (S-034)', () => {
    for (const requests of [[], [START], [START, { type: 'S-ACTIVITY-END.request' }], [GIVE], [RELEASE]] as const) {
      const initiator = connectedInitiator();
      initiator.request(...requests);
      forget(initiator);
      initiator.receive('0208100155c103020101');
      expect(initiator.said()).toEqual([
        { type: 'S-TOKEN-PLEASE.indication', tokens: TOKENS, userData: fromHex('020101') },
      ]);
    }
    const responder = connectedResponder();
    responder.request({ type: 'S-TOKEN-PLEASE.request', tokens: ['data'], userData: fromHex('020101') });
    expect(responder.sent()).toEqual(['0208100101c103020101']);
  });

  it('can be asked for while the answer to an activity end is due', () => {
    const pair = new Pair().connect();
    pair.initiator.request(START, { type: 'S-ACTIVITY-END.request' });
    pair.settle();
    pair.responder.request(PLEASE);
    pair.settle();
    expect(pair.initiator.said()).toEqual([{ type: 'S-TOKEN-PLEASE.indication', tokens: TOKENS }]);
  });

  it('move singly with GIVE TOKENS, behind what stands with it in the TSDU (S-006)', () => {
    const responder = connectedResponder();
    responder.receive('01002d052903020101', '0103100105 31032a0131');
    expect(responder.said().slice(1)).toMatchObject([
      { type: 'S-SYNC-MINOR.indication', serialNumber: 1 },
      { type: 'S-TOKEN-GIVE.indication', tokens: ['data', 'synchronize-minor'] },
    ]);
    responder.request({ type: 'S-DATA.request', userData: text('mine') });
    responder.receive('0103100101');
    expect(responder.said()).toMatchObject(ABORTED);
  });

  it('that do not exist count for nothing', () => {
    const responder = connectedResponder();
    responder.receive('0103100140', '0203100100', '0100', '0200');
    expect(responder.said()).toEqual([]);
    responder.receive('0103100141');
    expect(responder.said()).toEqual([{ type: 'S-TOKEN-GIVE.indication', tokens: ['data'] }]);
  });

  it('that are not ours cannot be given', () => {
    expect(() => {
      connectedResponder().request({ type: 'S-TOKEN-GIVE.request', tokens: ['data'] });
    }).toThrow(AssertionError);
    for (const type of ['S-TOKEN-GIVE.request', 'S-TOKEN-PLEASE.request'] as const) {
      expect(() => {
        connectedInitiator().request({ type, tokens: [] });
      }).toThrow(AssertionError);
    }
  });

  it('decide who may send data', () => {
    expect(() => {
      connectedResponder().request({ type: 'S-DATA.request', userData: text('x') });
    }).toThrow(AssertionError);
    const owner = connectedInitiator();
    owner.receive('0100010061');
    expect(owner.said()).toMatchObject(ABORTED);
  });

  it('go without user data in version 1, and skip what a peer sends there (S-044)', () => {
    const initiator = connectedInitiator({ versions: [1] }, ACCEPT_VERSION_1_HEX);
    initiator.request(
      { type: 'S-TOKEN-GIVE.request', tokens: ['data'] },
      { type: 'S-TOKEN-PLEASE.request', tokens: ['data'] },
    );
    expect(initiator.sent()).toEqual(['0103100101', '0203100101']);
    const other = connectedResponder({ versions: [1] });
    other.receive('1505c103616263');
    expect(other.said()).toEqual([{ type: 'S-CONTROL-GIVE.indication' }]);
  });
});

describe('orderly release', () => {
  it.each([undefined, latin1Octets('bye')])(
    'passes user data %s both ways, and the receiver of DISCONNECT closes (S-036)',
    (userData) => {
      const pair = new Pair().connect();
      const { initiator, responder } = pair;
      const optional = userData === undefined ? {} : { userData };
      initiator.request({ type: 'S-RELEASE.request', ...optional });
      pair.settle();
      expect(responder.said()).toEqual([{ type: 'S-RELEASE.indication', ...optional }]);
      responder.request({ type: 'S-RELEASE.response', ...optional });
      expect(responder.timers.get('TIM')).toBe(5_000);
      pair.settle();
      expect(initiator.said()).toEqual([{ type: 'S-RELEASE.confirm', ...optional }]);
      expect(responder.timers.size).toBe(0);
      expect(initiator.timers.size).toBe(0);
      expect(responder.said()).toEqual([]);
    },
  );

  it('is written as FINISH and DISCONNECT, and closes first only after TIM (S-036)', () => {
    const initiator = connectedInitiator();
    initiator.request(RELEASE);
    expect(initiator.sent()).toEqual(['0903110101']);
    const responder = connectedResponder();
    responder.receive('0900');
    responder.request({ type: 'S-RELEASE.response' });
    expect(responder.sent()).toEqual(['0a00']);
    responder.expire('TIM');
    expect(responder.sent()).toEqual(['T-DISCONNECT.request']);
  });

  it('does not reuse the transport connection, though the peer would', () => {
    const responder = connectedResponder();
    responder.receive('0903110100');
    responder.request({ type: 'S-RELEASE.response' });
    responder.expire('TIM');
    expect(responder.sent()).toEqual(['0a00', 'T-DISCONNECT.request']);
  });

  it('needs all tokens and no activity (S-035)', () => {
    for (const prelude of ['01002d052903020101', '0103100101']) {
      const responder = connectedResponder();
      responder.receive(prelude);
      forget(responder);
      responder.receive('0903110101');
      expect(responder.said()).toMatchObject(ABORTED);
    }
    const initiator = connectedInitiator();
    initiator.request(START);
    expect(() => {
      initiator.request(RELEASE);
    }).toThrow(AssertionError);
    expect(() => {
      connectedResponder().request(RELEASE);
    }).toThrow(AssertionError);
  });

  it('aborts when DISCONNECT does not come', () => {
    const initiator = connectedInitiator();
    initiator.request(RELEASE);
    initiator.expire('acknowledgement');
    expect(initiator.sent()).toEqual(['0903110101', '1903110109']);
  });

  it('takes no NOT FINISHED, which nobody negotiated', () => {
    const initiator = connectedInitiator();
    initiator.request(RELEASE);
    initiator.receive('0800');
    expect(initiator.said()).toMatchObject(ABORTED);
  });
});

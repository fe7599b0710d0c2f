import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import type { SessionRequest } from '../../src/session/service.js';
import { connectedInitiator, connectedResponder, forget, text, type End } from './support/end.js';
import { Pair } from './support/pair.js';

const START: SessionRequest = { type: 'S-ACTIVITY-START.request', activityIdentifier: fromHex('020101') };
const SYNC: SessionRequest = { type: 'S-SYNC-MINOR.request' };
const DISCARD: SessionRequest = { type: 'S-ACTIVITY-DISCARD.request', reason: 0 };
const exception = (reason: number): SessionRequest => ({ type: 'S-U-EXCEPTION-REPORT.request', reason });
const data = (value: string): SessionRequest => ({ type: 'S-DATA.request', userData: text(value) });

const ED = '02003003320105';
const ER = '020000053103010203';

/** An initiator in an activity of its own, with one point sent. */
function sending(): End {
  const end = connectedInitiator();
  end.request(START, SYNC);
  forget(end);
  return end;
}

/** A responder in an activity of its peer that has sent EXCEPTION DATA. */
function complaining(): End {
  const end = connectedResponder();
  end.receive('01002d052903020101', '010031032a0131');
  end.request(exception(1));
  forget(end);
  return end;
}

describe('an exception report', () => {
  it('is indicated to the sender of the activity, who recovers by discard (S-029)', () => {
    const pair = new Pair().connect();
    const { initiator, responder } = pair;
    initiator.request(START, data('one'), SYNC);
    pair.settle();
    forget(responder);
    responder.request(exception(1));
    initiator.request(data('two'), SYNC);
    pair.settle();
    expect(initiator.said()).toEqual([{ type: 'S-U-EXCEPTION-REPORT.indication', reason: 1 }]);
    expect(responder.said()).toEqual([]);
    initiator.request(DISCARD);
    pair.settle();
    expect(responder.said()).toEqual([{ type: 'S-ACTIVITY-DISCARD.indication', reason: 0, activityInProgress: true }]);
    responder.request({ type: 'S-ACTIVITY-DISCARD.response' });
    pair.settle();
    expect(initiator.said()).toEqual([{ type: 'S-ACTIVITY-DISCARD.confirm' }]);
    initiator.request(START);
    pair.settle();
    expect(responder.said()).toMatchObject([{ type: 'S-ACTIVITY-START.indication' }]);
  });

  it('is written behind PLEASE TOKENS', () => {
    const responder = connectedResponder();
    responder.receive('01002d052903020101');
    responder.request(exception(5));
    expect(responder.sent()).toEqual([ED]);
  });

  it.each([
    [ED, 'S-U-EXCEPTION-REPORT.indication'],
    [ER, 'S-P-EXCEPTION-REPORT.indication'],
  ])(
    '%s leads the owner of the data token into recovery, also behind its activity end (S-029, S-031)',
    (tsdu, type) => {
      for (const requests of [[], [{ type: 'S-ACTIVITY-END.request' }]] as const) {
        const initiator = sending();
        initiator.request(...requests);
        forget(initiator);
        initiator.receive(tsdu);
        expect(initiator.said()).toMatchObject([{ type }]);
        expect(() => {
          initiator.request(data('too late'));
        }).toThrow(AssertionError);
        initiator.receive(tsdu, ED, ER, '020032032a0131', '0203100101');
        expect(initiator.said()).toEqual([]);
        initiator.request({ type: 'S-ACTIVITY-INTERRUPT.request', reason: 1 });
        expect(initiator.sent()).toEqual(['01001903320101']);
        initiator.receive('02001a00');
        expect(initiator.said()).toEqual([{ type: 'S-ACTIVITY-INTERRUPT.confirm' }]);
      }
    },
  );

  it('ends by giving the data token (S-029)', () => {
    const initiator = sending();
    initiator.receive(ED);
    initiator.request({ type: 'S-TOKEN-GIVE.request', tokens: ['data'] });
    expect(initiator.sent()).toEqual(['0103100101']);
    initiator.receive('010001006162');
    expect(initiator.said()).toMatchObject([
      { type: 'S-U-EXCEPTION-REPORT.indication' },
      { type: 'S-DATA.indication' },
    ]);
    const responder = complaining();
    responder.receive('0103100101');
    expect(responder.said()).toEqual([{ type: 'S-TOKEN-GIVE.indication', tokens: ['data'] }]);
    responder.request(data('mine now'));
  });

  it('makes its sender discard data silently, yet count points and the end (S-030)', () => {
    const responder = complaining();
    responder.receive('010001006162', '010031032a0132', '010029032a0133', '0203100101');
    expect(responder.said()).toEqual([]);
    responder.receive('01003903320100');
    expect(responder.said()).toMatchObject([{ type: 'S-ACTIVITY-DISCARD.indication' }]);
    const wrong = complaining();
    wrong.receive('010031032a0139');
    expect(wrong.said()).toMatchObject([{ type: 'S-P-ABORT.indication', cause: 'protocol-error' }]);
  });

  it('leaves its sender nothing to do but to wait or abort', () => {
    for (const request of [exception(1), { type: 'S-SYNC-MINOR.response', serialNumber: 1 }] as const) {
      expect(() => {
        complaining().request(request);
      }).toThrow(AssertionError);
    }
    const responder = complaining();
    responder.request({ type: 'S-U-ABORT.request' });
    expect(responder.sent()).toEqual(['1903110103']);
  });

  it('is only indicated to a receiver of the activity', () => {
    const responder = connectedResponder();
    responder.receive('01002d052903020101', ED, ER, '010001006162');
    expect(responder.said().slice(1)).toMatchObject([
      { type: 'S-U-EXCEPTION-REPORT.indication' },
      { type: 'S-P-EXCEPTION-REPORT.indication' },
      { type: 'S-DATA.indication' },
    ]);
  });

  it('cannot be sent by the owner of the data token, nor without an activity', () => {
    expect(() => {
      sending().request(exception(1));
    }).toThrow(AssertionError);
    expect(() => {
      connectedResponder().request(exception(1));
    }).toThrow(AssertionError);
  });
});

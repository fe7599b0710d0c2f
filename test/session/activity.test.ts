import { describe, expect, it } from 'vitest';
import { fromHex, latin1Octets } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import type { SessionRequest } from '../../src/session/service.js';
import { connectedInitiator, connectedResponder, forget, text, type End } from './support/end.js';
import { Pair } from './support/pair.js';

const IDENTIFIER = fromHex('020101');
const START: SessionRequest = { type: 'S-ACTIVITY-START.request', activityIdentifier: IDENTIFIER };
const SYNC: SessionRequest = { type: 'S-SYNC-MINOR.request' };
const END: SessionRequest = { type: 'S-ACTIVITY-END.request' };
const data = (value: string): SessionRequest => ({ type: 'S-DATA.request', userData: text(value) });
const confirm = (serialNumber: number): SessionRequest => ({ type: 'S-SYNC-MINOR.response', serialNumber });

const AS = '01002d0529 03020101';
const mip = (digits: string): string =>
  `010031${hexLength(digits, 2)}2a${hexLength(digits, 0)}${Buffer.from(digits).toString('hex')}`;
const mia = (digits: string): string => mip(digits).replace('010031', '020032');
const hexLength = (digits: string, more: number): string => (digits.length + more).toString(16).padStart(2, '0');

/** A responder in an activity of its peer. */
function receiving(): End {
  const end = connectedResponder();
  end.receive(AS);
  forget(end);
  return end;
}

/** An initiator in an activity of its own. */
function sending(): End {
  const end = connectedInitiator();
  end.request(START);
  forget(end);
  return end;
}

const ABORTED = [{ type: 'S-P-ABORT.indication', cause: 'protocol-error', origin: 'local' }];

describe('an activity', () => {
  it('passes with checkpoints, data and its end through both machines', () => {
    const { initiator, responder, ...pair } = connected();
    initiator.request(START, data('one'), SYNC, data('two'), SYNC, data('three'));
    pair.settle();
    expect(responder.said()).toEqual([
      { type: 'S-ACTIVITY-START.indication', activityIdentifier: IDENTIFIER },
      { type: 'S-DATA.indication', userData: text('one') },
      { type: 'S-SYNC-MINOR.indication', serialNumber: 1, explicitConfirmation: true },
      { type: 'S-DATA.indication', userData: text('two') },
      { type: 'S-SYNC-MINOR.indication', serialNumber: 2, explicitConfirmation: true },
      { type: 'S-DATA.indication', userData: text('three') },
    ]);
    responder.request(confirm(1));
    initiator.request(END);
    pair.settle();
    expect(initiator.said()).toEqual([{ type: 'S-SYNC-MINOR.confirm', serialNumber: 1 }]);
    expect(responder.said()).toEqual([{ type: 'S-ACTIVITY-END.indication', serialNumber: 3 }]);
    responder.request(confirm(2), { type: 'S-ACTIVITY-END.response' });
    pair.settle();
    expect(initiator.said()).toEqual([
      { type: 'S-SYNC-MINOR.confirm', serialNumber: 2 },
      { type: 'S-ACTIVITY-END.confirm' },
    ]);
  });

  it('is written in SPDUs behind empty prefixes (S-005, S-007, S-019, S-024)', () => {
    const initiator = connectedInitiator();
    initiator.request(START, data('a'), SYNC, END);
    expect(initiator.sent()).toEqual(['01002d052903020101', '0100010061', '010031032a0131', '010029032a0132']);
    const responder = receiving();
    responder.receive('010031032a0131', '010029032a0132');
    responder.request(confirm(1), { type: 'S-ACTIVITY-END.response' });
    expect(responder.sent()).toEqual(['020032032a0131', '02002a032a0132']);
  });

  it('numbers points anew from 1 in every activity, with any turn (S-019)', () => {
    const { initiator, responder, ...pair } = connected();
    for (const round of [1, 2]) {
      initiator.request(START, SYNC, END);
      pair.settle();
      expect(responder.said(), String(round)).toMatchObject([
        { type: 'S-ACTIVITY-START.indication' },
        { serialNumber: 1 },
        { type: 'S-ACTIVITY-END.indication', serialNumber: 2 },
      ]);
      responder.request({ type: 'S-ACTIVITY-END.response' });
      pair.settle();
      forget(initiator);
    }
    initiator.request({ type: 'S-CONTROL-GIVE.request' });
    pair.settle();
    forget(initiator, responder);
    responder.request(START, SYNC);
    pair.settle();
    expect(initiator.said()).toMatchObject([{ type: 'S-ACTIVITY-START.indication' }, { serialNumber: 1 }]);
    initiator.request(confirm(1));
    pair.settle();
    expect(responder.said()).toEqual([{ type: 'S-SYNC-MINOR.confirm', serialNumber: 1 }]);
  });

  it('resumes behind the last confirmed point (S-020, S-048)', () => {
    const { initiator, responder, ...pair } = connected();
    const link = { oldActivityIdentifier: IDENTIFIER, serialNumber: 2 };
    initiator.request({ type: 'S-ACTIVITY-RESUME.request', activityIdentifier: fromHex('020102'), link }, SYNC);
    pair.settle();
    expect(responder.said()).toEqual([
      { type: 'S-ACTIVITY-RESUME.indication', activityIdentifier: fromHex('020102'), link },
      { type: 'S-SYNC-MINOR.indication', serialNumber: 3, explicitConfirmation: true },
    ]);
  });

  it('resumes what another session connection began (S-048)', () => {
    const { initiator, responder, ...pair } = connected();
    const link = {
      oldActivityIdentifier: IDENTIFIER,
      serialNumber: 0,
      oldSessionConnection: {
        calling: latin1Octets('MTA1'),
        called: latin1Octets('MTA2'),
        common: latin1Octets('260101Z'),
      },
    };
    initiator.request({ type: 'S-ACTIVITY-RESUME.request', activityIdentifier: IDENTIFIER, link });
    pair.settle();
    expect(responder.said()).toEqual([{ type: 'S-ACTIVITY-RESUME.indication', activityIdentifier: IDENTIFIER, link }]);
  });

  it.each(['01', '010203040506'])('has an identifier of any octets, such as %s (S-047)', (hex) => {
    const { initiator, responder, ...pair } = connected();
    initiator.request({ type: 'S-ACTIVITY-START.request', activityIdentifier: fromHex(hex) });
    pair.settle();
    expect(responder.said()).toEqual([{ type: 'S-ACTIVITY-START.indication', activityIdentifier: fromHex(hex) }]);
  });

  it('reads serial numbers as numbers: "01" is 1', () => {
    const responder = receiving();
    responder.receive(mip('01'), mip('000002'));
    expect(responder.said()).toMatchObject([{ serialNumber: 1 }, { serialNumber: 2 }]);
  });

  it('aborts on a point out of sequence, and logs the number received and the one expected (S-021)', () => {
    for (const wrong of ['0', '2', '3']) {
      const responder = receiving();
      responder.receive(mip(wrong));
      expect(responder.said()).toMatchObject(ABORTED);
      expect(responder.sent()).toEqual(['1903110105']);
      expect(responder.observations).toMatchObject([
        {
          event: 'session.protocol-error',
          fields: {
            spdu: 'MINOR SYNC POINT',
            state: '713',
            receivedSerialNumber: Number(wrong),
            expectedSerialNumber: 1,
          },
        },
      ]);
    }
  });

  it('says whether a point wants a confirmation', () => {
    const responder = receiving();
    responder.receive('010031060f01012a0131');
    expect(responder.said()).toMatchObject([{ serialNumber: 1, explicitConfirmation: false }]);
  });

  it('aborts on data separation and on a major synchronization point, which are not selected', () => {
    for (const tsdu of ['010031060f01022a0131', '010029060f01012a0131']) {
      const responder = receiving();
      responder.receive(tsdu);
      expect(responder.said()).toMatchObject(ABORTED);
    }
  });

  it('takes one confirmation for all lower points, and aborts outside the window (S-022)', () => {
    const initiator = sending();
    initiator.request(SYNC, SYNC, SYNC);
    initiator.receive(mia('2'));
    expect(initiator.said()).toEqual([{ type: 'S-SYNC-MINOR.confirm', serialNumber: 2 }]);
    for (const wrong of ['0', '1', '2', '4']) {
      const other = sending();
      other.request(SYNC, SYNC, SYNC);
      other.receive(mia('2'));
      forget(other);
      other.receive(mia(wrong));
      expect(other.said()).toMatchObject(ABORTED);
    }
  });

  it('confirms points only while it receives them, and only those that are open (S-023)', () => {
    const responder = receiving();
    responder.receive(mip('1'), mip('2'));
    expect(() => {
      responder.request(confirm(3));
    }).toThrow(AssertionError);
    responder.request(confirm(2));
    expect(() => {
      responder.request(confirm(1));
    }).toThrow(AssertionError);
    expect(() => {
      sending().request(confirm(1));
    }).toThrow(AssertionError);
  });

  it('aborts on an activity end out of sequence and on an acknowledgement of another number (S-024)', () => {
    const responder = receiving();
    responder.receive('010029032a0132');
    expect(responder.said()).toMatchObject(ABORTED);
    expect(responder.observations[0]?.fields).toMatchObject({ receivedSerialNumber: 2, expectedSerialNumber: 1 });
    const initiator = sending();
    initiator.request(END);
    initiator.receive('02002a032a0132');
    expect(initiator.said()).toMatchObject(ABORTED);
    expect(initiator.observations[0]?.fields).toMatchObject({ receivedSerialNumber: 2, expectedSerialNumber: 1 });
  });

  it('takes confirmations while its end is outstanding, but not one for the end itself (S-025)', () => {
    const initiator = sending();
    initiator.request(SYNC, END);
    initiator.receive(mia('1'));
    expect(initiator.said()).toEqual([{ type: 'S-SYNC-MINOR.confirm', serialNumber: 1 }]);
    initiator.receive(mia('2'));
    expect(initiator.said()).toMatchObject(ABORTED);
    const responder = receiving();
    responder.receive(mip('1'), '010029032a0132');
    expect(() => {
      responder.request(confirm(2));
    }).toThrow(AssertionError);
  });

  it.each(['010031032a0131', '020032032a0131', '010029032a0131', '02002a032a0131', '02003003320101'])(
    'is needed for %s, which aborts without one',
    (tsdu) => {
      const responder = connectedResponder();
      responder.receive(tsdu);
      expect(responder.said()).toMatchObject(ABORTED);
    },
  );

  it('cannot begin inside another one, nor without the tokens', () => {
    const responder = receiving();
    responder.receive(AS);
    expect(responder.said()).toMatchObject(ABORTED);
    expect(() => {
      sending().request(START);
    }).toThrow(AssertionError);
    expect(() => {
      connectedResponder().request(START);
    }).toThrow(AssertionError);
    const owner = connectedInitiator();
    owner.receive(AS);
    expect(owner.said()).toMatchObject(ABORTED);
  });
});

describe('interrupt and discard of an activity', () => {
  it.each([0, 1, 3, 5, 6, 128] as const)(
    'pass reason %i and bring all tokens to the side that asked (S-026)',
    (reason) => {
      for (const [request, indication, response, confirmation] of [
        [
          'S-ACTIVITY-INTERRUPT.request',
          'S-ACTIVITY-INTERRUPT.indication',
          'S-ACTIVITY-INTERRUPT.response',
          'S-ACTIVITY-INTERRUPT.confirm',
        ],
        [
          'S-ACTIVITY-DISCARD.request',
          'S-ACTIVITY-DISCARD.indication',
          'S-ACTIVITY-DISCARD.response',
          'S-ACTIVITY-DISCARD.confirm',
        ],
      ] as const) {
        const { initiator, responder, ...pair } = connected();
        initiator.request(START, { type: 'S-TOKEN-GIVE.request', tokens: ['data'] }, { type: request, reason });
        pair.settle();
        expect(responder.said().slice(2)).toEqual([{ type: indication, reason, activityInProgress: true }]);
        expect(initiator.timers.get('acknowledgement')).toBe(60_000);
        responder.request({ type: response });
        pair.settle();
        expect(initiator.said()).toEqual([{ type: confirmation }]);
        expect(initiator.timers.size).toBe(0);
        initiator.request(START, data('with the data token again'));
        pair.settle();
        expect(responder.said()).toHaveLength(2);
      }
    },
  );

  it('may come without a reason', () => {
    const responder = receiving();
    responder.receive('01001900');
    expect(responder.said()).toEqual([{ type: 'S-ACTIVITY-INTERRUPT.indication', activityInProgress: true }]);
  });

  it.each(['S-ACTIVITY-INTERRUPT.request', 'S-ACTIVITY-DISCARD.request'] as const)(
    'drop all that was under way but the acknowledgement and ABORT: %s (S-027)',
    (type) => {
      const dropped = [
        '010001006162',
        mip('1'),
        mia('1'),
        mia('9'),
        '02002a032a0131',
        '02003003320101',
        '020000053103010203',
        '0103100115',
        '0103100101',
        '0203100101',
      ];
      const initiator = sending();
      initiator.request(SYNC, { type, reason: 0 });
      forget(initiator);
      initiator.receive(...dropped);
      expect(initiator.said()).toEqual([]);
      expect(initiator.sent()).toEqual([]);
      const discard = type === 'S-ACTIVITY-DISCARD.request';
      initiator.receive(discard ? '02003a00' : '02001a00');
      expect(initiator.said()).toHaveLength(1);
      const other = sending();
      other.request({ type, reason: 0 });
      other.receive(discard ? '02001a00' : '02003a00');
      expect(other.said()).toMatchObject(ABORTED);
    },
  );

  it.each(['S-ACTIVITY-INTERRUPT.request', 'S-ACTIVITY-DISCARD.request'] as const)(
    'abort when no acknowledgement comes: %s',
    (type) => {
      const initiator = sending();
      initiator.request({ type, reason: 0 });
      forget(initiator);
      initiator.expire('acknowledgement');
      expect(initiator.sent()).toEqual(['1903110109']);
      expect(initiator.said()).toMatchObject([{ type: 'S-P-ABORT.indication', cause: 'unspecified', origin: 'local' }]);
      expect(initiator.timers.get('TIM')).toBe(5_000);
      expect(initiator.observations).toMatchObject([{ event: 'session.acknowledgement-overdue' }]);
    },
  );

  it('are indicated when they cross the acknowledgement of the activity end (S-028)', () => {
    for (const [request, indication, response] of [
      ['S-ACTIVITY-INTERRUPT.request', 'S-ACTIVITY-INTERRUPT.indication', 'S-ACTIVITY-INTERRUPT.response'],
      ['S-ACTIVITY-DISCARD.request', 'S-ACTIVITY-DISCARD.indication', 'S-ACTIVITY-DISCARD.response'],
    ] as const) {
      const { initiator, responder, ...pair } = connected();
      initiator.request(START, END);
      pair.settle();
      responder.request({ type: 'S-ACTIVITY-END.response' });
      forget(responder);
      initiator.request({ type: request, reason: 0 });
      responder.receive(request.startsWith('S-ACTIVITY-INT') ? '01001903320100' : '01003903320100');
      expect(responder.said()).toEqual([{ type: indication, reason: 0, activityInProgress: false }]);
      initiator.receive('02002a032a0131');
      expect(initiator.said()).toEqual([]);
      responder.request({ type: response });
      expect(responder.sent()).toHaveLength(1);
      initiator.receive(request.startsWith('S-ACTIVITY-INT') ? '02001a00' : '02003a00');
      expect(initiator.said()).toHaveLength(1);
      initiator.request(START);
    }
  });

  it('need the major/activity token, and aborts come from a peer that has it not', () => {
    for (const tsdu of ['01001903320100', '01003903320100']) {
      const initiator = sending();
      initiator.receive(tsdu);
      expect(initiator.said()).toMatchObject(ABORTED);
    }
    expect(() => {
      receiving().request({ type: 'S-ACTIVITY-DISCARD.request', reason: 0 });
    }).toThrow(AssertionError);
    expect(() => {
      connectedInitiator().request({ type: 'S-ACTIVITY-DISCARD.request', reason: 0 });
    }).toThrow(AssertionError);
  });

  it('leave an interrupted activity to be resumed on the same connection', () => {
    const { initiator, responder, ...pair } = connected();
    initiator.request(START, data('one'), SYNC);
    pair.settle();
    responder.request(confirm(1));
    pair.settle();
    initiator.request(SYNC, { type: 'S-ACTIVITY-INTERRUPT.request', reason: 5 });
    pair.settle();
    responder.request({ type: 'S-ACTIVITY-INTERRUPT.response' });
    pair.settle();
    forget(initiator, responder);
    const link = { oldActivityIdentifier: IDENTIFIER, serialNumber: 1 };
    initiator.request(
      { type: 'S-ACTIVITY-RESUME.request', activityIdentifier: fromHex('020102'), link },
      data('two'),
      END,
    );
    pair.settle();
    expect(responder.said()).toMatchObject([
      { type: 'S-ACTIVITY-RESUME.indication', link },
      { type: 'S-DATA.indication' },
      { type: 'S-ACTIVITY-END.indication', serialNumber: 2 },
    ]);
    responder.request({ type: 'S-ACTIVITY-END.response' });
    pair.settle();
    expect(initiator.said()).toEqual([{ type: 'S-ACTIVITY-END.confirm' }]);
  });
});

function connected(): { initiator: End; responder: End; settle: () => void } {
  const pair = new Pair().connect();
  return {
    initiator: pair.initiator,
    responder: pair.responder,
    settle: () => {
      pair.settle();
    },
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { AssertionError } from '../../src/osi/machine.js';
import { decodeTsdu } from '../../src/session/concatenation.js';
import type { Spdu } from '../../src/session/pdu.js';
import { Reassembly, tsdusOf } from '../../src/session/segmentation.js';
import type { SessionIndication, SessionRequest } from '../../src/session/service.js';
import {
  ACCEPT_RESPONSE,
  connectedInitiator,
  connectedResponder,
  CONNECT_REQUEST,
  End,
  forget,
} from './support/end.js';
import { Pair } from './support/pair.js';

const PATTERN = Uint8Array.from({ length: 200_000 }, (_, i) => i % 253);
const octets = (length: number): Uint8Array => PATTERN.subarray(0, length);
const toHex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const AS = '01002d052903020101';
const ABORTED = [{ type: 'S-P-ABORT.indication', cause: 'protocol-error', origin: 'local' }];

/** The user data that an end was told of last, in hexadecimal. */
function userDataHeard(end: End): string | undefined {
  const last: SessionIndication | undefined = end.said().at(-1);
  if (last === undefined || !('userData' in last)) return undefined;
  return toHex(last.userData instanceof ByteList ? last.userData.toUint8Array() : last.userData);
}

describe('long user data', () => {
  const long: readonly [string, SessionRequest][] = [
    ['PT', { type: 'S-TOKEN-PLEASE.request', tokens: ['data'], userData: octets(100_000) }],
    ['AB', { type: 'S-U-ABORT.request', userData: octets(150_000) }],
  ];

  it.each(long)('of %s is sent in segments and put together in version 2 (S-041)', (_name, request) => {
    const { initiator, responder, ...pair } = connected();
    initiator.request(request);
    pair.settle();
    expect(
      userDataHeard(responder) === toHex('userData' in request ? (request.userData as Uint8Array) : octets(0)),
    ).toBe(true);
  });

  it('of ACCEPT, REFUSE, FINISH and DISCONNECT, too (S-041)', () => {
    for (const response of [
      { ...ACCEPT_RESPONSE, userData: octets(70_000) },
      { type: 'S-CONNECT.response', result: 'reject', reason: 2, userData: octets(70_000) },
    ] as const) {
      const pair = new Pair();
      pair.initiator.request(CONNECT_REQUEST);
      pair.settle();
      pair.responder.request(response);
      pair.settle();
      expect(userDataHeard(pair.initiator) === toHex(octets(70_000))).toBe(true);
    }
    const { initiator, responder, settle } = connected();
    initiator.request({ type: 'S-RELEASE.request', userData: octets(66_000) });
    settle();
    expect(userDataHeard(responder) === toHex(octets(66_000))).toBe(true);
    responder.request({ type: 'S-RELEASE.response', userData: octets(131_000) });
    settle();
    expect(userDataHeard(initiator) === toHex(octets(131_000))).toBe(true);
  });

  it('makes no SPDU longer than 65539 octets, and the last segment says so (S-041)', () => {
    const tsdus = tsdusOf({ spdu: 'FN', transportDisconnect: 1, userData: octets(140_000) }, 2);
    expect(tsdus.length).toBe(3);
    expect(Math.max(...tsdus.map(({ length }) => length))).toBeLessThanOrEqual(65_539);
    expect(tsdus.map((tsdu) => decodeTsdu(tsdu)[0])).toMatchObject([
      { spdu: 'FN', transportDisconnect: 1, enclosureItem: 1 },
      { continues: 'FN', last: false },
      { continues: 'FN', last: true },
    ]);
  });

  it('puts every segment of a category 2 SPDU behind its own prefix, user data of MINOR SYNC ACK in PI 46', () => {
    const tsdus = tsdusOf({ spdu: 'MIA', serialNumber: 7, userData: octets(70_000) }, 2);
    expect(tsdus.map((tsdu) => toHex(tsdu.slice(0, 13).toUint8Array()).replaceAll(/ff..../g, 'L'))).toEqual([
      '020032L1901012a01372e',
      '020032L1901022eL',
    ]);
  });

  it('is a mistake of ours in version 1', () => {
    expect(() => tsdusOf({ spdu: 'FN', userData: octets(513) }, 1)).toThrow(AssertionError);
    expect(tsdusOf({ spdu: 'FN', userData: octets(512) }, 1)).toHaveLength(1);
  });

  it('comes out as it went in, whatever its length (S-041)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Spdu>(
          { spdu: 'MIP', serialNumber: 3 },
          { spdu: 'MIA', serialNumber: 3 },
          { spdu: 'AS', activityIdentifier: octets(3) },
          { spdu: 'GTC' },
          { spdu: 'AI', reason: 5 },
          { spdu: 'PT', tokenItem: 1 },
        ),
        fc.oneof(fc.integer({ min: 65_480, max: 65_540 }), fc.integer({ min: 1, max: 200_000 })),
        (bare, length) => {
          const spdu = { ...bare, userData: octets(length) };
          const reassembly = new Reassembly(300_000, 0);
          const outcomes = tsdusOf(spdu, 2).flatMap((tsdu) =>
            decodeTsdu(tsdu)
              .slice(0, 1)
              .map((unit) => reassembly.accept(unit, 2)),
          );
          const last = outcomes.pop();
          expect(outcomes.every(({ outcome }) => outcome === 'partial')).toBe(true);
          if (last?.outcome !== 'complete') throw new Error('not complete');
          const whole: Spdu & { userData?: Uint8Array | undefined } = last.spdu;
          expect(toHex(whole.userData ?? octets(0)) === toHex(spdu.userData)).toBe(true);
          expect({ ...whole, userData: undefined, enclosureItem: undefined }).toEqual({
            ...bare,
            userData: undefined,
            enclosureItem: undefined,
          });
        },
      ),
      { numRuns: 12 },
    );
  });

  it('may be interrupted by ABORT only (S-041)', () => {
    const begun = '090c 190101 110101 c104 61626364';
    const aborted = connectedResponder();
    aborted.receive(begun, '1903110103');
    expect(aborted.said()).toMatchObject([{ type: 'S-U-ABORT.indication' }]);
    for (const other of ['0203100101', AS, '0100010061', begun]) {
      const end = connectedResponder();
      end.receive(begun, other);
      expect(end.said(), other).toMatchObject(ABORTED);
    }
    const end = connectedResponder();
    end.receive(begun, '0100', '0907 190100 c1026566', '0903 190102');
    expect(userDataHeard(end)).toBe('616263646566');
  });

  it('that begins in the middle, or takes more than it may, aborts (S-042)', () => {
    const end = connectedResponder();
    end.receive('0907 190102 c1026566');
    expect(end.said()).toMatchObject(ABORTED);
    const limited = connectedResponder({ userDataOctetsMax: 5 });
    limited.receive('0909 190101 c104 61626364', '0907 190100 c1026566');
    expect(limited.said()).toMatchObject(ABORTED);
    const single = connectedResponder({ userDataOctetsMax: 5 });
    single.receive('0908 c106 616263646566');
    expect(single.said()).toMatchObject(ABORTED);
  });

  it('has no segments in version 1, where an Enclosure Item means nothing', () => {
    const end = connectedResponder({ versions: [1] });
    end.receive('0909 190101 c104 61626364');
    expect(end.said()).toMatchObject([{ type: 'S-RELEASE.indication' }]);
    const other = connectedResponder({ versions: [1] });
    other.receive('0907 190102 c1026566');
    expect(other.said()).toMatchObject(ABORTED);
  });
});

describe('segmented data', () => {
  const receiving = (overrides = {}): End => {
    const end = connectedResponder(overrides);
    end.receive(AS);
    forget(end);
    return end;
  };
  const FIRST = '0100 0103190101 6162';
  const MIDDLE = '0100 0103190100 6364';
  const LAST = '0100 0103190102 65';

  it('is put together though no TSDU size was selected (S-040)', () => {
    const end = receiving();
    end.receive(FIRST, MIDDLE, LAST, '0100 0103190103 66');
    expect(
      end
        .said()
        .map((primitive) =>
          'userData' in primitive && primitive.userData instanceof ByteList
            ? toHex(primitive.userData.toUint8Array())
            : '',
        ),
    ).toEqual(['6162636465', '66']);
  });

  it.each([
    [[MIDDLE]],
    [[LAST]],
    [[FIRST, FIRST]],
    [[FIRST, '0100010061']],
    [[FIRST, '010031032a0131']],
    [[FIRST, '0103100101']],
  ])('aborts when segments come out of order or apart: %j (S-040)', (tsdus) => {
    const end = receiving();
    end.receive(...tsdus);
    expect(end.said()).toMatchObject(ABORTED);
  });

  it.each(['02003003320101', '020000053103010203', '01001900', '01003900', '1903110103'])(
    'is forgotten when %s comes between the segments (S-040)',
    (tsdu) => {
      const end = receiving();
      end.receive(FIRST, tsdu);
      expect(end.said()).toHaveLength(1);
    },
  );

  it('is forgotten when we send EXCEPTION DATA, and what remains of it discarded (S-040)', () => {
    const end = receiving();
    end.receive(FIRST);
    end.request({ type: 'S-U-EXCEPTION-REPORT.request', reason: 1 });
    end.receive(MIDDLE, LAST, '010031032a0131', '01003900');
    expect(end.said()).toMatchObject([{ type: 'S-ACTIVITY-DISCARD.indication' }]);
    end.request({ type: 'S-ACTIVITY-DISCARD.response' });
    end.receive(AS, FIRST, LAST);
    expect(userDataHeard(end)).toBe('616265');
  });

  it('aborts when it grows beyond its limit', () => {
    const end = receiving({ segmentedDataOctetsMax: 3 });
    end.receive(FIRST, MIDDLE);
    expect(end.said()).toMatchObject(ABORTED);
  });

  it('is never sent by us (S-039)', () => {
    const end = connectedInitiator();
    end.request({ type: 'S-DATA.request', userData: ByteList.of(octets(100_000)) });
    expect(end.asked()).toHaveLength(1);
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

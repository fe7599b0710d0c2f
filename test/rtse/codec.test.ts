import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitString } from '../../src/asn1/bit-string.js';
import { encode } from '../../src/asn1/type.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import {
  decodeRtab,
  decodeRtoac,
  decodeRtorj,
  decodeRtorq,
  decodeRttp,
  encodeRtab,
  encodeRtoac,
  encodeRtorj,
  encodeRtorq,
  encodeRttp,
} from '../../src/rtse/codec.js';
import { rtab, rtoac, rtorq } from '../../src/rtse/pdu.js';
import type { AbortReason, ConnectionData, RefuseReason } from '../../src/rtse/service.js';

const recovery: ConnectionData = {
  kind: 'recover',
  identifier: { callingReference: latin1Octets('MTA1'), commonReference: latin1Octets('261122073000Z') },
};

const nullBind = fromHex('B0 02 05 00');

describe('RTORQ', () => {
  it('is encoded as X.228 says: checkpoint 15, defaults left out, open with a bind value (R-001)', () => {
    const octets = encode(rtorq, { checkpointSize: 15, connectionDataRQ: { kind: 'open', value: nullBind } });
    expect(toHex(octets)).toBe('b00b80010fa306a004b0020500');
  });

  it('always says the window, and leaves other defaults out (R-001)', () => {
    const proposal = { checkpointSizeK: 0, windowSize: 3 };
    const connectionData: ConnectionData = { kind: 'open', userData: nullBind };
    const rest = { mode: 'normal', dialogueMode: 'monologue', connectionData, applicationProtocol: 12 } as const;
    expect(toHex(encodeRtorq({ proposal, ...rest }))).toBe('b00b810103a306a004b0020500');
  });

  it('names the application protocol in X.410-1984 mode only, and NULL where the user gives nothing (R-001, R-007)', () => {
    const proposal = { checkpointSizeK: 15, windowSize: 3 };
    const rest = {
      dialogueMode: 'two-way-alternate',
      connectionData: { kind: 'open' },
      applicationProtocol: 12,
    } as const;
    expect(toHex(encodeRtorq({ mode: 'x410-1984', proposal, ...rest }))).toBe(
      'b01280010f810103820101a304a002050084010c',
    );
    expect(toHex(encodeRtorq({ mode: 'normal', proposal, ...rest }))).toBe('b00f80010f810103820101a304a0020500');
  });

  it('carries the identifier of a lost association, an OCTET STRING in normal mode, a T61String in X.410-1984 mode (R-038)', () => {
    const values = {
      proposal: { checkpointSizeK: 15, windowSize: 3 },
      dialogueMode: 'monologue',
      connectionData: recovery,
      applicationProtocol: 12,
    } as const;
    const identifier = (tag: string): string => `a315${tag}044d544131170d3236313132323037333030305a`.slice(4);
    expect(toHex(encodeRtorq({ mode: 'normal', ...values }))).toBe(`b01f80010f810103a317a115${identifier('04')}`);
    expect(toHex(encodeRtorq({ mode: 'x410-1984', ...values }))).toBe(
      `b02280010f810103a317a115${identifier('14')}84010c`,
    );
    const plain = encode(rtorq, {
      checkpointSize: 15,
      connectionDataRQ: {
        kind: 'recover',
        value: {
          callingSSuserReference: { kind: 'normal', value: latin1Octets('MTA1') },
          commonReference: '261122073000Z',
        },
      },
    });
    expect(toHex(plain)).toBe('b01c80010fa317a11504044d544131170d3236313132323037333030305a');
    expect(decodeRtorq(plain).connectionData).toEqual(recovery);
    expect(decodeRtorq(fromHex(toHex(plain).replace('0404', '1404'))).connectionData).toEqual(recovery);
  });

  it('is read with members in any order and defaults written out (R-001)', () => {
    const read = decodeRtorq(fromHex('B0 11 82 01 00 A3 06 A0 04 B0 02 05 00 81 01 03 80 01 00'));
    expect(read).toEqual({
      proposal: { checkpointSizeK: 0, windowSize: 3 },
      dialogueMode: 'monologue',
      connectionData: { kind: 'open', userData: nullBind },
      applicationProtocol: 1,
    });
  });

  it('is read with indefinite lengths', () => {
    expect(
      decodeRtorq(fromHex('B0 80 80 01 05 A3 80 A0 80 B0 80 05 00 00 00 00 00 00 00 00 00')).connectionData,
    ).toEqual({
      kind: 'open',
      userData: fromHex('B0 80 05 00 00 00'),
    });
  });

  it.each(['A3 04 A0 02 05 00', 'A3 02 80 00', 'A3 04 A0 02 80 00'])(
    'takes the connection data %s as open without data (R-007)',
    (data) => {
      const octets = fromHex(data);
      expect(decodeRtorq(Uint8Array.of(0xb0, octets.length, ...octets)).connectionData).toEqual({ kind: 'open' });
    },
  );

  it.each([
    ['84 01 0C', 12],
    ['84 01 01', 1],
    ['', 1],
    ['84 02 0C 00', 12],
    ['84 02 22 B3', 1],
    ['84 01 07', 'unknown'],
  ])('takes the application protocol field "%s" as %s (R-052)', (field, protocol) => {
    const octets = fromHex(`A3 04 A0 02 05 00 ${field}`);
    expect(decodeRtorq(Uint8Array.of(0xb0, octets.length, ...octets)).applicationProtocol).toBe(protocol);
  });

  it('ignores fields that X.228 does not have (R-006)', () => {
    const read = decodeRtorq(fromHex('B0 0D 80 01 05 A3 04 A0 02 05 00 9F 20 01 FF'));
    expect(read.proposal).toEqual({ checkpointSizeK: 5, windowSize: 3 });
  });

  it('is not readable without connection data', () => {
    expect(() => decodeRtorq(fromHex('B0 03 80 01 0F'))).toThrow(DecodeError);
  });
});

describe('RTOAC', () => {
  it('is encoded as X.228 says (R-002)', () => {
    const bind = fromHex('B1 02 05 00');
    const octets = encode(rtoac, { checkpointSize: 15, connectionDataAC: { kind: 'open', value: bind } });
    expect(toHex(octets)).toBe('b10b80010fa206a004b1020500');
    expect(toHex(encodeRtoac({ checkpointSizeK: 0, windowSize: 2 }, { kind: 'open', userData: bind }, 'normal'))).toBe(
      'b10b810102a206a004b1020500',
    );
  });

  it('takes an absent checkpoint size as none and an absent window as 3, in any order (R-002)', () => {
    expect(decodeRtoac(fromHex('B1 06 A2 04 A0 02 05 00')).answer).toEqual({ checkpointSizeK: 0, windowSize: 3 });
    expect(decodeRtoac(fromHex('B1 0C A2 04 A0 02 05 00 81 01 01 80 01 07')).answer).toEqual({
      checkpointSizeK: 7,
      windowSize: 1,
    });
  });
});

describe('RTORJ', () => {
  it('carries a reason in X.410-1984 mode, user data in normal mode, or nothing (R-003)', () => {
    expect(toHex(encodeRtorj({ reason: 'validation-failure' }))).toBe('b203800102');
    expect(toHex(encodeRtorj({ userData: fromHex('B2 03 02 01 02') }))).toBe('b207a105b203020102');
    expect(toHex(encodeRtorj({}))).toBe('b200');
    expect(decodeRtorj(fromHex('B2 03 80 01 02'))).toEqual({ reason: 'validation-failure' });
    expect(decodeRtorj(fromHex('B2 07 A1 05 B2 03 02 01 02'))).toEqual({ userData: fromHex('B2 03 02 01 02') });
    expect(decodeRtorj(fromHex('B2 00'))).toEqual({});
    expect(decodeRtorj(fromHex('B2 03 80 01 63'))).toEqual({});
  });
});

describe('RTAB', () => {
  it('is encoded as X.228 says (R-004)', () => {
    expect(toHex(encodeRtab('protocol-error'))).toBe('b603800104');
    expect(toHex(encodeRtab('transfer-completed'))).toBe('b603800107');
    expect(toHex(encodeRtab('user-error'))).toBe('b603800106');
    expect(toHex(encodeRtab('user-error', fromHex('05 00')))).toBe('b607800106a2020500');
  });

  it('is read with every reason; one that is absent or unknown is a local system problem (R-004)', () => {
    const reasons = Array.from({ length: 9 }, (_, i) => decodeRtab(Uint8Array.of(0xb6, 3, 0x80, 1, i)).reason);
    expect(reasons).toEqual([
      'local-system-problem',
      'invalid-parameter',
      'unrecognized-activity',
      'temporary-problem',
      'protocol-error',
      'permanent-problem',
      'user-error',
      'transfer-completed',
      'local-system-problem',
    ]);
    expect(decodeRtab(fromHex('B6 00'))).toEqual({ reason: 'local-system-problem' });
  });

  it('is read with the universal tag that some peers give to provider aborts (R-050)', () => {
    expect(decodeRtab(fromHex('36 03 80 01 00'))).toEqual({ reason: 'local-system-problem' });
    expect(decodeRtab(fromHex('36 80 80 01 03 00 00'))).toEqual({ reason: 'temporary-problem' });
  });

  it('is read with the parameters that it reflects and the data of the user (R-004)', () => {
    const octets = encode(rtab, { abortReason: 1, reflectedParameter: BitString.of([0, 5]) });
    expect(decodeRtab(octets)).toEqual({ reason: 'invalid-parameter', reflectedParameter: [0, 5] });
    expect(decodeRtab(fromHex('B6 07 80 01 06 A2 02 05 00'))).toEqual({
      reason: 'user-error',
      userData: fromHex('05 00'),
    });
  });
});

describe('RTTP', () => {
  it('is an INTEGER (R-005)', () => {
    expect(toHex(encodeRttp(1))).toBe('020101');
    expect(decodeRttp(fromHex('02 01 03'))).toBe(3);
    expect(() => decodeRttp(fromHex('04 01 03'))).toThrow(DecodeError);
  });
});

const octets = fc.uint8Array({ maxLength: 40 });
const connectionData: fc.Arbitrary<ConnectionData> = fc.oneof(
  fc.constant<ConnectionData>({ kind: 'open' }),
  octets.map((value): ConnectionData => ({ kind: 'open', userData: Uint8Array.of(4, value.length, ...value) })),
  fc.record({
    kind: fc.constant('recover' as const),
    identifier: fc.record(
      { callingReference: octets, commonReference: octets, additionalReference: octets },
      { requiredKeys: ['callingReference', 'commonReference'] },
    ),
  }),
);
const values = fc.record({ checkpointSizeK: fc.nat(65_535), windowSize: fc.integer({ min: 1, max: 255 }) });
const mode = fc.constantFrom('normal' as const, 'x410-1984' as const);

describe('every APDU', () => {
  it('is read as it was written (R-001, R-002)', () => {
    const request = fc.record({
      mode,
      proposal: values,
      dialogueMode: fc.constantFrom('monologue' as const, 'two-way-alternate' as const),
      connectionData,
      applicationProtocol: fc.constantFrom(12 as const, 1 as const),
    });
    fc.assert(
      fc.property(request, (written) => {
        const read = decodeRtorq(encodeRtorq(written));
        expect(read).toEqual({
          proposal: written.proposal,
          dialogueMode: written.dialogueMode,
          connectionData: written.connectionData,
          applicationProtocol: written.mode === 'normal' ? 1 : written.applicationProtocol,
        });
        const answer = decodeRtoac(encodeRtoac(written.proposal, written.connectionData, written.mode));
        expect(answer).toEqual({ answer: written.proposal, connectionData: written.connectionData });
      }),
    );
  });

  it('is read as it was written (R-003, R-004)', () => {
    const refuseReason = fc.constantFrom<RefuseReason>(
      'busy',
      'cannot-recover',
      'validation-failure',
      'unacceptable-dialogue-mode',
    );
    const abortReason = fc.constantFrom<AbortReason>('local-system-problem', 'permanent-problem', 'user-error');
    fc.assert(
      fc.property(
        refuseReason,
        abortReason,
        octets,
        fc.integer({ min: -1000, max: 1000 }),
        (refuse, abort, data, n) => {
          const userData = Uint8Array.of(4, data.length, ...data);
          expect(decodeRtorj(encodeRtorj({ reason: refuse, userData }))).toEqual({ reason: refuse, userData });
          expect(decodeRtab(encodeRtab(abort, userData))).toEqual({ reason: abort, userData });
          expect(decodeRttp(encodeRttp(n))).toBe(n);
        },
      ),
    );
  });

  it('is read from whatever octets, or found malformed', () => {
    const start = fc.constantFrom([0xb0], [0xb1], [0xb2], [0xb6], [0x36], [0x02], []);
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 30 }), (tag, rest) => {
        for (const decode of [decodeRtorq, decodeRtoac, decodeRtorj, decodeRtab, decodeRttp]) {
          try {
            decode(Uint8Array.of(...tag, ...(tag.length > 0 ? [rest.length] : []), ...rest));
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

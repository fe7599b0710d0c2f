import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { decodeByTable, decodeTpdu, encodeTpduHeader, TpduError } from '../../src/transport/codec.js';
import { tpdus, type ParameterRow, type Tpdu, type TpduRow, type TpduType } from '../../src/transport/pdu.js';
import { tpktHeaderOctets } from '../../src/transport/tpkt.js';
import { outcomeOf } from '../bytes/outcome.js';
import { vectors } from './harness.js';

const decode = (hex: string): ReturnType<typeof decodeTpdu> => decodeTpdu(ByteList.of(fromHex(hex)));

function rejectionOf(hex: string): TpduError {
  try {
    decode(hex);
  } catch (error) {
    if (error instanceof TpduError) return error;
    throw error;
  }
  throw new Error(`${hex} was decoded`);
}

/** The members with octets as hexadecimal text, as the vectors have them. */
function plain(tpdu: Tpdu): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tpdu).map(([name, value]: [string, unknown]) => {
      if (value instanceof ByteList) return [name, toHex(value.toUint8Array())];
      return [name, value instanceof Uint8Array ? toHex(value) : value];
    }),
  );
}

const octets = fc.uint8Array({ maxLength: 20 });

function parameterArbitrary(row: ParameterRow): fc.Arbitrary<unknown> {
  if (row.kind === 'octets') return octets;
  if (row.kind === 'classes') return fc.uint8Array({ max: 4, maxLength: 4 });
  return fc.integer({ min: row.min, max: row.max });
}

/** Any TPDU that the tables allow. */
const anyTpdu: fc.Arbitrary<Tpdu> = fc.constantFrom(...(Object.keys(tpdus) as TpduType[])).chain((type) => {
  const row: TpduRow = tpdus[type];
  const fixedArbitraries = {
    unsigned8: fc.nat(0xff),
    unsigned16: fc.nat(0xffff),
    class: fc.nat(4),
    endMark: fc.boolean(),
  };
  const fixed = row.fixed.map((field): [string, fc.Arbitrary<unknown>] => [field.name, fixedArbitraries[field.kind]]);
  const parameters = row.parameters === 'none' ? [] : row.parameters;
  const optional = parameters.map((field): [string, fc.Arbitrary<unknown>] => [field.name, parameterArbitrary(field)]);
  const carried: [string, fc.Arbitrary<unknown>][] =
    row.userData === 'carried' ? [['userData', octets.map((data) => ByteList.of(data))]] : [];
  const required = ['type', ...fixed.map(([name]) => name), ...carried.map(([name]) => name)];
  const model = Object.fromEntries([['type', fc.constant(type)], ...fixed, ...optional, ...carried]) as Record<
    string,
    fc.Arbitrary<unknown>
  >;
  return fc.record(model, { requiredKeys: required }) as unknown as fc.Arbitrary<Tpdu>;
});

describe('TPDUs', () => {
  for (const { name, packet, tpdu, reserved } of vectors.packets) {
    it(`decodes as others sent it: ${name}`, () => {
      const content = ByteList.of(fromHex(packet)).slice(tpktHeaderOctets);
      const decoded = decodeTpdu(content);
      expect(plain(decoded.tpdu)).toEqual(tpdu);
      expect(decoded.skippedParameters).toEqual([]);
      expect(packet.slice(2, 4)).toBe(reserved ?? '00');
    });
  }

  it('encodes the vectors again, but for the order of parameters, octet by octet (T-006, T-015)', () => {
    for (const { name, packet } of vectors.packets) {
      const content = ByteList.of(fromHex(packet)).slice(tpktHeaderOctets);
      const { tpdu } = decodeTpdu(content);
      const userData = tpdu.type === 'DT' ? tpdu.userData : ByteList.empty;
      expect(toHex(ByteList.of(encodeTpduHeader(tpdu), userData).toUint8Array()), name).toBe(packet.slice(8));
    }
  });

  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(anyTpdu, (tpdu) => {
        const userData = tpdu.type === 'DT' ? tpdu.userData : ByteList.empty;
        const decoded = decodeTpdu(ByteList.of(encodeTpduHeader(tpdu), userData));
        expect(plain(decoded.tpdu)).toEqual(plain(tpdu));
      }),
    );
  });

  it('decodes any octets, or rejects them with an offset inside them', () => {
    const likely = fc.tuple(
      fc.constantFrom(2, 4, 6, 10),
      fc.constantFrom(0xe0, 0xd0, 0x80, 0xf0, 0x70),
      fc.uint8Array(),
    );
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      likely.map(([lengthIndicator, code, rest]) => Uint8Array.of(lengthIndicator, code, ...rest)),
    );
    fc.assert(
      fc.property(any, (input) => {
        try {
          expect(Object.keys(tpdus)).toContain(decodeTpdu(ByteList.of(input)).tpdu.type);
        } catch (error) {
          if (!(error instanceof TpduError)) throw error;
          expect(error.offset).toBeGreaterThanOrEqual(0);
          expect(error.offset).toBeLessThan(Math.max(input.length, 1));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('says the same of a DT by the short way as by the tables', () => {
    const octet = fc.oneof(fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0x81, 0xf0, 0xf1, 0xff), fc.nat(255));
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 6 }), fc.integer({ min: 1, max: 6 }), (header, chunkOctets) => {
        const tpdu = Uint8Array.from([2, 0xf0, 0x80, 7].map((usual, i) => header[i] ?? usual).concat(header.slice(4)));
        const chunks = Array.from({ length: Math.ceil(tpdu.length / chunkOctets) }, (_, i) =>
          tpdu.subarray(chunkOctets * i, chunkOctets * (i + 1)),
        );
        const said = (way: typeof decodeTpdu): unknown =>
          outcomeOf(() => {
            const { tpdu: decoded, skippedParameters } = way(ByteList.from(chunks));
            return { decoded: plain(decoded), skippedParameters };
          });
        expect(said(decodeTpdu)).toEqual(said(decodeByTable));
      }),
      { numRuns: 2000 },
    );
  });

  it('skips parameters that nobody knows or class 0 does not have (T-007)', () => {
    const { tpdu, skippedParameters } = decode('15 e0 0000 0001 00 9901ff c4 0101 c60101 c2045031 5356');
    expect(plain(tpdu)).toMatchObject({ type: 'CR', calledSelector: '50315356' });
    expect(skippedParameters).toEqual([0x99, 0xc4, 0xc6]);
  });

  it('takes the last of two equal parameters (T-008)', () => {
    expect(plain(decode('0f e0 0000 0001 00 c20141 c20142 c00108').tpdu)).toMatchObject({
      calledSelector: '42',
    });
    expect(plain(decode('0c e0 0000 0001 00 c0010a c00108').tpdu)).toMatchObject({ tpduSizeExponent: 8 });
  });

  it('rejects a parameter that goes beyond the header, and half a parameter (T-009)', () => {
    expect(rejectionOf('09 e0 0000 0001 00 c20441').rejectCause).toBe(3);
    expect(rejectionOf('07 e0 0000 0001 00 c2').offset).toBe(7);
  });

  it('takes parameters in any order (T-010)', () => {
    const expected = { callingSelector: '43', calledSelector: '53', tpduSizeExponent: 11, preferredTpduSize: 511 };
    const parameters = ['c10143', 'c20153', 'c0010b', 'f00201ff'];
    fc.assert(
      fc.property(fc.shuffledSubarray(parameters, { minLength: 4 }), (order) => {
        expect(plain(decode(`13 e0 0000 0001 00 ${order.join('')}`).tpdu)).toMatchObject(expected);
      }),
    );
  });

  it('takes C0 from 07 to 10 and F0 of one to four octets, and rejects what lies beyond (T-023)', () => {
    for (let exponent = 0; exponent < 256; exponent++) {
      const hex = `09 e0 0000 0001 00 c001${exponent.toString(16).padStart(2, '0')}`;
      if (exponent >= 0x07 && exponent <= 0x10)
        expect(plain(decode(hex).tpdu)).toMatchObject({ tpduSizeExponent: exponent });
      else expect(rejectionOf(hex)).toMatchObject({ rejectCause: 3, offset: 9 });
    }
    expect(plain(decode('0c e0 0000 0001 00 f00400000001').tpdu)).toMatchObject({ preferredTpduSize: 1 });
    expect(rejectionOf('0d e0 0000 0001 00 f0050000000001').rejectCause).toBe(3);
    expect(rejectionOf('09 e0 0000 0001 00 f00100').rejectCause).toBe(3);
    expect(rejectionOf('08 e0 0000 0001 00 f000').rejectCause).toBe(3);
    expect(rejectionOf('0a e0 0000 0001 00 c002000b').rejectCause).toBe(3);
  });

  it('rejects classes that do not exist', () => {
    expect(rejectionOf('06 e0 0000 0001 50')).toMatchObject({ rejectCause: 3, offset: 6 });
    expect(rejectionOf('0a e0 0000 0001 40 c7020050')).toMatchObject({ rejectCause: 3, offset: 10 });
  });

  it('rejects a length indicator of 0, of 255, or beyond the TPDU', () => {
    for (const hex of ['00e00000000100', 'ffe00000000100', '07e00000000100', '06e000000001']) {
      expect(rejectionOf(hex)).toMatchObject({ clause: 'X.224 §13.2.1', offset: 0 });
    }
    expect(rejectionOf('05e00000000100')).toMatchObject({ clause: 'X.224 §13.3', offset: 0 });
  });

  it('rejects a DT whose LI is not 2, whose code is not F0 or whose TPDU-NR is not 0 (T-026)', () => {
    for (const hex of ['01f080', '03f08000', '04f0000080']) expect(rejectionOf(hex)).toMatchObject({ offset: 0 });
    for (let code = 0xf1; code <= 0xff; code++) {
      expect(rejectionOf(`02${code.toString(16)}80`)).toMatchObject({ rejectCause: 2, offset: 1 });
    }
    expect(rejectionOf('02f081')).toMatchObject({ rejectCause: 3, offset: 2 });
  });

  it('rejects the TPDUs of other classes, and expedited data (T-038)', () => {
    for (const code of ['c0', '10', '60', '20', '50', '00', '90', 'a0', 'b0', '30', '40', 'd1', '81', '71']) {
      expect(rejectionOf(`06${code}0001000200`)).toMatchObject({ rejectCause: 2, offset: 1 });
    }
  });

  it('skips user data behind CR, CC and DR (T-037)', () => {
    expect(plain(decode('06e00000000100 48454c4c4f').tpdu)).toEqual(plain(decode('06e00000000100').tpdu));
    expect(plain(decode('06d00001000200 48454c4c4f').tpdu)).toEqual(plain(decode('06d00001000200').tpdu));
    expect(plain(decode('06800001000280 48454c4c4f').tpdu)).toEqual(plain(decode('06800001000280').tpdu));
  });

  it('takes a credit in a CR, which another class may prefer, and none in a CC', () => {
    expect(decode('06ef0000000140').tpdu).toMatchObject({ type: 'CR', class: 4 });
    expect(rejectionOf('06d10001000200').rejectCause).toBe(2);
  });
});

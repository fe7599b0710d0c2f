import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { berOctets } from '../../src/asn1/ber-node.js';
import { BitString } from '../../src/asn1/bit-string.js';
import {
  any,
  bitString,
  bmpString,
  boolean,
  enumerated,
  generalizedTime,
  generalString,
  graphicString,
  ia5String,
  integer,
  nullType,
  numericString,
  objectIdentifier,
  octetString,
  printableString,
  teletexString,
  universalString,
  utcTime,
  videotexString,
  visibleString,
} from '../../src/asn1/simple-types.js';
import { context, universal } from '../../src/asn1/tag.js';
import { decode, encode, faultsOf, type Type } from '../../src/asn1/type.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { equalOctets, fromHex, toHex } from '../../src/bytes/octets.js';
import { arbitraryDamage, arbitraryTree, berTreeOctets } from './arbitrary-ber.js';

const arbitraryBits = fc
  .tuple(fc.uint8Array({ maxLength: 6 }), fc.nat(7))
  .map(([octets, unused]) => new BitString(octets, octets.length === 0 ? 0 : unused));
const arc = fc.oneof(fc.nat(200), fc.nat(2 ** 40));
const arbitraryIdentifier = fc
  .oneof(
    fc.tuple(fc.nat(1), fc.nat(39), fc.array(arc, { maxLength: 6 })),
    fc.tuple(fc.constant(2), arc, fc.array(arc, { maxLength: 6 })),
  )
  .map(([root, second, rest]) => [root, second, ...rest].join('.'));
const latin1 = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 300 });
const bmp = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

interface Case<Value> {
  readonly type: Type<Value>;
  readonly values: fc.Arbitrary<Value>;
}

const cases: readonly Case<unknown>[] = [
  { type: integer(), values: fc.oneof(fc.integer(), fc.maxSafeInteger()) },
  { type: enumerated(), values: fc.nat(300) },
  { type: boolean, values: fc.boolean() },
  { type: nullType, values: fc.constant(null) },
  { type: octetString(), values: fc.uint8Array({ maxLength: 300 }) },
  { type: objectIdentifier, values: arbitraryIdentifier },
  { type: any, values: arbitraryTree.map(berTreeOctets) },
  { type: universalString(), values: fc.string({ unit: 'binary' }) },
  { type: bmpString(), values: bmp },
  ...[utcTime, generalizedTime].map((type) => ({ type, values: latin1 })),
  ...[
    numericString,
    printableString,
    teletexString,
    videotexString,
    ia5String,
    graphicString,
    visibleString,
    generalString,
  ].map((make) => ({ type: make(), values: latin1 })),
] as readonly Case<unknown>[];

describe('every simple type', () => {
  it.each(cases)('$type.name comes back as it was written', ({ type, values }) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(type, encode(type, value))).toEqual(value);
      }),
    );
  });

  it.each([...cases, { type: bitString(), values: arbitraryBits }])(
    '$type.name throws nothing but DecodeError on contents that are none',
    ({ type }) => {
      const form = fc.constantFrom('primitive' as const, 'constructed' as const);
      const withTag = fc
        .tuple(form, fc.oneof(fc.uint8Array({ maxLength: 12 }), arbitraryTree.map(berTreeOctets)))
        .map(([constructed, content]) => berOctets(type.tags[0] ?? universal(4), constructed, content));
      fc.assert(
        fc.property(fc.oneof(withTag, arbitraryDamage), (octets) => {
          try {
            decode(type, octets);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(cases.filter(({ type }) => type.tags.length > 0))('$type.name is not read from another tag', ({ type }) => {
    expect(() => decode(type, berOctets(context(5), 'primitive'))).toThrow(DecodeError);
  });
});

describe('INTEGER (X.690 §8.3)', () => {
  it.each([
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [255, '020200ff'],
    [256, '02020100'],
    [-1, '0201ff'],
    [-128, '020180'],
    [-129, '0202ff7f'],
    [65535, '020300ffff'],
    [Number.MAX_SAFE_INTEGER, '02071fffffffffffff'],
    [Number.MIN_SAFE_INTEGER, '0207e0000000000001'],
  ])('%s is written in the fewest octets', (value, hex) => {
    expect(toHex(encode(integer(), value))).toBe(hex);
    expect(decode(integer(), fromHex(hex))).toBe(value);
  });

  it('is read with more octets than needed', () => {
    expect(decode(integer(), fromHex('0203000001'))).toBe(1);
    expect(decode(integer(), fromHex('0203ffff80'))).toBe(-128);
  });

  it.each(['0200', '0208000000000000000001', '02077fffffffffffff', '2203020101'])('%s is malformed', (hex) => {
    expect(() => decode(integer(), fromHex(hex))).toThrow(DecodeError);
  });

  it.each([NaN, Infinity, 0.5, 2 ** 53])('of value %s is our own mistake', (value) => {
    expect(() => encode(integer(), value)).toThrow(RangeError);
  });
});

describe('BOOLEAN and NULL', () => {
  it.each([
    ['010100', false],
    ['010101', true],
    ['0101ff', true],
  ])('BOOLEAN %s is %s (X.690 §8.2)', (hex, value) => {
    expect(decode(boolean, fromHex(hex))).toBe(value);
  });

  it.each(['0100', '01020000', '2103010101'])('BOOLEAN %s is malformed', (hex) => {
    expect(() => decode(boolean, fromHex(hex))).toThrow(DecodeError);
  });

  it('NULL has no content (X.690 §8.8)', () => {
    expect(decode(nullType, fromHex('0500'))).toBeNull();
    expect(() => decode(nullType, fromHex('050100'))).toThrow(DecodeError);
  });
});

describe('BIT STRING (X.690 §8.6)', () => {
  it('keeps its bits, and its octets as they came', () => {
    fc.assert(
      fc.property(arbitraryBits, (bits) => {
        const back = decode(bitString(), encode(bitString(), bits));
        expect(back.octets).toEqual(bits.octets);
        expect(back.unusedBits).toBe(bits.unusedBits);
      }),
    );
  });

  it('is joined from segments, of which only the last has unused bits', () => {
    const joined = decode(bitString(), fromHex('2380' + '030200a5' + '2305030300ff01' + '030204f0' + '0000'));
    expect(toHex(joined.octets)).toBe('a5ff01f0');
    expect(joined.length).toBe(28);
    expect(() => decode(bitString(), fromHex('2308030204f0030200a5'))).toThrow(DecodeError);
  });

  it.each(['0300', '03020800', '030101'])('%s is malformed', (hex) => {
    expect(() => decode(bitString(), fromHex(hex))).toThrow(DecodeError);
  });

  it('is read and written with more octets than a call can have arguments', () => {
    const octets = new Uint8Array(300_000).fill(0xaa);
    const long = new BitString(octets, 0);
    const segmented = berOctets(universal(3), 'constructed', encode(bitString(), long), encode(bitString(), long));
    expect(decode(bitString(), segmented).octets.length).toBe(600_000);
  });

  it('of named bits is compared without trailing zeros (X.690 §11.2.2)', () => {
    const built = BitString.of([2]);
    expect(toHex(encode(bitString(), built))).toBe('03020520');
    expect(built.equals(decode(bitString(), fromHex('0303062000')))).toBe(true);
    expect(built.equals(BitString.of([2, 9]))).toBe(false);
    expect(toHex(encode(bitString(), BitString.of([], 8)))).toBe('03020000');
    expect(toHex(encode(bitString(), BitString.empty))).toBe('030100');
    expect(BitString.of([0, 3, 6, 9]).bits()).toEqual([0, 3, 6, 9]);
    expect(BitString.of([1]).has(7)).toBe(false);
  });
});

describe('OBJECT IDENTIFIER (X.690 §8.19)', () => {
  it.each([
    ['2.2.1.0.1', '060452010001'],
    ['2.1.1', '06025101'],
    ['2.6.0.2.12', '06045600020c'],
    ['0.9.2342.19200300.100.1.1', '060a0992268993f22c640101'],
    ['2.999.3', '0603883703'],
    ['1.39', '06014f'],
  ])('%s is written %s', (text, hex) => {
    expect(toHex(encode(objectIdentifier, text))).toBe(hex);
    expect(decode(objectIdentifier, fromHex(hex))).toBe(text);
  });

  it.each(['0600', '060281', '060a5181ffffffffffffff7f', '26040602 5101'])('%s is malformed', (hex) => {
    expect(() => decode(objectIdentifier, fromHex(hex))).toThrow(DecodeError);
  });

  it.each(['', '2', '3.1', '1.40', '2.5.x', '2..5'])('"%s" is none', (text) => {
    expect(faultsOf(objectIdentifier, text)).toHaveLength(1);
  });
});

describe('strings at the boundaries of length', () => {
  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65535, '0482ffff'],
    [65536, '0483010000'],
  ])('of %s octets begin with %s', (length, head) => {
    const value = new Uint8Array(length).fill(0x55);
    const octets = encode(octetString(), value);
    expect(toHex(octets.subarray(0, head.length / 2))).toBe(head);
    expect(equalOctets(decode(octetString(), octets), value)).toBe(true);
  });

  it('character strings are joined from OCTET STRING segments (X.690 §8.23)', () => {
    expect(decode(ia5String(), fromHex('3680' + '040161' + '2403040162' + '0400' + '0000'))).toBe('ab');
    expect(decode(teletexString(), fromHex('3404' + '1402c875'))).toBe('\u00c8u');
  });

  it('wide strings must be whole characters', () => {
    expect(decode(bmpString(), fromHex('1e0400410416'))).toBe('A\u0416');
    expect(() => decode(bmpString(), fromHex('1e03004104'))).toThrow(DecodeError);
    expect(decode(universalString(), fromHex('1c040001f600'))).toBe('\u{1f600}');
    expect(decode(universalString(), fromHex('1c0400110000'))).toBe('\ufffd');
    expect(() => decode(universalString(), fromHex('1c0200 41'))).toThrow(DecodeError);
  });
});

describe('bounds and repertoires', () => {
  it.each([
    [integer({ min: 1, max: 3 }), 1, 4],
    [integer({ min: 1 }), 1, 0],
    [octetString({ max: 2 }), fromHex('0102'), fromHex('010203')],
    [bitString({ max: 8 }), BitString.of([7]), BitString.of([8])],
    [printableString({ min: 1, max: 3 }), 'A=b', 'A=bc'],
    [printableString(), "Az09 '()+,-./:=?", 'a@b'],
    [numericString(), '0 9', '1a'],
    [ia5String(), 'a@b\u007f', 'caf\u00e9'],
    [visibleString(), ' ~', '\t'],
    [teletexString(), '\u00ff', '\u0100'],
    [bmpString({ max: 1 }), 'a', 'ab'],
    [utcTime, '261122073000Z', '20261122073000Z'],
    [utcTime, '2611220730+0100', '2611220730'],
    [generalizedTime, '20261122073000.5Z', '2026'],
  ] as unknown as readonly [Type<unknown>, unknown, unknown][])('$name: %s', (type, good, bad) => {
    expect(faultsOf(type, good)).toEqual([]);
    const faults = faultsOf(type, bad);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.path).toBe(type.name);
    expect(faults[0]?.text).not.toBe('');
  });

  it('do not hinder decoding: what a peer sends is read', () => {
    expect(decode(integer({ max: 3 }), fromHex('020109'))).toBe(9);
    expect(decode(printableString({ max: 1 }), fromHex('1303614062'))).toBe('a@b');
  });
});

describe('ANY', () => {
  it('goes out octet for octet as it came, its own length form included', () => {
    for (const hex of ['30800500' + '0000', '30820002' + '0500', '1f8148' + '00', 'a003040161']) {
      expect(toHex(encode(any, decode(any, fromHex(hex))))).toBe(hex);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { berOctets } from '../../src/asn1/ber-node.js';
import { application, context, universal } from '../../src/asn1/tag.js';
import { decode } from '../../src/asn1/type.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { concatOctets, equalOctets, fromHex, toHex } from '../../src/bytes/octets.js';
import { DefinedContextSet } from '../../src/presentation/contexts.js';
import { userData } from '../../src/presentation/pdu.js';
import { acseAbstractSyntax, mtseAbstractSyntax, rtseAbstractSyntax } from '../../src/presentation/service.js';
import {
  embeddedValue,
  unwrapAnyValues,
  unwrapValue,
  unwrapValues,
  valuesMax,
  wrapValue,
} from '../../src/presentation/user-data.js';
import { arbitraryDamage, arbitraryTree, berTreeOctets } from '../asn1/arbitrary-ber.js';
import { outcomeOf } from '../bytes/outcome.js';
import { contexts } from './samples.js';

const three = new DefinedContextSet(contexts);
const one = new DefinedContextSet(contexts.slice(0, 1));

/** Values as number-free text, to compare. */
function values(octets: ByteList, set = three): readonly (readonly [string, string])[] {
  return unwrapValues(set, octets).map((value) => [value.abstractSyntax, toHex(value.octets.toUint8Array())]);
}

function inChunks(octets: Uint8Array, length: number): ByteList {
  const chunks: Uint8Array[] = [];
  for (let i = 0; i < octets.length; i += length) chunks.push(octets.subarray(i, i + length));
  return ByteList.from(chunks);
}

function repeated(hex: string, count: number): Uint8Array {
  const octets = fromHex(hex);
  const all = new Uint8Array(octets.length * count);
  for (let i = 0; i < count; i++) all.set(octets, octets.length * i);
  return all;
}

const rttr = '04092807020105A002A200'.toLowerCase();
const inRtse = (hex: string) => [rtseAbstractSyntax, hex.toLowerCase().replaceAll(' ', '')] as const;

describe('data of ours', () => {
  it('get a header of definite lengths around a single ASN.1 type (P-015)', () => {
    const wrapped = wrapValue(three, { abstractSyntax: rtseAbstractSyntax, octets: ByteList.of(fromHex(rttr)) });
    expect(toHex(wrapped.toUint8Array())).toBe(`61123010020103a00b${rttr}`);
  });

  it('are not copied: a small chunk is put in front of theirs', () => {
    const chunks = [new Uint8Array(30_000), new Uint8Array(1), new Uint8Array(70_000)];
    const wrapped = wrapValue(three, { abstractSyntax: rtseAbstractSyntax, octets: ByteList.from(chunks) });
    expect(wrapped.chunks).toHaveLength(4);
    expect(chunks.every((chunk, i) => chunk === wrapped.chunks[i + 1])).toBe(true);
    expect(toHex(wrapped.slice(0, 18).toUint8Array())).toBe('61830186ae30830186a9020103a0830186a1');
  });

  it.each([0, 1, 100, 118, 119, 127, 128, 250, 255, 256, 65_520, 65_535, 65_536])(
    'of %s content octets come back, wherever the TSDU is cut',
    (length) => {
      const value = berOctets(universal(4), 'primitive', new Uint8Array(length).fill(7));
      const wrapped = wrapValue(three, { abstractSyntax: rtseAbstractSyntax, octets: ByteList.of(value) });
      for (const chunk of length < 1000 ? [1, 2, 3, 13, 14, 15, 1000] : [1000, 1_000_000]) {
        const [only, surplus] = unwrapValues(three, inChunks(wrapped.toUint8Array(), chunk));
        expect(surplus).toBeUndefined();
        expect(only?.abstractSyntax).toBe(rtseAbstractSyntax);
        expect(equalOctets(only?.octets.toUint8Array() ?? fromHex(''), value)).toBe(true);
      }
    },
  );

  it('use the number that the initiator chose, however large (P-004)', () => {
    const set = new DefinedContextSet([
      { identifier: 40_001, abstractSyntax: rtseAbstractSyntax },
      { identifier: 7, abstractSyntax: acseAbstractSyntax },
    ]);
    const wrapped = wrapValue(set, { abstractSyntax: rtseAbstractSyntax, octets: ByteList.of(fromHex('0400')) });
    expect(toHex(wrapped.toUint8Array())).toBe('610b3009' + '0203009c41' + 'a0020400');
    expect(values(wrapped, set)).toEqual([inRtse('0400')]);
  });
});

describe('data of a peer', () => {
  it.each([
    ['definite lengths', `61 12 30 10 020103 A0 0B ${rttr}`],
    ['indefinite lengths (P-029)', `6180 3080 020103 A080 ${rttr} 0000 0000 0000`],
    ['indefinite outside, definite inside', `6180 30 10 020103 A0 0B ${rttr} 0000`],
    ['definite outside, indefinite inside', `61 14 30 12 020103 A080 ${rttr} 0000`],
    ['lengths longer than needed', `61820016 3082 0012 02820001 03 A0 0B ${rttr}`],
    ['a transfer syntax named (P-016)', `61 16 30 14 06025101 020103 A0 0B ${rttr}`],
    ['octet-aligned (P-016)', `61 12 30 10 020103 81 0B ${rttr}`],
    [
      'octet-aligned in segments (P-016, P-029)',
      `61 80 30 80 020103 A1 80 0403 040928 24 80 04 08 07020105A002A200 0000 0000 0000 0000`,
    ],
    ['arbitrary (P-016)', `61 13 30 11 020103 82 0C 00 ${rttr}`],
    ['arbitrary in segments (P-016, P-029)', `61 18 30 16 020103 A2 11 0304 00040928 0309 00 07020105A002A200`],
  ])('with %s are found', (_, hex) => {
    for (const chunk of [1, 3, 100]) expect(values(inChunks(fromHex(hex), chunk))).toEqual([inRtse(rttr)]);
  });

  it('keep a value of indefinite length whole', () => {
    const value = '2480 040161 2480 040162 0000 0000';
    expect(values(ByteList.of(fromHex(`6180 3080 020103 A080 ${value} 0000 0000 0000`)))).toEqual([inRtse(value)]);
    expect(values(ByteList.of(fromHex(`6115 3013 020103 A00E ${value}`)))).toEqual([inRtse(value)]);
  });

  it('may be several, of several contexts, and come in order (P-019)', () => {
    const octets = fromHex('6180 3008020103A003040161 3008020105A003040162 300A 020103 8105 0401630400 0000');
    expect(values(ByteList.of(octets))).toEqual([
      inRtse('040161'),
      [mtseAbstractSyntax, '040162'],
      inRtse('040163'),
      inRtse('0400'),
    ]);
  });

  it.each([
    [
      'in PDV-lists',
      (count: number) => berOctets(application(1), 'constructed', repeated('3007 020103 A0020500', count)),
    ],
    [
      'in one PDV-list',
      (count: number) => {
        const pdvs = berOctets(context(1), 'primitive', repeated('0500', count));
        const list = berOctets(universal(16), 'constructed', fromHex('020103'), pdvs);
        return berOctets(application(1), 'constructed', list);
      },
    ],
  ])('may be so many %s, and no more: each is looked for from the start of the TSDU', (_, made) => {
    expect(unwrapValues(three, ByteList.of(made(valuesMax))).length).toBe(valuesMax);
    expect(() => unwrapValues(three, ByteList.of(made(valuesMax + 1)))).toThrow(/more than 256 values/);
    expect(() => unwrapValues(three, inChunks(made(200_000), 129))).toThrow(/more than 256 values/);
  });

  it('are views on the chunks of the TSDU, not copies', () => {
    const tsdu = fromHex('6180 3080 020103 A080 2480 0404 61626364 0000 0000 0000 0000');
    const list = inChunks(tsdu, 5);
    const [value] = unwrapValues(three, list);
    expect(value?.octets.chunks.length).toBeGreaterThan(1);
    expect(value?.octets.chunks.every(({ buffer }) => buffer === tsdu.buffer)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['half a header', '61'],
    ['another type', '3007 020103 A0020500'],
    ['a primitive 61', '4100'],
    ['simple encoding although three contexts are defined (P-017)', '60020500'],
    ['a value alone although three contexts are defined (P-017)', rttr],
    ['an empty list', '6100'],
    ['an unknown context (P-018)', '6109 3007 020107 A0020500'],
    ['no context', '6106 3004 A0020500'],
    ['no value', '6105 3003 020103'],
    ['another kind of value', '6109 3007 020103 A3020500'],
    ['two types in a single ASN.1 type', '610B 3009 020103 A00405000500'],
    ['nothing in a single ASN.1 type', '6107 3005 020103 A000'],
    ['half an encoding', '6109 3007 020103 A0020402'],
    ['half an encoding, octet-aligned', '6109 3007 020103 81020402'],
    ['nothing, octet-aligned', '6107 3005 020103 8100'],
    ['bits that are no octets', '610B 3009 020103 820404050000'],
    ['no bits', '6107 3005 020103 8200'],
    ['more behind the value', '610B 3009 020103 A0020500 0500'],
    ['a PDV-list that reaches beyond the whole', '6109 3009 020103 A0020500 0000'],
    ['octets behind the whole', '6109 3007 020103 A0020500 0500'],
    ['no end', '6180 3080 020103 A080 0500 0000'],
  ])('%s is refused with DecodeError', (_, hex) => {
    for (const chunk of [1, 100]) {
      expect(() => unwrapValues(three, inChunks(fromHex(hex), chunk))).toThrow(DecodeError);
    }
  });

  it('are the value itself where one context is defined, unless they are fully encoded (P-017)', () => {
    expect(values(ByteList.of(fromHex(rttr)), one)).toEqual([[acseAbstractSyntax, rttr]]);
    expect(values(ByteList.of(fromHex('61093007020101a0020500')), one)).toEqual([[acseAbstractSyntax, '0500']]);
  });

  it('say the same by the short way for a single value as by the general way', () => {
    const whole = fc
      .tuple(fc.constantFrom(1, 3, 5, 7), fc.oneof(arbitraryTree.map(berTreeOctets), fc.uint8Array({ maxLength: 8 })))
      .map(([identifier, value]) => {
        const single = berOctets(context(0), 'constructed', value);
        const pdv = berOctets(universal(16), 'constructed', Uint8Array.of(2, 1, identifier), single);
        return berOctets(application(1), 'constructed', pdv);
      });
    const change = fc.tuple(fc.nat(14), fc.oneof(fc.constantFrom(0, 1, 2, 0x30, 0x61, 0x80, 0x81, 0xa0), fc.nat(255)));
    fc.assert(
      fc.property(
        fc.constantFrom(one, three),
        whole,
        fc.array(change, { maxLength: 2 }),
        fc.uint8Array({ maxLength: 2 }),
        fc.integer({ min: 1, max: 100 }),
        (set, octets, changes, tail, chunk) => {
          const changed = Uint8Array.from(octets);
          for (const [position, octet] of changes) if (position < changed.length) changed[position] = octet;
          const tsdu = inChunks(concatOctets(changed, tail), chunk);
          const said = (unwrap: typeof unwrapValues): unknown =>
            outcomeOf(() =>
              unwrap(set, tsdu).map((value) => [value.abstractSyntax, toHex(value.octets.toUint8Array())]),
            );
          expect(said(unwrapValues)).toEqual(said(unwrapAnyValues));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('throw nothing but DecodeError when they are damaged', () => {
    const header = fromHex('6180 3080 020103');
    const damaged = fc.oneof(
      arbitraryDamage,
      arbitraryDamage.map((octets) => concatOctets(header, octets)),
      fc.uint8Array({ maxLength: 30 }).map((octets) => concatOctets(header, octets)),
    );
    fc.assert(
      fc.property(damaged, fc.integer({ min: 1, max: 20 }), (octets, chunk) => {
        try {
          expect(unwrapValues(three, inChunks(octets, chunk)).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('one value', () => {
  it('is what other primitives than S-DATA carry', () => {
    expect(unwrapValue(three, fromHex('610c300a020101a0056203800100'))).toEqual({
      abstractSyntax: acseAbstractSyntax,
      octets: fromHex('6203800100'),
    });
    expect(() => unwrapValue(three, fromHex('61123007020101a00205003007020101a0020500'))).toThrow(/more than one/);
  });

  it('is the same by the type of User-data as by the way through the chunks', () => {
    const identifier = fc.constantFrom(1, 3, 5, 9);
    const value = arbitraryTree.map(berTreeOctets);
    const form = fc.constantFrom('a0', '81', '82');
    fc.assert(
      fc.property(identifier, form, fc.array(value, { maxLength: 2 }), (context, tag, encodings) => {
        const content = tag === '82' ? [Uint8Array.of(0), ...encodings] : encodings;
        const one = concatOctets(...content);
        if (one.length > 60) return;
        const pdv = concatOctets(fromHex('0201'), Uint8Array.of(context), fromHex(tag), Uint8Array.of(one.length), one);
        const list = berOctets(universal(16), 'constructed', pdv);
        const octets = concatOctets(Uint8Array.of(0x61, list.length), list);
        expect(outcome(() => embeddedValue(three, decode(userData, octets)))).toEqual(
          outcome(() => unwrapValue(three, octets)),
        );
      }),
      { numRuns: 150 },
    );
  });
});

function outcome<Value>(read: () => Value): Value | 'DecodeError' {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return 'DecodeError';
    throw error;
  }
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitString } from '../../src/asn1/bit-string.js';
import {
  any,
  bitString,
  ia5String,
  integer,
  nullType,
  octetString,
  printableString,
} from '../../src/asn1/simple-types.js';
import {
  choice,
  deferred,
  explicit,
  implicit,
  optional,
  sequence,
  sequenceOf,
  set,
  setOf,
  unrecognized,
  withDefault,
} from '../../src/asn1/structured-types.js';
import { application, context, universal } from '../../src/asn1/tag.js';
import { decode, encode, faultsOf, type Type, type ValueOf } from '../../src/asn1/type.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { arbitraryDamage } from './arbitrary-ber.js';

const name = choice('Name', { text: printableString({ max: 4 }), number: implicit(context(7), integer()) });
const members = {
  identifier: implicit(context(0), integer({ min: 0, max: 9 })),
  names: optional(explicit(context(1), sequenceOf(name, { max: 2 }))),
  flags: withDefault(implicit(context(2), bitString()), BitString.of([0])),
  priority: withDefault(implicit(context(3), integer()), 0),
  list: withDefault(implicit(context(4), setOf(integer())), [] as readonly number[]),
  content: optional(octetString()),
};
const asSequence = implicit(application(1), sequence('Letter', members));
const asSet = implicit(application(2), set('Card', members));
type Letter = ValueOf<typeof asSequence>;

const arbitraryName: fc.Arbitrary<ValueOf<typeof name>> = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'Z', '9'), maxLength: 4 }).map((value) => ({ kind: 'text' as const, value })),
  fc.integer().map((value) => ({ kind: 'number' as const, value })),
);
const arbitraryLetter: fc.Arbitrary<Letter> = fc.record(
  {
    identifier: fc.nat(9),
    names: fc.array(arbitraryName, { maxLength: 2 }),
    flags: fc.uniqueArray(fc.nat(12)).map((bits) => BitString.of(bits)),
    priority: fc.integer({ min: -300, max: 300 }),
    list: fc.array(fc.nat()),
    content: fc.uint8Array({ maxLength: 200 }),
  },
  { requiredKeys: ['identifier', 'flags', 'priority', 'list'] },
);

/** A value without memory of where it came from. */
function copy(value: Letter): Letter {
  return { ...value, ...(value.names && { names: value.names.map((item) => ({ ...item })) }), list: [...value.list] };
}

describe('SEQUENCE and SET', () => {
  it.each([
    ['SEQUENCE', asSequence],
    ['SET', asSet],
  ])('%s comes back as it was written', (_, type) => {
    fc.assert(
      fc.property(arbitraryLetter, (value) => {
        const back = decode(type, encode(type, value));
        expect(back).toEqual(value);
        expect(encode(type, copy(back))).toEqual(encode(type, value));
      }),
    );
  });

  it.each([
    ['SEQUENCE', asSequence],
    ['SET', asSet],
  ])('%s throws nothing but DecodeError on damaged octets', (_, type) => {
    const damaged = fc
      .tuple(arbitraryLetter, fc.nat(60), fc.nat(255))
      .map(([value, position, octet]) =>
        Uint8Array.from(encode(type, value), (old, i) => (i === position ? octet : old)),
      );
    fc.assert(
      fc.property(fc.oneof(damaged, arbitraryDamage), (octets) => {
        try {
          decode(type, octets);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leaves out defaults, and gives them where they were left out', () => {
    expect(toHex(encode(asSequence, { identifier: 1, flags: BitString.of([0], 8), priority: 0, list: [] }))).toBe(
      '6103800101',
    );
    expect(decode(asSequence, fromHex('6103800101'))).toEqual({
      identifier: 1,
      flags: BitString.of([0]),
      priority: 0,
      list: [],
    });
  });

  it('lacks a required member: malformed', () => {
    expect(() => decode(asSequence, fromHex('6100'))).toThrow(DecodeError);
    expect(() => decode(asSet, fromHex('6203830101'))).toThrow(DecodeError);
  });

  it('must be constructed', () => {
    expect(() => decode(asSequence, fromHex('4103800101'))).toThrow(DecodeError);
    expect(() => decode(sequenceOf(integer()), fromHex('1003020101'))).toThrow(DecodeError);
  });

  it('takes the members of a SET in any order, those of a SEQUENCE in theirs (X.690 §8.11)', () => {
    const reordered = '0a04026869' + '830105' + '800103';
    expect(decode(asSet, fromHex('62' + reordered))).toMatchObject({
      identifier: 3,
      priority: 5,
      content: fromHex('6869'),
    });
    expect(() => decode(asSequence, fromHex('61' + reordered))).toThrow(DecodeError);
  });

  it('encodes optional members only where there is a value', () => {
    const bare = encode(asSequence, {
      identifier: 1,
      flags: BitString.of([0]),
      priority: 0,
      list: [],
      content: new Uint8Array(0),
    });
    expect(toHex(bare)).toBe('61058001010400');
  });
});

describe('relaying', () => {
  // names of indefinite length, padded lengths, an unknown member in the middle, a default written out, a string in segments
  const names = 'a180' + '30820003' + '130161' + '0000';
  const content = '800101' + names + '9902aaaa' + '830100' + '2480' + '040168' + '040169' + '0000';

  it('writes an untouched structure octet for octet', () => {
    const value = decode(asSequence, fromHex(`6180${content}0000`));
    expect(toHex(encode(asSequence, value))).toBe(`611f${content}`);
    expect(decode(asSequence, encode(asSequence, value))).toEqual(value);
  });

  it('writes a changed copy anew, with what it does not know at the end', () => {
    const value = decode(asSequence, fromHex(`6180${content}0000`));
    expect(value[unrecognized]?.map(toHex)).toEqual(['9902aaaa']);
    expect(toHex(encode(asSequence, { ...value, priority: 5 }))).toBe(
      '6115' + '800101' + 'a105' + '3003130161' + '830105' + '04026869' + '9902aaaa',
    );
  });

  it('writes the untouched members of a changed copy as they came', () => {
    const outer = sequence('Outer', { letter: asSequence, letters: setOf(asSequence), serial: integer() });
    const letter = `611f${content}`;
    const octets = fromHex('3080' + letter + '3180' + letter + letter + '0000' + '020107' + '0000');
    const value = decode(outer, octets);
    const changed = { ...value, serial: 8 };
    expect(toHex(encode(outer, changed))).toBe('3068' + letter + '3142' + letter + letter + '020108');
    const appended = { ...value, letters: [...value.letters, { ...value.letter, priority: 5 }] };
    expect(toHex(encode(outer, appended))).toContain(letter + letter + '6115800101');
  });

  it('forgets where a value came from when it is written as another type', () => {
    const value = decode(asSequence, fromHex(`6180${content}0000`));
    expect(toHex(encode(asSet, value))).toBe('6212' + '800101' + 'a105' + '3003130161' + '04026869' + '9902aaaa');
  });

  it('keeps a second member of the same tag among what it does not know', () => {
    const value = decode(asSet, fromHex('6206' + '800101' + '800102'));
    expect(value.identifier).toBe(1);
    expect(value[unrecognized]?.map(toHex)).toEqual(['800102']);
  });

  it('writes a default out where its place would go to a second member of its tag', () => {
    const type = set('Ranked', { rank: withDefault(implicit(context(0), integer()), 1), serial: integer() });
    const value = decode(type, fromHex('3109' + '800101' + '800102' + '020107'));
    const written = encode(type, { ...value, serial: 8 });
    expect(toHex(written)).toBe('3109' + '800101' + '020108' + '800102');
    expect(decode(type, written).rank).toBe(1);
    expect(toHex(encode(type, { rank: 1, serial: 8 }))).toBe('3103' + '020108');
  });

  it('keeps ANY octet for octet inside a changed copy', () => {
    const type = sequence('Holder', { value: explicit(context(0), any), serial: integer() });
    const value = decode(type, fromHex('300b' + 'a006' + '308005000000' + '020101'));
    expect(toHex(encode(type, { ...value, serial: 2 }))).toBe('300b' + 'a006' + '308005000000' + '020102');
  });
});

describe('SEQUENCE OF and SET OF', () => {
  it('count their elements against their bounds', () => {
    const type = sequenceOf(printableString({ max: 2 }), { min: 1, max: 2 });
    expect(faultsOf(type, ['a'])).toEqual([]);
    expect(faultsOf(type, [])).toMatchObject([{ path: 'SEQUENCE OF PrintableString' }]);
    expect(faultsOf(type, ['a', 'bcd', '?'])).toMatchObject([{}, { path: 'SEQUENCE OF PrintableString[1]' }]);
  });

  it('hold more elements than a call can have arguments', () => {
    const list = Array.from({ length: 150_000 }, (_, i) => i % 100);
    const octets = encode(setOf(integer()), list);
    const back = decode(setOf(integer()), octets);
    expect(back).toHaveLength(list.length);
    expect(back.every((value, i) => value === list[i])).toBe(true);
  });
});

describe('CHOICE', () => {
  it('takes the alternative whose tag fits, and is malformed with another', () => {
    expect(decode(name, fromHex('13026162'))).toEqual({ kind: 'text', value: 'ab' });
    expect(decode(name, fromHex('870105'))).toEqual({ kind: 'number', value: 5 });
    expect(() => decode(name, fromHex('16026162'))).toThrow(DecodeError);
  });

  it('gives what is left to ANY', () => {
    const open = choice('Open', { number: integer(), other: any });
    expect(decode(open, fromHex('020105'))).toEqual({ kind: 'number', value: 5 });
    expect(decode(open, fromHex('0500'))).toEqual({ kind: 'other', value: fromHex('0500') });
    expect(toHex(encode(open, { kind: 'other', value: fromHex('30800000') }))).toBe('30800000');
  });

  it('inside a CHOICE has the tags of both', () => {
    const outer = choice('Outer', { nothing: nullType, name });
    const value = { kind: 'name', value: { kind: 'number', value: 5 } } as const;
    expect(decode(outer, fromHex('870105'))).toEqual(value);
    expect(toHex(encode(outer, value))).toBe('870105');
    expect(faultsOf(outer, { kind: 'name', value: { kind: 'text', value: 'abcde' } })).toMatchObject([
      { path: 'Outer.name.text' },
    ]);
  });
});

describe('tagging', () => {
  it('EXPLICIT holds just one encoding (X.690 §8.14)', () => {
    const type = explicit(context(1), integer());
    expect(toHex(encode(type, 5))).toBe('a103020105');
    expect(decode(type, fromHex('a18002010500' + '00'))).toBe(5);
    expect(() => decode(type, fromHex('a100'))).toThrow(DecodeError);
    expect(() => decode(type, fromHex('a106020105020105'))).toThrow(DecodeError);
    expect(() => decode(type, fromHex('8103020105'))).toThrow(DecodeError);
    expect(() => decode(type, fromHex('a1020500'))).toThrow(DecodeError);
  });

  it('IMPLICIT replaces the tag and keeps the form', () => {
    expect(toHex(encode(implicit(context(1), sequenceOf(integer())), [5]))).toBe('a103020105');
    expect(toHex(encode(implicit(context(1), explicit(context(2), integer())), 5))).toBe('a103020105');
    expect(decode(implicit(context(1), ia5String()), fromHex('a106' + '040161' + '040162'))).toBe('ab');
  });

  it('IMPLICIT has no meaning for a CHOICE or ANY: our own mistake (X.680 §31.2.7)', () => {
    expect(() => implicit(context(1), name)).toThrow(RangeError);
    expect(() => implicit(context(1), any)).toThrow(RangeError);
  });
});

describe('a recursive type', () => {
  interface Tree {
    readonly leaf?: number;
    readonly branches?: readonly Tree[];
  }
  const tree: Type<Tree> = sequence('Tree', {
    leaf: optional(integer({ max: 5 })),
    branches: optional(implicit(context(0), sequenceOf(deferred<Tree>('Tree', [universal(16)], () => tree)))),
  });

  it('comes back as it was written, and is checked at every depth', () => {
    const value: Tree = { branches: [{ leaf: 1 }, { branches: [{ leaf: 9 }] }] };
    expect(decode(tree, encode(tree, value))).toEqual(value);
    expect(faultsOf(tree, value)).toMatchObject([{ path: 'Tree.branches[1].branches[0].leaf' }]);
  });
});

describe('faults of a structure', () => {
  it('name the member, and a member that is missing', () => {
    const faulty = {
      identifier: 10,
      names: [{ kind: 'text', value: 'abcde' }],
      flags: BitString.empty,
      priority: 0,
      list: [],
    };
    expect(faultsOf(asSequence, faulty as unknown as Letter).map(({ path }) => path)).toEqual([
      'Letter.identifier',
      'Letter.names[0].text',
    ]);
    expect(faultsOf(asSequence, { flags: BitString.empty } as unknown as Letter)).toEqual([
      { path: 'Letter.identifier', text: 'is missing' },
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOctetsMax, readBerHeader, writeBerHeader } from '../../src/asn1/ber-header.js';
import { application, context, tagNumberMax, tagOf, tagText, universal } from '../../src/asn1/tag.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';

const anyTag = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.oneof(fc.nat(40), fc.nat(tagNumberMax)))
  .map(([classNumber, tagNumber]) => tagOf(classNumber, tagNumber));

describe('identifier and length octets (X.690 §8.1)', () => {
  it.each([
    [universal(16), 'constructed', 0, '3000'],
    [context(30), 'constructed', 127, 'be7f'],
    [context(31), 'primitive', 128, '9f1f8180'],
    [application(30), 'primitive', 255, '5e81ff'],
    [application(127), 'primitive', 256, '5f7f820100'],
    [application(128), 'primitive', 65535, '5f810082ffff'],
    [context(29), 'primitive', 65536, '9d83010000'],
    [tagOf(3, tagNumberMax), 'constructed', 0xffffffff, 'ffffffff7f84ffffffff'],
    [universal(4), 'primitive', 2 ** 40, '0486010000000000'],
  ] as const)('of tag %s, %s, with %s content octets are written in the shortest form', (tag, form, length, hex) => {
    expect(toHex(writeBerHeader(tag, form, length))).toBe(hex);
    const header = readBerHeader(fromHex(hex), 0);
    expect(header).toEqual({
      tag,
      constructed: form === 'constructed',
      headerOctets: hex.length / 2,
      contentOctets: length,
    });
  });

  it('come back as they were written, and are incomplete one octet before', () => {
    fc.assert(
      fc.property(anyTag, fc.boolean(), fc.nat(2 ** 31 - 1), (tag, constructed, contentOctets) => {
        const octets = writeBerHeader(tag, constructed ? 'constructed' : 'primitive', contentOctets);
        expect(readBerHeader(octets, 0)).toEqual({ tag, constructed, headerOctets: octets.length, contentOctets });
        for (let cut = 0; cut < octets.length; cut++) expect(readBerHeader(octets, 0, cut)).toBeUndefined();
      }),
    );
  });

  it('are accepted with a longer length than needed, up to eight octets', () => {
    expect(readBerHeader(fromHex('048800000000000000ff'), 0)).toMatchObject({ headerOctets: 10, contentOctets: 255 });
    expect(readBerHeader(fromHex('04820003'), 0)).toMatchObject({ headerOctets: 4, contentOctets: 3 });
  });

  it('say the indefinite form of a constructed encoding', () => {
    expect(readBerHeader(fromHex('3080'), 0)).toMatchObject({ headerOctets: 2, contentOctets: undefined });
  });

  it.each([
    ['the indefinite form on a primitive encoding', '0480'],
    ['a length of nine octets', '0489000000000000000001'],
    ['the reserved length FF', '04ff'],
    ['a length that no number holds', '048820000000000000'],
    ['a tag number above the largest', 'bf8180808000'],
    ['a tag number with padding in front', 'bf8001'],
  ])('with %s are malformed', (_, hex) => {
    expect(() => readBerHeader(fromHex(hex), 0)).toThrow(DecodeError);
  });

  it('are never longer than headerOctetsMax, so that a reader with so many octets never waits for more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: headerOctetsMax, maxLength: headerOctetsMax }), (octets) => {
        try {
          expect(readBerHeader(octets, 0)?.headerOctets).toBeLessThanOrEqual(headerOctetsMax);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      {
        numRuns: 500,
        examples: [[fromHex('bf80808080808080808080808080')], [fromHex('04ff0000000000000000000000ff')]],
      },
    );
  });

  it('tell where in the whole they are malformed', () => {
    expect(() => readBerHeader(fromHex('000480'), 1, 3, 77)).toThrow(expect.objectContaining({ offset: 77 }));
    expect(() => readBerHeader(fromHex('000480'), 1)).toThrow(expect.objectContaining({ offset: 1 }));
  });
});

describe('a tag as text', () => {
  it.each([
    [universal(16), 'UNIVERSAL 16'],
    [application(4), '[APPLICATION 4]'],
    [context(2), '[2]'],
    [tagOf(3, 7), '[PRIVATE 7]'],
  ])('%s is written as the Recommendations write it: %s', (tag, text) => {
    expect(tagText(tag)).toBe(text);
  });
});

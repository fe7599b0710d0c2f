import { fromBER, type BaseBlock } from 'asn1js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asn1jsLimits, decodeWithAsn1js, readBerNodeWithAsn1js } from '../../src/asn1/asn1js-node.js';
import { nodeContent, readBerNode, stringOctets, type BerNode } from '../../src/asn1/ber-node.js';
import { utcTime } from '../../src/asn1/simple-types.js';
import { sequence } from '../../src/asn1/structured-types.js';
import { tagOf } from '../../src/asn1/tag.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { concatOctets, fromHex, latin1Text, toHex } from '../../src/bytes/octets.js';
import { arbitraryDamage, arbitraryTree, arbitraryUniversalTree, berTreeOctets } from './arbitrary-ber.js';

function outcome(read: (octets: Uint8Array) => BerNode, octets: Uint8Array): unknown {
  try {
    return positionsOf(read(octets), octets);
  } catch (error) {
    if (error instanceof DecodeError) return 'DecodeError';
    throw error;
  }
}

/** All that a node says, for comparison; every one must lie in the octets that were read. */
function positionsOf(node: BerNode, octets: Uint8Array): unknown {
  if (node.source !== octets) throw new Error('positions in other octets');
  const { tag, constructed, start, contentStart, contentEnd, end, children } = node;
  return [tag, constructed, start, contentStart, contentEnd, end, children.map((child) => positionsOf(child, octets))];
}

interface Outline {
  readonly tag: number;
  readonly content: string | readonly Outline[];
}

/** What asn1js itself makes of a tree, without our walk over it. */
function outlineOfBlock(block: BaseBlock): Outline {
  const { idBlock, lenBlock } = block;
  const tag = tagOf(idBlock.tagClass - 1, idBlock.tagNumber);
  if (idBlock.isConstructed) {
    return { tag, content: (block.valueBlock as unknown as { value: BaseBlock[] }).value.map(outlineOfBlock) };
  }
  const header = idBlock.blockLength + lenBlock.blockLength;
  return { tag, content: toHex(block.valueBeforeDecodeView.subarray(header, header + lenBlock.length)) };
}

function outlineOfNode(node: BerNode): Outline {
  return { tag: node.tag, content: node.constructed ? node.children.map(outlineOfNode) : toHex(nodeContent(node)) };
}

describe('the structure as asn1js reads it', () => {
  it('agrees with our own reader wherever asn1js is right: any tags, any lengths (X.690 §8.1)', () => {
    fc.assert(
      fc.property(arbitraryTree, (tree) => {
        const octets = berTreeOctets(tree);
        const { offset, result } = fromBER(octets, { parseEmbedded: false });
        expect(offset).toBe(octets.length);
        expect(outlineOfNode(readBerNode(octets))).toStrictEqual(outlineOfBlock(result));
      }),
    );
  });

  it('becomes the same nodes as our own reader makes', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryTree, arbitraryUniversalTree), (tree) => {
        const octets = berTreeOctets(tree);
        expect(outcome(readBerNodeWithAsn1js, octets)).toEqual(outcome(readBerNode, octets));
      }),
      { numRuns: 150 },
    );
  });

  it('is refused with DecodeError, or read, exactly where our own reader does', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryDamage, fc.uint8Array({ maxLength: 40 })), (octets) => {
        expect(outcome(readBerNodeWithAsn1js, octets)).toEqual(outcome(readBerNode, octets));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps positions in a part of a larger buffer', () => {
    const whole = concatOctets(fromHex('ffff'), fromHex('30800401aa2480040162000004000000'), fromHex('ee'));
    const octets = whole.subarray(2);
    const node = readBerNodeWithAsn1js(octets);
    expect(node).toStrictEqual(readBerNode(octets));
    expect(node.end).toBe(octets.length - 1);
  });
});

describe('values that asn1js gets wrong', () => {
  it.each([
    ['a constructed PrintableString', '330a13026162330413026364', 'abcd'],
    ['a constructed T61String of indefinite length', '3480040161140162 0000', 'ab'],
    ['a nested constructed OCTET STRING', '240a2405040161040004' + '0162', 'ab'],
  ])('%s is joined whole (X.690 §8.7, §8.23)', (_, hex, text) => {
    const octets = fromHex(hex);
    expect(latin1Text(stringOctets(readBerNodeWithAsn1js(octets)))).toBe(text);
  });

  it.each([
    ['a UTCTime without seconds', '170b323631313232303733305a'],
    ['a UTCTime with an offset', '1711323631313232303733302b30313030' + '2020'],
    ['a GeneralizedTime that is none', '18036e6f77'],
    ['a UTF8String that is none', '0c02ff80'],
    ['a BIT STRING with nine unused bits', '03020900'],
  ])('%s does not make the structure malformed', (_, hex) => {
    const octets = concatOctets(fromHex('30'), Uint8Array.of(fromHex(hex).length), fromHex(hex));
    expect(readBerNodeWithAsn1js(octets)).toStrictEqual(readBerNode(octets));
  });

  it('takes times as the characters they came as', () => {
    const type = sequence('Times', { at: utcTime });
    expect(decodeWithAsn1js(type, fromHex('300d170b323631313232303733305a'))).toEqual({ at: '2611220730Z' });
  });
});

describe('what asn1js takes and our own reader does not', () => {
  it('is refused: a padded tag number, or one that is too large, at the start or inside (X.690 §8.1.2.4.2)', () => {
    for (const hex of ['bf 80 00', '30 03 bf 80 00', '30 80 9f 80 01 00 00 00']) {
      expect(() => readBerNodeWithAsn1js(fromHex(hex))).toThrow(/padded tag number/);
    }
    expect(() => readBerNodeWithAsn1js(fromHex('7f ffffffffffffff 00 00'))).toThrow(/tag number too large/);
    expect(readBerNodeWithAsn1js(fromHex('30 04 9f 81 00 00')).children.length).toBe(1);
  });
});

describe('limits on what asn1js is given', () => {
  const nested = (depth: number): Uint8Array => {
    const octets = new Uint8Array(4 * depth);
    for (let i = 0; i < depth; i++) octets.set([0x30, 0x80], 2 * i);
    return octets;
  };

  it('nesting of constructed encodings', () => {
    expect(readBerNodeWithAsn1js(nested(asn1jsLimits.depthMax)).end).toBe(4 * asn1jsLimits.depthMax);
    expect(() => readBerNodeWithAsn1js(nested(asn1jsLimits.depthMax + 1))).toThrow(DecodeError);
    expect(() => readBerNodeWithAsn1js(nested(100_000))).toThrow(DecodeError);
  });

  it('takes as many encodings as APDUs of connection time may need, and no more, since each costs a stranger nothing', () => {
    const many = (count: number): Uint8Array =>
      Uint8Array.of(
        0x30,
        0x82,
        (2 * count) >> 8,
        2 * count,
        ...new Uint8Array(2 * count).map((_, i) => (i % 2 === 0 ? 5 : 0)),
      );
    expect(asn1jsLimits.nodesMax).toBe(1000);
    expect(readBerNodeWithAsn1js(many(999)).children).toHaveLength(999);
    expect(() => readBerNodeWithAsn1js(many(1000))).toThrow(/too many encodings/);
  });

  it('encodings in one tree', () => {
    const limits = { ...asn1jsLimits, nodesMax: 3 };
    expect(readBerNodeWithAsn1js(fromHex('300405000500'), limits).children).toHaveLength(2);
    expect(() => readBerNodeWithAsn1js(fromHex('3006050005000500'), limits)).toThrow(DecodeError);
  });

  it('octets in all', () => {
    const limits = { ...asn1jsLimits, octetsMax: 4 };
    expect(readBerNodeWithAsn1js(fromHex('30020500'), limits).children).toHaveLength(1);
    expect(() => readBerNodeWithAsn1js(fromHex('3003040100'), limits)).toThrow(DecodeError);
  });

  it('refuses octets behind the encoding where there may be none', () => {
    const type = sequence('Empty', {});
    expect(decodeWithAsn1js(type, fromHex('3000'))).toEqual({});
    expect(() => decodeWithAsn1js(type, fromHex('300000'))).toThrow(DecodeError);
    expect(() => decodeWithAsn1js(type, fromHex(''))).toThrow(DecodeError);
  });
});

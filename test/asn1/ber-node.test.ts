import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  berLimits,
  berOctets,
  nodeContent,
  nodeOctets,
  readBerNode,
  readWholeBerNode,
  stringOctets,
  type BerNode,
} from '../../src/asn1/ber-node.js';
import { readBerHeader } from '../../src/asn1/ber-header.js';
import { context, universal } from '../../src/asn1/tag.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { concatOctets, equalOctets, fromHex, toHex } from '../../src/bytes/octets.js';
import { arbitraryDamage, arbitraryTree, berTreeOctets, type BerTree } from './arbitrary-ber.js';

function outcome<Result>(read: () => Result): Result | DecodeError {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}

function treeOf(node: BerNode): unknown {
  return { tag: node.tag, content: node.constructed ? node.children.map(treeOf) : nodeContent(node) };
}

function treeWithoutForms({ tag, content }: BerTree): unknown {
  return { tag, content: content instanceof Uint8Array ? content : content.map(treeWithoutForms) };
}

describe('the tree of an encoding', () => {
  it('is what was written, whatever the forms of length', () => {
    fc.assert(
      fc.property(arbitraryTree, (tree) => {
        expect(treeOf(readWholeBerNode(berTreeOctets(tree)))).toEqual(treeWithoutForms(tree));
      }),
    );
  });

  it('has the header that is read from it alone, in the short form as in any other', () => {
    const few = fc.array(fc.constantFrom(0, 1, 2, 0x1e, 0x1f, 0x24, 0x30, 0x7f, 0x80, 0x81, 0xff), { maxLength: 8 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), few, fc.nat(4), (drawn, chosen, start) => {
        for (const octets of [drawn, Uint8Array.from(chosen)]) {
          const read = outcome(() => {
            const { tag, constructed, contentStart } = readBerNode(octets, start);
            return { tag, constructed, contentStart };
          });
          if (read instanceof DecodeError) continue;
          const header = readBerHeader(octets, start);
          const { tag, constructed, headerOctets = 0 } = header ?? {};
          expect(read).toEqual({ tag, constructed, contentStart: start + headerOctets });
        }
      }),
    );
  });

  it('covers the octets without a gap, and each node gives its octets as they came', () => {
    function check(node: BerNode, octets: Uint8Array): void {
      expect(nodeOctets(node)).toEqual(octets.subarray(node.start, node.end));
      let position = node.contentStart;
      for (const child of node.children) {
        expect(child.start).toBe(position);
        check(child, octets);
        position = child.end;
      }
      if (node.constructed) expect(position).toBe(node.contentEnd);
    }
    fc.assert(
      fc.property(arbitraryTree, (tree) => {
        const octets = berTreeOctets(tree);
        check(readWholeBerNode(octets), octets);
      }),
    );
  });

  it('throws nothing but DecodeError on damaged octets, and its end never passes theirs', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryDamage, fc.uint8Array({ maxLength: 60 })), (octets) => {
        try {
          const node = readBerNode(octets);
          expect(node.end).toBeGreaterThan(0);
          expect(node.end).toBeLessThanOrEqual(octets.length);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['nothing', ''],
    ['half a header', '30'],
    ['content cut short', '3003020101'.slice(0, 8)],
    ['a member that reaches beyond its structure', '3003020201' + '0101'],
    ['no end-of-contents octets', '3080020101'],
    ['half of them', '308002010100'],
    ['end-of-contents octets behind the end of the enclosing encoding', '30043080' + '0201' + '0000'],
  ])('is malformed with %s', (_, hex) => {
    expect(() => readBerNode(fromHex(hex))).toThrow(DecodeError);
  });

  it('leaves octets behind it alone, unless they are forbidden', () => {
    expect(readBerNode(fromHex('05000500')).end).toBe(2);
    expect(() => readWholeBerNode(fromHex('05000500'))).toThrow(DecodeError);
    expect(readBerNode(fromHex('ff0500ff'), 1).end).toBe(3);
    expect(() => readBerNode(fromHex('04020102'), 0, berLimits, 3)).toThrow(DecodeError);
  });
});

describe('limits of the tree', () => {
  const nested = (depth: number): Uint8Array => {
    const octets = new Uint8Array(4 * depth);
    for (let i = 0; i < depth; i++) octets.set([0x30, 0x80], 2 * i);
    return octets;
  };

  it('takes depthMax constructed encodings inside one another, and not one more', () => {
    expect(readBerNode(nested(berLimits.depthMax)).end).toBe(4 * berLimits.depthMax);
    expect(() => readBerNode(nested(berLimits.depthMax + 1))).toThrow(DecodeError);
    expect(() => readBerNode(nested(200_000))).toThrow(DecodeError);
  });

  it('takes nodesMax encodings, and not one more', () => {
    const limits = { depthMax: 2, nodesMax: 3 };
    expect(readBerNode(fromHex('300405000500'), 0, limits).children).toHaveLength(2);
    expect(() => readBerNode(fromHex('3006050005000500'), 0, limits)).toThrow(DecodeError);
  });
});

describe('a string in segments (X.690 §8.7, §8.23)', () => {
  it('is the same however it was cut, at any depth', () => {
    const cut = (octets: Uint8Array, at: readonly number[], depth: number): Uint8Array => {
      const [first = 0, ...rest] = at;
      if (depth === 0 || rest.length === 0) return berOctets(universal(4), 'primitive', octets);
      const position = Math.min(first, octets.length);
      const parts = [
        cut(octets.subarray(0, position), rest, depth - 1),
        cut(octets.subarray(position), rest, depth - 1),
      ];
      return concatOctets(fromHex('2480'), ...parts, fromHex('0000'));
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(40), { maxLength: 6 }), (octets, at) => {
        expect(stringOctets(readWholeBerNode(cut(octets, at, 4)))).toEqual(octets);
      }),
    );
  });

  it('is joined from more segments than a call can have arguments', () => {
    const segments = 150_000;
    const inside = new Uint8Array(3 * segments);
    for (let i = 0; i < segments; i++) inside.set([4, 1, i % 256], 3 * i);
    const node = readWholeBerNode(berOctets(universal(4), 'constructed', inside));
    const expected = Uint8Array.from({ length: segments }, (_, i) => i % 256);
    expect(equalOctets(stringOctets(node), expected)).toBe(true);
  });
});

describe('writing', () => {
  it('puts the shortest definite header around content in parts', () => {
    expect(toHex(berOctets(context(1), 'constructed', fromHex('0500'), fromHex('0101ff')))).toBe('a1050500' + '0101ff');
    expect(toHex(berOctets(context(1), 'primitive'))).toBe('8100');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerCursor, type Extent } from '../../src/asn1/ber-cursor.js';
import {
  berLimits,
  nodeContent,
  readBerNode,
  readWholeBerNode,
  stringOctets,
  type BerNode,
} from '../../src/asn1/ber-node.js';
import { universal } from '../../src/asn1/tag.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex } from '../../src/bytes/octets.js';
import { arbitraryDamage, arbitraryTree, berTreeOctets } from './arbitrary-ber.js';

/** The octets in chunks of these lengths, in turn. */
function inChunks(octets: Uint8Array, lengths: readonly number[]): ByteList {
  const chunks: Uint8Array[] = [];
  for (let position = 0, i = 0; position < octets.length; i++) {
    const length = lengths[i % lengths.length] ?? octets.length;
    chunks.push(octets.subarray(position, position + length));
    position += length;
  }
  return ByteList.from(chunks);
}

const chunkLengths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });

function outline(node: BerNode): unknown {
  return { tag: node.tag, content: node.constructed ? node.children.map(outline) : nodeContent(node) };
}

function outlineByCursor(cursor: BerCursor, within: Extent): unknown {
  const header = cursor.next(within);
  if (!header.constructed) return { tag: header.tag, content: cursor.take(header.contentOctets ?? 0).toUint8Array() };
  const content = cursor.content(header, within);
  const children: unknown[] = [];
  while (!cursor.isOver(content)) children.push(outlineByCursor(cursor, content));
  return { tag: header.tag, content: children };
}

function skipAll(octets: ByteList): number | 'DecodeError' {
  const cursor = new BerCursor(octets);
  try {
    cursor.skip(cursor.next(cursor.whole), cursor.whole);
    return cursor.position;
  } catch (error) {
    if (error instanceof DecodeError) return 'DecodeError';
    throw error;
  }
}

describe('going through encodings in chunks', () => {
  it('meets the same tree as the reader of whole octets, wherever the chunks end', () => {
    fc.assert(
      fc.property(arbitraryTree, chunkLengths, (tree, lengths) => {
        const octets = berTreeOctets(tree);
        const cursor = new BerCursor(inChunks(octets, lengths));
        expect(outlineByCursor(cursor, cursor.whole)).toEqual(outline(readWholeBerNode(octets)));
        expect(cursor.isOver(cursor.whole)).toBe(true);
      }),
    );
  });

  it('passes an encoding without looking deeper than its end needs', () => {
    fc.assert(
      fc.property(arbitraryTree, chunkLengths, (tree, lengths) => {
        const octets = berTreeOctets(tree);
        expect(skipAll(inChunks(octets, lengths))).toBe(octets.length);
      }),
    );
  });

  it('ends at the same octet as the reader of whole octets, or throws DecodeError, on damaged octets', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryDamage, fc.uint8Array({ maxLength: 40 })), chunkLengths, (octets, lengths) => {
        const end = skipAll(inChunks(octets, lengths));
        let expected: number | undefined;
        try {
          expected = readBerNode(octets).end;
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
        if (expected !== undefined) expect(end).toBe(expected);
        else if (end !== 'DecodeError') expect(end).toBeLessThanOrEqual(octets.length);
      }),
      { numRuns: 300 },
    );
  });

  it('gives content as views on the chunks, not as copies', () => {
    const octets = fromHex('04040102' + '0304');
    const cursor = new BerCursor(inChunks(octets, [4]));
    const header = cursor.next(cursor.whole);
    expect(
      cursor.string(header, cursor.whole).chunks.map((chunk) => [chunk.buffer === octets.buffer, chunk.length]),
    ).toEqual([
      [true, 2],
      [true, 2],
    ]);
  });

  it('names the octet at which a tag was not the one expected', () => {
    const cursor = new BerCursor(inChunks(fromHex('3003020107'), [1]));
    const content = cursor.content(cursor.expect(universal(16), 'constructed', cursor.whole), cursor.whole);
    expect(() => cursor.expect(universal(4), 'primitive', content)).toThrow(
      expect.objectContaining({ name: 'DecodeError', offset: 2 }),
    );
  });

  it('does not take more octets than there are', () => {
    expect(() => new BerCursor(ByteList.of(fromHex('0102'))).take(3)).toThrow(DecodeError);
  });
});

describe('strings in chunks', () => {
  it('are joined from their segments as views, as the reader of whole octets joins them (X.690 §8.7)', () => {
    const octets = fromHex('2480' + '040161' + '24800401620000' + '2405040163' + '0400' + '0402646500' + '00');
    for (const length of [1, 2, 3, 5, 100]) {
      const cursor = new BerCursor(inChunks(octets, [length]));
      const text = cursor.string(cursor.next(cursor.whole), cursor.whole);
      expect(text.toUint8Array()).toEqual(stringOctets(readWholeBerNode(octets)));
    }
  });

  it('may be nested depthMax deep, and not deeper', () => {
    const nested = (depth: number): ByteList => {
      const octets = new Uint8Array(4 * depth);
      for (let i = 0; i < depth; i++) octets.set([0x24, 0x80], 2 * i);
      return ByteList.of(octets);
    };
    for (const read of ['string', 'skip'] as const) {
      const shallow = new BerCursor(nested(berLimits.depthMax));
      shallow[read](shallow.next(shallow.whole), shallow.whole);
      expect(shallow.position).toBe(4 * berLimits.depthMax);
      const deep = new BerCursor(nested(100_000));
      const header = deep.next(deep.whole);
      expect(() => deep[read](header, deep.whole)).toThrow(DecodeError);
    }
  });

  it('are joined from thirty thousand segments that lie across chunks', () => {
    const segments = 30_000;
    const octets = new Uint8Array(4 + 3 * segments);
    octets.set([0x24, 0x80]);
    for (let i = 0; i < segments; i++) octets.set([4, 1, 0x61], 2 + 3 * i);
    const cursor = new BerCursor(inChunks(octets, [7]));
    expect(cursor.string(cursor.next(cursor.whole), cursor.whole).length).toBe(segments);
  });
});

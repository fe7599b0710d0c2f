import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { concatOctets } from '../../src/bytes/octets.js';

const chunks = fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 8 });
const place = fc.integer({ min: 0, max: 100 });

describe('a list of octets', () => {
  it('gives any part of itself as a list and as one array, whatever its chunks', () => {
    fc.assert(
      fc.property(chunks, place, place, (parts, start, end) => {
        const list = ByteList.from(parts);
        const expected = concatOctets(...parts).slice(start, Math.max(start, end));
        const part = list.slice(start, end);
        expect(Buffer.from(part.toUint8Array())).toEqual(Buffer.from(expected));
        expect(part.length).toBe(expected.length);
        expect(part.chunks.every((chunk) => chunk.length > 0)).toBe(true);
        expect(Buffer.from(list.view(start, end))).toEqual(Buffer.from(expected));
      }),
    );
  });

  it('copies nothing for a part that lies in one chunk, and takes whole chunks over as they are', () => {
    const [first, second, third] = [new Uint8Array(10), new Uint8Array(10), new Uint8Array(10)];
    const list = ByteList.of(first, second, third);
    expect(list.view(12, 20).buffer).toBe(second.buffer);
    expect(list.view(8, 12).buffer).not.toBe(first.buffer);
    expect(list.slice(5, 25).chunks[1]).toBe(second);
  });

  it('holds no chunk without octets', () => {
    const empty = new Uint8Array(0);
    expect(ByteList.of(empty, ByteList.of(empty), ByteList.empty)).toBe(ByteList.empty);
    expect(ByteList.of(new Uint8Array(3)).slice(3)).toBe(ByteList.empty);
  });
});

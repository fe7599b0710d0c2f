import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatOctets } from '../../src/bytes/octets.js';
import { joinSmallChunks } from '../../src/bytes/small-chunks.js';

describe('joining small chunks', () => {
  it('keeps the octets and every large chunk, and leaves no two small ones side by side', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { maxLength: 12 }), (chunks) => {
        const joined = joinSmallChunks(chunks, 4);
        expect(Buffer.from(concatOctets(...joined))).toEqual(Buffer.from(concatOctets(...chunks)));
        const large: readonly Uint8Array[] = chunks.filter((chunk) => chunk.length > 4);
        expect(large.every((chunk) => joined.includes(chunk))).toBe(true);
        const runs = joined.map((chunk) => (large.includes(chunk) ? 'L' : 's')).join('');
        expect(runs).not.toContain('ss');
      }),
    );
  });
});

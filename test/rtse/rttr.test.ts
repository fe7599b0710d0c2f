import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentsMax } from '../../src/asn1/ber-cursor.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { decodeRttr, decodeSegments, encodeRttr } from '../../src/rtse/rttr.js';
import { outcomeOf } from '../bytes/outcome.js';

const listOf = (hex: string): ByteList => ByteList.of(fromHex(hex));
const hexOf = (list: ByteList): string => toHex(list.toUint8Array());

/** A string in nested segments, definite and indefinite, as X.690 §8.7.3 allows. */
interface Shape {
  readonly kind: 'primitive' | 'definite' | 'indefinite';
  readonly octets: Uint8Array;
  readonly segments: readonly Shape[];
}
function shapeOfDepth(depth: number): fc.Arbitrary<Shape> {
  return fc.record({
    kind: depth === 0 ? fc.constant('primitive' as const) : fc.constantFrom('primitive', 'definite', 'indefinite'),
    octets: fc.uint8Array({ maxLength: 12 }),
    segments: depth === 0 ? fc.constant([]) : fc.array(shapeOfDepth(depth - 1), { maxLength: 3 }),
  });
}

function encoded({ kind, octets, segments }: Shape): Uint8Array {
  if (kind === 'primitive') return Uint8Array.of(0x04, octets.length, ...octets);
  const content = segments.flatMap((segment) => [...encoded(segment)]);
  if (kind === 'indefinite') return Uint8Array.of(0x24, 0x80, ...content, 0, 0);
  return Uint8Array.of(0x24, 0x82, content.length >> 8, content.length & 0xff, ...content);
}

function contents({ kind, octets, segments }: Shape): number[] {
  return kind === 'primitive' ? [...octets] : segments.flatMap((segment) => contents(segment));
}

describe('RTTR', () => {
  it('is an OCTET STRING with the shortest length in front of the piece (R-005)', () => {
    expect(hexOf(encodeRttr(listOf('766d0a')))).toBe('0403766d0a');
    expect(hexOf(encodeRttr(ByteList.of(new Uint8Array(1024)))).slice(0, 8)).toBe('04820400');
  });

  it('copies no octets on their way out or in', () => {
    const piece = new Uint8Array(5000);
    expect(encodeRttr(ByteList.of(piece)).chunks[1]).toBe(piece);
    const encoding = encodeRttr(ByteList.of(piece)).toUint8Array();
    expect(decodeRttr(ByteList.of(encoding)).chunks[0]?.buffer).toBe(encoding.buffer);
  });

  it('is taken primitive, constructed, nested, and empty (R-005)', () => {
    expect(hexOf(decodeRttr(listOf('04 03 76 6d 0a')))).toBe('766d0a');
    expect(hexOf(decodeRttr(listOf('24 80 04 02 76 6d 24 03 04 01 0a 00 00')))).toBe('766d0a');
    expect(hexOf(decodeRttr(listOf('04 00')))).toBe('');
    expect(hexOf(decodeRttr(listOf('24 00')))).toBe('');
  });

  it('is taken in more segments than a call can have arguments', () => {
    const segments = Array.from({ length: 200_000 }, () => [0x04, 0x01, 0x55]).flat();
    const octets = Uint8Array.from([0x24, 0x80].concat(segments, [0, 0]));
    expect(decodeRttr(ByteList.of(octets)).length).toBe(200_000);
  });

  it.each([
    '02 01 01',
    '04 03 76 6d',
    '04 03 76 6d 0a 00',
    '24 04 02 02 00 00',
    '24 80 04 01 00',
    '24 03 04 02 00 00',
    '',
    '24 80 24 80 24 80 24 80 24 80 24 80 24 80 24 80 24 80 24 80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
  ])('is malformed as %s', (hex) => {
    expect(() => decodeRttr(listOf(hex))).toThrow(DecodeError);
  });

  it('is taken in time that grows with its octets, and in no more segments than we have memory for', () => {
    const segments = (count: number): ByteList => {
      const octets = new Uint8Array(3 * count + 4);
      octets.set([0x24, 0x80]);
      for (let i = 0; i < count; i++) octets.set([0x04, 0x01, 0x55], 2 + 3 * i);
      const chunks = Array.from({ length: Math.ceil(octets.length / 129) }, (_, i) =>
        octets.subarray(129 * i, 129 * i + 129),
      );
      return ByteList.from(chunks);
    };
    const startedAt = performance.now();
    expect(decodeRttr(segments(segmentsMax)).length).toBe(segmentsMax);
    expect(performance.now() - startedAt).toBeLessThan(15_000); // by the square of the octets it was a minute
    expect(() => decodeRttr(segments(segmentsMax + 1))).toThrow(/more than 262144 segments/);
  });

  it('gives the same contents however its octets were cut into chunks (R-005)', () => {
    fc.assert(
      fc.property(shapeOfDepth(3), fc.array(fc.nat(60), { maxLength: 6 }), (string, cuts) => {
        const octets = encoded(string);
        const places = [0, ...cuts.map((cut) => cut % (octets.length + 1)), octets.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, i) => octets.subarray(places[i], end));
        expect([...decodeRttr(ByteList.of(...chunks)).toUint8Array()]).toEqual(contents(string));
      }),
    );
  });

  it('says the same by the short way for a primitive string as by the general way', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom([], [0x04], [0x04, 0x03], [0x04, 0x82, 0], [0x24, 0x80]), fc.array(fc.nat(255))),
        fc.array(fc.constantFrom(0x04, 0x24, 0x80, 0x00, 0x01, 0x02, 0x03, 0x81), { maxLength: 6 }),
        fc.integer({ min: 1, max: 8 }),
        (head, tail, chunkOctets) => {
          const octets = Uint8Array.from([...head, ...tail]);
          const chunks = Array.from({ length: Math.ceil(octets.length / chunkOctets) }, (_, i) =>
            octets.subarray(chunkOctets * i, chunkOctets * (i + 1)),
          );
          const said = (way: typeof decodeRttr): unknown => outcomeOf(() => hexOf(way(ByteList.from(chunks))));
          expect(said(decodeRttr)).toEqual(said(decodeSegments));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is read from whatever octets, or found malformed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0x04, 0x24, 0x80, 0x00, 0x01, 0x02, 0x84, 0xff), { maxLength: 20 }),
        (octets) => {
          try {
            expect(decodeRttr(ByteList.of(Uint8Array.from(octets))).length).toBeLessThanOrEqual(octets.length);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

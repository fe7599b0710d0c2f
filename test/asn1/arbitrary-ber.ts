import fc from 'fast-check';
import { writeBerHeader } from '../../src/asn1/ber-header.js';
import { tagNumberMax, tagOf, type Tag } from '../../src/asn1/tag.js';
import { concatOctets } from '../../src/bytes/octets.js';

/** A BER encoding as it could come from any implementation: every legal form of length, at every depth. */
export interface BerTree {
  readonly tag: Tag;
  readonly length: 'shortest' | 'padded' | 'indefinite';
  /** Octets of a primitive encoding, encodings of a constructed one. */
  readonly content: Uint8Array | readonly BerTree[];
}

/** Identifier and length octets with the length in eight octets, which BER permits (X.690 §8.1.3.5). */
function paddedHeader(tag: Tag, constructed: 'constructed' | 'primitive', length: number): Uint8Array {
  const identifier = writeBerHeader(tag, constructed, 0).subarray(0, -1);
  const octets = new Uint8Array(9);
  octets[0] = 0x88;
  new DataView(octets.buffer).setUint32(5, length);
  return concatOctets(identifier, octets);
}

export function berTreeOctets({ tag, length, content }: BerTree): Uint8Array {
  const form = content instanceof Uint8Array ? 'primitive' : 'constructed';
  const inside = content instanceof Uint8Array ? content : concatOctets(...content.map(berTreeOctets));
  if (length === 'indefinite' && form === 'constructed') {
    const identifier = writeBerHeader(tag, 'constructed', 0).subarray(0, -1);
    return concatOctets(identifier, Uint8Array.of(0x80), inside, Uint8Array.of(0, 0));
  }
  const write = length === 'padded' ? paddedHeader : writeBerHeader;
  return concatOctets(write(tag, form, inside.length), inside);
}

const taggedNumber = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 30 }) },
  fc.integer({ min: 31, max: 300 }),
  fc.constantFrom(127, 128, 16383, 16384, tagNumberMax),
);
const applicationOrContext = fc.tuple(fc.integer({ min: 1, max: 3 }), taggedNumber).map(([c, n]) => tagOf(c, n));
const stringTags = [4, 12, 18, 19, 20, 22, 23, 24, 25, 26, 27, 28, 30].map((n) => tagOf(0, n));
const lengthForm = fc.constantFrom('shortest', 'padded', 'indefinite');

/** Trees whose tags say nothing of their values: application, context and private tags, SEQUENCE, SET, OCTET STRING. */
export const { tree: arbitraryTree } = fc.letrec<{ tree: BerTree; primitive: BerTree; constructed: BerTree }>(
  (tie) => ({
    tree: fc.oneof({ maxDepth: 5, withCrossShrink: true }, tie('primitive'), tie('constructed')),
    primitive: fc.record({
      tag: fc.oneof(applicationOrContext, fc.constant(tagOf(0, 4))),
      length: lengthForm,
      content: fc.uint8Array({ maxLength: 20 }),
    }),
    constructed: fc.record({
      tag: fc.oneof(applicationOrContext, fc.constantFrom(tagOf(0, 8), tagOf(0, 16), tagOf(0, 17))),
      length: lengthForm,
      content: fc.array(tie('tree'), { maxLength: 5 }),
    }),
  }),
);

/** Trees with string and other universal tags as well, whatever their contents. */
export const { tree: arbitraryUniversalTree } = fc.letrec<{ tree: BerTree; primitive: BerTree; constructed: BerTree }>(
  (tie) => ({
    tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('primitive'), tie('constructed')),
    primitive: fc.record({
      tag: fc.integer({ min: 1, max: 36 }).map((n) => tagOf(0, n)),
      length: lengthForm,
      content: fc.uint8Array({ maxLength: 12 }),
    }),
    constructed: fc.record({
      tag: fc.constantFrom(...stringTags, tagOf(0, 8), tagOf(0, 11), tagOf(0, 16), tagOf(0, 17), tagOf(0, 29)),
      length: lengthForm,
      content: fc.array(tie('tree'), { maxLength: 4 }),
    }),
  }),
);

/** Octets that are nearly BER: an encoding with a few octets changed, cut or added. */
export const arbitraryDamage = fc
  .tuple(
    fc.oneof(arbitraryTree, arbitraryUniversalTree),
    fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
    fc.nat(200),
    fc.uint8Array({ maxLength: 3 }),
  )
  .map(([tree, changes, cut, tail]) => {
    const octets = Uint8Array.from(berTreeOctets(tree));
    for (const [position, octet] of changes) if (position < octets.length) octets[position] = octet;
    return concatOctets(octets.subarray(0, Math.max(1, octets.length - Math.max(0, cut - 150))), tail);
  });

import { DecodeError } from '../bytes/decode-error.js';
import { classNumberOf, tagNumberMax, tagNumberOf, tagOf, type Tag } from './tag.js';

/** Identifier and length octets of one BER encoding (X.690 §8.1). */
export interface BerHeader {
  readonly tag: Tag;
  readonly constructed: boolean;
  /** Identifier and length octets together. */
  readonly headerOctets: number;
  /** Content octets; undefined in the indefinite form. */
  readonly contentOctets: number | undefined;
}

/** Longest header read: five identifier octets and nine length octets. */
export const headerOctetsMax = 14;
const lengthOctetsMax = 8;

/**
 * The header at `offset`, or undefined if the octets up to `end` do not hold all of it. `faultOffset` is what errors call this
 * place, where `octets` is a part of something larger.
 * Throws DecodeError for a tag or length beyond what is supported, or an indefinite length on a primitive (X.690 §8.1.3.2).
 */
export function readBerHeader(
  octets: Uint8Array,
  offset: number,
  end: number = octets.length,
  faultOffset: number = offset,
): BerHeader | undefined {
  let position = offset;
  const identifier = position < end ? octets[position++] : undefined;
  if (identifier === undefined) return undefined;
  let tagNumber = identifier & 0x1f;
  if (tagNumber === 0x1f) {
    tagNumber = 0;
    for (;;) {
      const octet = position < end ? octets[position++] : undefined;
      if (octet === undefined) return undefined;
      if (octet === 0x80 && tagNumber === 0)
        throw new DecodeError('padded tag number', 'X.690 §8.1.2.4.2', faultOffset);
      tagNumber = tagNumber * 128 + (octet & 0x7f);
      if (tagNumber > tagNumberMax) throw new DecodeError('tag number too large', 'X.690 §8.1.2.4', faultOffset);
      if ((octet & 0x80) === 0) break;
    }
  }
  const constructed = (identifier & 0x20) !== 0;
  const first = position < end ? octets[position++] : undefined;
  if (first === undefined) return undefined;
  let contentOctets: number | undefined = first;
  if (first === 0x80) {
    if (!constructed) throw new DecodeError('indefinite length on a primitive encoding', 'X.690 §8.1.3.2', faultOffset);
    contentOctets = undefined;
  } else if (first > 0x80) {
    contentOctets = 0;
    const lengthOctets = first & 0x7f;
    if (lengthOctets > lengthOctetsMax) throw new DecodeError('length too large', 'X.690 §8.1.3.5', faultOffset);
    for (let rest = lengthOctets; rest > 0; rest--) {
      const octet = position < end ? octets[position++] : undefined;
      if (octet === undefined) return undefined;
      contentOctets = contentOctets * 256 + octet;
      if (!Number.isSafeInteger(contentOctets))
        throw new DecodeError('length too large', 'X.690 §8.1.3.5', faultOffset);
    }
  }
  return {
    tag: tagOf(identifier >> 6, tagNumber),
    constructed,
    headerOctets: position - offset,
    contentOctets,
  };
}

/** Identifier and length octets in the shortest definite form. */
export function writeBerHeader(tag: Tag, form: 'constructed' | 'primitive', contentOctets: number): Uint8Array {
  const octets = new Uint8Array(berHeaderOctets(tag, contentOctets));
  putBerHeader(octets, tag, form, contentOctets);
  return octets;
}

/** How many octets `putBerHeader` puts. */
export function berHeaderOctets(tag: Tag, contentOctets: number): number {
  return 2 + tagDigitsOf(tagNumberOf(tag)) + lengthDigitsOf(contentOctets);
}

/** Writes the header to the start of octets that have room for it. */
export function putBerHeader(
  octets: Uint8Array,
  tag: Tag,
  form: 'constructed' | 'primitive',
  contentOctets: number,
): void {
  const leading = (classNumberOf(tag) << 6) | (form === 'constructed' ? 0x20 : 0);
  const tagNumber = tagNumberOf(tag);
  const tagDigits = tagDigitsOf(tagNumber);
  const lengthDigits = lengthDigitsOf(contentOctets);
  octets[0] = leading | (tagDigits === 0 ? tagNumber : 0x1f);
  for (let i = tagDigits, rest = tagNumber; i > 0; i--, rest >>>= 7) {
    octets[i] = (rest & 0x7f) | (i === tagDigits ? 0 : 0x80);
  }
  octets[1 + tagDigits] = lengthDigits === 0 ? contentOctets : 0x80 | lengthDigits;
  for (let i = lengthDigits, rest = contentOctets; i > 0; i--, rest = Math.floor(rest / 256)) {
    octets[1 + tagDigits + i] = rest % 256;
  }
}

function tagDigitsOf(tagNumber: number): number {
  return tagNumber < 0x1f ? 0 : digitsOf(tagNumber, 128);
}

function lengthDigitsOf(contentOctets: number): number {
  return contentOctets < 0x80 ? 0 : digitsOf(contentOctets, 256);
}

/** How many digits a positive number has to this base. */
function digitsOf(value: number, base: number): number {
  let digits = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / base)) digits += 1;
  return digits;
}

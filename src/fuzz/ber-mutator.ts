import { readBerHeader } from '../asn1/ber-header.js';
import { DecodeError } from '../bytes/decode-error.js';
import { concatOctets, joinOctets } from '../bytes/octets.js';
import type { Random } from '../faults/random.js';
import { mutateOctets, repeated, type Mutator } from './mutator.js';

/** An encoding as it may be taken apart and put together wrongly. */
interface Part {
  /** Identifier octets; none: `content` stands for itself. */
  identifier: Uint8Array;
  length: 'short' | 'indefinite' | 'wrong';
  /** With `wrong`: what stands for the length. */
  lengthOctets: Uint8Array;
  content: Uint8Array | Part[];
}

const depthMax = 60;
const childrenMax = 500;
const nestingMax = 300;
const nothing = new Uint8Array(0);
const endOfContents = Uint8Array.of(0, 0);

function loose(content: Uint8Array): Part {
  return { identifier: nothing, length: 'short', lengthOctets: nothing, content };
}

/** The encodings that octets consist of; what is none stands for itself. */
function partsOf(octets: Uint8Array, depth: number, within: 'definite' | 'indefinite'): { parts: Part[]; end: number } {
  const parts: Part[] = [];
  let position = 0;
  while (position < octets.length) {
    if (within === 'indefinite' && octets[position] === 0 && octets[position + 1] === 0) break;
    const part = partAt(octets, position, depth);
    if (part === undefined) {
      parts.push(loose(octets.subarray(position)));
      position = octets.length;
      break;
    }
    parts.push(part.part);
    position = part.end;
  }
  return { parts, end: position };
}

function headerAt(octets: Uint8Array, start: number): ReturnType<typeof readBerHeader> {
  try {
    return readBerHeader(octets, start);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function partAt(octets: Uint8Array, start: number, depth: number): { part: Part; end: number } | undefined {
  const header = headerAt(octets, start);
  if (header === undefined || depth === 0) return undefined;
  const contentStart = start + header.headerOctets;
  const identifierOctets = identifierLength(octets, start);
  const identifier = octets.subarray(start, start + identifierOctets);
  if (header.contentOctets === undefined) {
    const { parts, end } = partsOf(octets.subarray(contentStart), depth - 1, 'indefinite');
    const part: Part = { identifier, length: 'indefinite', lengthOctets: nothing, content: parts };
    return { part, end: Math.min(contentStart + end + 2, octets.length) };
  }
  const end = contentStart + header.contentOctets;
  if (end > octets.length) return undefined;
  const content = octets.subarray(contentStart, end);
  const isWorthOpening = header.constructed || (content.length > 4 && headerAt(content, 0)?.constructed === true);
  const parts = isWorthOpening ? partsOf(content, depth - 1, 'definite').parts : content;
  return { part: { identifier, length: 'short', lengthOctets: nothing, content: parts }, end };
}

function identifierLength(octets: Uint8Array, start: number): number {
  let end = start + 1;
  if (((octets[start] ?? 0) & 0x1f) === 0x1f) while (((octets[end++] ?? 0) & 0x80) !== 0);
  return end - start;
}

function lengthOctetsOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  return length < 0x10000
    ? Uint8Array.of(0x82, length >> 8, length)
    : Uint8Array.of(0x84, length >>> 24, length >> 16, length >> 8, length);
}

function octetsOf({ identifier, length, lengthOctets, content }: Part): Uint8Array {
  const inner = content instanceof Uint8Array ? content : joinOctets(content.map(octetsOf));
  if (identifier.length === 0) return inner;
  if (length === 'indefinite') return concatOctets(identifier, Uint8Array.of(0x80), inner, endOfContents);
  return concatOctets(identifier, length === 'wrong' ? lengthOctets : lengthOctetsOf(inner.length), inner);
}

interface Place {
  readonly siblings: Part[];
  readonly index: number;
  readonly part: Part;
}

function placesOf(siblings: Part[], places: Place[] = []): Place[] {
  for (const [index, part] of siblings.entries()) {
    places.push({ siblings, index, part });
    if (!(part.content instanceof Uint8Array)) placesOf(part.content, places);
  }
  return places;
}

/** Lengths that say something else than what is there, or say it at length. */
function wrongLength(random: Random, right: number): Uint8Array {
  switch (random.between(0, 5)) {
    case 0:
      return lengthOctetsOf(Math.max(right + random.between(-3, 3), 0));
    case 1:
      return Uint8Array.of(0x84, right >>> 24, right >> 16, right >> 8, right);
    case 2:
      return Uint8Array.of(0x84, 0xff, 0xff, 0xff, 0xff);
    case 3:
      return Uint8Array.of(0x88, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    case 4:
      return Uint8Array.of(0xff);
    default:
      return Uint8Array.of(0x80);
  }
}

/** The octets inside many encodings of one tag, one around the other. */
function nested(random: Random, inner: Uint8Array): Part {
  const levels = random.magnitude(1, nestingMax);
  const identifier = random.pick([0x30, 0x31, 0x24, 0x23, 0x60, 0xa0, 0xa1, 0xbf]);
  if (random.chance(0.5)) {
    const start = repeated(Uint8Array.of(identifier, 0x80), levels);
    return loose(concatOctets(start, inner, repeated(endOfContents, random.chance(0.8) ? levels : 0)));
  }
  let octets = inner;
  for (let i = 0; i < Math.min(levels, 80); i++) {
    octets = concatOctets(Uint8Array.of(identifier), lengthOctetsOf(octets.length), octets);
  }
  return loose(octets);
}

/** A string in segments, as X.690 §8.7 lets it come. */
function segmented(random: Random, { identifier, content }: Part): Part {
  const octets = content instanceof Uint8Array ? content : joinOctets(content.map(octetsOf));
  const segments: Part[] = [];
  const size = random.magnitude(1, 64);
  for (let start = 0; start < octets.length && segments.length < childrenMax; start += size) {
    const part = octets.subarray(start, start + size);
    segments.push({ identifier: Uint8Array.of(4), length: 'short', lengthOctets: nothing, content: part });
  }
  const first = (identifier[0] ?? 4) | 0x20;
  return {
    identifier: concatOctets(Uint8Array.of(first), identifier.subarray(1)),
    length: random.chance(0.5) ? 'indefinite' : 'short',
    lengthOctets: nothing,
    content: segments,
  };
}

function changeTag(random: Random, { identifier }: Part): Uint8Array {
  const first = identifier[0] ?? 0;
  switch (random.between(0, 3)) {
    case 0:
      return Uint8Array.of(first ^ 0x20);
    case 1:
      return Uint8Array.of((first & 0x3f) | (random.between(0, 3) << 6));
    case 2:
      return Uint8Array.of((first & 0xe0) | random.between(0, 30));
    default:
      return concatOctets(
        Uint8Array.of(first | 0x1f),
        random.pick([[0x7f], [0x80, 1], [0xff, 0x7f], [0x1e]].map(octets)),
      );
  }
}

function octets(numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers);
}

/** Changes the shape of encodings: order, number, tags, forms of length, nesting, segments (X.690 §8.1). */
export const mutateBer: Mutator = (random, input, other) => {
  const { parts } = partsOf(input, depthMax, 'definite');
  const places = placesOf(parts);
  if (places.length === 0) return mutateOctets(random, input, other);
  const { siblings, index, part } = random.pick(places);
  switch (random.between(0, 10)) {
    case 0:
      siblings.splice(index, 1);
      break;
    case 1:
      siblings.splice(index, 0, ...Array.from({ length: random.magnitude(1, childrenMax) }, () => part));
      break;
    case 2: {
      const place = random.pick(placesOf(parts));
      const [moved] = siblings.splice(index, 1);
      if (moved !== undefined) place.siblings.splice(place.index, 0, loose(octetsOf(moved)));
      break;
    }
    case 3: {
      const others = placesOf(partsOf(other, depthMax, 'definite').parts);
      if (others.length > 0) siblings.splice(index, random.between(0, 1), random.pick(others).part);
      break;
    }
    case 4:
      if (part.identifier.length > 0) part.identifier = changeTag(random, part);
      break;
    case 5:
      part.length = part.length === 'indefinite' ? 'short' : 'indefinite';
      break;
    case 6:
      part.length = 'wrong';
      part.lengthOctets = wrongLength(random, octetsOf(part).length - 2);
      break;
    case 7:
      siblings[index] = nested(random, octetsOf(part));
      break;
    case 8:
      siblings[index] = segmented(random, part);
      break;
    default:
      if (part.content instanceof Uint8Array) part.content = mutateOctets(random, part.content, other);
      else part.content.splice(random.between(0, part.content.length), 0, loose(random.octets(2)));
  }
  return joinOctets(parts.map(octetsOf));
};

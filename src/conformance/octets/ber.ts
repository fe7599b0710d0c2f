/**
 * BER as the lower tester writes and reads it: identifiers of one octet, named by that octet, so that what a case says is what goes out.
 * Damage is made by writing other octets than these functions would.
 */
import { DecodeError } from '../../bytes/decode-error.js';
import { concatOctets, fromHex, latin1Octets } from '../../bytes/octets.js';

export interface Ber {
  /** The identifier octet. */
  readonly identifier: number;
  readonly form: 'definite' | 'indefinite';
  readonly content: Uint8Array;
  /** Of a constructed encoding. */
  readonly children: readonly Ber[];
  /** All of it. */
  readonly octets: Uint8Array;
}

const constructedBit = 0x20;
const highTagNumber = 0x1f;
const depthMax = 64;

/** The length octets of the shortest definite form (X.690 §8.1.3). */
function berLength(octets: number): Uint8Array {
  if (octets < 0x80) return Uint8Array.of(octets);
  const digits: number[] = [];
  for (let rest = octets; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.of(0x80 | digits.length, ...digits);
}

export function ber(identifier: number, ...content: readonly Uint8Array[]): Uint8Array {
  const joined = concatOctets(...content);
  return concatOctets(Uint8Array.of(identifier), berLength(joined.length), joined);
}

/** The same value in the indefinite form (X.690 §8.1.3.6). */
export function indefiniteBer(identifier: number, ...content: readonly Uint8Array[]): Uint8Array {
  return concatOctets(Uint8Array.of(identifier, 0x80), ...content, Uint8Array.of(0, 0));
}

/** An INTEGER, 0..2^31-1, under any identifier. */
export function berInteger(value: number, identifier = 0x02): Uint8Array {
  const digits: number[] = [value % 256];
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  if ((digits[0] ?? 0) >= 0x80) digits.unshift(0);
  return ber(identifier, Uint8Array.from(digits));
}

export function berText(identifier: number, text: string): Uint8Array {
  return ber(identifier, latin1Octets(text));
}

export function berHex(identifier: number, hex: string): Uint8Array {
  return ber(identifier, fromHex(hex));
}

/** The encoding that starts at `offset`. Throws DecodeError. */
export function readBer(octets: Uint8Array, offset = 0, depth = depthMax): Ber {
  const identifier = octetAt(octets, offset);
  if ((identifier & highTagNumber) === highTagNumber) throw malformed('a tag number above 30', offset);
  if (depth === 0) throw malformed('nested too deep', offset);
  const constructed = (identifier & constructedBit) !== 0;
  const first = octetAt(octets, offset + 1);
  if (first === 0x80) {
    if (!constructed) throw malformed('a primitive encoding of indefinite length', offset);
    return readIndefinite(octets, offset, identifier, depth);
  }
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  let length = first < 0x80 ? first : 0;
  for (let i = 0; i < lengthOctets; i++) length = length * 256 + octetAt(octets, offset + 2 + i);
  const start = offset + 2 + lengthOctets;
  const end = start + length;
  if (end > octets.length) throw malformed(`${String(length)} octets of content are cut off`, offset);
  const content = octets.subarray(start, end);
  return {
    identifier,
    form: 'definite',
    content,
    children: constructed ? readAll(content, depth - 1) : [],
    octets: octets.subarray(offset, end),
  };
}

/** The encoding that fills these octets. Throws DecodeError. */
export function readWholeBer(octets: Uint8Array): Ber {
  const node = readBer(octets);
  if (node.octets.length !== octets.length) throw malformed('octets behind the encoding', node.octets.length);
  return node;
}

/** The first member with this identifier octet, down a path of them; undefined where there is none. */
export function memberOf(node: Ber | undefined, ...identifiers: readonly number[]): Ber | undefined {
  let found = node;
  for (const identifier of identifiers) {
    found = found?.children.find((child) => child.identifier === identifier);
  }
  return found;
}

/** The value of an INTEGER of up to six octets. */
export function integerIn(node: Ber | undefined): number | undefined {
  return node?.content.reduce((value, octet) => value * 256 + octet, 0);
}

function readAll(octets: Uint8Array, depth: number): Ber[] {
  const nodes: Ber[] = [];
  for (let offset = 0; offset < octets.length;) {
    const node = readBer(octets, offset, depth);
    nodes.push(node);
    offset += node.octets.length;
  }
  return nodes;
}

function readIndefinite(octets: Uint8Array, offset: number, identifier: number, depth: number): Ber {
  const children: Ber[] = [];
  let position = offset + 2;
  while (octetAt(octets, position) !== 0 || octetAt(octets, position + 1) !== 0) {
    const child = readBer(octets, position, depth - 1);
    children.push(child);
    position += child.octets.length;
  }
  const content = octets.subarray(offset + 2, position);
  return { identifier, form: 'indefinite', content, children, octets: octets.subarray(offset, position + 2) };
}

function octetAt(octets: Uint8Array, offset: number): number {
  const octet = octets[offset];
  if (octet === undefined) throw malformed('the encoding is cut off', offset);
  return octet;
}

function malformed(text: string, offset: number): DecodeError {
  return new DecodeError(text, 'X.690 §8.1', offset);
}

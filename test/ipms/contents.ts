/** Contents made by hand, and what tests say about read ones. */
import { concatOctets, fromHex } from '../../src/bytes/octets.js';
import { writeBerHeader } from '../../src/asn1/ber-header.js';
import { context, universal, type Tag } from '../../src/asn1/tag.js';
import { octetSourceOf } from '../../src/ipms/content-outline.js';
import { readContent } from '../../src/ipms/read.js';
import { readPartOctets, type PartData, type ReadBodyPart, type ReadMessage } from '../../src/ipms/read-content.js';
import type { OctetSource } from '../../src/p1/octet-source.js';
import { parseORAddress } from '../../src/p1/or-address-text.js';

export const anna = parseORAddress('C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna');
export const bob = parseORAddress('C=GB;ADMD= ;PRMD=BETA;S=bob');

export function tlv(tag: Tag, form: 'constructed' | 'primitive', ...content: readonly Uint8Array[]): Uint8Array {
  const inside = concatOctets(...content);
  return concatOctets(writeBerHeader(tag, form, inside.length), inside);
}

/** The same, of indefinite length. */
export function indefinite(tag: Tag, ...content: readonly Uint8Array[]): Uint8Array {
  const header = writeBerHeader(tag, 'constructed', 0).subarray(0, -1);
  return concatOctets(header, Uint8Array.of(0x80), ...content, Uint8Array.of(0, 0));
}

/** A heading with nothing but this-IPM "x". */
export const plainHeading = fromHex('31056b03130178');

/** A message with these body parts. */
export function contentOf(...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(context(0), 'constructed', plainHeading, tlv(universal(16), 'constructed', ...parts));
}

export function readMessage(content: Uint8Array | OctetSource): ReadMessage {
  const read = readContent(content instanceof Uint8Array ? octetSourceOf(content) : content);
  if (read.kind !== 'message') throw new Error(`a ${read.kind}`);
  return read.message;
}

/** The only part of a message with this one body part. */
export function readOnePart(part: Uint8Array): ReadBodyPart {
  const [first] = readMessage(contentOf(part)).parts;
  if (first === undefined) throw new Error('no body part');
  return first;
}

export function octetsOfData(content: Uint8Array, data: PartData): Uint8Array {
  return readPartOctets(octetSourceOf(content), data, Infinity);
}

/** Data of a part that was read by readOnePart. */
export function dataOf(part: Uint8Array): Uint8Array {
  const read = readOnePart(part);
  if (!('data' in read)) throw new Error(`a ${read.form}`);
  return octetsOfData(contentOf(part), read.data);
}

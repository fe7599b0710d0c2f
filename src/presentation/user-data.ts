/**
 * User data: values with the number of their presentation context (X.226 §8.4). The data phase goes through here, so nothing is copied: a
 * header is put in front of a byte list, and the values of a TSDU are views on its chunks.
 */
import { BerCursor, type Extent } from '../asn1/ber-cursor.js';
import { readBerHeader, writeBerHeader } from '../asn1/ber-header.js';
import { integer } from '../asn1/simple-types.js';
import { context, universal, type Tag } from '../asn1/tag.js';
import { decode, encode } from '../asn1/type.js';
import { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { joinOctets } from '../bytes/octets.js';
import type { DefinedContextSet } from './contexts.js';
import { fullyEncodedTag, type PdvList, type UserData } from './pdu.js';
import type { PresentationData } from './service.js';

export interface DataValue {
  readonly abstractSyntax: string;
  /** One complete encoding. */
  readonly octets: ByteList;
}

/** Values in the user data of one primitive. Reliable transfer sends one; each may cost a walk through all chunks of its TSDU. */
export const valuesMax = 256;

/** Enough for the headers in front of a single value, whatever the form of their lengths. */
const leadOctetsMax = 64;

/** From here on the one content octet of an INTEGER stands for a negative number. */
const negative = 0x80;

const contextIdentifierType = integer();
const objectIdentifierTag = universal(6);
const integerTag = universal(2);
const sequenceTag = universal(16);
const singleAsn1TypeTag = context(0);
const octetAlignedTag = context(1);
const arbitraryTag = context(2);

/** What stands before a value of `octets` octets: fully-encoded, one PDV-list, single-ASN1-type, definite lengths. */
function headerOf(contextIdentifier: number, octets: number): Uint8Array {
  const value = writeBerHeader(singleAsn1TypeTag, 'constructed', octets);
  const identifier = encode(contextIdentifierType, contextIdentifier);
  const pdvOctets = identifier.length + value.length + octets;
  const pdv = writeBerHeader(sequenceTag, 'constructed', pdvOctets);
  return joinOctets([writeBerHeader(fullyEncodedTag, 'constructed', pdv.length + pdvOctets), pdv, identifier, value]);
}

/** The user data of a session primitive that carries one value. */
export function wrapValue(contexts: DefinedContextSet, { abstractSyntax, octets }: DataValue): ByteList {
  return ByteList.of(headerOf(contexts.identifierOf(abstractSyntax), octets.length), octets);
}

/** The values in the user data of a session primitive, in order. Throws DecodeError. */
export function unwrapValues(contexts: DefinedContextSet, octets: ByteList): readonly DataValue[] {
  const only = singleValue(contexts, octets);
  return only === undefined ? unwrapAnyValues(contexts, octets) : [only];
}

/** One single-ASN1-type in definite lengths, as reliable transfer nearly always sends it; undefined for anything else. */
function singleValue(contexts: DefinedContextSet, octets: ByteList): DataValue | undefined {
  const lead = octets.view(0, leadOctetsMax);
  const last = octets.length;
  const list = contentUpTo(last, lead, 0, fullyEncodedTag);
  const pdv = list === undefined ? undefined : contentUpTo(last, lead, list, sequenceTag);
  if (pdv === undefined || lead[pdv] !== integerTag || lead[pdv + 1] !== 1) return undefined;
  const identifier = lead[pdv + 2] ?? negative;
  const member = identifier < negative ? contexts.memberOf(identifier) : undefined;
  if (member === undefined) return undefined;
  const start = contentUpTo(last, lead, pdv + 3, singleAsn1TypeTag);
  const header = start === undefined ? undefined : readBerHeader(lead, start);
  if (start === undefined || header?.contentOctets === undefined) return undefined;
  if (start + header.headerOctets + header.contentOctets !== last) return undefined;
  return { abstractSyntax: member.abstractSyntax, octets: octets.slice(start) };
}

/** Where the content begins of a constructed encoding that reaches just to `end`; undefined if what stands at `at` is none. */
function contentUpTo(end: number, lead: Uint8Array, at: number, tag: Tag): number | undefined {
  const header = readBerHeader(lead, at);
  if (header?.tag !== tag || !header.constructed || header.contentOctets === undefined) return undefined;
  const start = at + header.headerOctets;
  return start + header.contentOctets === end ? start : undefined;
}

/** The general way of `unwrapValues`, which takes a shorter one where it can. */
export function unwrapAnyValues(contexts: DefinedContextSet, octets: ByteList): readonly DataValue[] {
  const cursor = new BerCursor(octets);
  const { onlyMember } = contexts;
  const start = cursor.next(cursor.whole);
  if (start.tag !== fullyEncodedTag && onlyMember !== undefined) {
    return [{ abstractSyntax: onlyMember.abstractSyntax, octets }]; // simply encoded, without a header of its own: X.226 §8.4
  }
  if (start.tag !== fullyEncodedTag || !start.constructed) {
    throw new DecodeError('user data are not fully encoded', 'X.226 §8.4', 0);
  }
  const list = cursor.content(start, cursor.whole);
  const values: DataValue[] = [];
  while (!cursor.isOver(list)) {
    for (const value of readPdvList(cursor, list, octets, contexts)) values.push(value);
    if (values.length > valuesMax) throw tooManyValues(cursor.position);
  }
  if (!cursor.isOver(cursor.whole)) throw new DecodeError('octets behind the user data', 'X.226 §8.4', cursor.position);
  if (values.length === 0) throw new DecodeError('user data without a value', 'X.226 §8.4', 0);
  return values;
}

/** As `unwrapValues`, where only one value may come (X.226 §8.4: other primitives than S-DATA). */
export function unwrapValue(contexts: DefinedContextSet, octets: Uint8Array): PresentationData {
  const [value, surplus] = unwrapValues(contexts, ByteList.of(octets));
  if (value === undefined || surplus !== undefined) throw new DecodeError('more than one value', 'X.226 §8.4', 0);
  return { abstractSyntax: value.abstractSyntax, octets: value.octets.toUint8Array() };
}

function readPdvList(
  cursor: BerCursor,
  within: Extent,
  octets: ByteList,
  contexts: DefinedContextSet,
): readonly DataValue[] {
  const pdv = cursor.content(cursor.expect(sequenceTag, 'constructed', within), within);
  let start = cursor.position;
  let header = cursor.next(pdv);
  if (header.tag === objectIdentifierTag) {
    cursor.skip(header, pdv); // the transfer syntax, known from the context
    start = cursor.position;
    header = cursor.next(pdv);
  }
  if (header.tag !== integerTag) throw new DecodeError('PDV-list lacks its context', 'X.226 §8.4', start);
  cursor.skip(header, pdv);
  const identifier = decode(contextIdentifierType, octets.view(start, cursor.position));
  const abstractSyntax = contexts.abstractSyntaxOf(identifier, start);
  const values = readValues(cursor, pdv, octets);
  if (!cursor.isOver(pdv)) throw new DecodeError('more in a PDV-list than its value', 'X.226 §8.4', cursor.position);
  return values.map((value) => ({ abstractSyntax, octets: value }));
}

function readValues(cursor: BerCursor, pdv: Extent, octets: ByteList): readonly ByteList[] {
  const at = cursor.position;
  const header = cursor.next(pdv);
  if (header.tag === singleAsn1TypeTag && header.constructed) {
    const content = cursor.content(header, pdv);
    const start = cursor.position;
    cursor.skip(cursor.next(content), content);
    const value = octets.slice(start, cursor.position);
    if (!cursor.isOver(content)) throw new DecodeError('more than a single ASN.1 type', 'X.226 §8.4', cursor.position);
    return [value];
  }
  if (header.tag === octetAlignedTag) return encodingsIn(cursor.string(header, pdv));
  if (header.tag === arbitraryTag) return encodingsIn(wholeOctets(cursor.segments(header, pdv), at));
  throw new DecodeError('PDV-list without a value', 'X.226 §8.4', at);
}

/** The octets of a BIT STRING of whole octets: each segment begins with its number of unused bits. */
function wholeOctets(segments: readonly ByteList[], offset: number): ByteList {
  const octets = segments.map((segment) => {
    if (segment.length === 0 || segment.at(0) !== 0) {
      throw new DecodeError('bits that are no whole octets', 'X.226 §8.4', offset);
    }
    return segment.slice(1);
  });
  return ByteList.from(octets);
}

/** The encodings that follow one another in octets: several values of one context. */
function encodingsIn(octets: ByteList): readonly ByteList[] {
  const cursor = new BerCursor(octets);
  const encodings: ByteList[] = [];
  while (!cursor.isOver(cursor.whole)) {
    const start = cursor.position;
    cursor.skip(cursor.next(cursor.whole), cursor.whole);
    encodings.push(octets.slice(start, cursor.position));
    if (encodings.length > valuesMax) throw tooManyValues(start);
  }
  return encodings;
}

function tooManyValues(offset: number): DecodeError {
  return new DecodeError(`more than ${valuesMax} values`, 'X.226 §8.4', offset);
}

/** The User-data member of a PPDU that carries one value. */
export function embed(contexts: DefinedContextSet, { abstractSyntax, octets }: PresentationData): UserData {
  const pdv: PdvList = {
    contextIdentifier: contexts.identifierOf(abstractSyntax),
    values: { kind: 'singleAsn1Type', value: octets },
  };
  return { kind: 'fullyEncoded', value: [pdv] };
}

/** The one value in the User-data member of a PPDU. Throws DecodeError. */
export function embeddedValue(contexts: DefinedContextSet, userData: UserData): PresentationData {
  if (userData.kind === 'simplyEncoded') {
    const { onlyMember } = contexts;
    if (onlyMember === undefined) throw new DecodeError('user data are not fully encoded', 'X.226 §8.4', 0);
    return { abstractSyntax: onlyMember.abstractSyntax, octets: userData.value };
  }
  const [pdv, surplus] = userData.value;
  if (pdv === undefined || surplus !== undefined) {
    throw new DecodeError(`${userData.value.length} PDV-lists instead of one`, 'X.226 §8.4', 0);
  }
  const [octets, next] = octetsOf(pdv);
  if (octets === undefined || next !== undefined) throw new DecodeError('more than one value', 'X.226 §8.4', 0);
  return { abstractSyntax: contexts.abstractSyntaxOf(pdv.contextIdentifier, 0), octets };
}

function octetsOf({ values }: PdvList): readonly Uint8Array[] {
  switch (values.kind) {
    case 'singleAsn1Type':
      return [values.value];
    case 'octetAligned':
      return encodingsIn(ByteList.of(values.value)).map((encoding) => encoding.toUint8Array());
    case 'arbitrary': {
      const { octets, unusedBits } = values.value;
      if (unusedBits !== 0) throw new DecodeError('bits that are no whole octets', 'X.226 §8.4', 0);
      return encodingsIn(ByteList.of(octets)).map((encoding) => encoding.toUint8Array());
    }
  }
}

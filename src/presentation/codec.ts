/** PPDUs to and from octets: the types of pdu.ts over the nodes that asn1js reads. Decoding throws DecodeError and nothing else. */
import { decodeWithAsn1js, readBerNodeWithAsn1js } from '../asn1/asn1js-node.js';
import { berOctets, nodeContent, readWholeBerNode } from '../asn1/ber-node.js';
import { unrecognized } from '../asn1/structured-types.js';
import { context, tagText, type Tag } from '../asn1/tag.js';
import { decodeWith, encode } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import { assert } from '../osi/machine.js';
import { abort, cp, cpa, cpr, userData, type Abort, type Cp, type Cpa, type Cpr, type UserData } from './pdu.js';
import { berTransferSyntax } from './service.js';

export const encodeCp = (value: Cp): Uint8Array => encode(cp, value);
export const encodeCpa = (value: Cpa): Uint8Array => encode(cpa, value);
export const encodeCpr = (value: Cpr): Uint8Array => encode(cpr, value);
export const encodeAbort = (value: Abort): Uint8Array => encode(abort, value);

export const decodeCpa = (octets: Uint8Array): Cpa => decodeWithAsn1js(cpa, octets);
export const decodeCpr = (octets: Uint8Array): Cpr => decodeWithAsn1js(cpr, octets);
export const decodeAbort = (octets: Uint8Array): Abort => decodeWithAsn1js(abort, octets);

/** A CP, and the octets behind it: the same user data once more in other transfer syntaxes (CPC, X.226 §8.2). */
export function decodeCp(octets: Uint8Array): { readonly cp: Cp; readonly copies: Uint8Array } {
  const node = readBerNodeWithAsn1js(octets);
  return { cp: decodeWith(cp, node), copies: octets.subarray(node.end) };
}

/** The user data of a CP in the form that is in BER, where several were sent. */
export function readableUserData(first: UserData, copies: Uint8Array): UserData {
  let readable = first;
  for (let rest = copies; !isInBer(readable) && rest.length > 0;) {
    const node = readBerNodeWithAsn1js(rest);
    readable = decodeWith(userData, node);
    rest = rest.subarray(node.end);
  }
  if (!isInBer(readable)) throw new DecodeError('user data in no transfer syntax of ours', 'X.226 §8.2', 0);
  return readable;
}

function isInBer(data: UserData): boolean {
  if (data.kind === 'simplyEncoded') return true;
  return data.value.every(({ transferSyntax = berTransferSyntax }) => transferSyntax === berTransferSyntax);
}

/** Tags that the APDUs of reliable transfer have in normal mode; in X.410-1984 mode their members stand in our PPDUs without them. */
export const rtorqTag = context(16);
export const rtoacTag = context(17);
export const rtorjTag = context(18);
export const rtabTag = context(22);

/** The members of an APDU of reliable transfer. */
export function membersOf(apdu: Uint8Array, tag: Tag): Uint8Array {
  const node = readWholeBerNode(apdu);
  assert(node.tag === tag && node.constructed, `${tagText(node.tag)} is no APDU for this place`);
  return nodeContent(node);
}

export function withTag(tag: Tag, members: Uint8Array): Uint8Array {
  return berOctets(tag, 'constructed', members);
}

/** How many parameters of PPDUs we do not know. */
export function unrecognizedCount(...parts: readonly { readonly [unrecognized]?: readonly Uint8Array[] }[]): number {
  return parts.reduce((count, part) => count + (part[unrecognized]?.length ?? 0), 0);
}

/** DATA TRANSFER SPDUs by their first octets, without holding what they carry. */
import { readBerHeader } from '../asn1/ber-header.js';
import { context, universal } from '../asn1/tag.js';
import type { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { fullyEncodedTag } from '../presentation/pdu.js';
import { spduTables } from '../session/pdu.js';

const longLength = 0xff;

/** Longest beginning that is read: a prefix with tokens, the SPDU's header, and the headers of presentation and of an RTTR. */
const headOctetsMax = 64;

/** Whether a TSDU that begins so is a DATA TRANSFER behind its prefix (X.225 §6.3.7). */
export function startsWithData(tsdu: ByteList): boolean {
  return userInformationStart(tsdu.slice(0, headOctetsMax).toUint8Array()) !== undefined;
}

/** Where the user information of a DATA TRANSFER begins; undefined if it is none. */
function userInformationStart(head: Uint8Array): number | undefined {
  if (head[0] !== spduTables.GT.code) return undefined;
  const prefixEnd = endOfParameters(head, 1);
  return head[prefixEnd] === spduTables.DT.code ? endOfParameters(head, prefixEnd + 1) : undefined;
}

function endOfParameters(head: Uint8Array, lengthAt: number): number {
  const first = head[lengthAt] ?? 0;
  if (first !== longLength) return lengthAt + 1 + first;
  return lengthAt + 3 + (head[lengthAt + 1] ?? 0) * 256 + (head[lengthAt + 2] ?? 0);
}

/** What stands in front of the octets of an APDU in normal mode (X.226 §8.4, X.228 §9): RTTR as a single ASN.1 type of one context. */
const normalModeTags = [fullyEncodedTag, universal(16), universal(2), context(0), universal(4)];

/**
 * Octets of an APDU in a DATA TRANSFER of which this is the first packet: those that are in it, and, in normal mode, how many there are in
 * all. In X.410-1984 mode the user information is the APDU (X.228 §7.3).
 */
export function apduOctetsIn(tsdu: ByteList): { readonly octets: number; readonly announced: number | undefined } {
  const head = tsdu.slice(0, headOctetsMax).toUint8Array();
  const start = userInformationStart(head) ?? 0;
  const rttr = rttrIn(head, start);
  if (rttr === undefined) return { octets: tsdu.length - start, announced: undefined };
  return { octets: tsdu.length - rttr.start, announced: rttr.octets };
}

function rttrIn(head: Uint8Array, from: number): { readonly start: number; readonly octets: number } | undefined {
  let position = from;
  let octets = 0;
  try {
    for (const tag of normalModeTags) {
      const header = readBerHeader(head, position);
      if (header?.tag !== tag || header.contentOctets === undefined) return undefined;
      octets = header.contentOctets;
      position += header.headerOctets;
      if (tag === universal(2)) position += octets;
    }
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  return { start: position, octets };
}

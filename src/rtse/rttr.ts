/**
 * RTTR of normal mode, an OCTET STRING around one piece of an APDU. Its contents pass without a copy; pieces may be split anywhere and are
 * no values of their own. In X.410-1984 mode there is no RTTR: S-DATA holds the contents alone.
 */
import { headerOctetsMax, readBerHeader, writeBerHeader, type BerHeader } from '../asn1/ber-header.js';
import { tagText, universal } from '../asn1/tag.js';
import { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';

/** Nesting of constructed OCTET STRINGs (X.690 §8.7.3) that is taken. */
const segmentDepthMax = 8;

const octetStringTag = universal(4);

export function encodeRttr(contents: ByteList): ByteList {
  return ByteList.of(writeBerHeader(octetStringTag, 'primitive', contents.length), contents);
}

/** The contents octets. Throws DecodeError. */
export function decodeRttr(encoding: ByteList): ByteList {
  const segments: ByteList[] = [];
  const end = readOctetString(encoding, 0, encoding.length, segmentDepthMax, segments);
  if (end !== encoding.length) throw new DecodeError('octets behind the RTTR', 'X.690 §8.1', end);
  return ByteList.from(segments);
}

/** Adds the segments of the string at `start` and gives the place behind it. */
function readOctetString(
  encoding: ByteList,
  start: number,
  limit: number,
  depth: number,
  segments: ByteList[],
): number {
  const { constructed, headerOctets, contentOctets } = readOctetStringHeader(encoding, start, limit);
  const contentStart = start + headerOctets;
  const contentEnd = contentOctets === undefined ? limit : contentStart + contentOctets;
  if (contentEnd > limit) throw new DecodeError('length reaches beyond the RTTR', 'X.690 §8.1.3', start);
  if (!constructed) {
    segments.push(encoding.slice(contentStart, contentEnd));
    return contentEnd;
  }
  if (depth === 0) throw new DecodeError('nested too deep', 'X.690 §8.7', start);
  let position = contentStart;
  for (;;) {
    if (contentOctets !== undefined && position === contentEnd) return contentEnd;
    if (contentOctets === undefined && isEndOfContents(encoding, position, limit)) return position + 2;
    position = readOctetString(encoding, position, contentEnd, depth - 1, segments);
  }
}

function readOctetStringHeader(encoding: ByteList, start: number, limit: number): BerHeader {
  const head = encoding.slice(start, Math.min(start + headerOctetsMax, limit)).toUint8Array();
  const header = readBerHeader(head, 0);
  if (header === undefined) throw new DecodeError('RTTR cut short', 'X.690 §8.1', start);
  if (header.tag !== octetStringTag) {
    throw new DecodeError(`RTTR expected, not ${tagText(header.tag)}`, 'X.228 §9', start);
  }
  return header;
}

function isEndOfContents(encoding: ByteList, position: number, limit: number): boolean {
  return position + 2 <= limit && encoding.at(position) === 0 && encoding.at(position + 1) === 0;
}

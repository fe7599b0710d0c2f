/**
 * RTTR of normal mode, an OCTET STRING around one piece of an APDU. Its contents pass without a copy; pieces may be split anywhere and are
 * no values of their own. In X.410-1984 mode there is no RTTR: S-DATA holds the contents alone.
 */
import { BerCursor, segmentsMax, type Extent } from '../asn1/ber-cursor.js';
import { headerOctetsMax, readBerHeader, writeBerHeader } from '../asn1/ber-header.js';
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
  return onlySegment(encoding) ?? decodeSegments(encoding);
}

/** The contents of a primitive OCTET STRING that is all there is, as it nearly always is; undefined for anything else. */
function onlySegment(encoding: ByteList): ByteList | undefined {
  const header = readBerHeader(encoding.view(0, headerOctetsMax), 0);
  if (header?.tag !== octetStringTag || header.constructed) return undefined;
  const { headerOctets, contentOctets } = header;
  return headerOctets + (contentOctets ?? 0) === encoding.length ? encoding.slice(headerOctets) : undefined;
}

/** The general way of `decodeRttr`, which takes a shorter one where it can. */
export function decodeSegments(encoding: ByteList): ByteList {
  const cursor = new BerCursor(encoding);
  const segments: ByteList[] = [];
  readOctetString(cursor, cursor.whole, segmentDepthMax, segments);
  if (!cursor.isOver(cursor.whole)) throw new DecodeError('octets behind the RTTR', 'X.690 §8.1', cursor.position);
  return ByteList.from(segments);
}

/** Adds the segments of the next string. */
function readOctetString(cursor: BerCursor, within: Extent, depth: number, segments: ByteList[]): void {
  const start = cursor.position;
  const header = cursor.next(within);
  if (header.tag !== octetStringTag) {
    throw new DecodeError(`RTTR expected, not ${tagText(header.tag)}`, 'X.228 §9', start);
  }
  if (!header.constructed) {
    if (segments.length === segmentsMax)
      throw new DecodeError(`more than ${segmentsMax} segments`, 'X.690 §8.7', start);
    segments.push(cursor.take(header.contentOctets ?? 0));
    return;
  }
  if (depth === 0) throw new DecodeError('nested too deep', 'X.690 §8.7', start);
  const content = cursor.content(header, within);
  while (!cursor.isOver(content)) readOctetString(cursor, content, depth - 1, segments);
}

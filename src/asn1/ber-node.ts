import { DecodeError } from '../bytes/decode-error.js';
import { joinOctets } from '../bytes/octets.js';
import { berHeaderOctets, putBerHeader, readBerHeader } from './ber-header.js';
import { tagOf, type Tag } from './tag.js';

/** One BER encoding, as positions in the octets in which it came: nothing is copied, and what came can be sent on as it came. */
export interface BerNode {
  readonly tag: Tag;
  readonly constructed: boolean;
  /** The octets that all positions count in. */
  readonly source: Uint8Array;
  readonly start: number;
  readonly contentStart: number;
  /** End of the content, before the end-of-contents octets of an indefinite length. */
  readonly contentEnd: number;
  readonly end: number;
  /** Of a constructed encoding; empty for a primitive one. */
  readonly children: readonly BerNode[];
}

export interface BerLimits {
  /** Nesting of constructed encodings. */
  readonly depthMax: number;
  /** Encodings in one tree. */
  readonly nodesMax: number;
}

export const berLimits: BerLimits = { depthMax: 64, nodesMax: 1_000_000 };

const noChildren: readonly BerNode[] = [];

/**
 * The tree of the one encoding that starts at `offset` and ends at `limit` at the latest; octets behind it are left alone (`end` says where
 * they start). Throws DecodeError.
 */
export function readBerNode(
  source: Uint8Array,
  offset = 0,
  limits: BerLimits = berLimits,
  limit: number = source.length,
): BerNode {
  return readNode(source, offset, limit, limits.depthMax, { nodes: limits.nodesMax });
}

/** The tree of an encoding that must fill `source` to its end. */
export function readWholeBerNode(source: Uint8Array, limits: BerLimits = berLimits): BerNode {
  const node = readBerNode(source, 0, limits);
  if (node.end !== source.length) throw new DecodeError('octets behind the encoding', 'X.690 §8.1', node.end);
  return node;
}

function readNode(source: Uint8Array, start: number, end: number, depth: number, budget: { nodes: number }): BerNode {
  if (--budget.nodes < 0) throw new DecodeError('too many encodings', 'X.690 §8.1', start);
  const identifier = source[start] ?? 0;
  const length = source[start + 1] ?? 0;
  if (start + 2 <= end && (identifier & 0x3f) < 0x1f && length < 0x80 && start + 2 + length <= end) {
    // Most encodings are primitive, with a header of two octets.
    const contentStart = start + 2;
    const contentEnd = contentStart + length;
    const tag = tagOf(identifier >> 6, identifier & 0x1f);
    return { tag, constructed: false, source, start, contentStart, contentEnd, end: contentEnd, children: noChildren };
  }
  const header = readBerHeader(source, start, end);
  if (header === undefined) throw new DecodeError('encoding cut short', 'X.690 §8.1', start);
  const contentStart = start + header.headerOctets;
  const { tag, constructed, contentOctets } = header;
  if (contentOctets !== undefined && contentStart + contentOctets > end) {
    throw new DecodeError('length reaches beyond the enclosing encoding', 'X.690 §8.1.3', start);
  }
  if (!constructed) {
    const contentEnd = contentStart + (contentOctets ?? 0);
    return { tag, constructed, source, start, contentStart, contentEnd, end: contentEnd, children: noChildren };
  }
  if (depth === 0) throw new DecodeError('nested too deep', 'X.690 §8.1', start);
  const children: BerNode[] = [];
  const limit = contentOctets === undefined ? end : contentStart + contentOctets;
  let position = contentStart;
  for (;;) {
    if (contentOctets !== undefined && position === limit) {
      return { tag, constructed, source, start, contentStart, contentEnd: limit, end: limit, children };
    }
    if (contentOctets === undefined && source[position] === 0 && source[position + 1] === 0 && position + 2 <= limit) {
      return { tag, constructed, source, start, contentStart, contentEnd: position, end: position + 2, children };
    }
    const child = readNode(source, position, limit, depth - 1, budget);
    children.push(child);
    position = child.end;
  }
}

/** The encoding with its header, as it came. */
export function nodeOctets(node: BerNode): Uint8Array {
  return node.source.subarray(node.start, node.end);
}

/** What stands between header and end, as it came. */
export function nodeContent(node: BerNode): Uint8Array {
  return node.source.subarray(node.contentStart, node.contentEnd);
}

/** The value of a string type, its segments joined where it came constructed, at any depth (X.690 §8.7, §8.23). */
export function stringOctets(node: BerNode): Uint8Array {
  if (!node.constructed) return nodeContent(node);
  return joinOctets(node.children.map(stringOctets));
}

/** A complete encoding in the shortest definite form around content that is already encoded. */
export function berOctets(
  tag: Tag,
  constructed: 'constructed' | 'primitive',
  ...content: readonly Uint8Array[]
): Uint8Array {
  let length = 0;
  for (const part of content) length += part.length;
  let position = berHeaderOctets(tag, length);
  const octets = new Uint8Array(position + length);
  putBerHeader(octets, tag, constructed, length);
  for (const part of content) {
    octets.set(part, position);
    position += part.length;
  }
  return octets;
}

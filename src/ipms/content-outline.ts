/**
 * The BER structure of a content of any size, walked where it lies: only headers are read, so that a body part of a gigabyte
 * costs no more memory than one of a kilobyte.
 */
import { universal, type Tag } from '../asn1/tag.js';
import { DecodeError } from '../bytes/decode-error.js';
import type { OctetRun } from '../p1/apdu-walker.js';
import { HeaderReader, type ElementHeader, type OctetSource } from '../p1/octet-source.js';

export function octetSourceOf(octets: Uint8Array): OctetSource {
  return { octets: octets.length, read: (offset, length) => octets.subarray(offset, offset + length) };
}

/** One encoding, as positions in the source. */
export interface OutlineNode {
  readonly tag: Tag;
  readonly constructed: boolean;
  readonly start: number;
  readonly contentStart: number;
  /** Before the end-of-contents octets of an indefinite length. */
  readonly contentEnd: number;
  readonly end: number;
}

export const outlineLimits = {
  /** Nesting of encodings of indefinite length, and of the segments of a string. */
  depthMax: 64,
  /** Encodings of indefinite length in one content. */
  indefiniteMax: 100_000,
};

const endOfContentsTag = universal(0);
const endOfContentsOctets = 2;

/** X.690 §8.1.5. */
function isEndOfContents({ tag, headerOctets, contentStart, end }: ElementHeader): boolean {
  return tag === endOfContentsTag && headerOctets === endOfContentsOctets && end === contentStart;
}

export class ContentOutline {
  readonly source: OctetSource;
  readonly #headers: HeaderReader;
  /** Ends of the encodings of indefinite length that were met, by their first content octet: each is looked for once. */
  readonly #ends = new Map<number, number>();

  constructor(source: OctetSource) {
    this.source = source;
    this.#headers = new HeaderReader(source);
  }

  /** The encoding at `start`, which must end at or before `limit`. Throws DecodeError. */
  node(start: number, limit: number = this.source.octets): OutlineNode {
    const { tag, constructed, contentStart, end } = this.#headers.headerAt(start, limit);
    if (end !== undefined) return { tag, constructed, start, contentStart, contentEnd: end, end };
    const contentEnd = this.#endOfContents(contentStart, limit, outlineLimits.depthMax);
    return { tag, constructed, start, contentStart, contentEnd, end: contentEnd + endOfContentsOctets };
  }

  /** The encodings inside one; none in a primitive one. Throws DecodeError. */
  *children(node: OutlineNode): Iterable<OutlineNode> {
    if (!node.constructed) return;
    for (let position = node.contentStart; position < node.contentEnd;) {
      const child = this.node(position, node.contentEnd);
      yield child;
      position = child.end;
    }
  }

  /** All encodings inside one, in memory. Throws DecodeError when they are more than `count`. */
  childrenUpTo(count: number, node: OutlineNode): readonly OutlineNode[] {
    const children: OutlineNode[] = [];
    for (const child of this.children(node)) {
      if (children.length === count) throw new DecodeError(`more than ${String(count)} members`, 'X.420', child.start);
      children.push(child);
    }
    return children;
  }

  /** The complete encoding, read into memory. Throws DecodeError when it is longer than `octetsMax`. */
  octets(node: OutlineNode, octetsMax: number): Uint8Array {
    const length = node.end - node.start;
    if (length > octetsMax) throw new DecodeError(`more than ${String(octetsMax)} octets`, 'X.420', node.start);
    return this.source.read(node.start, length);
  }

  /** The content octets of a string, in one run for each segment, at any depth (X.690 §8.7, §8.23). Throws DecodeError. */
  *runs(node: OutlineNode, depth: number = outlineLimits.depthMax): Iterable<OctetRun> {
    if (!node.constructed) {
      const octets = node.contentEnd - node.contentStart;
      if (octets > 0) yield { offset: node.contentStart, octets };
      return;
    }
    if (depth === 0) throw new DecodeError('nested too deep', 'X.690 §8.1', node.start);
    for (const segment of this.children(node)) yield* this.runs(segment, depth - 1);
  }

  #endOfContents(contentStart: number, limit: number, depth: number): number {
    const known = this.#ends.get(contentStart);
    if (known !== undefined) return known;
    if (depth === 0) throw new DecodeError('nested too deep', 'X.690 §8.1', contentStart);
    if (this.#ends.size >= outlineLimits.indefiniteMax) {
      throw new DecodeError('too many encodings of indefinite length', 'X.690 §8.1.3.6', contentStart);
    }
    let position = contentStart;
    let header = this.#headers.headerAt(position, limit);
    while (!isEndOfContents(header)) {
      position = header.end ?? this.#endOfContents(header.contentStart, limit, depth - 1) + endOfContentsOctets;
      header = this.#headers.headerAt(position, limit);
    }
    this.#ends.set(contentStart, position);
    return position;
  }
}

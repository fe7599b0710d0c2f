/**
 * The BER structure of a content of any size, walked where it lies: only headers are read, through a small window, so that a body part of a
 * gigabyte costs no more memory than one of a kilobyte.
 */
import { headerOctetsMax, readBerHeader, type BerHeader } from '../asn1/ber-header.js';
import type { Tag } from '../asn1/tag.js';
import { DecodeError } from '../bytes/decode-error.js';

/** Octets with random access: memory, a file, or wherever the store keeps a content. */
export interface OctetSource {
  readonly octets: number;
  /** Exactly these octets, all inside the source. */
  read(offset: number, length: number): Uint8Array;
}

export function octetSourceOf(octets: Uint8Array): OctetSource {
  return { octets: octets.length, read: (offset, length) => octets.subarray(offset, offset + length) };
}

/** Octets of the source in one piece. */
export interface OctetRun {
  readonly offset: number;
  readonly length: number;
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

const windowOctets = 65_536;
const endOfContentsOctets = 2;

export class ContentOutline {
  readonly source: OctetSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;
  /** Ends of the encodings of indefinite length that were met, by their first content octet: each is looked for once. */
  readonly #ends = new Map<number, number>();

  constructor(source: OctetSource) {
    this.source = source;
  }

  /** The encoding at `start`, which must end at or before `limit`. Throws DecodeError. */
  node(start: number, limit: number = this.source.octets): OutlineNode {
    const header = this.#header(start, limit);
    const contentStart = start + header.headerOctets;
    const { tag, constructed } = header;
    if (header.contentOctets === undefined) {
      const contentEnd = this.#endOfContents(contentStart, limit, outlineLimits.depthMax);
      return { tag, constructed, start, contentStart, contentEnd, end: contentEnd + endOfContentsOctets };
    }
    const end = contentStart + header.contentOctets;
    return { tag, constructed, start, contentStart, contentEnd: end, end };
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

  /** The complete encoding, read into memory. Throws DecodeError when it is longer than `octetsMax`. */
  octets(node: OutlineNode, octetsMax: number): Uint8Array {
    const length = node.end - node.start;
    if (length > octetsMax) throw new DecodeError(`more than ${String(octetsMax)} octets`, 'X.420', node.start);
    return this.source.read(node.start, length);
  }

  /** The content octets of a string, in one run for each segment, at any depth (X.690 §8.7, §8.23). Throws DecodeError. */
  *runs(node: OutlineNode, depth: number = outlineLimits.depthMax): Iterable<OctetRun> {
    if (!node.constructed) {
      const length = node.contentEnd - node.contentStart;
      if (length > 0) yield { offset: node.contentStart, length };
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
    while (!this.#isEndOfContents(position, limit)) {
      const header = this.#header(position, limit);
      const inner = position + header.headerOctets;
      position =
        header.contentOctets === undefined
          ? this.#endOfContents(inner, limit, depth - 1) + endOfContentsOctets
          : inner + header.contentOctets;
    }
    this.#ends.set(contentStart, position);
    return position;
  }

  #isEndOfContents(position: number, limit: number): boolean {
    if (position + endOfContentsOctets > limit) {
      throw new DecodeError('end-of-contents octets are missing', 'X.690 §8.1.5', position);
    }
    this.#show(position, limit);
    const index = position - this.#windowStart;
    return this.#window[index] === 0 && this.#window[index + 1] === 0;
  }

  #header(start: number, limit: number): BerHeader {
    this.#show(start, limit);
    const index = start - this.#windowStart;
    const header = this.#readHeader(index, Math.min(limit - this.#windowStart, this.#window.length), start);
    if (header === undefined) throw new DecodeError('encoding cut short', 'X.690 §8.1', start);
    if (start + header.headerOctets + (header.contentOctets ?? 0) > limit) {
      throw new DecodeError('length reaches beyond the enclosing encoding', 'X.690 §8.1.3', start);
    }
    return header;
  }

  #readHeader(index: number, end: number, start: number): BerHeader | undefined {
    try {
      return readBerHeader(this.#window, index, end);
    } catch (error) {
      throw error instanceof DecodeError ? new DecodeError('unreadable header', error.clause, start) : error;
    }
  }

  /** Moves the window so that a header at `position` lies in it. */
  #show(position: number, limit: number): void {
    const needed = Math.min(position + headerOctetsMax, limit);
    if (position >= this.#windowStart && needed <= this.#windowStart + this.#window.length) return;
    const octets = this.source.octets;
    this.#windowStart = Math.min(position, octets);
    this.#window = this.source.read(this.#windowStart, Math.min(windowOctets, octets - this.#windowStart));
  }
}

import { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { headerOctetsMax, readBerHeader, type BerHeader } from './ber-header.js';
import { berLimits } from './ber-node.js';
import { tagText, type Tag } from './tag.js';

/** Where the content of an encoding ends: at a known position, or at its end-of-contents octets, `limit` at the latest. */
export interface Extent {
  readonly form: 'definite' | 'indefinite';
  readonly limit: number;
}

/** Segments of one string (X.690 §8.7.3): each costs us far more memory than the three octets that it may have. */
export const segmentsMax = 262_144;

/**
 * Goes through the encodings in a byte list, header by header. Content is passed over or taken as views; chunks are never joined, so that
 * the octets of a message stay where they came. Every method advances or throws DecodeError.
 */
export class BerCursor {
  readonly #octets: ByteList;
  #position = 0;
  #chunk = 0;
  #offsetInChunk = 0;

  constructor(octets: ByteList) {
    this.#octets = octets;
  }

  /** The next octet to be read, counted from 0. */
  get position(): number {
    return this.#position;
  }

  /** All octets, as the outermost extent. */
  get whole(): Extent {
    return { form: 'definite', limit: this.#octets.length };
  }

  /** Whether nothing is left in the extent; passes the end-of-contents octets of an indefinite one (X.690 §8.1.5). */
  isOver(extent: Extent): boolean {
    if (extent.form === 'definite') return this.#position === extent.limit;
    if (extent.limit - this.#position < 2 || this.#peek(2).some((octet) => octet !== 0)) return false;
    this.#advance(2);
    return true;
  }

  /** Reads the header of the next encoding, which must lie within the extent. */
  next(extent: Extent): BerHeader {
    const start = this.#position;
    const rest = extent.limit - start;
    const chunk = this.#octets.chunks[this.#chunk];
    const inOneChunk = chunk !== undefined && chunk.length - this.#offsetInChunk >= Math.min(headerOctetsMax, rest);
    const header = inOneChunk
      ? readBerHeader(chunk, this.#offsetInChunk, Math.min(chunk.length, this.#offsetInChunk + rest), start)
      : readBerHeader(this.#peek(Math.min(headerOctetsMax, rest)), 0, undefined, start);
    if (header === undefined) throw new DecodeError('encoding cut short', 'X.690 §8.1', start);
    if (header.headerOctets + (header.contentOctets ?? 0) > rest) {
      throw new DecodeError('length reaches beyond the enclosing encoding', 'X.690 §8.1.3', start);
    }
    this.#advance(header.headerOctets);
    return header;
  }

  /** As `next`, for an encoding that must have this tag. */
  expect(tag: Tag, form: 'constructed' | 'primitive', extent: Extent): BerHeader {
    const start = this.#position;
    const header = this.next(extent);
    if (header.tag !== tag || header.constructed !== (form === 'constructed')) {
      throw new DecodeError(`${form} ${tagText(tag)} expected, not ${tagText(header.tag)}`, 'X.680', start);
    }
    return header;
  }

  /** The content of the encoding whose header was just read. */
  content(header: BerHeader, within: Extent): Extent {
    return header.contentOctets === undefined
      ? { form: 'indefinite', limit: within.limit }
      : { form: 'definite', limit: this.#position + header.contentOctets };
  }

  /** Passes the content of the encoding whose header was just read. */
  skip(header: BerHeader, within: Extent, depth: number = berLimits.depthMax): void {
    if (header.contentOctets !== undefined) {
      this.#advance(header.contentOctets);
      return;
    }
    if (depth === 0) throw new DecodeError('nested too deep', 'X.690 §8.1', this.#position);
    const content = this.content(header, within);
    while (!this.isOver(content)) this.skip(this.next(content), content, depth - 1);
  }

  /** Takes the next `count` octets. */
  take(count: number): ByteList {
    const start = this.#position;
    const views: Uint8Array[] = [];
    this.#advance(count, views);
    if (this.#position !== start + count) throw new DecodeError('octets cut short', 'X.690 §8.1', start);
    return ByteList.from(views);
  }

  /** The value of the string whose header was just read, its segments in order where it came constructed (X.690 §8.7). */
  string(header: BerHeader, within: Extent): ByteList {
    return ByteList.from(this.segments(header, within));
  }

  /** The primitive contents that make up the string whose header was just read. */
  segments(header: BerHeader, within: Extent, depthMax: number = berLimits.depthMax): readonly ByteList[] {
    const segments: ByteList[] = [];
    this.#addSegments(header, within, depthMax, segments);
    return segments;
  }

  #addSegments(header: BerHeader, within: Extent, depth: number, segments: ByteList[]): void {
    if (!header.constructed) {
      if (segments.length === segmentsMax) {
        throw new DecodeError(`more than ${segmentsMax} segments`, 'X.690 §8.7', this.#position);
      }
      segments.push(this.take(header.contentOctets ?? 0));
      return;
    }
    if (depth === 0) throw new DecodeError('nested too deep', 'X.690 §8.7', this.#position);
    const content = this.content(header, within);
    while (!this.isOver(content)) this.#addSegments(this.next(content), content, depth - 1, segments);
  }

  /** The next octets, at most `count`, in one array. */
  #peek(count: number): Uint8Array {
    const octets = new Uint8Array(Math.min(count, this.#octets.length - this.#position));
    let filled = 0;
    let from = this.#offsetInChunk;
    for (let i = this.#chunk; filled < octets.length; i++) {
      const part = this.#octets.chunks[i]?.subarray(from, from + octets.length - filled) ?? octets;
      octets.set(part, filled);
      filled += part.length;
      from = 0;
    }
    return octets;
  }

  /** Passes `count` octets, or as many as there are, and adds views on them to `views`. */
  #advance(count: number, views?: Uint8Array[]): void {
    let rest = count;
    for (let chunk = this.#octets.chunks[this.#chunk]; rest > 0 && chunk !== undefined;) {
      const step = Math.min(rest, chunk.length - this.#offsetInChunk);
      views?.push(chunk.subarray(this.#offsetInChunk, this.#offsetInChunk + step));
      this.#offsetInChunk += step;
      this.#position += step;
      rest -= step;
      if (this.#offsetInChunk === chunk.length) {
        this.#offsetInChunk = 0;
        chunk = this.#octets.chunks[++this.#chunk];
      }
    }
  }
}

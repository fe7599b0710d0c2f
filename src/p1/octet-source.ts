/** Reading BER headers from octets that are on disk, not in memory. */
import { DecodeError } from '../bytes/decode-error.js';
import { headerOctetsMax, readBerHeader, type BerHeader } from '../asn1/ber-header.js';

/** Octets in random access, such as a stored APDU. */
export interface OctetSource {
  /** In all. */
  readonly octets: number;
  /** The octets from `offset`, `length` of them; both lie within the source. */
  read(offset: number, length: number): Uint8Array;
}

/** Octets read at once when looking for headers, so that neighbours need no read of their own. */
const blockOctets = 4096;

/** A header and the places it determines. */
export interface ElementHeader extends BerHeader {
  readonly start: number;
  readonly contentStart: number;
  /** Undefined in the indefinite form. */
  readonly end: number | undefined;
}

export class HeaderReader {
  private readonly source: OctetSource;
  private block: Uint8Array = new Uint8Array(0);
  private blockStart = 0;

  constructor(source: OctetSource) {
    this.source = source;
  }

  /** The element at `start`, which must not reach beyond `limit`. Throws DecodeError. */
  headerAt(start: number, limit: number): ElementHeader {
    const end = Math.min(start + headerOctetsMax, limit, this.source.octets);
    if (start < this.blockStart || end > this.blockStart + this.block.length) {
      this.blockStart = start;
      const length = Math.min(blockOctets, this.source.octets - start);
      this.block = length > 0 ? this.source.read(start, length) : new Uint8Array(0);
    }
    const header = readBerHeader(this.block, start - this.blockStart, end - this.blockStart);
    if (header === undefined) throw new DecodeError('encoding cut short', 'X.690 §8.1', start);
    const contentStart = start + header.headerOctets;
    const elementEnd = header.contentOctets === undefined ? undefined : contentStart + header.contentOctets;
    if (elementEnd !== undefined && elementEnd > limit) {
      throw new DecodeError('length reaches beyond the enclosing encoding', 'X.690 §8.1.3', start);
    }
    const { tag, constructed, headerOctets, contentOctets } = header;
    return { tag, constructed, headerOctets, contentOctets, start, contentStart, end: elementEnd };
  }
}

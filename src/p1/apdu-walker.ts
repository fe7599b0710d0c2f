/** Walks a stored BER encoding from front to back without holding it: into constructed elements, past others, out again. */
import { DecodeError } from '../bytes/decode-error.js';
import { berLimits } from '../asn1/ber-node.js';
import { universal, type Tag } from '../asn1/tag.js';
import { HeaderReader, type ElementHeader, type OctetSource } from './octet-source.js';

const endOfContents = universal(0);
const octetString = universal(4);

/** Octets that lie together. */
export interface OctetRun {
  readonly offset: number;
  readonly octets: number;
}

export class ApduWalker {
  private readonly source: OctetSource;
  private readonly headers: HeaderReader;
  /** Ends of the elements we are inside of, outermost first; undefined for indefinite lengths. */
  private readonly frames: (number | undefined)[] = [];
  /** Where the next header is. */
  position = 0;

  constructor(source: OctetSource) {
    this.source = source;
    this.headers = new HeaderReader(source);
  }

  private get limit(): number {
    return this.frames.findLast((end) => end !== undefined) ?? this.source.octets;
  }

  private fault(message: string): DecodeError {
    return new DecodeError(message, 'X.411', this.position);
  }

  /** The element that comes next; stays before it. */
  peek(): ElementHeader {
    return this.headers.headerAt(this.position, this.limit);
  }

  /** Whether the present element ends here. */
  atEnd(): boolean {
    const end = this.frames.at(-1);
    return end === undefined ? this.isEndOfContents(this.peek()) : this.position === end;
  }

  private isEndOfContents(header: ElementHeader): boolean {
    if (header.tag !== endOfContents) return false;
    if (header.constructed || header.contentOctets !== 0) throw this.fault('malformed end-of-contents');
    return true;
  }

  enter(header: ElementHeader): void {
    if (!header.constructed) throw this.fault('a constructed encoding expected');
    if (this.frames.length >= berLimits.depthMax) throw this.fault('nested too deep');
    this.frames.push(header.end);
    this.position = header.contentStart;
  }

  /** Out of the present element, which must end here. */
  leave(): void {
    if (!this.atEnd()) throw this.fault('octets behind the last member');
    if (this.frames.pop() === undefined) this.position += 2;
  }

  /** Out of every element we are in, to the end of the source. */
  leaveAll(): void {
    while (this.frames.length > 0) this.leave();
    if (this.position !== this.source.octets) throw this.fault('octets behind the APDU');
  }

  /** Past the next element. */
  skip(octetsMax: number): OctetRun {
    const start = this.position;
    this.skipElement(start, octetsMax);
    return { offset: start, octets: this.position - start };
  }

  private skipElement(start: number, octetsMax: number): void {
    const header = this.peek();
    if (this.isEndOfContents(header)) throw this.fault('end-of-contents without beginning');
    if (header.end !== undefined) this.position = header.end;
    else {
      this.enter(header);
      while (!this.atEnd()) this.skipElement(start, octetsMax);
      this.leave();
    }
    if (this.position - start > octetsMax) throw this.fault(`element of more than ${String(octetsMax)} octets`);
  }

  /** The octets of the next element, header included. */
  take(octetsMax: number): Uint8Array {
    const { offset, octets } = this.skip(octetsMax);
    return this.source.read(offset, octets);
  }

  /** Where the octets of the next element lie: an OCTET STRING, whatever its own tag, primitive or in segments at any depth. */
  locateString(runsMax: number): OctetRun[] {
    const runs: OctetRun[] = [];
    this.locateSegments(undefined, runs, runsMax);
    return runs;
  }

  private locateSegments(tag: Tag | undefined, runs: OctetRun[], runsMax: number): void {
    const header = this.peek();
    if (tag !== undefined && header.tag !== tag) throw this.fault('a segment that is no OCTET STRING'); // X.690 §8.7.3.2
    if (!header.constructed) {
      const octets = header.contentOctets ?? 0;
      if (octets > 0) runs.push({ offset: header.contentStart, octets });
      if (runs.length > runsMax) throw this.fault(`more than ${String(runsMax)} segments`);
      this.position = header.contentStart + octets;
      return;
    }
    this.enter(header);
    while (!this.atEnd()) this.locateSegments(octetString, runs, runsMax);
    this.leave();
  }
}

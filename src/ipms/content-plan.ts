/**
 * A content before it is written: octets of ours, and references to files whose octets come in between. All lengths are known, so that a
 * file of any size goes out in definite form without ever being held.
 */
import { writeBerHeader } from '../asn1/ber-header.js';
import type { Tag } from '../asn1/tag.js';
import { concatOctets } from '../bytes/octets.js';

export type Segment =
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  /** `octets` octets from `offset` on of the file that the caller knows under this index. */
  | { readonly kind: 'file'; readonly file: number; readonly offset: number; readonly octets: number };

export type Segments = readonly Segment[];

function segmentOctets(segment: Segment): number {
  return segment.kind === 'octets' ? segment.octets.length : segment.octets;
}

export function octetsOf(segments: Segments): number {
  return segments.reduce((sum, segment) => sum + segmentOctets(segment), 0);
}

export function octets(...parts: readonly Uint8Array[]): Segments {
  return parts.map((part) => ({ kind: 'octets', octets: part }));
}

/** The encoding of a constructed type around what is already encoded. */
export function constructed(tag: Tag, ...content: readonly Segments[]): Segments {
  return wrapped(tag, 'constructed', content.flat());
}

/** The encoding of a primitive type with this content. */
export function primitive(tag: Tag, content: Segments): Segments {
  return wrapped(tag, 'primitive', content);
}

function wrapped(tag: Tag, form: 'constructed' | 'primitive', content: Segments): Segments {
  return [{ kind: 'octets', octets: writeBerHeader(tag, form, octetsOf(content)) }, ...content];
}

/** The same octets in as few segments as possible. */
export function merged(segments: Segments): Segments {
  const result: Segment[] = [];
  let pending: Uint8Array[] = [];
  const flush = (): void => {
    if (pending.length > 0) result.push({ kind: 'octets', octets: concatOctets(...pending) });
    pending = [];
  };
  for (const segment of segments) {
    if (segmentOctets(segment) === 0) continue;
    if (segment.kind === 'octets') pending.push(segment.octets);
    else {
      flush();
      result.push(segment);
    }
  }
  flush();
  return result;
}

/** All octets in one piece, for contents without large files. `read` gives the octets of a file. */
export function flattened(
  segments: Segments,
  read: (file: number, offset: number, length: number) => Uint8Array,
): Uint8Array {
  return concatOctets(
    ...segments.map((segment) =>
      segment.kind === 'octets' ? segment.octets : read(segment.file, segment.offset, segment.octets),
    ),
  );
}

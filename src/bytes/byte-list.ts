/**
 * A sequence of octets held as views on the chunks in which they came. Appending and slicing copy nothing, so that a message can pass from
 * the socket to the disk without a copy. Immutable: every operation gives a new list.
 */
export class ByteList {
  static readonly empty = new ByteList([], 0);

  /** The chunks in order; none is empty. */
  readonly chunks: readonly Uint8Array[];
  /** Octets in all. */
  readonly length: number;

  private constructor(chunks: readonly Uint8Array[], length: number) {
    this.chunks = chunks;
    this.length = length;
  }

  static of(...parts: readonly (Uint8Array | ByteList)[]): ByteList {
    return ByteList.from(parts);
  }

  /** As `of`, for any number of parts: more than some 100,000 arguments do not fit a call. */
  static from(parts: readonly (Uint8Array | ByteList)[]): ByteList {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (const part of parts) {
      length += part.length;
      if (part instanceof ByteList) for (const chunk of part.chunks) chunks.push(chunk);
      else if (part.length > 0) chunks.push(part);
    }
    return length === 0 ? ByteList.empty : new ByteList(chunks, length);
  }

  /** The octet at `index`; throws RangeError outside 0..length-1. */
  at(index: number): number {
    let rest = index;
    for (const chunk of this.chunks) {
      const octet = rest >= 0 ? chunk[rest] : undefined;
      if (octet !== undefined) return octet;
      rest -= chunk.length;
    }
    throw new RangeError(`octet ${String(index)} of ${String(this.length)}`);
  }

  /** The octets from `start` up to, not including, `end`, both clamped to the list. */
  slice(start: number, end: number = this.length): ByteList {
    const to = Math.min(end, this.length);
    if (start <= 0 && to === this.length) return this;
    const parts: Uint8Array[] = [];
    let length = 0;
    let position = 0;
    for (const chunk of this.chunks) {
      const from = Math.max(start - position, 0);
      const until = Math.min(to - position, chunk.length);
      if (from < until) {
        parts.push(until - from === chunk.length ? chunk : chunk.subarray(from, until));
        length += until - from;
      }
      position += chunk.length;
      if (position >= to) break;
    }
    return length === 0 ? ByteList.empty : new ByteList(parts, length);
  }

  /** As `slice`, in one array: a view where these octets lie in one chunk (do not write to it), a copy otherwise. */
  view(start: number, end: number = this.length): Uint8Array {
    const to = Math.max(start, Math.min(end, this.length));
    let position = 0;
    for (const chunk of this.chunks) {
      const from = start - position;
      if (from >= 0 && from < chunk.length && to - position <= chunk.length) return chunk.subarray(from, to - position);
      position += chunk.length;
      if (position > start) break;
    }
    return this.slice(start, to).toUint8Array();
  }

  /** All octets in one array: the chunk itself where there is only one (do not write to it), a copy otherwise. */
  toUint8Array(): Uint8Array {
    const [first] = this.chunks;
    if (first === undefined) return new Uint8Array(0);
    if (this.chunks.length === 1) return first;
    const joined = new Uint8Array(this.length);
    let position = 0;
    for (const chunk of this.chunks) {
      joined.set(chunk, position);
      position += chunk.length;
    }
    return joined;
  }
}

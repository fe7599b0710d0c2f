import { ByteList } from '../bytes/byte-list.js';

/** User data that comes in several SPDUs. */
export class Pieces {
  readonly #parts: (Uint8Array | ByteList)[] = [];
  #length = 0;

  /** Octets in all. */
  get length(): number {
    return this.#length;
  }

  add(part: Uint8Array | ByteList): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
  }

  joined(): ByteList {
    return ByteList.from(this.#parts);
  }
}

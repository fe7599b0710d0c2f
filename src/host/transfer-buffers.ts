/** Smallest buffer, octets; smaller pieces are not worth handing over. */
export const transferOctetsMin = 4096;

/** Octets of free buffers that are kept. */
const freeOctetsMax = 8 * 1024 * 1024;

/**
 * Buffers that go to and fro between two threads. One that has been handed over comes back when it has been read, and is used again:
 * octets that pass in bulk leave no garbage, which the collector would let grow to tens of MiB on either side.
 */
export class TransferBuffers {
  /** By size: powers of two. */
  readonly #free = new Map<number, ArrayBuffer[]>();
  #freeOctets = 0;

  /** An array at the front of a buffer that is the caller's to hand over. */
  take(octets: number): Uint8Array<ArrayBuffer> {
    const size = Math.max(2 ** Math.ceil(Math.log2(Math.max(octets, 1))), transferOctetsMin);
    const free = this.#free.get(size)?.pop();
    if (free !== undefined) this.#freeOctets -= size;
    return new Uint8Array(free ?? new ArrayBuffer(size), 0, octets);
  }

  /** Back from the other side. Buffers that were not made here are left to the collector. */
  give(buffers: readonly ArrayBuffer[]): void {
    for (const buffer of buffers) {
      const size = buffer.byteLength;
      if (!Number.isInteger(Math.log2(size)) || this.#freeOctets + size > freeOctetsMax) continue;
      this.#freeOctets += size;
      this.#free.set(size, [...(this.#free.get(size) ?? []), buffer]);
    }
  }
}

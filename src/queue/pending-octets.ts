/**
 * Buffers of one size that are used again and again. Octets that pass in bulk would otherwise leave so much garbage behind that the memory
 * of the process grew by tens of MiB before it was collected.
 */
export class BufferPool {
  /** Of each buffer. */
  readonly octets: number;
  readonly #free: Uint8Array[] = [];

  constructor(octets: number) {
    this.octets = octets;
  }

  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(this.octets);
  }

  give(buffer: Uint8Array): void {
    if (this.#free.length < freeBuffersMax) this.#free.push(buffer);
  }
}

const freeBuffersMax = 32;

/** Octets that wait in memory to be written. */
export class PendingOctets {
  readonly #pool: BufferPool;
  #buffer: Uint8Array | undefined;
  #octets = 0;

  constructor(pool: BufferPool) {
    this.#pool = pool;
  }

  get octets(): number {
    return this.#octets;
  }

  get room(): number {
    return this.#pool.octets - this.#octets;
  }

  /** Copies what there is room for, and tells how much that was. */
  append(octets: Uint8Array): number {
    this.#buffer ??= this.#pool.take();
    const taken = Math.min(octets.length, this.#buffer.length - this.#octets);
    this.#buffer.set(octets.subarray(0, taken), this.#octets);
    this.#octets += taken;
    return taken;
  }

  /** The octets themselves, good until the next change. */
  view(): Uint8Array {
    return this.#buffer?.subarray(0, this.#octets) ?? new Uint8Array(0);
  }

  /** They wait no more; whoever took the view needs it until `free`. */
  recorded(): void {
    this.#octets = 0;
  }

  /** Gives the buffer back if nothing waits in it. */
  free(): void {
    if (this.#octets === 0) this.clear();
  }

  clear(): void {
    if (this.#buffer !== undefined) this.#pool.give(this.#buffer);
    this.#buffer = undefined;
    this.#octets = 0;
  }
}

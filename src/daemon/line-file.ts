/** Characters that wait at most while nothing can be written; lines beyond them are lost. */
const waitingMax = 1024 * 1024;

/** Between attempts at a pipe whose reader is slow. */
const busyMilliseconds = 5;
const sleeping = new Int32Array(new SharedArrayBuffer(4));

/** Lines for a file or pipe, gathered until they are written together and in order. */
export class LineFile {
  readonly #writeSome: (octets: Uint8Array) => number;
  #lines = '';
  /** What an attempt has left over: it may begin in the middle of a line. */
  #rest: Buffer = Buffer.alloc(0);

  /** `writeSome` answers how many octets it took, and throws as `fs.writeSync` does. */
  constructor(writeSome: (octets: Uint8Array) => number) {
    this.#writeSome = writeSome;
  }

  get characters(): number {
    return this.#lines.length;
  }

  add(line: string): void {
    if (this.#rest.length + this.#lines.length < waitingMax) this.#lines += line;
  }

  /** Writes all that waits, however slow the reader is. What cannot be written, on a full disk say, waits for the next time; the text says why. */
  write(): string | undefined {
    const lines = Buffer.from(this.#lines);
    let left = this.#rest.length === 0 ? lines : Buffer.concat([this.#rest, lines]);
    this.#lines = '';
    try {
      while (left.length > 0) left = left.subarray(this.#attempt(left));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      this.#rest = left;
    }
  }

  #attempt(octets: Uint8Array): number {
    try {
      return this.#writeSome(octets);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(sleeping, 0, 0, busyMilliseconds);
      return 0;
    }
  }
}

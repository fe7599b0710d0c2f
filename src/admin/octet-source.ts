import type { Readable } from 'node:stream';

const lineFeed = 0x0a;

/** The octets of a stream, asked for piece by piece; the stream is stopped while nobody asks. */
export class OctetSource {
  readonly #stream: Readable;
  readonly #pieces: Buffer[] = [];
  #asked:
    { readonly resolve: (piece: Buffer | undefined) => void; readonly reject: (error: Error) => void } | undefined;
  /** No further pieces come; with the error, if it was not the end. */
  #over: { readonly error?: Error } | undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.on('data', (piece: Buffer) => {
      const asked = this.#asked;
      this.#asked = undefined;
      if (asked === undefined) {
        this.#pieces.push(piece);
        stream.pause();
      } else asked.resolve(piece);
    });
    stream.once('end', () => {
      this.#end({});
    });
    stream.on('error', (error: Error) => {
      this.#end({ error });
    });
    stream.once('close', () => {
      this.#end({ error: new Error('the connection was cut') });
    });
  }

  /** Undefined at the end. Rejects where the stream breaks off. One call at a time. */
  async next(): Promise<Buffer | undefined> {
    const piece = this.#pieces.shift();
    if (piece !== undefined) return piece;
    if (this.#over?.error !== undefined) throw this.#over.error;
    if (this.#over !== undefined) return undefined;
    if (this.#stream.isPaused()) this.#stream.resume();
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
    });
  }

  /** As `next`, but never more than so many octets; the others stay. */
  async nextOf(octetsMax: number): Promise<Buffer | undefined> {
    const piece = await this.next();
    if (piece === undefined || piece.length <= octetsMax) return piece;
    this.unread(piece.subarray(octetsMax));
    return piece.subarray(0, octetsMax);
  }

  /** Up to the next line feed, without it; undefined at the end. Rejects where the line is longer, or the end is within it. */
  async line(octetsMax: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    let octets = 0;
    for (;;) {
      const piece = await this.next();
      if (piece === undefined && octets === 0) return undefined;
      if (piece === undefined) throw new Error('the end came within a line');
      const end = piece.indexOf(lineFeed);
      octets += end < 0 ? piece.length : end;
      if (octets > octetsMax) throw new Error(`a line has more than ${String(octetsMax)} octets`);
      if (end < 0) {
        pieces.push(piece);
        continue;
      }
      this.unread(piece.subarray(end + 1));
      return pieces.length === 0 ? piece.subarray(0, end) : Buffer.concat([...pieces, piece.subarray(0, end)]);
    }
  }

  /** Passes over so many octets. */
  async skip(octets: number): Promise<void> {
    for (let left = octets; left > 0;) {
      const piece = await this.nextOf(left);
      if (piece === undefined) return;
      left -= piece.length;
    }
  }

  /** These octets come next. */
  unread(octets: Buffer): void {
    if (octets.length > 0) this.#pieces.unshift(octets);
  }

  #end(over: { readonly error?: Error }): void {
    this.#over ??= over;
    const asked = this.#asked;
    this.#asked = undefined;
    if (this.#over.error === undefined) asked?.resolve(undefined);
    else asked?.reject(this.#over.error);
  }
}

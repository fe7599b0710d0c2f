import { ByteList } from '../bytes/byte-list.js';

/** From this many pieces on, small ones are copied together: a peer that sends single octets must not cost us an object for each. */
const piecesBeforeJoining = 64;
/** Pieces up to this length count as small. */
const smallPieceOctetsMax = 128;
/** Small pieces are joined in blocks of this size. */
const blockOctets = 4096;

/** Gathers octets that come in pieces, as views on them; memory stays in proportion to the octets, whatever their pieces. */
export class OctetCollector {
  #chunks: Uint8Array[] = [];
  #length = 0;
  #block = new Uint8Array(0);
  #blockStart = 0;
  #blockEnd = 0;

  get length(): number {
    return this.#length;
  }

  append(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#length += piece.length;
    if (this.#chunks.length < piecesBeforeJoining || piece.length > smallPieceOctetsMax) {
      this.#chunks.push(piece);
      this.#blockStart = this.#blockEnd;
    } else {
      this.#join(piece);
    }
  }

  /** What was gathered, in order; the collector is empty afterwards. */
  take(): ByteList {
    const list = ByteList.from(this.#chunks);
    this.#chunks = [];
    this.#length = 0;
    this.#block = new Uint8Array(0);
    this.#blockStart = this.#blockEnd = 0;
    return list;
  }

  #join(piece: Uint8Array): void {
    if (this.#blockEnd + piece.length > this.#block.length) {
      this.#block = new Uint8Array(blockOctets);
      this.#blockStart = this.#blockEnd = 0;
    }
    this.#block.set(piece, this.#blockEnd);
    if (this.#blockEnd > this.#blockStart) this.#chunks.pop(); // the joined pieces before this one: their view grows
    this.#blockEnd += piece.length;
    this.#chunks.push(this.#block.subarray(this.#blockStart, this.#blockEnd));
  }
}

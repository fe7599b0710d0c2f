/**
 * TPKT (RFC 1006 §6): each TPDU in one packet, behind a header of four octets: version 3, a reserved octet, and the length of the whole
 * packet. TCP segments mean nothing.
 */
import { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { assert } from '../osi/machine.js';
import { OctetCollector } from './octet-collector.js';

const clause = 'RFC 1006 §6';
const version = 3;
export const tpktHeaderOctets = 4;
/** A header and the smallest TPDU. */
const tpktOctetsMin = 7;
export const tpktOctetsMax = 65535;
/** The largest TPDU that fits: also the size of TPDUs where nobody names one, instead of the 128 octets of X.224. */
export const tpduOctetsMax = tpktOctetsMax - tpktHeaderOctets;

/** Cuts the octets of a TCP connection into TPDUs. Holds at most one incomplete packet; TPDUs are views on the chunks that came. */
export class TpktReader {
  readonly #header = new Uint8Array(tpktHeaderOctets);
  #headerOctets = 0;
  readonly #body = new OctetCollector();
  #bodyOctets = 0;

  /** True between packets. */
  get atBoundary(): boolean {
    return this.#headerOctets === 0;
  }

  /**
   * Gives each TPDU that `chunk` completes. `packetOctetsMax` is asked for every packet, since what is acceptable changes with the state
   * of the connection. Throws DecodeError where the octets are no packet; no later packet can be found then.
   */
  *read(chunk: Uint8Array, packetOctetsMax: () => number): Generator<ByteList, void, undefined> {
    let position = 0;
    while (position < chunk.length) {
      if (this.atBoundary && chunk.length - position >= tpktHeaderOctets) {
        const start = position + tpktHeaderOctets;
        const end = start + bodyOctets(chunk, position, packetOctetsMax());
        if (end <= chunk.length) {
          position = end;
          yield ByteList.of(chunk.subarray(start, end));
          continue;
        }
      }
      if (this.#headerOctets < tpktHeaderOctets) {
        this.#header[this.#headerOctets] = chunk[position] ?? 0;
        this.#headerOctets += 1;
        position += 1;
        if (this.#headerOctets === tpktHeaderOctets) this.#bodyOctets = bodyOctets(this.#header, 0, packetOctetsMax());
        continue;
      }
      const piece = chunk.subarray(position, position + this.#bodyOctets - this.#body.length);
      this.#body.append(piece);
      position += piece.length;
      if (this.#body.length === this.#bodyOctets) {
        this.#headerOctets = 0;
        yield this.#body.take();
      }
    }
  }
}

/** Octets of the TPDU behind the header at `offset`. Throws DecodeError. */
function bodyOctets(octets: Uint8Array, offset: number, packetOctetsMax: number): number {
  const first = octets[offset];
  if (first !== version) throw new DecodeError(`TPKT version ${String(first)}`, clause, 0);
  const length = ((octets[offset + 2] ?? 0) << 8) | (octets[offset + 3] ?? 0); // the reserved octet is not looked at: Exchange sends 11, RFC 2126 §4.3
  if (length < tpktOctetsMin) throw new DecodeError(`TPKT of ${String(length)} octets`, clause, 2);
  if (length > packetOctetsMax) {
    throw new DecodeError(`TPKT of ${String(length)} octets, at most ${String(packetOctetsMax)} here`, clause, 2);
  }
  return length - tpktHeaderOctets;
}

/** The head of a packet: its TPKT header and the TPDU's header in one chunk. User data, if any, follow as they are. */
export function packetHead(tpduHeader: Uint8Array, userDataOctets: number): Uint8Array {
  const length = tpktHeaderOctets + tpduHeader.length + userDataOctets;
  assert(length <= tpktOctetsMax, () => `a TPKT of ${String(length)} octets`);
  const head = new Uint8Array(tpktHeaderOctets + tpduHeader.length);
  head[0] = version;
  head[2] = length >> 8;
  head[3] = length;
  head.set(tpduHeader, tpktHeaderOctets);
  return head;
}

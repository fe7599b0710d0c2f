/** Segmenting and reassembling: a TSDU travels as a chain of DT TPDUs, the last of which has EOT (X.224 §6.3). */
import { ByteList } from '../bytes/byte-list.js';
import { assert } from '../osi/machine.js';
import { encodeTpduHeader } from './codec.js';
import { OctetCollector } from './octet-collector.js';
import { dataHeaderOctets, type TpduOf } from './pdu.js';
import { packetHead } from './tpkt.js';

const dataHeader = encodeTpduHeader({ type: 'DT', endOfTsdu: false, userData: ByteList.empty });
const lastDataHeader = encodeTpduHeader({ type: 'DT', endOfTsdu: true, userData: ByteList.empty });

/** The packets that carry one TSDU: new chunks for the heads, views on the user's chunks between them. */
export function segmentTsdu(userData: ByteList, tpduOctetsMax: number): ByteList {
  assert(userData.length > 0, 'a TSDU has at least one octet');
  const segmentOctetsMax = tpduOctetsMax - dataHeaderOctets;
  if (userData.length <= segmentOctetsMax) return ByteList.of(packetHead(lastDataHeader, userData.length), userData);
  const fullHead = packetHead(dataHeader, segmentOctetsMax);
  const parts: Uint8Array[] = [];
  let octetsLeft = userData.length;
  let segmentOctetsLeft = 0;
  for (const chunk of userData.chunks) {
    let position = 0;
    while (position < chunk.length) {
      if (segmentOctetsLeft === 0) {
        segmentOctetsLeft = Math.min(octetsLeft, segmentOctetsMax);
        parts.push(octetsLeft > segmentOctetsMax ? fullHead : packetHead(lastDataHeader, octetsLeft));
      }
      const piece = chunk.subarray(position, position + segmentOctetsLeft);
      parts.push(piece);
      position += piece.length;
      segmentOctetsLeft -= piece.length;
      octetsLeft -= piece.length;
    }
  }
  return ByteList.from(parts);
}

/** The TSDU that is coming in. Holds views on what was received, never more than `tsduOctetsMax` octets. */
export class TsduReassembly {
  readonly #tsduOctetsMax: number;
  readonly #octets = new OctetCollector();

  constructor(tsduOctetsMax: number) {
    this.#tsduOctetsMax = tsduOctetsMax;
  }

  /** Octets held of a TSDU that is not complete. */
  get length(): number {
    return this.#octets.length;
  }

  accepts(data: TpduOf<'DT'>): boolean {
    return this.#octets.length + data.userData.length <= this.#tsduOctetsMax;
  }

  /** The TSDU that this DT completes. */
  append(data: TpduOf<'DT'>): ByteList | undefined {
    if (data.endOfTsdu && this.length === 0) return data.userData; // one DT is all: most TSDUs
    for (const chunk of data.userData.chunks) this.#octets.append(chunk);
    return data.endOfTsdu ? this.#octets.take() : undefined;
  }

  /** Forgets a TSDU that will never be complete. */
  discard(): void {
    this.#octets.take();
  }
}

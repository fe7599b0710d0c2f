/**
 * Follows one direction of a connection: TPKT (RFC 1006), TPDUs (X.224), SPDUs (X.225) and the APDUs of reliable transfer in them. Gives
 * every octet back, in order and as it came; a PDU is held until it is complete, so that it can be acted upon before its first octet passes.
 * DATA TRANSFER, which may be long, passes packet by packet. What is no packet passes as it is, with all that follows it.
 */
import { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { decodeTpdu } from '../transport/codec.js';
import { OctetCollector } from '../transport/octet-collector.js';
import { tpktHeaderOctets } from '../transport/tpkt.js';
import { apduOctetsIn, startsWithData } from './data-transfer.js';
import { pdusOf, type Pdu } from './pdus.js';

const tpktVersion = 3;
const noPacket = 'no TPKT (RFC 1006 §6)';
/** A header and the smallest TPDU (RFC 1006 §6). */
const tpktOctetsMin = 7;

/** Of a TSDU that is no DATA TRANSFER; one that grows longer passes without being looked at. */
export const heldTsduOctetsMax = 131_072;

/** A run of octets, and what begins with its first octet and ends with its last. */
export interface Passage {
  readonly octets: ByteList;
  /** Of the first octet, counted from 0 in this direction of the connection. */
  readonly from: number;
  /** What the octets are, by all the names they have; none where nothing is known of them. */
  readonly pdus: readonly Pdu[];
  /** DATA TRANSFER comes in parts when it takes more than one packet. */
  readonly part: 'whole' | 'first' | 'next' | 'last';
  /** The TSDU in it, where a whole one is. */
  readonly tsdu?: ByteList;
  /** Of the first packet, header included. */
  readonly packetOctets?: number;
}

interface DataTransfer {
  /** Of the APDU, where its length stands in front of it. */
  readonly announced: number | undefined;
  octets: number;
}

export class Recogniser {
  readonly #packet = new OctetCollector();
  /** Of the packet that is coming, header included; undefined before its header is complete. */
  #packetOctets: number | undefined;
  /** Complete packets of a TSDU that is not, and its octets so far. */
  #held: { readonly packets: OctetCollector; readonly tsdu: OctetCollector; readonly packetOctets: number } | undefined;
  /** A DATA TRANSFER that is passing. */
  #data: DataTransfer | undefined;
  /** The rest of a TSDU that was too long. */
  #passingTsdu = false;
  #opaque: string | undefined;
  #from = 0;

  /** Octets that came and were not given back yet. */
  get heldOctets(): number {
    return this.#packet.length + (this.#held?.packets.length ?? 0);
  }

  /** Why nothing is recognised any more, undefined while it is. */
  get opaque(): string | undefined {
    return this.#opaque;
  }

  /** Octets of the APDU in a DATA TRANSFER that has begun and not ended. */
  get partialApduOctets(): number {
    return this.#data?.octets ?? 0;
  }

  *read(chunk: Uint8Array): Generator<Passage, void, undefined> {
    let position = 0;
    while (position < chunk.length) {
      if (this.#opaque !== undefined) {
        yield this.#plain(ByteList.of(chunk.subarray(position)));
        return;
      }
      const wanted = (this.#packetOctets ?? tpktHeaderOctets) - this.#packet.length;
      const piece = chunk.subarray(position, position + wanted);
      position += piece.length;
      if (this.#packet.length === 0 && piece[0] !== tpktVersion) {
        yield* this.release(noPacket);
        yield this.#plain(ByteList.of(piece));
        continue;
      }
      this.#packet.append(piece);
      if (piece.length < wanted) return;
      if (this.#packetOctets === undefined) yield* this.#header();
      else {
        this.#packetOctets = undefined;
        yield* this.#complete(this.#packet.take());
      }
    }
  }

  /** Gives back what is held, and everything that comes from now on as it comes. */
  *release(reason: string): Generator<Passage, void, undefined> {
    this.#opaque ??= reason;
    const rest = ByteList.of(this.#held?.packets.take() ?? ByteList.empty, this.#packet.take());
    this.#held = undefined;
    if (rest.length > 0) yield this.#plain(rest);
  }

  *#header(): Generator<Passage, void, undefined> {
    const header = this.#packet.take();
    const length = header.at(2) * 256 + header.at(3);
    this.#packet.append(header.toUint8Array());
    if (length >= tpktOctetsMin) this.#packetOctets = length;
    else yield* this.release(noPacket);
  }

  *#complete(packet: ByteList): Generator<Passage, void, undefined> {
    const tpdu = tpduIn(packet);
    if (tpdu?.type !== 'DT') {
      yield* this.#unheld();
      yield tpdu === undefined
        ? this.#plain(packet)
        : this.#passage(packet, [{ name: `${tpdu.type} TPDU`, facts: {} }]);
      return;
    }
    const { userData, endOfTsdu } = tpdu;
    if (this.#passingTsdu) {
      this.#passingTsdu = !endOfTsdu;
      yield this.#plain(packet);
      return;
    }
    if (this.#data !== undefined) {
      yield this.#dataPart(this.#data, packet, userData.length, endOfTsdu);
      return;
    }
    if (this.#held === undefined && startsWithData(userData)) {
      yield* this.#beginData(packet, userData, endOfTsdu);
      return;
    }
    this.#held ??= { packets: new OctetCollector(), tsdu: new OctetCollector(), packetOctets: packet.length };
    const { packets, tsdu, packetOctets } = this.#held;
    for (const part of packet.chunks) packets.append(part);
    for (const part of userData.chunks) tsdu.append(part);
    if (endOfTsdu) {
      const whole = tsdu.take();
      this.#held = undefined;
      yield { ...this.#passage(packets.take(), pdusOf(whole)), tsdu: whole, packetOctets };
    } else if (tsdu.length > heldTsduOctetsMax) {
      this.#passingTsdu = true;
      yield* this.#unheld();
    }
  }

  *#beginData(packet: ByteList, userData: ByteList, endOfTsdu: boolean): Generator<Passage, void, undefined> {
    const { announced, octets } = apduOctetsIn(userData);
    if (endOfTsdu) {
      yield {
        ...this.#passage(packet, [dataTransfer(announced ?? octets)]),
        tsdu: userData,
        packetOctets: packet.length,
      };
      return;
    }
    this.#data = { announced, octets };
    yield { ...this.#passage(packet, [dataTransfer(announced ?? octets)]), part: 'first' };
  }

  #dataPart(data: DataTransfer, packet: ByteList, octets: number, endOfTsdu: boolean): Passage {
    data.octets += octets;
    if (!endOfTsdu) return { ...this.#passage(packet, []), part: 'next' };
    this.#data = undefined;
    return { ...this.#passage(packet, [dataTransfer(data.announced ?? data.octets)]), part: 'last' };
  }

  /** Packets of a TSDU that will not be looked at. */
  *#unheld(): Generator<Passage, void, undefined> {
    const packets = this.#held?.packets.take();
    this.#held = undefined;
    if (packets !== undefined) yield this.#plain(packets);
  }

  #plain(octets: ByteList): Passage {
    return this.#passage(octets, []);
  }

  #passage(octets: ByteList, pdus: readonly Pdu[]): Passage {
    const from = this.#from;
    this.#from += octets.length;
    return { octets, from, pdus, part: 'whole' };
  }
}

function dataTransfer(apduOctets: number): Pdu {
  return { name: 'DATA TRANSFER', facts: { apduOctets } };
}

function tpduIn(packet: ByteList) {
  try {
    return decodeTpdu(packet.slice(tpktHeaderOctets)).tpdu;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

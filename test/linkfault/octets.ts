/** Packets of RFC 1006 that carry SPDUs, as an MTA sends them. */
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, joinOctets } from '../../src/bytes/octets.js';
import { encodeTsdu } from '../../src/session/concatenation.js';
import type { Spdu } from '../../src/session/pdu.js';
import { segmentTsdu } from '../../src/transport/tsdu.js';

const tpduOctetsMax = 2048;

/** The packets of one SPDU. */
export function packets(spdu: Spdu, octetsMax = tpduOctetsMax): Uint8Array {
  return segmentTsdu(encodeTsdu(spdu), octetsMax).toUint8Array();
}

const connectionRequest = fromHex('03 00 00 0b 06 e0 00 00 00 01 00');

/** Data as X.410-1984 mode sends it: nothing around the octets of the APDU. */
export function data(octets: number): Spdu {
  return { spdu: 'DT', userInformation: ByteList.of(new Uint8Array(octets).fill(7)) };
}

export function checkpoint(serialNumber: number): Spdu {
  return { spdu: 'MIP', serialNumber };
}

export function acknowledgement(serialNumber: number): Spdu {
  return { spdu: 'MIA', serialNumber };
}

/** The chunks of octets that are cut at these places. */
export function cutAt(octets: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (octets.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends]
    .map((start, i) => octets.subarray(start, ends[i] ?? octets.length))
    .filter(({ length }) => length > 0);
}

/** A short transfer, as the sender's direction shows it. */
export const transfer = joinOctets([
  connectionRequest,
  packets({ spdu: 'AS', activityIdentifier: Uint8Array.of(2, 1, 1) }),
  packets(data(1024)),
  packets(checkpoint(1)),
  packets(data(5000)),
  packets(checkpoint(2)),
  packets({ spdu: 'AE', serialNumber: 3 }),
]);

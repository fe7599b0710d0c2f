import { concatOctets, joinOctets } from '../bytes/octets.js';
import type { Random } from '../faults/random.js';
import { dataHeaderOctets, tpdus } from '../transport/pdu.js';
import { tpktHeaderOctets } from '../transport/tpkt.js';
import { mutateBer } from './ber-mutator.js';
import { mutateOctets, type Mutator } from './mutator.js';
import { mutateTsdu } from './session-mutator.js';

const endMark = 0x80;
const packetOctetsMax = 65535;

/** Packets of RFC 1006, one after another; what is none is the last of them. */
export function packetsOf(octets: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let offset = 0; offset < octets.length;) {
    const length = (octets[offset + 2] ?? 0) * 0x100 + (octets[offset + 3] ?? 0);
    const end = length < tpktHeaderOctets ? octets.length : Math.min(offset + length, octets.length);
    packets.push(octets.subarray(offset, end));
    offset = end;
  }
  return packets;
}

/** The part of a TSDU that a packet carries; undefined for other TPDUs than DT. */
export function carriedBy(packet: Uint8Array): Uint8Array | undefined {
  const start = tpktHeaderOctets + dataHeaderOctets;
  return packet[tpktHeaderOctets + 1] === tpdus.DT.code ? packet.subarray(start) : undefined;
}

export function packetAround(content: Uint8Array): Uint8Array {
  const length = Math.min(tpktHeaderOctets + content.length, packetOctetsMax);
  return concatOctets(Uint8Array.of(3, 0, length >> 8, length), content);
}

function dataPacket(octets: Uint8Array, end: 'last' | 'more'): Uint8Array {
  return packetAround(concatOctets(Uint8Array.of(2, tpdus.DT.code, end === 'last' ? endMark : 0), octets));
}

/** A packet, changed at one of the levels at which it means something (RFC 1006 §6, X.224 §13). */
export const mutatePacket: Mutator = (random, packet, other) => {
  const carried = carriedBy(packet);
  if (carried === undefined) {
    return random.chance(0.7)
      ? packetAround(mutateOctets(random, packet.subarray(4), other))
      : mutateOctets(random, packet, other);
  }
  switch (random.between(0, 9)) {
    case 0:
      return mutateOctets(random, packet, other);
    case 1:
      return packetAround(mutateOctets(random, packet.subarray(tpktHeaderOctets), other));
    case 2:
      return cutUp(random, carried);
    case 3:
      return dataPacket(carried, 'more');
    case 4:
      return dataPacket(mutateBer(random, carried, other), 'last');
    default:
      return dataPacket(mutateTsdu(random, carried, carriedBy(other) ?? other), 'last');
  }
};

/** One TSDU in several DTs. */
function cutUp(random: Random, tsdu: Uint8Array): Uint8Array {
  const size = random.magnitude(1, Math.max(tsdu.length, 1));
  const packets: Uint8Array[] = [];
  for (let start = 0; start < tsdu.length && packets.length < 200; start += size) {
    packets.push(dataPacket(tsdu.subarray(start, start + size), start + size >= tsdu.length ? 'last' : 'more'));
  }
  return joinOctets(packets);
}

/** Drops, doubles, moves, borrows and changes packets of a stream. */
export const mutatePackets: Mutator = (random, input, other) => {
  const packets = packetsOf(input);
  const others = packetsOf(other);
  const at = random.between(0, Math.max(packets.length - 1, 0));
  const packet = packets[at];
  if (packet === undefined) return mutateOctets(random, input, other);
  const borrowed = others.length === 0 ? packet : random.pick(others);
  switch (random.between(0, 6)) {
    case 0:
      packets.splice(at, 1);
      break;
    case 1:
      packets.splice(at, 0, packet);
      break;
    case 2:
      packets.splice(random.between(0, packets.length - 1), 0, ...packets.splice(at, 1));
      break;
    case 3:
      packets.splice(at, random.between(0, 1), borrowed);
      break;
    default:
      packets[at] = mutatePacket(random, packet, borrowed);
  }
  return joinOctets(packets);
};

/**
 * A TCP connection as the packets that could have carried it, for a capture of what passed through a socket. The octets, their order and
 * their times are real; segments, sequence numbers and acknowledgements are made up so that every reader of captures follows them.
 */
import { isIPv4 } from 'node:net';

export type Side = 'initiator' | 'responder';

export interface Endpoint {
  /** A dotted IPv4 address. Another one (IPv6) is shown as 192.0.2.1 or 192.0.2.2, which RFC 5737 reserves for documents. */
  readonly address: string;
  readonly port: number;
}

/** Octets of the IPv4 and the TCP header, both without options. */
const ipHeaderOctets = 20;
const tcpHeaderOctets = 20;
/** The most that one packet carries, so that its acknowledgement never waits for a window. */
export const segmentOctetsMax = 65495;
const window = 65535;
const timeToLive = 64;
const protocolTcp = 6;
const doNotFragment = 0x4000;

const flags = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

interface Half {
  readonly address: Uint8Array;
  readonly port: number;
  /** Sequence number of the next octet, modulo 2^32. */
  sequence: number;
  identification: number;
}

export class TcpConversation {
  readonly #halves: Readonly<Record<Side, Half>>;

  /** `initialSequence` is where the initiator starts counting, 0..2^32-1; the responder starts half way round from it. */
  constructor(initiator: Endpoint, responder: Endpoint, initialSequence = 1) {
    this.#halves = {
      initiator: half(initiator, [192, 0, 2, 1], initialSequence),
      responder: half(responder, [192, 0, 2, 2], initialSequence + 0x8000_0000),
    };
  }

  /** The three packets that open the connection. Left out, the capture begins in the middle of it. */
  open(): readonly Uint8Array[] {
    const syn = this.#segment('initiator', flags.syn);
    const answer = this.#segment('responder', flags.syn | flags.ack);
    return [syn, answer, this.#segment('initiator', flags.ack)];
  }

  /** Octets that one side sent: as many segments as they need, each with the other side's acknowledgement. */
  data(from: Side, octets: Uint8Array): readonly Uint8Array[] {
    const packets: Uint8Array[] = [];
    for (let position = 0; position < octets.length; position += segmentOctetsMax) {
      const piece = octets.subarray(position, position + segmentOctetsMax);
      packets.push(this.#segment(from, flags.psh | flags.ack, piece), this.#segment(other(from), flags.ack));
    }
    return packets;
  }

  /** One side has no more to send; the other may go on until it closes too. */
  close(from: Side): readonly Uint8Array[] {
    return [this.#segment(from, flags.fin | flags.ack), this.#segment(other(from), flags.ack)];
  }

  /** One side breaks the connection. */
  reset(from: Side): readonly Uint8Array[] {
    return [this.#segment(from, flags.rst | flags.ack)];
  }

  #segment(from: Side, control: number, octets: Uint8Array = new Uint8Array(0)): Uint8Array {
    const source = this.#halves[from];
    const destination = this.#halves[other(from)];
    const packet = new Uint8Array(ipHeaderOctets + tcpHeaderOctets + octets.length);
    packet.set(octets, ipHeaderOctets + tcpHeaderOctets);
    writeTcpHeader(new DataView(packet.buffer, ipHeaderOctets), source, destination, control);
    writeIpHeader(new DataView(packet.buffer), source, destination);
    source.identification = (source.identification + 1) & 0xffff;
    const counted = octets.length + ((control & (flags.syn | flags.fin)) === 0 ? 0 : 1); // SYN and FIN count as one octet, RFC 9293 §3.4
    source.sequence = (source.sequence + counted) >>> 0;
    return packet;
  }
}

function other(side: Side): Side {
  return side === 'initiator' ? 'responder' : 'initiator';
}

function half({ address, port }: Endpoint, otherwise: readonly number[], sequence: number): Half {
  const dotted = address.replace(/^::ffff:/i, ''); // as a socket for both families names an IPv4 peer
  const octets = Uint8Array.from(isIPv4(dotted) ? dotted.split('.').map(Number) : otherwise);
  return { address: octets, port, sequence: sequence >>> 0, identification: 1 };
}

/** The header in front of the data in `segment`, checksum included (RFC 9293 §3.1). */
function writeTcpHeader(segment: DataView, source: Half, destination: Half, control: number): void {
  segment.setUint16(0, source.port);
  segment.setUint16(2, destination.port);
  segment.setUint32(4, source.sequence);
  segment.setUint32(8, (control & flags.ack) === 0 ? 0 : destination.sequence); // every octet given so far counts as received
  segment.setUint8(12, (tcpHeaderOctets / 4) << 4);
  segment.setUint8(13, control);
  segment.setUint16(14, window);
  const pseudoHeader = new DataView(new ArrayBuffer(12));
  writeAddresses(pseudoHeader, 0, source, destination);
  pseudoHeader.setUint8(9, protocolTcp);
  pseudoHeader.setUint16(10, segment.byteLength);
  segment.setUint16(16, checksum(pseudoHeader, segment));
}

/** The header at the start of `packet`, checksum included (RFC 791 §3.1). */
function writeIpHeader(packet: DataView, source: Half, destination: Half): void {
  packet.setUint8(0, 0x40 | (ipHeaderOctets / 4));
  packet.setUint16(2, packet.byteLength);
  packet.setUint16(4, source.identification);
  packet.setUint16(6, doNotFragment);
  packet.setUint8(8, timeToLive);
  packet.setUint8(9, protocolTcp);
  writeAddresses(packet, 12, source, destination);
  packet.setUint16(10, checksum(new DataView(packet.buffer, packet.byteOffset, ipHeaderOctets)));
}

function writeAddresses(view: DataView, offset: number, source: Half, destination: Half): void {
  source.address.forEach((octet, i) => {
    view.setUint8(offset + i, octet);
  });
  destination.address.forEach((octet, i) => {
    view.setUint8(offset + 4 + i, octet);
  });
}

/** The Internet checksum of the views, one behind the other; all but the last have an even length (RFC 1071). */
function checksum(...views: readonly DataView[]): number {
  let sum = 0;
  for (const view of views) {
    const even = view.byteLength & ~1;
    for (let offset = 0; offset < even; offset += 2) sum += view.getUint16(offset);
    if (even < view.byteLength) sum += view.getUint8(even) << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return ~sum & 0xffff;
}

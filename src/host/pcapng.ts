/** Blocks of a pcapng file, which Wireshark opens (draft-ietf-opsawg-pcapng). Pure: octets in, octets out; little endian throughout. */

/** Packets are IPv4, without a header of a link below. */
const linkTypeIpv4 = 228;
const sectionHeaderBlock = 0x0a0d0d0a;
const interfaceDescriptionBlock = 1;
const enhancedPacketBlock = 6;
const byteOrderMagic = 0x1a2b3c4d;

const optionEnd = 0;
const optionComment = 1;
const sectionUserApplication = 4;
const interfaceName = 2;
const interfaceTimestampResolution = 9;

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

/** The first block of a file. `application` is the name and version of the program that writes it. */
export function sectionHeader(application: string): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, byteOrderMagic, true);
  view.setUint16(4, 1, true); // version 1.0
  view.setBigInt64(8, -1n, true); // section length not given
  return block(sectionHeaderBlock, body, [text(sectionUserApplication, application)]);
}

/** An interface whose packets are IPv4 and whose times are nanoseconds. Interfaces are numbered in the order of their blocks, from 0. */
export function interfaceDescription(name: string): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, linkTypeIpv4, true); // and no limit of length
  const nanoseconds = { code: interfaceTimestampResolution, value: Uint8Array.of(9) };
  return block(interfaceDescriptionBlock, body, [text(interfaceName, name), nanoseconds]);
}

/** One packet of the interface, `timestampNanoseconds` after 1970-01-01 00:00 UTC; the comment is shown beside it. */
export function enhancedPacket(
  interfaceNumber: number,
  timestampNanoseconds: bigint,
  packet: Uint8Array,
  comment?: string,
): Uint8Array {
  const body = new Uint8Array(20 + padded(packet.length));
  const view = new DataView(body.buffer);
  view.setUint32(0, interfaceNumber, true);
  view.setUint32(4, Number((timestampNanoseconds >> 32n) & 0xffff_ffffn), true);
  view.setUint32(8, Number(timestampNanoseconds & 0xffff_ffffn), true);
  view.setUint32(12, packet.length, true); // captured
  view.setUint32(16, packet.length, true); // on the wire
  body.set(packet, 20);
  return block(enhancedPacketBlock, body, comment === undefined ? [] : [text(optionComment, comment)]);
}

function text(code: number, value: string): Option {
  return { code, value: new TextEncoder().encode(value) };
}

function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  const list = options.length === 0 ? [] : [...options, { code: optionEnd, value: new Uint8Array(0) }];
  const optionOctets = list.reduce((octets, { value }) => octets + 4 + padded(value.length), 0);
  const octets = new Uint8Array(12 + body.length + optionOctets);
  const view = new DataView(octets.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, octets.length, true);
  octets.set(body, 8);
  let offset = 8 + body.length;
  for (const { code, value } of list) {
    view.setUint16(offset, code, true);
    view.setUint16(offset + 2, value.length, true);
    octets.set(value, offset + 4);
    offset += 4 + padded(value.length);
  }
  view.setUint32(offset, octets.length, true); // again, so that a file can be read backwards
  return octets;
}

/** The next multiple of four. */
function padded(length: number): number {
  return (length + 3) & ~3;
}

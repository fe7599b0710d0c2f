/** One field of a PDU with another value, everything else of it as it came. */
import { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { joinOctets, latin1Octets } from '../bytes/octets.js';
import type { ChangeableField } from '../faults/schedule.js';
import { spduTables } from '../session/pdu.js';
import { dataHeaderOctets } from '../transport/pdu.js';
import { tpktHeaderOctets } from '../transport/tpkt.js';
import { segmentTsdu } from '../transport/tsdu.js';
import type { Passage } from './recogniser.js';
import { withOpenValue, type OpenApdu } from './rts-apdus.js';

const longLength = 0xff;
const shortLengthMax = 254;
const reservedOctetAt = 1;

/** PGI of the linking information of ACTIVITY RESUME, PI of the serial number, PGIs of user data (X.225 §8.3). */
const linkingInformation = 33;
const serialNumber = 42;
const userData = 193;
const extendedUserData = 194;

/** The octets of the passage with the field changed; undefined where it does not have the field. */
export function changed(passage: Passage, field: ChangeableField, value: number): ByteList | undefined {
  if (field === 'reservedOctet') return withReservedOctet(passage, value);
  const { tsdu, packetOctets } = passage;
  if (tsdu === undefined || packetOctets === undefined) return undefined;
  try {
    const octets = changedTsdu(tsdu.toUint8Array(), field, value);
    return octets && inPackets(octets, packetOctets, passage.octets.length > packetOctets);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function withReservedOctet({ octets, pdus, part }: Passage, value: number): ByteList | undefined {
  if (pdus.length === 0 || part === 'next') return undefined;
  return ByteList.of(octets.slice(0, reservedOctetAt), Uint8Array.of(value), octets.slice(reservedOctetAt + 1));
}

function changedTsdu(tsdu: Uint8Array, field: 'checkpointSize' | 'windowSize' | 'serialNumber', value: number) {
  if (field === 'serialNumber') return withSerialNumber(tsdu, value);
  const apdu = apduOfSpdu.get(tsdu[0]);
  if (apdu === undefined) return undefined;
  const spdu = unitAt(tsdu, 0);
  const place = unitsIn(spdu).find(({ code }) => code === userData || code === extendedUserData);
  if (place === undefined) return undefined;
  return withUnit(tsdu, spdu, [place.code], (octets) => withOpenValue(octets, apdu, field, value));
}

const apduOfSpdu: ReadonlyMap<number | undefined, OpenApdu> = new Map([
  [spduTables.CN.code, 'RTORQ'],
  [spduTables.AC.code, 'RTOAC'],
]);

/** Behind an empty prefix stands what has a serial number, ACTIVITY RESUME within its linking information. */
function withSerialNumber(tsdu: Uint8Array, value: number): Uint8Array | undefined {
  const prefix = unitAt(tsdu, 0);
  if (prefix.end >= tsdu.length) return undefined;
  const spdu = unitAt(tsdu, prefix.end);
  const digits = latin1Octets(String(value));
  for (const codes of [[serialNumber], [linkingInformation, serialNumber]]) {
    const result = withUnit(tsdu, spdu, codes, () => digits);
    if (result !== undefined) return result;
  }
  return undefined;
}

/** An SPDU, or a PGI or PI unit in it (X.225 §8.2). */
interface Unit {
  readonly code: number;
  readonly octets: Uint8Array;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

function unitAt(octets: Uint8Array, start: number): Unit {
  const code = octets[start] ?? 0;
  const first = octets[start + 1] ?? 0;
  const long = first === longLength;
  const length = long ? (octets[start + 2] ?? 0) * 256 + (octets[start + 3] ?? 0) : first;
  const contentStart = start + (long ? 4 : 2);
  const end = contentStart + length;
  if (end > octets.length) throw new DecodeError('unit is cut off', 'X.225 §8.2', start);
  return { code, octets, start, contentStart, end };
}

function unitsIn({ octets, contentStart, end }: Unit): readonly Unit[] {
  const units: Unit[] = [];
  for (let position = contentStart; position < end;) {
    const unit = unitAt(octets.subarray(0, end), position);
    units.push(unit);
    position = unit.end;
  }
  return units;
}

/** All octets with another value in the unit that the codes lead to; undefined if there is none. */
function withUnit(
  octets: Uint8Array,
  unit: Unit,
  codes: readonly number[],
  change: (value: Uint8Array) => Uint8Array,
): Uint8Array | undefined {
  const [code, ...deeper] = codes;
  const content =
    code === undefined ? change(octets.subarray(unit.contentStart, unit.end)) : withinUnit(unit, code, deeper, change);
  if (content === undefined) return undefined;
  const length =
    content.length <= shortLengthMax ? [content.length] : [longLength, content.length >> 8, content.length & 0xff];
  const head = Uint8Array.of(unit.code, ...length);
  return joinOctets([octets.subarray(0, unit.start), head, content, octets.subarray(unit.end)]);
}

/** The content of the unit, with the inner one changed. */
function withinUnit(
  unit: Unit,
  code: number,
  deeper: readonly number[],
  change: (value: Uint8Array) => Uint8Array,
): Uint8Array | undefined {
  const inner = unitsIn(unit).find((each) => each.code === code);
  if (inner === undefined) return undefined;
  const whole = withUnit(unit.octets, inner, deeper, change);
  const behind = unit.octets.length - unit.end;
  return whole?.subarray(unit.contentStart, whole.length - behind);
}

/** In as many packets as it had: one grows with what it carries. */
function inPackets(tsdu: Uint8Array, packetOctets: number, severalPackets: boolean): ByteList {
  const before = packetOctets - tpktHeaderOctets;
  const tpduOctetsMax = severalPackets ? before : Math.max(before, tsdu.length + dataHeaderOctets);
  return segmentTsdu(ByteList.of(tsdu), tpduOctetsMax);
}

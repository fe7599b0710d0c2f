import type { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { concatOctets } from '../bytes/octets.js';
import { assert } from '../osi/machine.js';
import {
  classMax,
  dataHeaderOctets,
  endOfTsduMark,
  lengthIndicatorMax,
  rejectCauses,
  tpdus,
  type FixedRow,
  type ParameterRow,
  type Tpdu,
  type TpduRow,
  type TpduType,
} from './pdu.js';

/** A malformed TPDU, with what an ER says of it. The offset is that of the octet up to which an ER returns the header. */
export class TpduError extends DecodeError {
  readonly rejectCause: number;

  constructor(message: string, clause: string, offset: number, rejectCause: number) {
    super(message, clause, offset);
    this.rejectCause = rejectCause;
  }
}

export interface DecodedTpdu {
  readonly tpdu: Tpdu;
  /** Codes of the parameters that were skipped, because class 0 does not have them or nobody knows them. */
  readonly skippedParameters: readonly number[];
}

type Members = Record<string, unknown>;

/** What the second octet of a TPDU says, for each of its values. */
const typeOfCode = Array.from({ length: 256 }, (_, code) =>
  (Object.keys(tpdus) as TpduType[]).find((type) => (code & tpdus[type].codeMask) === tpdus[type].code),
);

/** Decodes one TPDU, the content of one TPKT. Throws TpduError. User data stay views on `octets`. */
export function decodeTpdu(octets: ByteList): DecodedTpdu {
  return decodeData(octets) ?? decodeByTable(octets);
}

const noParameters: readonly number[] = [];

/** A well-formed DT, which nearly all TPDUs are, without a walk along the tables; undefined for anything else. */
function decodeData(octets: ByteList): DecodedTpdu | undefined {
  if (octets.length < dataHeaderOctets) return undefined;
  if (octets.at(0) !== dataHeaderOctets - 1 || octets.at(1) !== tpdus.DT.code) return undefined;
  const endMark = octets.at(2);
  if (endMark !== 0 && endMark !== endOfTsduMark) return undefined;
  const userData = octets.slice(dataHeaderOctets);
  return {
    tpdu: { type: 'DT', endOfTsdu: endMark === endOfTsduMark, userData },
    skippedParameters: noParameters,
  };
}

/** The general way of `decodeTpdu`, which takes a shorter one for a DT. */
export function decodeByTable(octets: ByteList): DecodedTpdu {
  const lengthIndicator = octets.length === 0 ? 0 : octets.at(0);
  if (lengthIndicator === 0 || lengthIndicator > lengthIndicatorMax || lengthIndicator >= octets.length) {
    const message = `length indicator ${String(lengthIndicator)} in a TPDU of ${String(octets.length)} octets`;
    throw new TpduError(message, 'X.224 §13.2.1', 0, rejectCauses.notSpecified);
  }
  const header = octets.view(0, lengthIndicator + 1);
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const code = view.getUint8(1);
  const type = typeOfCode[code];
  if (type === undefined) {
    const message = `TPDU code ${code.toString(16).padStart(2, '0')} is not one of class 0`;
    throw new TpduError(message, 'X.224 §13.1', 1, rejectCauses.invalidTpduType);
  }
  const row: TpduRow = tpdus[type];
  const members: Members = { type };
  const fixedEnd = decodeFixedPart(view, row, members);
  const skippedParameters = row.parameters === 'none' ? noParameters : decodeParameters(header, fixedEnd, row, members);
  if (row.userData === 'carried') members['userData'] = octets.slice(header.length);
  return { tpdu: members as unknown as Tpdu, skippedParameters }; // the row that was walked is the type
}

/** The source reference of a CR or CC, also of one that is malformed further on; 0 if there is none. */
export function sourceReferenceIn(octets: ByteList): number {
  if (octets.length < 6) return 0;
  const header = octets.view(0, 6);
  const code = (header[1] ?? 0) & 0xf0;
  if (code !== tpdus.CR.code && code !== tpdus.CC.code) return 0;
  return new DataView(header.buffer, header.byteOffset).getUint16(4);
}

/** False if these octets are a CR, malformed perhaps, that prefers another class. */
export function prefersClass0(octets: ByteList): boolean {
  return octets.length < 7 || (octets.at(1) & tpdus.CR.codeMask) !== tpdus.CR.code || octets.at(6) >> 4 === 0;
}

function decodeFixedPart(view: DataView, row: TpduRow, members: Members): number {
  const end = row.fixed.reduce((octets, field) => octets + octetsOf(field), 2);
  if (view.byteLength < end || (row.parameters === 'none' && view.byteLength > end)) {
    const message = `length indicator ${String(view.byteLength - 1)} does not fit this TPDU`;
    throw new TpduError(message, row.clause, 0, rejectCauses.notSpecified);
  }
  let offset = 2;
  for (const field of row.fixed) {
    const value = field.kind === 'unsigned16' ? view.getUint16(offset) : view.getUint8(offset);
    members[field.name] = fixedValue(field, value, offset, row);
    offset += octetsOf(field);
  }
  return end;
}

function octetsOf(field: FixedRow): number {
  return field.kind === 'unsigned16' ? 2 : 1;
}

function fixedValue(field: FixedRow, value: number, offset: number, row: TpduRow): number | boolean {
  const invalid = (what: string): TpduError =>
    new TpduError(`${what} in octet ${value.toString(16)}`, row.clause, offset, rejectCauses.invalidParameterValue);
  switch (field.kind) {
    case 'unsigned8':
    case 'unsigned16':
      return value;
    case 'class':
      if (value >> 4 > classMax) throw invalid('no such class');
      return value >> 4;
    case 'endMark':
      if ((value & 0x7f) !== 0) throw invalid('TPDU-NR not zero');
      return value === endOfTsduMark;
  }
}

function decodeParameters(header: Uint8Array, from: number, row: TpduRow, members: Members): readonly number[] {
  const skipped: number[] = [];
  const rows = row.parameters === 'none' ? [] : row.parameters;
  let offset = from;
  while (offset < header.length) {
    const code = header[offset] ?? 0;
    const length = header[offset + 1];
    const end = offset + 2 + (length ?? 0);
    if (length === undefined || end > header.length) {
      const message = `parameter ${code.toString(16)} goes beyond the header`;
      const last = Math.min(offset + 1, header.length - 1);
      throw new TpduError(message, 'X.224 §13.2.3', last, rejectCauses.invalidParameterValue);
    }
    const parameter = rows.find((candidate) => candidate.code === code);
    if (parameter === undefined) skipped.push(code);
    else members[parameter.name] = parameterValue(parameter, header.subarray(offset + 2, end), offset + 1); // the last one wins, X.224 §13.2.3
    offset = end;
  }
  return skipped;
}

function parameterValue(row: ParameterRow, octets: Uint8Array, offset: number): Uint8Array | number {
  if (row.kind === 'octets') return octets;
  if (row.kind === 'classes') return classNumbers(octets, offset);
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  if (octets.length === 0 || octets.length > row.octetsMax || value < row.min || value > row.max) {
    const message = `parameter ${row.code.toString(16)} of ${String(octets.length)} octets with value ${String(value)}`;
    throw new TpduError(message, 'X.224 §13.2.3', offset + octets.length, rejectCauses.invalidParameterValue);
  }
  return value;
}

function classNumbers(octets: Uint8Array, offset: number): Uint8Array {
  const wrong = octets.findIndex((octet) => (octet & 0x0f) !== 0 || octet >> 4 > classMax);
  if (wrong >= 0) {
    const message = 'no such class among the alternatives';
    throw new TpduError(message, 'X.224 §13.3.4', offset + 1 + wrong, rejectCauses.invalidParameterValue);
  }
  return octets.map((octet) => octet >> 4);
}

/** The header of a TPDU; user data follow it as they are. */
export function encodeTpduHeader(tpdu: Tpdu): Uint8Array {
  const row: TpduRow = tpdus[tpdu.type];
  const members = tpdu as unknown as Readonly<Members>; // the row that is walked is the type
  const parts = row.fixed.map((field) => encodeFixed(field, members[field.name]));
  for (const parameter of row.parameters === 'none' ? [] : row.parameters) {
    const value = members[parameter.name];
    if (value === undefined) continue;
    const octets = encodeParameter(parameter, value);
    parts.push(Uint8Array.of(parameter.code, octets.length), octets);
  }
  const lengthIndicator = parts.reduce((octets, part) => octets + part.length, 1);
  assert(lengthIndicator <= lengthIndicatorMax, () => `a TPDU header of ${String(lengthIndicator)} octets`);
  return concatOctets(Uint8Array.of(lengthIndicator, row.code), ...parts);
}

function encodeFixed(field: FixedRow, value: unknown): Uint8Array {
  const number = Number(value);
  switch (field.kind) {
    case 'unsigned8':
      return Uint8Array.of(number);
    case 'unsigned16':
      return Uint8Array.of(number >> 8, number);
    case 'class':
      return Uint8Array.of(number << 4);
    case 'endMark':
      return Uint8Array.of(number << 7);
  }
}

function encodeParameter(row: ParameterRow, value: unknown): Uint8Array {
  switch (row.kind) {
    case 'octets':
      return value as Uint8Array;
    case 'classes':
      return (value as Uint8Array).map((number) => number << 4);
    case 'unsigned':
      return encodeUnsigned(value as number);
  }
}

/** The fewest octets that hold the number, the highest first. */
function encodeUnsigned(value: number): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; rest > 0 || octets.length === 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.from(octets);
}

/** One SPDU: its parameter field walked along the table of pdu.ts, in both directions. X.225 §8.2 */
import { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { joinOctets } from '../bytes/octets.js';
import { assert } from '../osi/machine.js';
import type { ParameterRow, Presence, Rows } from './parameter.js';
import { PARAMETER_FIELD_OCTETS_MAX, spduTable, type Continuation, type Spdu, type SpduName } from './pdu.js';

/** Lengths up to this take one octet; the value 255 announces two more. X.225 §8.2 */
const SHORT_LENGTH_MAX = 254;
const LONG_LENGTH = 0xff;
/** SI and a length indicator in its long form. */
const LONG_HEADER_OCTETS = 4;

const noOctets = new Uint8Array(0);

/** Bits of the Enclosure Item: the SSDU begins here, ends here. X.225 §8.3.11 */
export const ENCLOSURE_BEGINNING = 0x01;
export const ENCLOSURE_END = 0x02;

export type DecodedSpdu = Spdu | Continuation;

interface Field {
  readonly start: number;
  readonly end: number;
}

/**
 * The SPDU at `offset` of a TSDU. `end` is where the next one may start; only DATA TRANSFER takes all that follows. Units that the table does
 * not know are skipped, units of length 0 count as absent. Throws DecodeError.
 */
export function decodeSpdu(
  tsdu: ByteList,
  offset: number,
  name: SpduName,
): { readonly spdu: DecodedSpdu; readonly end: number } {
  const table = spduTable(name);
  const header = tsdu.view(offset, offset + LONG_HEADER_OCTETS);
  const { start, end } = readField(header, 1, tsdu.length - offset, offset);
  const values: Record<string, unknown> = { spdu: name };
  if (end > start) decodeRows(table.parameters, tsdu.view(offset + start, offset + end), offset + start, values);
  if (table.segmented !== undefined && continues(values)) {
    return { spdu: continuation(name, values), end: offset + end };
  }
  requireMandatory(table.parameters, values, offset);
  if (name !== 'DT') return { spdu: values as unknown as Spdu, end: offset + end };
  values['userInformation'] = tsdu.slice(offset + end);
  return { spdu: values as unknown as Spdu, end: tsdu.length };
}

/** The octets of one SPDU, in one array with those of its prefix. Empty parameters are left out. */
export function encodeSpdu(spdu: Spdu, prefix: Uint8Array = noOctets): ByteList {
  const { code, parameters } = spduTable(spdu.spdu);
  const head = encodeUnit(code, encodeRows(parameters, spdu), prefix);
  return spdu.spdu === 'DT' ? ByteList.of(head, spdu.userInformation) : ByteList.of(head);
}

/** The octets of a middle or last segment, likewise. */
export function encodeContinuation({ continues: name, last, userData }: Continuation, prefix: Uint8Array): ByteList {
  const { code, parameters, segmented } = spduTable(name);
  assert(segmented !== undefined, () => `${name} is never segmented`);
  const values = { enclosureItem: last ? ENCLOSURE_END : 0, [segmented]: userData };
  return ByteList.of(encodeUnit(code, encodeRows(parameters, values), prefix));
}

/** Whether an SSDU ends in this SPDU, be it whole or the last segment. CONNECT DATA OVERFLOW says so too. */
export function endsSsdu(spdu: DecodedSpdu): boolean {
  if ('continues' in spdu) return spdu.last;
  const enclosureItem = 'enclosureItem' in spdu ? spdu.enclosureItem : undefined;
  return enclosureItem === undefined || (enclosureItem & ENCLOSURE_END) !== 0;
}

type Values = Readonly<Record<string, unknown>>;
type Row = Rows[string];

/** A table of rows as the decoder looks things up in it. */
interface RowIndex {
  readonly byCode: ReadonlyMap<number, readonly [key: string, row: Row]>;
  readonly inOrder: readonly (readonly [key: string, row: Row])[];
  readonly mandatory: readonly string[];
}

const indexes = new WeakMap<Rows, RowIndex>();

function indexOf(rows: Rows): RowIndex {
  const known = indexes.get(rows);
  if (known !== undefined) return known;
  const entries = Object.entries(rows);
  const index = {
    byCode: new Map(entries.map((entry) => [entry[1].code, entry])),
    inOrder: entries,
    mandatory: entries.filter(([, { presence }]) => presence === 'mandatory').map(([key]) => key),
  };
  indexes.set(rows, index);
  return index;
}

/** Adds the parameters in `field` to `values`. */
function decodeRows(rows: Rows, field: Uint8Array, offset: number, values: Record<string, unknown>): void {
  const { byCode } = indexOf(rows);
  for (let position = 0; position < field.length;) {
    const { start, end } = readField(field, position + 1, field.length, offset);
    const [key, row] = byCode.get(field[position] ?? -1) ?? [];
    if (key !== undefined && row !== undefined && end > start) {
      if (key in values) throw new DecodeError(`${key} twice`, 'X.225 §8.2', offset + position);
      values[key] = decodeRow(row, field.subarray(start, end), offset + start, key);
    }
    position = end;
  }
}

function decodeRow(row: Row, value: Uint8Array, offset: number, key: string): unknown {
  if ('rows' in row) {
    const inner: Record<string, unknown> = {};
    decodeRows(row.rows, value, offset, inner);
    requireMandatory(row.rows, inner, offset);
    return inner;
  }
  const { octetsMin, octetsMax } = row.type;
  if (value.length < octetsMin || value.length > octetsMax) {
    throw new DecodeError(`${key} of ${String(value.length)} octets`, 'X.225 §8.3', offset);
  }
  return row.type.decode(value, offset);
}

function requireMandatory(rows: Rows, values: Values, offset: number): void {
  for (const key of indexOf(rows).mandatory) {
    if (!(key in values)) throw new DecodeError(`${key} is missing`, 'X.225 §8.3', offset);
  }
}

function continues({ enclosureItem }: Values): boolean {
  return typeof enclosureItem === 'number' && (enclosureItem & ENCLOSURE_BEGINNING) === 0;
}

function continuation(name: SpduName, values: Values): Continuation {
  const userData = values[spduTable(name).segmented ?? 'userData'];
  return {
    continues: name,
    last: (Number(values['enclosureItem']) & ENCLOSURE_END) !== 0,
    userData: userData instanceof Uint8Array ? userData : noOctets,
  };
}

/** The length indicator at `position` and the field behind it, which must end before `limit`. The long form is taken for short fields too. */
function readField(octets: Uint8Array, position: number, limit: number, offset: number): Field {
  const first = lengthOctet(octets, position, offset);
  const isLong = first === LONG_LENGTH;
  const start = position + (isLong ? 3 : 1);
  const length = isLong
    ? lengthOctet(octets, position + 1, offset) * 0x100 + lengthOctet(octets, position + 2, offset)
    : first;
  const end = start + length;
  if (end > limit)
    throw new DecodeError(`unit of ${String(length)} octets is cut off`, 'X.225 §8.2', offset + position);
  return { start, end };
}

function lengthOctet(octets: Uint8Array, index: number, offset: number): number {
  const octet = octets[index];
  if (octet === undefined) throw new DecodeError('length indicator is cut off', 'X.225 §8.2', offset + index);
  return octet;
}

function encodeRows(rows: Rows, values: Values): Uint8Array {
  const units: Uint8Array[] = [];
  for (const [key, row] of indexOf(rows).inOrder) {
    const value = values[key];
    if (value === undefined) continue;
    const content = 'rows' in row ? encodeRows(row.rows, value as Values) : encodeValue(row, value, key);
    if (content.length > 0) units.push(encodeUnit(row.code, content, noOctets));
  }
  const [first = noOctets] = units;
  return units.length < 2 ? first : joinOctets(units);
}

function encodeValue({ type }: ParameterRow<unknown, Presence>, value: unknown, key: string): Uint8Array {
  const content = type.encode(value);
  const fits = content.length >= type.octetsMin && content.length <= type.octetsMax;
  assert(fits || content.length === 0, () => `${key} of ${String(content.length)} octets`);
  return content;
}

/** SI, PGI or PI, its length indicator, and the field, behind what stands in front of them. */
function encodeUnit(code: number, field: Uint8Array, before: Uint8Array): Uint8Array {
  assert(field.length <= PARAMETER_FIELD_OCTETS_MAX, () => `unit ${String(code)} of ${String(field.length)} octets`);
  const isShort = field.length <= SHORT_LENGTH_MAX;
  const unit = new Uint8Array(before.length + (isShort ? 2 : LONG_HEADER_OCTETS) + field.length);
  unit.set(before);
  unit[before.length] = code;
  unit[before.length + 1] = isShort ? field.length : LONG_LENGTH;
  if (!isShort) {
    unit[before.length + 2] = field.length >> 8;
    unit[before.length + 3] = field.length;
  }
  unit.set(field, unit.length - field.length);
  return unit;
}

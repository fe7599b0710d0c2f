/** Reads the TSDUs of the implementation under test, strictly: what it may not send is a fault, though a receiver might bear it. */
import { DecodeError } from '../../bytes/decode-error.js';
import { spduNames, type HeardSpdu, type HeardUnit } from './heard.js';

const groups: ReadonlySet<number> = new Set([1, 5, 33]);
const tokenItem = 16;
const longLength = 255;

/** The SPDUs of one TSDU in their order; a prefix without a Token Item is left out. Throws DecodeError. */
export function readTsdu(tsdu: Uint8Array): readonly HeardSpdu[] {
  const first = readSpdu(tsdu, 0, 'first');
  if (first.end === tsdu.length) return [first.spdu];
  const { name } = first.spdu;
  if (name !== 'GT' && name !== 'PT') throw fault(`octets behind ${name}, which stands alone`, '§6.3.7', first.end);
  const second = readSpdu(tsdu, first.end, name);
  if (second.end !== tsdu.length) {
    throw fault('more than one SPDU behind a prefix: extended concatenation was not offered', '§6.3.7', second.end);
  }
  const hasTokens = first.spdu.units.some(({ code }) => code === tokenItem);
  return hasTokens ? [second.spdu, first.spdu] : [second.spdu];
}

function readSpdu(
  tsdu: Uint8Array,
  offset: number,
  stands: 'first' | 'GT' | 'PT',
): { readonly spdu: HeardSpdu; readonly end: number } {
  const code = tsdu[offset];
  const name = spduNames.find((row) => row.code === code && row.stands === stands)?.name;
  if (name === undefined) throw fault(`no SPDU has code ${String(code)} here`, '§8.3', offset);
  const { start, end } = fieldAt(tsdu, offset + 1);
  const units = readUnits(tsdu.subarray(start, end), 'groups');
  if (name === 'DT')
    return { spdu: { kind: 'spdu', name, units, userInformation: tsdu.subarray(end) }, end: tsdu.length };
  return { spdu: { kind: 'spdu', name, units, userInformation: new Uint8Array(0) }, end };
}

/** Units in increasing order of their codes, none twice (X.225 §8.2). What stands in a group follows the group. */
function readUnits(field: Uint8Array, within: 'groups' | 'a group'): readonly HeardUnit[] {
  const found: HeardUnit[] = [];
  let last = -1;
  for (let offset = 0; offset < field.length;) {
    const code = field[offset] ?? 0;
    if (code <= last) throw fault(`unit ${String(code)} behind unit ${String(last)}`, '§8.2', offset);
    last = code;
    const { start, end } = fieldAt(field, offset + 1);
    const value = field.subarray(start, end);
    found.push({ code, value });
    if (within === 'groups' && groups.has(code)) found.push(...readUnits(value, 'a group'));
    offset = end;
  }
  return found;
}

function fieldAt(octets: Uint8Array, offset: number): { readonly start: number; readonly end: number } {
  const first = octets[offset];
  const long = first === longLength;
  const length = long ? (octets[offset + 1] ?? 0) * 256 + (octets[offset + 2] ?? 0) : (first ?? Infinity);
  if (long && length < longLength) throw fault('a short length in three octets', '§8.2', offset);
  const start = offset + (long ? 3 : 1);
  const end = start + length;
  if (end > octets.length) throw fault('a length goes beyond its field', '§8.2', offset);
  return { start, end };
}

function fault(text: string, clause: string, offset: number): DecodeError {
  return new DecodeError(text, `X.225 ${clause}`, offset);
}

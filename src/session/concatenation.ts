/**
 * A TSDU: one SPDU, or a prefix of category 0 and SPDUs of category 2 behind it. Some SPDUs share a code; where they stand tells them apart.
 * X.225 §6.3.7
 */
import type { ByteList } from '../bytes/byte-list.js';
import { DecodeError } from '../bytes/decode-error.js';
import { decodeSpdu, encodeContinuation, encodeSpdu, endsSsdu, type DecodedSpdu } from './codec.js';
import { spduTable, spduTables, type Continuation, type Spdu, type SpduName, type SpduOf } from './pdu.js';

/** SPDUs of category 2 in one TSDU. */
const CONCATENATED_MAX = 3;

const names = Object.keys(spduTables) as SpduName[];
const firstByCode = new Map(names.filter((name) => spduTable(name).category < 2).map(entryOf));
const behindPrefixByCode = new Map(names.filter((name) => spduTable(name).category === 2).map(entryOf));
const prefixes = Object.fromEntries(names.map((name) => [name, prefixOf(name)])) as Record<SpduName, Uint8Array>;

/** The SPDUs of a TSDU in the order in which they are to be processed: a prefix comes last. Throws DecodeError. */
export function decodeTsdu(tsdu: ByteList): readonly DecodedSpdu[] {
  const first = decodeSpdu(tsdu, 0, nameAt(tsdu, 0, firstByCode));
  if (first.end === tsdu.length) return [first.spdu];
  const prefix = first.spdu;
  if (!isPrefix(prefix)) throw new DecodeError('octets behind an SPDU that stands alone', 'X.225 §6.3.7', first.end);
  if (prefix.userData !== undefined || prefix.enclosureItem !== undefined) {
    throw new DecodeError('a prefix with user data is not concatenated', 'X.225 §6.3.7', 0);
  }
  const spdus = decodeBehind(prefix, tsdu, first.end);
  if (prefix.tokenItem !== undefined && !spdus.every(endsSsdu)) {
    throw new DecodeError('tokens in front of an incomplete SSDU', 'X.225 §6.3.7', 0);
  }
  return [...spdus, prefix];
}

/** The TSDU that carries an SPDU: category 2 behind an empty prefix. */
export function encodeTsdu(spdu: Spdu): ByteList {
  return encodeSpdu(spdu, prefixes[spdu.spdu]);
}

export function encodeContinuationTsdu(continuation: Continuation): ByteList {
  return encodeContinuation(continuation, prefixes[continuation.continues]);
}

/** The abbreviation of an SPDU or of the one that it continues. */
export function spduNameOf(spdu: DecodedSpdu): SpduName {
  return 'continues' in spdu ? spdu.continues : spdu.spdu;
}

type Prefix = SpduOf<'GT'> | SpduOf<'PT'>;

function decodeBehind(prefix: Prefix, tsdu: ByteList, start: number): DecodedSpdu[] {
  const spdus: DecodedSpdu[] = [];
  for (let offset = start; offset < tsdu.length;) {
    const name = nameAt(tsdu, offset, behindPrefixByCode);
    if (spduTable(name).behind?.includes(prefix.spdu) !== true) {
      throw new DecodeError(`${name} behind ${prefix.spdu}`, 'X.225 §6.3.7', offset);
    }
    const { spdu, end } = decodeSpdu(tsdu, offset, name);
    spdus.push(spdu);
    if (spdus.length > CONCATENATED_MAX) throw new DecodeError('too many SPDUs in a TSDU', 'X.225 §6.3.7', offset);
    offset = end;
  }
  if (spdus.length === 1) return spdus;
  const orders = spdus.map(orderOf);
  if (orders.includes(undefined) || new Set(orders).size < orders.length) {
    const together = spdus.map(spduNameOf).join(', ');
    throw new DecodeError(`${together} are never concatenated`, 'X.225 §6.3.7', start);
  }
  return spdus.sort((a, b) => (orderOf(a) ?? 0) - (orderOf(b) ?? 0));
}

function nameAt(tsdu: ByteList, offset: number, byCode: ReadonlyMap<number, SpduName>): SpduName {
  if (tsdu.length === 0) throw new DecodeError('empty TSDU', 'X.225 §8.1', 0);
  const code = tsdu.at(offset);
  const name = byCode.get(code);
  if (name === undefined) throw new DecodeError(`no SPDU of code ${String(code)} here`, 'X.225 §8.3', offset);
  return name;
}

function isPrefix(spdu: DecodedSpdu): spdu is Prefix {
  return 'spdu' in spdu && (spdu.spdu === 'GT' || spdu.spdu === 'PT');
}

function orderOf(spdu: DecodedSpdu): number | undefined {
  return spduTable(spduNameOf(spdu)).order;
}

function entryOf(name: SpduName): [number, SpduName] {
  return [spduTable(name).code, name];
}

/** What is sent in front of an SPDU. */
function prefixOf(name: SpduName): Uint8Array {
  const prefix = spduTable(name).behind?.[0];
  return prefix === undefined ? new Uint8Array(0) : Uint8Array.of(spduTable(prefix).code, 0);
}

/** Decoded values as plain ones that JSON and people can have: texts, numbers, lists, members by name. */
import { BitString } from '../asn1/bit-string.js';
import { unrecognized } from '../asn1/structured-types.js';
import { ByteList } from '../bytes/byte-list.js';
import { toHex } from '../bytes/octets.js';

export type PlainValue =
  string | number | boolean | null | readonly PlainValue[] | { readonly [name: string]: PlainValue };

/** Longer strings are cut when they are shown. */
const shownOctetsMax = 64;
const shownCharactersMax = 2000;
const shownBitsMax = 64;

export function octetsText(octets: Uint8Array | ByteList): string {
  const length = octets.length;
  if (length === 0) return '(no octets)';
  const start =
    octets instanceof ByteList ? octets.slice(0, shownOctetsMax).toUint8Array() : octets.subarray(0, shownOctetsMax);
  const hex = toHex(start);
  return length > shownOctetsMax ? `${hex}... (${String(length)} octets)` : hex;
}

export function shortened(text: string): string {
  return text.length > shownCharactersMax
    ? `${text.slice(0, shownCharactersMax)}... (${String(text.length)} characters)`
    : text;
}

/** The bits that are one, with their names where they have some. */
export function bitsText(bits: BitString, names: ReadonlyMap<number, string> = new Map()): string {
  if (bits.length > shownBitsMax) return octetsText(bits.octets);
  const set = bits.bits().map((bit) => [String(bit), names.get(bit) ?? ''].join(' ').trim());
  return `{${set.join(', ')}} of ${String(bits.length)} bits`;
}

/** How values of certain members or shapes are shown; undefined where the rule does not apply. */
export type PlainRule = (
  value: object,
  name: string,
  plain: (value: unknown, name: string) => PlainValue,
) => PlainValue | undefined;

/** A converter that asks the rules first, in their order. */
export function plainWith(rules: readonly PlainRule[]): (value: unknown, name?: string) => PlainValue {
  const plain = (value: unknown, name = ''): PlainValue => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'string') return shortened(value);
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value !== 'object') return null;
    for (const rule of rules) {
      const shown = rule(value, name, plain);
      if (shown !== undefined) return shown;
    }
    if (value instanceof Uint8Array || value instanceof ByteList) return octetsText(value);
    if (value instanceof BitString) return bitsText(value);
    if (Array.isArray(value)) return value.map((item: unknown) => plain(item, name));
    return membersOf(value, plain);
  };
  return plain;
}

/** A CHOICE becomes its alternative's name and value. */
function membersOf(value: object, plain: (value: unknown, name: string) => PlainValue): PlainValue {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  if ('kind' in value && typeof value.kind === 'string' && 'value' in value && entries.length === 2) {
    return value.value === null ? value.kind : { [value.kind]: plain(value.value, value.kind) };
  }
  const members = entries.map(([name, member]): [string, PlainValue] => [name, plain(member, name)]);
  const unknown = (value as { readonly [unrecognized]?: readonly Uint8Array[] })[unrecognized];
  return Object.fromEntries(unknown === undefined ? members : [...members, ['unrecognized', unknown.map(octetsText)]]);
}

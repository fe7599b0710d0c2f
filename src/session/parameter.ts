import { DecodeError } from '../bytes/decode-error.js';
import { latin1Octets } from '../bytes/octets.js';
import { SERIAL_NUMBER_MAX } from './service.js';

/** How the value field of a PI unit is read and written; its length lies between the two bounds, in octets. */
export interface ParameterType<Value> {
  readonly octetsMin: number;
  readonly octetsMax: number;
  /** The length is within bounds. Throws DecodeError; `offset` is where the value stands. */
  decode(octets: Uint8Array, offset: number): Value;
  encode(value: Value): Uint8Array;
}

export type Presence = 'mandatory' | 'optional';

/** A PI unit. */
export interface ParameterRow<Value, P extends Presence> {
  readonly code: number;
  readonly presence: P;
  readonly type: ParameterType<Value>;
}

/** A PGI unit that holds PI units. One that holds a value of its own is a `ParameterRow`. */
export interface GroupRow<Rows, P extends Presence> {
  readonly code: number;
  readonly presence: P;
  readonly rows: Rows;
}

/** Keyed by the name that the parameter has in a decoded SPDU; in increasing order of code, as they are sent. X.225 §8.2 */
export type Rows = Readonly<Record<string, ParameterRow<unknown, Presence> | GroupRow<Rows, Presence>>>;

type ValueOf<Row> =
  Row extends GroupRow<infer Inner, Presence>
    ? ValuesOf<Inner>
    : Row extends ParameterRow<infer Value, Presence>
      ? Value
      : never;

type KeysOf<Table, P extends Presence> = {
  [Key in keyof Table]: Table[Key] extends { readonly presence: P } ? Key : never;
}[keyof Table];

/** The decoded form of a table of rows: mandatory parameters are members, optional ones may be. */
export type ValuesOf<Table> = {
  readonly [Key in KeysOf<Table, 'mandatory'>]: ValueOf<Table[Key]>;
} & {
  readonly [Key in KeysOf<Table, 'optional'>]?: ValueOf<Table[Key]> | undefined;
};

export function parameter<Value, P extends Presence>(
  code: number,
  type: ParameterType<Value>,
  presence: P,
): ParameterRow<Value, P> {
  return { code, presence, type };
}

export function group<Inner extends Rows, P extends Presence>(
  code: number,
  rows: Inner,
  presence: P,
): GroupRow<Inner, P> {
  return { code, presence, rows };
}

/** Opaque octets. What is decoded is a copy: it may be kept without keeping the TSDU. */
export function octets(octetsMin: number, octetsMax: number): ParameterType<Uint8Array> {
  return { octetsMin, octetsMax, decode: (value) => value.slice(), encode: (value) => value };
}

/** A number or a field of bits, most significant octet first. */
export function unsigned(length: 1 | 2 | 4): ParameterType<number> {
  return {
    octetsMin: length,
    octetsMax: length,
    decode: (value) => value.reduce((sum, octet) => sum * 0x100 + octet, 0),
    encode: (value) => Uint8Array.from({ length }, (_, i) => Math.floor(value / 0x100 ** (length - 1 - i)) % 0x100),
  };
}

const DIGIT_ZERO = 0x30;

/** Decimal digits, most significant first; leading zeros mean nothing. X.225 §8.3.20 */
export const serialNumber: ParameterType<number> = {
  octetsMin: 1,
  octetsMax: String(SERIAL_NUMBER_MAX).length,
  decode(value, offset) {
    let number = 0;
    for (const octet of value) {
      const digit = octet - DIGIT_ZERO;
      if (digit < 0 || digit > 9) {
        throw new DecodeError('serial number is not decimal digits', 'X.225 §8.3.20', offset);
      }
      number = 10 * number + digit;
    }
    return number;
  },
  encode: (value) => latin1Octets(String(value)),
};

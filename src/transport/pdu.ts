/**
 * The TPDUs of class 0 as tables (X.224 §13): the tables are the types, the decoder and the encoder. A TPDU without a row (DC, ED, AK, EA,
 * RJ) does not exist in class 0.
 */
import type { ByteList } from '../bytes/byte-list.js';

/** What stands in a field of the fixed part, and as what it is known here. */
interface FixedKinds {
  /** One octet. */
  readonly unsigned8: number;
  /** Two octets, the higher first. */
  readonly unsigned16: number;
  /** Class 0..4 in bits 8-5; the options in bits 4-1 are sent as zero and not interpreted. */
  readonly class: number;
  /** EOT in bit 8, TPDU-NR in bits 7-1, which class 0 keeps zero. */
  readonly endMark: boolean;
}

export interface FixedRow {
  readonly name: string;
  readonly kind: keyof FixedKinds;
}

export type ParameterRow =
  | { readonly code: number; readonly name: string; readonly kind: 'octets' }
  /** An octet for each, with the class in bits 8-5; here the class numbers. */
  | { readonly code: number; readonly name: string; readonly kind: 'classes' }
  | {
      readonly code: number;
      readonly name: string;
      readonly kind: 'unsigned';
      readonly octetsMax: number;
      readonly min: number;
      readonly max: number;
    };

export interface TpduRow {
  /** The second octet of the TPDU, compared under the mask. */
  readonly code: number;
  readonly codeMask: number;
  readonly clause: string;
  readonly fixed: readonly FixedRow[];
  /** `none`: the header ends with the fixed part. A parameter that has no row is skipped (X.224 §13.2.3). */
  readonly parameters: readonly ParameterRow[] | 'none';
  /** Class 0 has user data in DT only; in the others RFC 1006 allows some for tests, which we skip. */
  readonly userData: 'carried' | 'skipped';
}

/** C0 exponents that are taken: 07 (128 octets) to 0B by X.224 §13.3.4, up to 10 (65536) because peers over TCP send them. */
const tpduSizeExponentMin = 0x07;
const tpduSizeExponentMax = 0x10;

const sizeAndSelectorRows = [
  { code: 0xc1, name: 'callingSelector', kind: 'octets' },
  { code: 0xc2, name: 'calledSelector', kind: 'octets' }, // in CC the responding selector, X.224 §13.4.4
  {
    code: 0xc0,
    name: 'tpduSizeExponent',
    kind: 'unsigned',
    octetsMax: 1,
    min: tpduSizeExponentMin,
    max: tpduSizeExponentMax,
  },
  { code: 0xf0, name: 'preferredTpduSize', kind: 'unsigned', octetsMax: 4, min: 1, max: 0xffff_ffff }, // in units of 128 octets
] as const satisfies readonly ParameterRow[];

export const tpdus = {
  CR: {
    code: 0xe0,
    codeMask: 0xf0, // a caller that prefers class 2 to 4 may give a credit
    clause: 'X.224 §13.3',
    fixed: [
      { name: 'destinationReference', kind: 'unsigned16' },
      { name: 'sourceReference', kind: 'unsigned16' },
      { name: 'class', kind: 'class' },
    ],
    parameters: [...sizeAndSelectorRows, { code: 0xc7, name: 'alternativeClasses', kind: 'classes' }],
    userData: 'skipped',
  },
  CC: {
    code: 0xd0,
    codeMask: 0xff,
    clause: 'X.224 §13.4',
    fixed: [
      { name: 'destinationReference', kind: 'unsigned16' },
      { name: 'sourceReference', kind: 'unsigned16' },
      { name: 'class', kind: 'class' },
    ],
    parameters: sizeAndSelectorRows,
    userData: 'skipped',
  },
  DR: {
    code: 0x80,
    codeMask: 0xff,
    clause: 'X.224 §13.5',
    fixed: [
      { name: 'destinationReference', kind: 'unsigned16' },
      { name: 'sourceReference', kind: 'unsigned16' },
      { name: 'reason', kind: 'unsigned8' },
    ],
    parameters: [{ code: 0xe0, name: 'additionalInformation', kind: 'octets' }],
    userData: 'skipped',
  },
  DT: {
    code: 0xf0,
    codeMask: 0xff,
    clause: 'X.224 §13.7',
    fixed: [{ name: 'endOfTsdu', kind: 'endMark' }],
    parameters: 'none',
    userData: 'carried',
  },
  ER: {
    code: 0x70,
    codeMask: 0xff,
    clause: 'X.224 §13.12',
    fixed: [
      { name: 'destinationReference', kind: 'unsigned16' },
      { name: 'rejectCause', kind: 'unsigned8' },
    ],
    parameters: [{ code: 0xc1, name: 'invalidTpdu', kind: 'octets' }],
    userData: 'skipped',
  },
} as const satisfies Readonly<Record<string, TpduRow>>;

export type TpduType = keyof typeof tpdus;

type FixedMembers<Rows extends readonly FixedRow[]> = {
  readonly [Row in Rows[number] as Row['name']]: FixedKinds[Row['kind']];
};

type ParameterMembers<Rows> = Rows extends readonly ParameterRow[]
  ? { readonly [Row in Rows[number] as Row['name']]?: Row['kind'] extends 'unsigned' ? number : Uint8Array }
  : unknown;

type UserDataMember<Kind> = Kind extends 'carried' ? { readonly userData: ByteList } : unknown;

/** One TPDU of the given type, with the members that its row names. */
export type TpduOf<Type extends TpduType> = { readonly type: Type } & FixedMembers<(typeof tpdus)[Type]['fixed']> &
  ParameterMembers<(typeof tpdus)[Type]['parameters']> &
  UserDataMember<(typeof tpdus)[Type]['userData']>;

export type Tpdu = { [Type in TpduType]: TpduOf<Type> }[TpduType];

/** Why a TPDU was rejected, as ER says it (X.224 §13.12.3). */
export const rejectCauses = {
  notSpecified: 0,
  invalidParameterCode: 1,
  invalidTpduType: 2,
  invalidParameterValue: 3,
} as const;

/** Header of a DT: LI, code, EOT and TPDU-NR. */
export const dataHeaderOctets = 3;
/** EOT with TPDU-NR 0, the third octet of the last DT of a TSDU. */
export const endOfTsduMark = 0x80;
export const classMax = 4;
/** LI counts what follows it in the header; 255 is reserved (X.224 §13.2.1). */
export const lengthIndicatorMax = 254;

/** The encoded information types that an envelope lists for a content: those of every body part, forwarded ones included (X.420 §20.4). */
import { BitString } from '../asn1/bit-string.js';
import type { EncodedInformationTypes } from '../p1/common-types.js';
import { encodedInformationTypeIdentifiers, generalTextEncodedInformationType } from './object-identifiers.js';

export interface EncodedInformationTypeList {
  /** Bits of BuiltInEncodedInformationTypes, ascending, each once. */
  readonly builtIn: readonly number[];
  /** Object identifiers, each once. */
  readonly extended: readonly string[];
}

export const noEncodedInformationTypes: EncodedInformationTypeList = { builtIn: [], extended: [] };

/** Kinds of body part by the standard's names; `unknown` is what has none. */
export type BodyPartKind =
  | 'ia5-text'
  | 'telex'
  | 'voice'
  | 'g3-facsimile'
  | 'g4-class1'
  | 'teletex'
  | 'videotex'
  | 'nationally-defined'
  | 'encrypted'
  | 'message'
  | 'sfd'
  | 'mixed-mode'
  | 'bilaterally-defined'
  | 'general-text'
  | 'file-transfer'
  | 'report'
  | 'notification'
  | 'forwarded-content'
  | 'pkcs7'
  | 'unknown';

const unknownBit = 0;

/** Bits of X.411 by kind; every other kind is "unknown", as X.411 has no bit for it. */
const builtInBits: ReadonlyMap<BodyPartKind, number> = new Map<BodyPartKind, number>([
  ['telex', 1],
  ['ia5-text', 2],
  ['g3-facsimile', 3],
  ['g4-class1', 4],
  ['teletex', 5],
  ['videotex', 6],
  ['voice', 7],
  ['sfd', 8],
  ['mixed-mode', 9],
]);

/** The types of one body part that is not itself a message; `registrations` are the character sets of a general-text. */
export function encodedInformationTypesOfPart(
  kind: BodyPartKind,
  registrations: readonly number[] = [],
): EncodedInformationTypeList {
  if (kind === 'general-text') return { builtIn: [], extended: registrations.map(generalTextEncodedInformationType) };
  if (kind === 'file-transfer') return { builtIn: [], extended: [encodedInformationTypeIdentifiers.fileTransfer] };
  return { builtIn: [builtInBits.get(kind) ?? unknownBit], extended: [] };
}

export function unitedEncodedInformationTypes(
  lists: readonly EncodedInformationTypeList[],
): EncodedInformationTypeList {
  return {
    builtIn: [...new Set(lists.flatMap((list) => list.builtIn))].sort((a, b) => a - b),
    extended: [...new Set(lists.flatMap((list) => list.extended))],
  };
}

/** As the envelope has it. */
export function encodedInformationTypesValue(list: EncodedInformationTypeList): EncodedInformationTypes {
  return {
    builtIn: BitString.of(list.builtIn),
    ...(list.extended.length > 0 && { extended: list.extended }),
  };
}

/** ExtensionField (X.411, MTSAbstractService): the frame in which extensions of envelopes and reports travel. */
import { DecodeError } from '../bytes/decode-error.js';
import { any, bitString, integer, objectIdentifier } from '../asn1/simple-types.js';
import { BitString } from '../asn1/bit-string.js';
import { choice, explicit, implicit, sequence, setOf, withDefault } from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import { decode, encode, faultsOf, type BoundFault, type Type, type ValueOf } from '../asn1/type.js';

/**
 * How the type of an extension is tagged: `standard` is `[0] IMPLICIT INTEGER` or `[3] IMPLICIT OBJECT IDENTIFIER` (X.411), `draft` is `[0]`
 * around either, as an ISO draft had it and some implementations still send.
 */
export type ExtensionTypeTagging = 'standard' | 'draft';

/** A number of X.411 or an object identifier of anybody. */
type ExtensionType =
  | { readonly kind: 'standard'; readonly value: number; readonly tagging: ExtensionTypeTagging }
  | { readonly kind: 'private'; readonly value: string; readonly tagging: ExtensionTypeTagging };

const standardNumber = integer({ min: 0, max: 256 });
const number = choice('ExtensionType', {
  standard: implicit(context(0), standardNumber),
  private: implicit(context(3), objectIdentifier),
});
const draft = explicit(
  context(0),
  choice('ExtensionType', {
    standard: standardNumber,
    private: objectIdentifier,
  }),
);

/** Told apart by whether [0] is constructed: a decoder that overlooks that reads a wrong number. */
const extensionType: Type<ExtensionType> = {
  name: 'ExtensionType',
  tags: number.tags,
  decodeNode(node) {
    if (!node.constructed) {
      const { kind, value } = number.decodeNode(node);
      return { kind, value, tagging: 'standard' } as ExtensionType;
    }
    if (!draft.tags.includes(node.tag)) throw new DecodeError('ExtensionType malformed', 'X.411', node.start);
    return { ...draft.decodeNode(node), tagging: 'draft' };
  },
  encodeValue: (value) => (value.tagging === 'draft' ? draft : number).encodeValue(value),
  check(value, path, faults) {
    number.check(value, path, faults);
  },
};

export const forSubmission = 0;
export const forTransfer = 1;
export const forDelivery = 2;

const nullEncoding = Uint8Array.of(5, 0);

export const extensionField = sequence('ExtensionField', {
  type: extensionType,
  /** Bits forSubmission, forTransfer, forDelivery. */
  criticality: withDefault(implicit(context(1), bitString({ max: 16 })), BitString.empty),
  /** The complete encoding of the value. */
  value: withDefault(explicit(context(2), any), nullEncoding),
});
export type ExtensionField = ValueOf<typeof extensionField>;

export const extensionFields = setOf(extensionField);
export type ExtensionFields = ValueOf<typeof extensionFields>;

/** One extension of X.411: its number, the type of its value, and the criticality that is recommended for it. */
export interface Extension<Value> {
  readonly number: number;
  readonly type: Type<Value>;
  readonly criticality: BitString;
}

export function findExtension(fields: ExtensionFields, extensionNumber: number): ExtensionField | undefined {
  return fields.find(({ type }) => type.kind === 'standard' && type.value === extensionNumber);
}

/**
 * The value of an extension, or undefined where there is none, or one that is not as X.411 has it: such a field is treated like an unknown
 * one, relayed and not acted upon.
 */
export function readExtension<Value>(fields: ExtensionFields, extension: Extension<Value>): Value | undefined {
  const field = findExtension(fields, extension.number);
  return field === undefined ? undefined : readExtensionField(field, extension);
}

export function readExtensionField<Value>(field: ExtensionField, extension: Extension<Value>): Value | undefined {
  try {
    return decode(extension.type, field.value);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The fields with this extension set to a value: in its old place, or as the last. */
export function withExtension<Value>(
  fields: ExtensionFields,
  extension: Extension<Value>,
  value: Value,
): ExtensionFields {
  const old = findExtension(fields, extension.number);
  const field: ExtensionField = {
    type: { kind: 'standard', value: extension.number, tagging: 'standard' },
    criticality: extension.criticality,
    ...old,
    value: encode(extension.type, value),
  };
  return old === undefined ? [...fields, field] : fields.map((candidate) => (candidate === old ? field : candidate));
}

export function withoutExtension(fields: ExtensionFields, extensionNumber: number): ExtensionFields {
  const old = findExtension(fields, extensionNumber);
  return old === undefined ? fields : fields.filter((candidate) => candidate !== old);
}

/** The fields with their types tagged in one way; fields that are so already stay as they came (P1-032). */
export function taggedAs(fields: ExtensionFields, tagging: ExtensionTypeTagging): ExtensionFields {
  if (fields.every(({ type }) => type.tagging === tagging)) return fields;
  return fields.map((field) =>
    field.type.tagging === tagging ? field : { ...field, type: { ...field.type, tagging } },
  );
}

/** What is wrong with the value of our own extension before it is sent. */
export function extensionFaults<Value>(extension: Extension<Value>, value: Value): readonly BoundFault[] {
  return faultsOf(extension.type, value);
}

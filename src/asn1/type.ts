import { DecodeError } from '../bytes/decode-error.js';
import { berLimits, berOctets, readWholeBerNode, type BerLimits, type BerNode } from './ber-node.js';
import { tagText, type Tag } from './tag.js';

/** Content octets of a value and whether they are encodings themselves. */
export interface EncodedContent {
  readonly tag: Tag;
  readonly form: 'constructed' | 'primitive';
  readonly content: Uint8Array;
  /** The whole encoding, where it is to go out octet for octet as it came. */
  readonly encoding?: Uint8Array;
}

/** A value that breaks a bound or repertoire of its type. */
export interface BoundFault {
  /** Such as `MessageTransferEnvelope.contentIdentifier`. */
  readonly path: string;
  readonly text: string;
}

/**
 * An ASN.1 type: its tags, and how its values come out of and go into BER. Decoding is liberal in bounds and repertoires (they are checked
 * by `faultsOf` before a value of our own is sent) and strict in structure.
 */
export interface Type<Value> {
  readonly name: string;
  /** Tags that an encoding of this type can start with; empty for ANY, which takes every tag. */
  readonly tags: readonly Tag[];
  /** The caller has matched the tag, or replaced it (implicit tagging). Throws DecodeError. */
  decodeNode(node: BerNode): Value;
  encodeValue(value: Value): EncodedContent;
  /** Adds the faults of a value against bounds and repertoire. */
  check(value: Value, path: string, faults: BoundFault[]): void;
}

export type ValueOf<T> = T extends Type<infer Value> ? Value : never;

export function matches(type: Type<unknown>, tag: Tag): boolean {
  return type.tags.length === 0 || type.tags.includes(tag);
}

/** The value of a node whose tag must be one of the type's. Throws DecodeError. */
export function decodeWith<Value>(type: Type<Value>, node: BerNode): Value {
  if (!matches(type, node.tag)) {
    const expected = type.tags.map(tagText).join(' or ');
    throw new DecodeError(`${type.name} expected with tag ${expected}, not ${tagText(node.tag)}`, 'X.680', node.start);
  }
  return type.decodeNode(node);
}

/** The value of octets that hold one encoding and nothing behind it. Throws DecodeError. */
export function decode<Value>(type: Type<Value>, octets: Uint8Array, limits: BerLimits = berLimits): Value {
  return decodeWith(type, readWholeBerNode(octets, limits));
}

/** One complete encoding, definite lengths throughout where the value is ours; parts that came from outside stay as they came. */
export function encode<Value>(type: Type<Value>, value: Value): Uint8Array {
  const { tag, form, content, encoding } = type.encodeValue(value);
  return encoding ?? berOctets(tag, form, content);
}

/** Everything in the value that breaks a bound or repertoire of X.411 or X.420; empty when it may be sent. */
export function faultsOf<Value>(type: Type<Value>, value: Value): readonly BoundFault[] {
  const faults: BoundFault[] = [];
  type.check(value, type.name, faults);
  return faults;
}

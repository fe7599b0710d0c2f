import { BitString } from '../asn1/bit-string.js';

/** A value without whatever is remembered of the octets it came from: what is written of it is made of its members alone. */
export function fresh<Value>(value: Value): Value {
  return copied(value, (member) => member) as Value;
}

/** A value to be compared: of a list of named bits only the bits that are set count (X.690 §11.2.2). */
export function comparable(value: unknown): unknown {
  return copied(value, (member) => (member instanceof BitString ? member.bits() : member));
}

function copied(value: unknown, other: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((member) => copied(member, other));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return other(value);
  }
  return Object.fromEntries(
    Reflect.ownKeys(value).map((key) => [key, copied((value as Record<string | symbol, unknown>)[key], other)]),
  );
}

/** A value without whatever is remembered of the octets it came from: what is written of it is made of its members alone. */
export function fresh<Value>(value: Value): Value {
  return copied(value) as Value;
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Reflect.ownKeys(value).map((key) => [key, copied((value as Record<string | symbol, unknown>)[key])]),
  );
}

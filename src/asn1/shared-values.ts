/**
 * Values that come again and again, such as the names of those who write to each other, are decoded once and shared from then on: values are
 * never altered in place. What is worked out from a shared value is worked out once too.
 */
import { latin1Text } from '../bytes/octets.js';
import { nodeOctets, readBerNode } from './ber-node.js';
import { RecentMap } from './recent-map.js';
import { decode, encode, type Type } from './type.js';

/** Longer contents are never shared. */
export const sharedOctetsMax = 256;

/** Contents that are remembered of one type. */
const entriesMax = 1024;

const shared = new WeakSet<object>();

/** In place of a value that came once: most of them never come again. */
export const cameOnce = 'came once';

function markShared<Value extends object>(value: Value): Value {
  shared.add(value);
  return value;
}

/** The same type, which gives the same value for the same content octets from their second coming on. */
export function sharing<Value extends object>(type: Type<Value>): Type<Value> {
  const values = new RecentMap<string, Value | typeof cameOnce>(entriesMax);
  return {
    ...type,
    decodeNode(node) {
      const { source, contentStart, contentEnd } = node;
      if (!node.constructed || contentEnd - contentStart > sharedOctetsMax) return type.decodeNode(node);
      const content = latin1Text(source, contentStart, contentEnd);
      const known = values.get(content);
      if (known !== undefined && known !== cameOnce) return known;
      // A value that stays must not keep the whole of what it came in.
      const value = type.decodeNode(known === undefined ? node : readBerNode(Uint8Array.from(nodeOctets(node))));
      values.set(content, known === undefined ? cameOnce : markShared(value));
      return value;
    },
  };
}

/** The value as it is when it has been encoded and decoded, to be shared by whoever holds it. It must have no fault. */
export function sharedValue<Value extends object>(type: Type<Value>, value: Value): Value {
  return markShared(decode(type, encode(type, value)));
}

/** The same function, which remembers its results for shared values as long as these live. It must depend on nothing else. */
export function rememberingShared<Value extends object, Result extends object | string>(
  work: (value: Value) => Result,
): (value: Value) => Result {
  const results = new WeakMap<Value, Result>();
  return (value) => {
    const known = results.get(value);
    if (known !== undefined) return known;
    const result = work(value);
    if (shared.has(value)) results.set(value, result);
    return result;
  };
}

import { replaced } from './mutator.js';

/** Attempts at making one input smaller. */
const attemptsMax = 3000;

/** The input with octets taken away, and the others made zero, for as long as `fails` stays true. */
export function shrink(input: Uint8Array, fails: (smaller: Uint8Array) => boolean): Uint8Array {
  let smallest = input;
  let attempts = 0;
  const tryWith = (candidate: Uint8Array): boolean => {
    attempts += 1;
    if (attempts > attemptsMax || !fails(candidate)) return false;
    smallest = candidate;
    return true;
  };
  for (let size = Math.max(input.length >> 1, 1); size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let start = 0; start < smallest.length && attempts < attemptsMax;) {
      const end = Math.min(start + size, smallest.length);
      if (!tryWith(replaced(smallest, start, end, new Uint8Array(0)))) start += size;
    }
  }
  for (let i = 0; i < smallest.length && attempts < attemptsMax; i++) {
    if (smallest[i] === 0) continue;
    tryWith(replaced(smallest, i, i + 1, Uint8Array.of(0)));
  }
  return smallest;
}

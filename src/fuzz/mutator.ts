import type { Random } from '../faults/random.js';

/** Makes another input of one; `other` is a second input of the same corpus to take parts from. Never throws. */
export type Mutator = (random: Random, input: Uint8Array, other: Uint8Array) => Uint8Array;

/** Integers at whose edges mistakes are made, as octets. */
const interestingOctets: readonly (readonly number[])[] = [
  [0],
  [1],
  [0x7f],
  [0x80],
  [0x81],
  [0x84],
  [0xff],
  [0, 0],
  [0x7f, 0xff],
  [0x80, 0],
  [0xff, 0xff],
  [0x84, 0xff, 0xff, 0xff, 0xff],
  [0x7f, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff],
  [0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
];

/** Most copies of a part that are put one behind the other. */
const copiesMax = 400;

export function replaced(octets: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array {
  const result = new Uint8Array(octets.length - (end - start) + by.length);
  result.set(octets.subarray(0, start));
  result.set(by, start);
  result.set(octets.subarray(end), start + by.length);
  return result;
}

export function repeated(octets: Uint8Array, times: number): Uint8Array {
  const result = new Uint8Array(octets.length * times);
  for (let i = 0; i < times; i++) result.set(octets, i * octets.length);
  return result;
}

/** A stretch of an input. */
function stretch(random: Random, octets: Uint8Array): { readonly start: number; readonly end: number } {
  const start = random.between(0, octets.length);
  return { start, end: Math.min(start + random.magnitude(1, 64), octets.length) };
}

/** Changes octets without knowing what they mean. */
export const mutateOctets: Mutator = (random, input, other) => {
  const { start, end } = stretch(random, input);
  switch (random.between(0, 8)) {
    case 0: {
      const changed = input.slice();
      if (start < changed.length) changed[start] = (changed[start] ?? 0) ^ (1 << random.between(0, 7));
      return changed;
    }
    case 1: {
      const changed = input.slice();
      if (start < changed.length) changed[start] = random.next();
      return changed;
    }
    case 2:
      return replaced(input, start, end, new Uint8Array(0));
    case 3:
      return replaced(input, start, start, input.subarray(start, end));
    case 4:
      return replaced(input, start, start, repeated(input.subarray(start, end), random.magnitude(1, copiesMax)));
    case 5: {
      const number = Uint8Array.from(random.pick(interestingOctets));
      return replaced(input, start, Math.min(start + number.length, input.length), number);
    }
    case 6:
      return input.slice(0, start);
    case 7: {
      const part = stretch(random, other);
      return replaced(input, start, random.chance(0.5) ? start : end, other.subarray(part.start, part.end));
    }
    default:
      return replaced(input, start, start, random.octets(random.magnitude(1, 32)));
  }
};

/** Puts words of a language into a text, doubles and drops its parts. */
export function mutateText(words: readonly string[]): Mutator {
  const encoded = words.map((word) => new TextEncoder().encode(word));
  return (random, input, other) => {
    if (random.chance(0.4)) return mutateOctets(random, input, other);
    const { start, end } = stretch(random, input);
    const word = random.pick(encoded);
    const times = random.chance(0.05) ? random.magnitude(1, copiesMax) : 1;
    return replaced(input, start, random.chance(0.5) ? start : end, repeated(word, times));
  };
}

/** Several mutations on top of one another. */
export function mutate(random: Random, mutators: readonly Mutator[], input: Uint8Array, other: Uint8Array): Uint8Array {
  let result = input;
  for (let rest = random.magnitude(1, 6); rest > 0; rest--) result = random.pick(mutators)(random, result, other);
  return result;
}

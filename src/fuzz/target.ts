import { DecodeError } from '../bytes/decode-error.js';
import type { Mutator } from './mutator.js';

/** A file of the repository that holds real or worked traffic, as JSON text. */
export interface Material {
  readonly name: string;
  readonly text: string;
}

/** Something that takes octets from outside, and what must hold whatever they are. */
export interface Target {
  readonly name: string;
  readonly mutators: readonly Mutator[];
  /** Longest input that is tried, octets. */
  readonly octetsMax: number;
  /** Longest that one input may take, milliseconds; beyond it lies a finding. */
  readonly millisecondsMax: number;
  /** Inputs kept for the next run and for the tests. */
  readonly corpusMax: number;
  /** Of all of these together, octets. */
  readonly corpusOctetsMax: number;
  /** Parts of all targets' time that it gets. */
  readonly weight: number;
  seeds(material: readonly Material[]): readonly Uint8Array[];
  /**
   * Takes one input. Returns short texts that name what happened, of which new ones make an input worth keeping. Throws Violation, or whatever
   * the code under test must not throw.
   */
  run(input: Uint8Array): readonly string[];
}

export const targetDefaults = {
  octetsMax: 8192,
  millisecondsMax: 1000,
  corpusMax: 100,
  corpusOctetsMax: 256 * 1024,
  weight: 1,
} as const;

/** Something that must hold did not. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function must(holds: boolean, text: string): asserts holds {
  if (!holds) throw new Violation(text);
}

/** What a decoder made of an input: a value, or the one error it may throw. */
export type Attempt<Value> = { readonly value: Value } | { readonly fault: string };

/** An error's text without what differs from input to input. */
export function shapeOf(text: string): string {
  return text
    .replace(/".*"/gs, '""')
    .replace(/[0-9a-f]*\d[0-9a-f]*/g, '#')
    .slice(0, 120);
}

export function attempt<Value>(decode: () => Value): Attempt<Value> {
  try {
    return { value: decode() };
  } catch (error) {
    if (error instanceof DecodeError) return { fault: shapeOf(`${error.clause} ${error.message}`) };
    throw error;
  }
}

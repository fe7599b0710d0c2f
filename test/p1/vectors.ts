import { readFileSync } from 'node:fs';
import { fromHex } from '../../src/bytes/octets.js';
import type { OctetSource } from '../../src/p1/octet-source.js';

/** A tree of names and texts; `is` says what a node with members is. */
export type Tree = string | { readonly [name: string]: Tree };

export interface ApduVector {
  readonly id: string;
  readonly title: string;
  readonly octets: number;
  readonly hex: string;
  readonly decoded: Tree;
}

interface BindVector {
  readonly id: string;
  readonly case: string;
  readonly hex: string;
}

function fileOf(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../conformance/vectors/${name}`, import.meta.url), 'utf8'));
}

export const apduVectors = (fileOf('p1.json') as { vectors: readonly ApduVector[] }).vectors;
const bindVectors = (fileOf('p1-binds.json') as { vectors: readonly BindVector[] }).vectors;

export function vector(id: string): Uint8Array {
  const found = [...apduVectors, ...bindVectors].find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no vector ${id}`);
  return fromHex(found.hex);
}

/** Octets as a source that notes the longest piece anybody asked for. */
export function sourceOf(octets: Uint8Array): OctetSource & { longestRead(): number } {
  let longest = 0;
  return {
    octets: octets.length,
    read(offset, length) {
      if (offset < 0 || offset + length > octets.length) throw new Error('read outside the source');
      longest = Math.max(longest, length);
      return octets.subarray(offset, offset + length);
    },
    longestRead: () => longest,
  };
}

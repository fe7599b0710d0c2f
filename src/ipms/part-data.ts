/** The octets of a part as places in the source, found without reading them. */
import { universal } from '../asn1/tag.js';
import { DecodeError } from '../bytes/decode-error.js';
import type { OctetRun } from '../p1/apdu-walker.js';
import type { ContentOutline, OutlineNode } from './content-outline.js';
import type { PartData } from './read-content.js';

/** Whether a string's content is octets, or bits behind a count of unused ones (X.690 §8.6.2). */
export type StringForm = 'octets' | 'bits';

export interface DataString {
  readonly node: OutlineNode;
  readonly form: StringForm;
}

function* runsOf(outline: ContentOutline, strings: readonly DataString[]): Iterable<OctetRun> {
  for (const { node, form } of strings) {
    for (const { offset, octets } of outline.runs(node)) {
      if (form === 'octets') yield { offset, octets };
      else if (octets > 1) yield { offset: offset + 1, octets: octets - 1 };
    }
  }
}

/** The data of several strings in a row. Throws DecodeError when segments are malformed. */
export function dataOfStrings(outline: ContentOutline, strings: readonly DataString[]): PartData {
  let octets = 0;
  for (const run of runsOf(outline, strings)) octets += run.octets;
  return { octets, runs: { [Symbol.iterator]: () => runsOf(outline, strings)[Symbol.iterator]() } };
}

/** The complete encoding as data. */
export function dataOfEncoding(node: OutlineNode): PartData {
  const octets = node.end - node.start;
  return { octets, runs: [{ offset: node.start, octets }] };
}

/** Tags of a SET, SEQUENCE and so on, whose content is never taken for a string's. */
export function requireTag(node: OutlineNode | undefined, tag: number, what: string, offset: number): OutlineNode {
  if (node?.tag !== tag) throw new DecodeError(`${what} is missing or malformed`, 'X.420', node?.start ?? offset);
  return node;
}

export const tags = {
  bitString: universal(3),
  octetString: universal(4),
  objectIdentifier: universal(6),
  external: universal(8),
  sequence: universal(16),
  set: universal(17),
} as const;

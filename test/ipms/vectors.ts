import { readFileSync } from 'node:fs';
import { fromHex } from '../../src/bytes/octets.js';

interface Vector {
  readonly id: string;
  readonly hex: string;
}

export interface ContentVector extends Vector {
  readonly title: string;
  readonly expected: {
    readonly identifier: string;
    readonly originator: string;
    readonly authorizingUsers: readonly string[];
    readonly primaryRecipients: readonly string[];
    readonly subject: string;
    readonly importance: number;
    readonly texts: readonly string[];
  };
}

interface Vectors {
  readonly contents: readonly ContentVector[];
  readonly bodyParts: readonly Vector[];
  readonly headingExtensions: readonly Vector[];
  readonly notifications: readonly Vector[];
}

export const vectors = JSON.parse(
  readFileSync(new URL('../../conformance/vectors/ipms.json', import.meta.url), 'utf8'),
) as Vectors;

/** The octets of a content, body part, extension or notification. */
export function vector(id: string): Uint8Array {
  const { contents, bodyParts, headingExtensions, notifications } = vectors;
  const found = [...contents, ...bodyParts, ...headingExtensions, ...notifications].find((entry) => entry.id === id);
  if (found === undefined) throw new Error(`no vector ${id}`);
  return fromHex(found.hex);
}

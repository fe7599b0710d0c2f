import { readdirSync, readFileSync } from 'node:fs';
import { fromHex } from '../../src/bytes/octets.js';
import type { ReliableTransferMode } from '../../src/presentation/service.js';
import type { TokenSide } from '../../src/session/service.js';

export type Step =
  | { readonly from: TokenSide; readonly octets: Uint8Array }
  | { readonly from: TokenSide; readonly closed: 'finished' | 'reset' };

/** What passed on one TCP connection of an independent implementation, in the order of its capture. */
export interface Conversation {
  readonly name: string;
  readonly mode: ReliableTransferMode;
  readonly steps: readonly Step[];
}

type WrittenStep =
  | { readonly from: TokenSide; readonly octets: string }
  | { readonly from: TokenSide; readonly base64: string }
  | { readonly from: TokenSide; readonly closed: 'finished' | 'reset' };

const folder = new URL('../../conformance/captures/', import.meta.url);

export function conversation(name: string): Conversation {
  const { steps } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as { steps: WrittenStep[] };
  return { name, mode: name.includes('84') ? 'x410-1984' : 'normal', steps: steps.map(read) };
}

export const conversationNames = readdirSync(folder)
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

function read(step: WrittenStep): Step {
  if ('closed' in step) return step;
  const { from } = step;
  return { from, octets: 'octets' in step ? fromHex(step.octets) : new Uint8Array(Buffer.from(step.base64, 'base64')) };
}

import { DecodeError } from '../../bytes/decode-error.js';
import { heardText, type Heard } from '../listening/heard.js';
import type { Conversation } from './conversation.js';
import type { Alternative, Pattern } from './test-case.js';

export type Match<Kind extends Alternative> =
  | { readonly kind: 'matched'; readonly alternative: Kind }
  | { readonly kind: 'passing' }
  | { readonly kind: 'mismatch'; readonly text: string };

/** What one heard thing is among the alternatives of a step. */
export function match<Kind extends Alternative>(
  alternatives: readonly Kind[],
  passing: readonly Pattern[],
  heard: Heard,
  conversation: Conversation,
): Match<Kind> {
  const wrong: string[] = [];
  for (const alternative of alternatives) {
    const mismatch = mismatchOf(alternative.pattern, heard, conversation);
    if (mismatch === undefined) return { kind: 'matched', alternative };
    if (mismatch !== 'no') wrong.push(mismatch);
  }
  if (passing.some((pattern) => mismatchOf(pattern, heard, conversation) === undefined)) return { kind: 'passing' };
  const detail = wrong.length === 0 ? '' : ` (${wrong.join('; ')})`;
  return { kind: 'mismatch', text: `expected ${wantedText(alternatives)}, heard ${heardText(heard)}${detail}` };
}

export function wantedText(alternatives: readonly Alternative[]): string {
  return alternatives.map(({ pattern }) => pattern.describe).join(', or ');
}

/** A pattern that cannot read what it is given finds it wrong. */
function mismatchOf(pattern: Pattern, heard: Heard, conversation: Conversation): string | undefined {
  try {
    return pattern.mismatch(heard, conversation);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

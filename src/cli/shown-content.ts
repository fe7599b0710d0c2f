/** A content as `mta mailbox show` prints it. */
import { contentText } from '../ipms/display.js';
import type { Interpretation } from './interpersonal.js';

export type ShownContent =
  | { readonly kind: 'none' }
  | { readonly kind: 'message' | 'notification'; readonly text: string }
  | { readonly kind: 'uninterpreted'; readonly reason: string };

export function shownContent(interpretation: Interpretation): ShownContent {
  if (interpretation.kind === 'uninterpreted') return interpretation;
  const { content } = interpretation;
  return { kind: content.kind, text: contentText(content) };
}

/** Behind the lines of the envelope. */
export function shownContentText(content: ShownContent): string {
  switch (content.kind) {
    case 'none':
      return '';
    case 'uninterpreted':
      return `\nNot shown: ${content.reason}\n`;
    default:
      return `\n${content.text}`;
  }
}

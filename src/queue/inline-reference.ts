import type { ContentReference, MessageId } from './store.js';

const prefix = 'message:';

/** Of a small content, which lies in the record of its message. */
export function inlineReference(message: MessageId): ContentReference {
  return `${prefix}${message}`;
}

/** The message in whose record the content lies; undefined for a content of its own. */
export function messageOfInline(reference: ContentReference): MessageId | undefined {
  return reference.startsWith(prefix) ? reference.slice(prefix.length) : undefined;
}

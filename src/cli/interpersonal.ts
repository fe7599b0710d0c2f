/** Whether a content is an interpersonal message or notification, and why not. */
import { DecodeError } from '../bytes/decode-error.js';
import { contentTypeIdentifiers } from '../ipms/object-identifiers.js';
import { readContent } from '../ipms/read.js';
import type { ReadContent } from '../ipms/read-content.js';
import type { OctetSource } from '../p1/octet-source.js';
import { contentTypeName } from './envelope-facts.js';

export type Interpretation =
  | { readonly kind: 'interpersonal'; readonly content: ReadContent }
  /** One plain clause. */
  | { readonly kind: 'uninterpreted'; readonly reason: string };

const interpersonalTypes: ReadonlySet<string> = new Set([
  '2',
  '22',
  contentTypeIdentifiers.ipm1984,
  contentTypeIdentifiers.ipm1988,
]);

export function interpret(source: OctetSource, contentType: string): Interpretation {
  if (!interpersonalTypes.has(contentType)) {
    return {
      kind: 'uninterpreted',
      reason: `content type ${contentTypeName(contentType)} is no interpersonal message`,
    };
  }
  try {
    return { kind: 'interpersonal', content: readContent(source) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'uninterpreted', reason: `the content is a malformed interpersonal message: ${error.message}` };
  }
}

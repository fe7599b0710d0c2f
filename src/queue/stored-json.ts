import { z } from 'zod';
import { StoreError } from './store-error.js';

/** What the store keeps as JSON, and reads back only in this form. */

export const momentSchema = z.object({
  bootId: z.string(),
  monotonicMilliseconds: z.number(),
  wallClockMilliseconds: z.number(),
});

export const activityNameSchema = z.object({
  connector: z.string(),
  sessionConnection: z.string(),
  activityIdentifier: z.string(),
});

export const associationFactsSchema = z.object({
  connector: z.string(),
  sessionConnection: z.string(),
  role: z.enum(['initiator', 'responder']),
  mode: z.enum(['normal', 'x410-1984']),
  p1: z.enum(['1988', '1984']),
  dialogue: z.enum(['monologue', 'two-way-alternate']),
  checkpointSizeK: z.number(),
  windowSize: z.number(),
  contextIdentifier: z.number(),
  references: z.object({
    calling: z.string().exactOptional(),
    called: z.string().exactOptional(),
    common: z.string().exactOptional(),
    additional: z.string().exactOptional(),
  }),
});

export const incomingActivitySchema = z.object({
  id: z.string(),
  activity: activityNameSchema,
  association: associationFactsSchema,
});

export const recipientIndexesSchema = z.array(z.number());
export const textsSchema = z.array(z.string());

/** Throws StoreError `malformed`. */
export function parseStored<T>(schema: z.ZodType<T>, text: string | Uint8Array, what: string): T {
  try {
    return schema.parse(
      JSON.parse(typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text)),
    );
  } catch (error) {
    throw new StoreError(
      'malformed',
      `${what} do not decode: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** `fallback` where the text does not decode. */
export function storedOr<T>(fallback: T, schema: z.ZodType<T>, text: string): T {
  try {
    return parseStored(schema, text, '');
  } catch {
    return fallback;
  }
}

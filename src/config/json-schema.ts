import { z } from 'zod';
import { siteFileSchema } from './schema.js';

/** The site file as a JSON Schema (draft 2020-12), with the meaning, unit, range and default of every member. */
export function siteJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: 'mta site file', ...z.toJSONSchema(siteFileSchema, { io: 'input', target: 'draft-2020-12' }) };
}

/** JSON of the API: what clients send, with the defaults of Toxiproxy, and what they are answered. */
import type { IncomingMessage } from 'node:http';
import { streams, type Stream } from '../../faults/pdu-trigger.js';
import { withAttributes } from '../../faults/toxic-field.js';
import { isToxicType, type ToxicSettings } from '../../faults/toxics.js';
import { toxicNameOf, type Toxic, type ToxicList } from '../toxic-list.js';
import type { Attributes } from '../treatments.js';
import type { LinkSettings, TcpLink } from './tcp-link.js';

/** A request that cannot be done, as the client is told. */
export class ApiError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

const bodyOctetsMax = 1024 * 1024;

/** The body of a request, undefined if there is none. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyOctetsMax) throw badBody(`more than ${String(bodyOctetsMax)} octets`);
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badBody(error instanceof Error ? error.message : String(error));
  }
}

function badBody(text: string): ApiError {
  return new ApiError(`bad request body: ${text}`, 400);
}

function recordOf(body: unknown): Readonly<Record<string, unknown>> {
  if (body === undefined) throw badBody('EOF');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badBody('expected a JSON object');
  return body as Readonly<Record<string, unknown>>;
}

function member<Value>(
  record: Readonly<Record<string, unknown>>,
  name: string,
  is: (value: unknown) => value is Value,
  otherwise: Value,
): Value {
  const value = record[name];
  if (value === undefined || value === null) return otherwise;
  if (!is(value)) throw badBody(`${name}: found ${JSON.stringify(value)}`);
  return value;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTruth = (value: unknown): value is boolean => typeof value === 'boolean';

/** Members that are left out stay as they are in `before`. Unknown ones are ignored, as Toxiproxy does. */
export function settingsIn(body: unknown, before: LinkSettings): LinkSettings {
  const record = recordOf(body);
  return {
    name: member(record, 'name', isText, before.name),
    listen: member(record, 'listen', isText, before.listen),
    upstream: member(record, 'upstream', isText, before.upstream),
    enabled: member(record, 'enabled', isTruth, before.enabled),
  };
}

/** A new toxic. Throws FieldError for attributes. */
export function toxicIn(body: unknown, toxics: ToxicList): ToxicSettings {
  const record = recordOf(body);
  const stream = member(record, 'stream', isText, 'downstream');
  if (!isStream(stream)) throw new ApiError('stream was invalid, can be either upstream or downstream', 400);
  const { type } = record;
  if (!isToxicType(type)) throw new ApiError('invalid toxic type', 400);
  const settings: ToxicSettings = {
    name: member(record, 'name', isText, ''),
    type,
    stream,
    toxicity: member(record, 'toxicity', isNumber, 1),
    duration: member(record, 'duration', isNumber, 0),
    attributes: withAttributes(type, record['attributes'] ?? {}),
  };
  if (toxics.get(toxicNameOf(settings)) !== undefined) throw new ApiError('toxic already exists', 409);
  return settings;
}

function isStream(value: string): value is Stream {
  return streams.includes(value as Stream);
}

/** What an update changes of a toxic: attributes one by one, and toxicity. Throws FieldError for attributes. */
export function toxicChangesIn(
  body: unknown,
  { type, attributes, toxicity }: Toxic,
): { readonly toxicity: number; readonly attributes: Attributes } {
  const record = recordOf(body);
  return {
    attributes: withAttributes(type, record['attributes'] ?? {}, attributes),
    toxicity: member(record, 'toxicity', isNumber, toxicity),
  };
}

export function toxicBody({ attributes, name, type, stream, toxicity, duration }: Toxic) {
  return { attributes, name, type, stream, toxicity, ...(duration > 0 ? { duration } : {}) };
}

export function proxyBody({ settings, link }: TcpLink) {
  const { name, listen, upstream, enabled } = settings;
  return { name, listen, upstream, enabled, toxics: link.toxics.all.map(toxicBody) };
}

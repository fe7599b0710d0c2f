import { totalOctets } from '../bytes/octets.js';
import type { StoreRequest } from '../queue/batch-run.js';
import type { StoreAnswer, StoreOperationName } from '../queue/store.js';
import { transferOctetsMin, type TransferBuffers } from './transfer-buffers.js';

/**
 * Octets between threads. A clone of a view takes all of the buffer behind it along, however small the view, so octets are copied to their
 * size first; those that pass in bulk travel in buffers that are handed over, read at the other side, and come back.
 */

/** The request with octets of its own. Buffers to be handed over with it go to `handedOver`. */
export function packRequest(request: StoreRequest, buffers: TransferBuffers, handedOver: ArrayBuffer[]): StoreRequest {
  const bulk = bulkOf(request);
  if (bulk.length > 0) {
    const octets = joined(bulk, buffers);
    handedOver.push(octets.buffer);
    return { name: request.name, input: { ...request.input, octets: [octets] } } as StoreRequest;
  }
  switch (request.name) {
    case 'commit':
    case 'outgoing.start':
      return ownOctets(request);
    default:
      return request;
  }
}

/** Buffers that came with the request and are not needed any more when it is answered. */
export function buffersOfRequest(request: StoreRequest): readonly ArrayBuffer[] {
  return bulkOf(request).flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []));
}

/** Octets of the request that pass in bulk. */
export function bulkOf(request: StoreRequest): readonly Uint8Array[] {
  switch (request.name) {
    case 'incoming.append':
    case 'incoming.secure':
    case 'content.append':
      return request.input.octets ?? [];
    default:
      return [];
  }
}

/** Buffers of an answer that are handed over with it: of octets read in bulk, which the store made for this answer alone. */
export function buffersOfAnswer(
  name: StoreOperationName,
  answer: StoreAnswer<StoreOperationName>,
): readonly ArrayBuffer[] {
  if (name !== 'content.read' && name !== 'quarantine.read') return [];
  if (!answer.ok || !(answer.value instanceof Uint8Array)) return [];
  const { buffer } = answer.value;
  return buffer instanceof ArrayBuffer && buffer.byteLength >= transferOctetsMin ? [buffer] : [];
}

/** An answer whose buffers go back: its octets are copied out of them. */
export function unpackAnswer(answer: StoreAnswer<StoreOperationName>): StoreAnswer<StoreOperationName> {
  return answer.ok && answer.value instanceof Uint8Array ? { ok: true, value: answer.value.slice() } : answer;
}

function joined(parts: readonly Uint8Array[], buffers: TransferBuffers): Uint8Array<ArrayBuffer> {
  const octets = buffers.take(totalOctets(parts));
  let position = 0;
  for (const part of parts) {
    octets.set(part, position);
    position += part.length;
  }
  return octets;
}

/** The value itself where all octets in it are their own; else a copy of what leads to them. */
function ownOctets<Value>(value: Value): Value;
function ownOctets(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.byteLength === value.buffer.byteLength ? value : Uint8Array.from(value);
  if (typeof value !== 'object' || value === null) return value;
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    const own = ownOctets(member);
    if (own === member) continue;
    copy ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    copy[name] = own;
  }
  return copy ?? value;
}

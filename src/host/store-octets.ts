import type { StoreRequest } from '../queue/batch-run.js';
import type { StoreAnswer, StoreOperationName } from '../queue/store.js';

/**
 * Octets between threads. A clone of a view takes all of the buffer behind it along, however small the view; what is handed over is lost
 * to the one who gives it. So octets that come from elsewhere are copied once, to their size, and octets that nobody else holds are handed over.
 */

/** Answers whose octets the store made for them alone. */
const givenAway: ReadonlySet<StoreOperationName> = new Set<StoreOperationName>([
  'content.read',
  'quarantine.read',
  'queue.claim',
]);

/** From this size on handing a buffer over is cheaper than copying it, octets. */
const handedOverOctetsMin = 4096;

/** The request with octets of its own; buffers that can be handed over go to `handedOver`. */
export function packRequest(request: StoreRequest, handedOver: ArrayBuffer[]): StoreRequest {
  switch (request.name) {
    case 'incoming.append':
      return { name: request.name, input: { ...request.input, octets: [joined(request.input.octets, handedOver)] } };
    case 'content.append':
      return { name: request.name, input: { ...request.input, octets: [joined(request.input.octets, handedOver)] } };
    case 'commit':
      return { name: request.name, input: withOwnOctets(request.input) };
    case 'outgoing.start':
      return { name: request.name, input: withOwnOctets(request.input) };
    default:
      return request;
  }
}

/** Buffers of an answer that can be handed over. */
export function buffersOf(name: StoreOperationName, answer: StoreAnswer<StoreOperationName>): readonly ArrayBuffer[] {
  if (!givenAway.has(name)) return [];
  const found = new Set<ArrayBuffer>();
  const collect = (value: unknown): void => {
    if (value instanceof Uint8Array) {
      const { buffer } = value;
      if (buffer instanceof ArrayBuffer && buffer.byteLength >= handedOverOctetsMin) found.add(buffer);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  collect(answer);
  return [...found];
}

function joined(parts: readonly Uint8Array[], handedOver: ArrayBuffer[]): Uint8Array {
  const octets = new Uint8Array(Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + part.length, 0)).buffer);
  let position = 0;
  for (const part of parts) {
    octets.set(part, position);
    position += part.length;
  }
  handedOver.push(octets.buffer);
  return octets;
}

/** The same value, its views on larger buffers replaced by arrays of their size. */
function withOwnOctets<T>(value: T): T {
  return ownOctets(value) as T;
}

function ownOctets(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.byteLength === value.buffer.byteLength ? value : Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(ownOctets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, ownOctets(member)]));
}

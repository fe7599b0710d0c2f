import { inlineReference } from '../queue/inline-reference.js';
import { storeLimits } from '../queue/limits.js';
import type { NewContent, NewCopy, NewMessage, QueuedCopy } from '../queue/store.js';
import type { ConnectorQueue } from './connector-queue.js';

interface Reservation {
  readonly queue: ConnectorQueue;
  readonly copy: QueuedCopy;
}

/** New messages, of which some copies have a place among those that are sent next as soon as they are in the store. */
export interface DirectCopies {
  /** For the commit: what has a place is claimed by it. */
  readonly messages: readonly NewMessage[];
  readonly reservations: readonly Reservation[];
}

/**
 * Saves small messages the way back from the store: a copy that nothing waits before is claimed by the commit that brings it, and goes to its
 * queue from here when the commit has succeeded. The reservations are to be admitted or cancelled then.
 */
export function reserveDirect(
  messages: readonly NewMessage[],
  queues: ReadonlyMap<string, ConnectorQueue>,
): DirectCopies {
  const reservations: Reservation[] = [];
  const reserved = messages.map((message) => {
    const content = contentAtHand(message.content);
    if (content === undefined) {
      for (const { connector } of message.copies) queues.get(connector)?.expectMore();
      return message;
    }
    const copies = message.copies.map((copy): NewCopy => {
      const queue = queues.get(copy.connector);
      if (copy.notBefore > message.arrivedAt || queue?.reserve() !== 'reserved') return copy;
      reservations.push({ queue, copy: queuedCopy(message, copy, content) });
      return { ...copy, claim: 'by-commit' };
    });
    return { ...message, copies };
  });
  return { messages: reserved, reservations };
}

/** The octets of a content that a claim would bring along; undefined where it would not. */
function contentAtHand(content: NewContent): Uint8Array | 'none' | undefined {
  if (content.kind === 'none') return 'none';
  if (content.kind !== 'octets' || content.octets.length > storeLimits.claimedContentOctetsMax) return undefined;
  return content.octets;
}

/** As the store would give it to one who claims it. */
function queuedCopy(message: NewMessage, copy: NewCopy, content: Uint8Array | 'none'): QueuedCopy {
  const { id, kind, mtsIdentifier, priority, envelope, contentType, contentOctets, originator } = message;
  return {
    id: copy.id,
    message: id,
    connector: copy.connector,
    kind,
    mtsIdentifier,
    priority,
    envelope,
    ...(content === 'none' ? { content: '' } : { content: inlineReference(id), contentInline: content }),
    contentType,
    contentOctets,
    recipients: copy.recipients,
    arrivedAt: Math.trunc(message.arrivedAt),
    openAttempts: 0,
    transferAttempts: 0,
    originator,
  };
}

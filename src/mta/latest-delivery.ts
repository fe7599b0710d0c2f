import { DecodeError } from '../bytes/decode-error.js';
import { messageEnvelopeOctets } from '../p1/envelope-octets.js';
import { readExtension } from '../p1/extension-field.js';
import { latestDeliveryTime } from '../p1/extensions.js';
import type { MessageTransferEnvelope, ProbeTransferEnvelope } from '../p1/message-pdu.js';
import { parseUtcTime } from '../p1/utc-time.js';
import type { QueuedCopy } from '../queue/store.js';

/** The originator wanted it delivered by a time that is over (X.411 §8.2.1.1.1.13). `now`: wall clock, milliseconds. */
export function isPastLatestDelivery(
  { extensions }: Pick<MessageTransferEnvelope | ProbeTransferEnvelope, 'extensions'>,
  now: number,
): boolean {
  const latest = parseUtcTime(readExtension(extensions, latestDeliveryTime) ?? '');
  return latest !== undefined && latest < now;
}

/** The same of a queued message; one that does not decode is somebody else's concern. */
export function isPastLatest(copy: QueuedCopy, now: number): boolean {
  if (copy.kind !== 'message') return false;
  try {
    return isPastLatestDelivery(messageEnvelopeOctets.decode(copy.envelope), now);
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

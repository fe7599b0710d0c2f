import { messageEnvelopeOctets, probeEnvelopeOctets } from '../p1/envelope-octets.js';
import type { QueuedCopy } from '../queue/store.js';
import type { ProcessingContext } from './context.js';
import { failureText, type Failure } from './failure.js';
import type { Subject } from './judgement.js';
import type { Processed } from './processing.js';
import { notDelivered, reportOn } from './reports.js';

/** What is said when a copy is given up: a report for its recipients, nothing about a report (X.411 §14.3; P1-044, P1-050). */
export function nonDeliveryOf(copy: QueuedCopy, failure: Failure, context: ProcessingContext): Processed {
  const base = { mtsIdentifier: copy.mtsIdentifier, failed: [failureText(failure)] };
  if (copy.kind === 'report') {
    const fields = { mts: copy.mtsIdentifier, connector: copy.connector, text: failureText(failure) };
    return { ...base, messages: [], events: [{ event: 'report.discarded', level: 'warn', fields }] };
  }
  const subject: Subject =
    copy.kind === 'message'
      ? { kind: 'message', envelope: messageEnvelopeOctets.decode(copy.envelope) }
      : { kind: 'probe', envelope: probeEnvelopeOctets.decode(copy.envelope) };
  const outcomes = copy.recipients.flatMap((index) => {
    const fields = subject.envelope.perRecipientFields[index];
    return fields === undefined ? [] : [notDelivered(fields, failure)];
  });
  return { ...base, ...reportOn(subject, outcomes, copy.arrivedAt, context) };
}

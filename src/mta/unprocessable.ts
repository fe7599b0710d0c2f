import { DecodeError } from '../bytes/decode-error.js';
import { messageEnvelopeOctets, probeEnvelopeOctets } from '../p1/envelope-octets.js';
import { isResponsible } from '../p1/indicators.js';
import { printMtsIdentifier } from '../p1/mts-identifier.js';
import type { QueuedCopy } from '../queue/store.js';
import type { ProcessingContext } from './context.js';
import { failures, failureText, type Failure } from './failure.js';
import type { Subject } from './judgement.js';
import { nonDeliveryOf } from './non-delivery.js';
import type { Arrival, Processed } from './processing.js';
import { notDelivered, reportOn } from './reports.js';

/** What recipients of a message are told that could not be processed because of this error. */
export function failureOfError(error: unknown): Failure {
  return error instanceof DecodeError ? failures.protocolViolation : failures.unprocessable;
}

/**
 * The report on a message or probe that came in and cannot be processed. Undefined where there is nobody to report to: about a report
 * (X.411 §14.4), or where not even the originator can be read.
 */
export function nonDeliveryOfArrival(
  arrival: Pick<Arrival, 'kind' | 'envelope' | 'arrivedAt'>,
  failure: Failure,
  context: ProcessingContext,
): Processed | undefined {
  if (arrival.kind === 'report') return undefined;
  return unlessPoisoned(() => {
    const subject: Subject =
      arrival.kind === 'message'
        ? { kind: 'message', envelope: messageEnvelopeOctets.decode(arrival.envelope) }
        : { kind: 'probe', envelope: probeEnvelopeOctets.decode(arrival.envelope) };
    const outcomes = subject.envelope.perRecipientFields.flatMap((fields) =>
      isResponsible(fields.perRecipientIndicators) ? [notDelivered(fields, failure)] : [],
    );
    const identifier =
      subject.kind === 'message' ? subject.envelope.messageIdentifier : subject.envelope.probeIdentifier;
    return {
      ...reportOn(subject, outcomes, arrival.arrivedAt, context),
      mtsIdentifier: printMtsIdentifier(identifier),
      failed: [failureText(failure)],
    };
  });
}

/** The same for a copy on its way out. */
export function nonDeliveryOfCopy(
  copy: QueuedCopy,
  failure: Failure,
  context: ProcessingContext,
): Processed | undefined {
  return copy.kind === 'report' ? undefined : unlessPoisoned(() => nonDeliveryOf(copy, failure, context));
}

/** What has failed once in an unknown way may do so again, and must not be in the way of anything else. */
function unlessPoisoned(make: () => Processed): Processed | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

import { unsupportedCriticalExtensions } from '../p1/criticality.js';
import { downgradeMessage, downgradeProbe } from '../p1/downgrade-1984.js';
import { isResponsible } from '../p1/indicators.js';
import type { MessageTransferEnvelope, PerRecipientTransferFields, ProbeTransferEnvelope } from '../p1/message-pdu.js';
import type { ORName } from '../p1/or-address.js';
import { detectLoop } from '../p1/trace-loops.js';
import type { ProcessingContext } from './context.js';
import { duplicateKey } from './duplicates.js';
import { downgradeRules } from './downgrade-rules.js';
import { failures, type Failure } from './failure.js';
import { tracingMtaOf } from './identity.js';
import { isPastLatestDelivery } from './latest-delivery.js';
import type { Arrival } from './processing.js';
import type { Route } from './routing.js';

export type Subject =
  | { readonly kind: 'message'; readonly envelope: MessageTransferEnvelope }
  | { readonly kind: 'probe'; readonly envelope: ProbeTransferEnvelope };

/** A recipient that this copy makes us responsible for, and where it goes. */
export interface Judged {
  /** In the envelope's per-recipient fields. */
  readonly index: number;
  readonly fields: PerRecipientTransferFields;
  readonly name: ORName;
  readonly key: string;
  readonly route: Route;
}

/** Routes every recipient that we are responsible for and have not served before (X.411 §14.3). */
export function judgeRecipients(
  subject: Subject,
  arrival: Pick<Arrival, 'contentOctets' | 'from' | 'recipients'>,
  context: ProcessingContext,
  seen: ReadonlySet<string>,
): readonly Judged[] {
  const { envelope } = subject;
  const identifier = subject.kind === 'message' ? subject.envelope.messageIdentifier : subject.envelope.probeIdentifier;
  const octets = subject.kind === 'message' ? arrival.contentOctets : (subject.envelope.contentLength ?? 0);
  const fault = arrival.from === undefined ? undefined : messageFault(subject, octets, context);
  const judged: Judged[] = [];
  envelope.perRecipientFields.forEach((fields, index) => {
    if (!isResponsible(fields.perRecipientIndicators)) return;
    if (arrival.recipients?.includes(index) === false) return;
    const key = duplicateKey(subject.kind, identifier, fields, envelope.extensions);
    if (seen.has(key)) return;
    const name = fields.recipientName;
    const route: Route = fault === undefined ? routeOf(subject, fields, context) : { kind: 'none', failure: fault };
    judged.push({ index, fields, name, key, route });
  });
  return judged;
}

/** What is wrong with the message for every recipient; a loop goes before everything else. */
function messageFault(subject: Subject, octets: number, context: ProcessingContext): Failure | undefined {
  const { envelope } = subject;
  const { limits } = context.site;
  if (detectLoop(envelope, tracingMtaOf(context.site), { revisitsAllowed: 0 }) !== undefined) return failures.loop;
  if (envelope.traceInformation.length > limits.traceElementsMax) return failures.traceTooLong;
  if (octets > limits.messageOctetsMax) return failures.tooLong;
  return isPastLatestDelivery(envelope, context.now) ? failures.expired : undefined;
}

function routeOf(subject: Subject, fields: PerRecipientTransferFields, context: ProcessingContext): Route {
  const route = context.routing.route(fields.recipientName);
  if (route.kind === 'none') return route;
  const purpose = route.kind === 'mailbox' ? 'delivery' : 'transfer';
  const unsupported = [...subject.envelope.extensions, ...fields.extensions];
  if (unsupportedCriticalExtensions(unsupported, purpose).length > 0) {
    return { kind: 'none', failure: failures.criticalExtension };
  }
  const failure =
    route.kind === 'connector' && route.connector.p1 === '1984' ? failureTo1984(subject, fields) : undefined;
  return failure === undefined ? route : { kind: 'none', failure };
}

/** What a 1984 peer cannot be given is known at once, and reported at once (X.419 Annex B). */
function failureTo1984(subject: Subject, fields: PerRecipientTransferFields): Failure | undefined {
  const perRecipientFields = [fields];
  const { failures: lost } =
    subject.kind === 'message'
      ? downgradeMessage({ ...subject.envelope, perRecipientFields }, downgradeRules)
      : downgradeProbe({ ...subject.envelope, perRecipientFields }, downgradeRules);
  const [first] = lost;
  if (first === undefined) return undefined;
  const { reason, diagnostic } = first;
  return { reason, diagnostic, text: failures.unableToDowngrade.text };
}

import type { Observation } from '../osi/machine.js';
import { printContentType } from '../p1/content-type-text.js';
import { messageEnvelopeOctets, probeEnvelopeOctets } from '../p1/envelope-octets.js';
import { printMtsIdentifier } from '../p1/mts-identifier.js';
import { printORAddress } from '../p1/or-address-text.js';
import { traceArrival } from '../p1/trace.js';
import type { MessageKind, NewContent, NewCopy, NewDelivery, NewMessage } from '../queue/store.js';
import type { ProcessingContext } from './context.js';
import { judgeRecipients, type Judged, type Subject } from './judgement.js';
import { tracingMtaOf } from './identity.js';
import { priorityRank } from './priority-rank.js';
import { processReport, reportMessages } from './reports.js';
import { subjectOf } from './subject-line.js';
import { failureText } from './failure.js';

export type { ProcessingContext } from './context.js';

/** A message, probe or report that has come in, whole. */
export interface Arrival {
  readonly kind: MessageKind;
  /** The envelope SET of a message or probe; a report as an MTS-APDU without the content that it returns. */
  readonly envelope: Uint8Array;
  readonly content: NewContent;
  readonly contentOctets: number;
  /** The first octets of the content. */
  readonly contentHead: Uint8Array;
  /** The connector it came by; undefined: from a user of ours, already traced. */
  readonly from?: string;
  /** Wall clock milliseconds. */
  readonly arrivedAt: number;
  /** Indexes of the only recipients to serve; left out: all that we are responsible for. */
  readonly recipients?: readonly number[];
}

/** Everything that follows from an arrival; all of it is committed together. */
export interface Processed {
  /** The message itself first, if anything of it is kept, then reports about it. */
  readonly messages: readonly NewMessage[];
  readonly mtsIdentifier: string;
  /** Sentences about recipients that failed at once. */
  readonly failed: readonly string[];
  readonly events: readonly Observation[];
}

/** What to do with an arrival. Recipients whose duplicate key is in `seen` have been served before. Throws DecodeError on a broken envelope. */
export function process(
  arrival: Arrival,
  context: ProcessingContext,
  seen: ReadonlySet<string> = new Set(),
): Processed {
  return arrival.kind === 'report' ? processReport(arrival, context, seen) : processMessage(arrival, context, seen);
}

function processMessage(arrival: Arrival, context: ProcessingContext, seen: ReadonlySet<string>): Processed {
  const { from, kind } = arrival;
  const { site } = context;
  const message =
    kind === 'message'
      ? { kind: 'message' as const, envelope: messageEnvelopeOctets.decode(arrival.envelope) }
      : { kind: 'probe' as const, envelope: probeEnvelopeOctets.decode(arrival.envelope) };
  const judged = judgeRecipients(message, arrival, context, seen);
  const identifier = message.kind === 'message' ? message.envelope.messageIdentifier : message.envelope.probeIdentifier;
  const mtsIdentifier = printMtsIdentifier(identifier);
  const id = context.nextId();
  const copies = copiesOf(judged, context);
  const deliveries = kind === 'message' ? deliveriesOf(judged, context) : [];
  const traced =
    message.kind === 'message'
      ? { kind: 'message' as const, envelope: fromPeer(message.envelope, arrival, context) }
      : { kind: 'probe' as const, envelope: fromPeer(message.envelope, arrival, context) };
  const reports = reportMessages(traced, judged, arrival, context);
  const duplicateKeys = judged.map(({ key }) => key);
  const main: NewMessage = {
    id,
    kind,
    mtsIdentifier,
    priority: message.kind === 'message' ? priorityRank(message.envelope.priority) : 1,
    envelope: traced.envelope === message.envelope ? arrival.envelope : octetsOf(traced),
    content: arrival.content,
    contentType: printContentType(traced.envelope.contentType),
    contentOctets: arrival.contentOctets,
    originator: printORAddress(traced.envelope.originatorName),
    recipients: traced.envelope.perRecipientFields.map(({ recipientName }) => printORAddress(recipientName)),
    subject: subjectOf(arrival.contentHead),
    ...(from === undefined ? {} : { from }),
    arrivedAt: arrival.arrivedAt,
    copies,
    deliveries,
    duplicateKeys: from === undefined ? [] : duplicateKeys,
  };
  const kept = copies.length > 0 || deliveries.length > 0;
  const [firstReport, ...otherReports] = reports.messages;
  const messages = kept
    ? [main, ...reports.messages]
    : firstReport === undefined
      ? []
      : [{ ...firstReport, duplicateKeys: main.duplicateKeys }, ...otherReports];
  const fields = { connector: from, mts: mtsIdentifier, mtaName: site.mta.name };
  return {
    messages,
    mtsIdentifier,
    failed: judged.flatMap(({ name, route }) =>
      route.kind === 'none' ? [`${printORAddress(name)}: ${failureText(route.failure)}`] : [],
    ),
    events: [
      {
        event: from === undefined ? 'message.submitted' : 'message.accepted',
        level: 'info',
        fields: { ...fields, kind, octets: arrival.contentOctets, from: main.originator, recipients: judged.length },
      },
      ...deliveries.map(({ mailbox, to }): Observation => ({
        event: 'message.delivered',
        level: 'info',
        fields: { ...fields, mailbox, to },
      })),
      ...reports.events,
    ],
  };
}

function octetsOf(subject: Subject): Uint8Array {
  return subject.kind === 'message'
    ? messageEnvelopeOctets.encode(subject.envelope)
    : probeEnvelopeOctets.encode(subject.envelope);
}

function fromPeer<Envelope extends Parameters<typeof traceArrival>[0]>(
  envelope: Envelope,
  arrival: Arrival,
  context: ProcessingContext,
): Envelope {
  if (arrival.from === undefined) return envelope;
  return traceArrival(envelope, tracingMtaOf(context.site), arrival.arrivedAt);
}

/** One copy for each next hop (X.411 §14.3.1, splitting). */
function copiesOf(judged: readonly Judged[], context: ProcessingContext): readonly NewCopy[] {
  const hops = new Map<string, number[]>();
  for (const { index, route } of judged) {
    if (route.kind !== 'connector') continue;
    hops.set(route.connector.name, [...(hops.get(route.connector.name) ?? []), index]);
  }
  return Array.from(hops, ([connector, recipients]) => ({
    id: context.nextId(),
    connector,
    recipients,
    notBefore: context.now,
  }));
}

function deliveriesOf(judged: readonly Judged[], context: ProcessingContext): readonly NewDelivery[] {
  return judged.flatMap(({ index, route, name }) =>
    route.kind === 'mailbox'
      ? [{ id: context.nextId(), mailbox: route.mailbox.name, recipient: index, to: printORAddress(name) }]
      : [],
  );
}

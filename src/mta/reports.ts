import type { Observation } from '../osi/machine.js';
import { encodeReportHead } from '../p1/apdu-head.js';
import { mtsUserTypes } from '../p1/codes.js';
import { printContentType } from '../p1/content-type-text.js';
import type { TransferReport } from '../p1/downgrade-report.js';
import { readRecipientIndicators } from '../p1/indicators.js';
import { printMtsIdentifier } from '../p1/mts-identifier.js';
import { printORAddress } from '../p1/or-address-text.js';
import { buildReport, type RecipientOutcome } from '../p1/report-building.js';
import type { PerRecipientReportTransferFields } from '../p1/report-pdu.js';
import { detectLoop } from '../p1/trace-loops.js';
import { traceArrival } from '../p1/trace.js';
import type { NewMessage } from '../queue/store.js';
import type { ProcessingContext } from './context.js';
import { reportDuplicateKey } from './duplicates.js';
import { failureText, type Failure } from './failure.js';
import { newMtsIdentifier, tracingMtaOf } from './identity.js';
import type { Judged, Subject } from './judgement.js';
import type { Arrival, Processed } from './processing.js';
import { decodeReport } from './report-octets.js';

const privateUser = mtsUserTypes.code('private') ?? 1;

/**
 * A report that came from a peer: on to its destination, with our trace; never a report about it (X.411 §14.4; P1-050, P1-055). One that
 * comes from ourselves has the trace.
 */
export function processReport(arrival: Arrival, context: ProcessingContext, seen: ReadonlySet<string>): Processed {
  const report = decodeReport(arrival.envelope);
  const { reportIdentifier } = report.envelope;
  const mtsIdentifier = printMtsIdentifier(reportIdentifier);
  const mta = tracingMtaOf(context.site);
  const key = reportDuplicateKey(reportIdentifier);
  if (seen.has(key)) return { messages: [], mtsIdentifier, failed: [], events: [] };
  if (arrival.from === undefined) return dispatch(report, { ...arrival, duplicateKeys: [] }, context);
  if (detectLoop(report.envelope, mta, { revisitsAllowed: 0 }) !== undefined) {
    return discarded(report, arrival, 'the report has been here before');
  }
  const traced = { ...report, envelope: traceArrival(report.envelope, mta, arrival.arrivedAt) };
  return dispatch(traced, { ...arrival, duplicateKeys: [key] }, context);
}

/** Reports of ours about recipients that were delivered or that failed at once. */
export function reportMessages(
  subject: Subject,
  judged: readonly Judged[],
  arrival: Arrival,
  context: ProcessingContext,
): Pick<Processed, 'messages' | 'events'> {
  const outcomes = judged.flatMap(({ fields, route }): RecipientOutcome[] => {
    if (route.kind === 'connector') return [];
    if (route.kind === 'mailbox') {
      return [
        {
          recipient: fields,
          result: { kind: 'delivered', deliveryTimeMilliseconds: arrival.arrivedAt, mtsUserType: privateUser },
        },
      ];
    }
    return [notDelivered(fields, route.failure)];
  });
  return reportOn(subject, outcomes, arrival.arrivedAt, context);
}

export function notDelivered(recipient: RecipientOutcome['recipient'], failure: Failure): RecipientOutcome {
  const { reason, diagnostic } = failure;
  return {
    recipient,
    result: { kind: 'not-delivered', reason, ...(diagnostic === undefined ? {} : { diagnostic }) },
    supplementaryInformation: failure.text,
  };
}

/** One report about one subject, on its way to its destination. */
export function reportOn(
  subject: Subject,
  outcomes: readonly RecipientOutcome[],
  subjectArrivedAt: number,
  context: ProcessingContext,
): Pick<Processed, 'messages' | 'events'> {
  if (outcomes.length === 0) return { messages: [], events: [] };
  const { site, now } = context;
  const built = buildReport(subject, outcomes, {
    ...tracingMtaOf(site),
    reportIdentifier: newMtsIdentifier(site, context.nextLocalIdentifier()),
    timeMilliseconds: now,
    subjectArrivalTimeMilliseconds: subjectArrivedAt,
  });
  if (built === undefined) return { messages: [], events: [] };
  return dispatch(built, { content: { kind: 'none' }, contentOctets: 0, arrivedAt: now, duplicateKeys: [] }, context);
}

interface ReportArrival extends Pick<Arrival, 'content' | 'contentOctets' | 'arrivedAt' | 'from'> {
  readonly duplicateKeys: readonly string[];
}

/** To a mailbox of ours, to a peer, or nowhere: a report that cannot go on is logged and discarded. */
function dispatch(report: TransferReport, arrival: ReportArrival, context: ProcessingContext): Processed {
  const { envelope, content } = report;
  const destination = printORAddress(envelope.reportDestinationName);
  const route = context.routing.route(envelope.reportDestinationName);
  const mtsIdentifier = printMtsIdentifier(envelope.reportIdentifier);
  const subjectIdentifier = printMtsIdentifier(content.subjectIdentifier);
  const base: NewMessage = {
    id: context.nextId(),
    kind: 'report',
    mtsIdentifier,
    subjectIdentifier,
    priority: 0,
    envelope: encodeReportHead(envelope, content),
    content: arrival.content,
    contentType: content.contentType === undefined ? '' : printContentType(content.contentType),
    contentOctets: arrival.contentOctets,
    originator: destination,
    recipients: [],
    subject: `Report on ${subjectIdentifier}`,
    ...(arrival.from === undefined ? {} : { from: arrival.from }),
    arrivedAt: arrival.arrivedAt,
    copies: [],
    deliveries: [],
    duplicateKeys: arrival.duplicateKeys,
  };
  const reported: Observation = {
    event: 'message.reported',
    level: 'info',
    fields: {
      mts: subjectIdentifier,
      report: mtsIdentifier,
      to: destination,
      ...(arrival.from === undefined ? {} : { connector: arrival.from }),
      outcomes: content.perRecipientFields.map(outcomeText).join('; '),
    },
  };
  switch (route.kind) {
    case 'connector': {
      const copy = { id: context.nextId(), connector: route.connector.name, recipients: [], notBefore: context.now };
      return { messages: [{ ...base, copies: [copy] }], mtsIdentifier, failed: [], events: [reported] };
    }
    case 'mailbox': {
      const wanted = content.perRecipientFields.some(isWanted);
      if (!wanted) return discarded(report, arrival, 'the originator wants no such report');
      const delivery = { id: context.nextId(), mailbox: route.mailbox.name, recipient: -1, to: destination };
      return { messages: [{ ...base, deliveries: [delivery] }], mtsIdentifier, failed: [], events: [reported] };
    }
    case 'none':
      return discarded(report, arrival, failureText(route.failure));
  }
}

/** What the originator asked to see: bits 3 and 4 of the indicators (P1-051). */
function isWanted(fields: PerRecipientReportTransferFields): boolean {
  const { originatorRequest } = readRecipientIndicators(fields.perRecipientIndicators);
  if (originatorRequest === 'none') return false;
  return originatorRequest === 'report' || fields.lastTraceInformation.reportType.kind === 'nonDelivery';
}

function outcomeText(fields: PerRecipientReportTransferFields): string {
  const { reportType } = fields.lastTraceInformation;
  const name = printORAddress(fields.actualRecipientName);
  if (reportType.kind === 'delivery') return `${name}: delivered`;
  const { nonDeliveryReasonCode: reason, nonDeliveryDiagnosticCode: diagnostic } = reportType.value;
  const text = fields.supplementaryInformation ?? '';
  return `${name}: ${failureText({ reason, ...(diagnostic === undefined ? {} : { diagnostic }), text })}`;
}

function discarded(report: TransferReport, arrival: Pick<Arrival, 'from'>, text: string): Processed {
  const mtsIdentifier = printMtsIdentifier(report.envelope.reportIdentifier);
  const mts = printMtsIdentifier(report.content.subjectIdentifier);
  return {
    messages: [],
    mtsIdentifier,
    failed: [],
    events: [
      {
        event: 'report.discarded',
        level: 'info',
        fields: { mts, report: mtsIdentifier, connector: arrival.from, text },
      },
    ],
  };
}

/** Makes the report about a message or probe (X.411 §14.3, table of originating-MTA requests; P1-044..P1-049). */
import { supplementaryInformationMax, type EncodedInformationTypes, type MTSIdentifier } from './common-types.js';
import {
  findExtension,
  readExtension,
  withExtension,
  type ExtensionField,
  type ExtensionFields,
} from './extension-field.js';
import {
  contentCorrelator,
  dlExpansionHistory,
  originatorAndDLExpansionHistory,
  redirectionHistory,
  type NameAndTime,
} from './extensions.js';
import { isResponsible, messageIndicator, readRecipientIndicators } from './indicators.js';
import type { MessageTransferEnvelope, PerRecipientTransferFields, ProbeTransferEnvelope } from './message-pdu.js';
import { printableFromAscii } from './printable-string.js';
import type {
  PerRecipientReportTransferFields,
  ReportTransferContent,
  ReportTransferEnvelope,
  ReportType,
} from './report-pdu.js';
import { firstTrace, type TracingMta } from './trace.js';
import { printUtcTime } from './utc-time.js';

/** What became of one recipient. */
export type RecipientResult =
  | { readonly kind: 'delivered'; readonly deliveryTimeMilliseconds: number; readonly mtsUserType: number }
  | { readonly kind: 'not-delivered'; readonly reason: number; readonly diagnostic?: number };

export interface RecipientOutcome {
  /** As it stands in the envelope of the subject. */
  readonly recipient: PerRecipientTransferFields;
  readonly result: RecipientResult;
  /** ASCII, cut to what fits. */
  readonly supplementaryInformation?: string;
  readonly convertedEncodedInformationTypes?: EncodedInformationTypes;
}

export type ReportSubject =
  | { readonly kind: 'message'; readonly envelope: MessageTransferEnvelope }
  | { readonly kind: 'probe'; readonly envelope: ProbeTransferEnvelope };

export interface ReportingMta extends TracingMta {
  /** New, never used before. */
  readonly reportIdentifier: MTSIdentifier;
  readonly timeMilliseconds: number;
  /** When this MTA got the subject. */
  readonly subjectArrivalTimeMilliseconds: number;
}

export interface BuiltReport {
  readonly envelope: ReportTransferEnvelope;
  readonly content: ReportTransferContent;
  /** Whether the subject's content, unconverted, is to be returned if the path bears it (P1-049). */
  readonly returnOfContent: 'requested' | 'not-requested';
}

/**
 * One report on all outcomes that somebody wants to hear of; undefined where there is none. Recipients for which the subject gave us no
 * responsibility are left out (P1-019).
 */
export function buildReport(
  subject: ReportSubject,
  outcomes: readonly RecipientOutcome[],
  mta: ReportingMta,
): BuiltReport | undefined {
  const reported = outcomes.filter(isReported);
  if (reported.length === 0) return undefined;
  const { envelope } = subject;
  const subjectIdentifier =
    subject.kind === 'probe' ? subject.envelope.probeIdentifier : subject.envelope.messageIdentifier;
  const audited = reported.some(({ recipient }) => requestOf(recipient) === 'audited-report');
  const failed = reported.some(({ result }) => result.kind === 'not-delivered');
  const wanted = envelope.perMessageIndicators.has(messageIndicator.contentReturnRequest);
  const { originalEncodedInformationTypes, contentIdentifier } = envelope;
  return {
    envelope: reportEnvelope(envelope, mta),
    content: {
      subjectIdentifier,
      ...(audited ? { subjectIntermediateTraceInformation: envelope.traceInformation } : {}),
      ...(originalEncodedInformationTypes === undefined ? {} : { originalEncodedInformationTypes }),
      contentType: envelope.contentType,
      ...(contentIdentifier === undefined ? {} : { contentIdentifier }),
      perRecipientFields: reported.map((outcome) => reportedRecipient(outcome, mta)),
      extensions: copied(envelope.extensions, contentCorrelator.number),
    },
    returnOfContent: subject.kind === 'message' && failed && wanted ? 'requested' : 'not-requested',
  };
}

function requestOf(recipient: PerRecipientTransferFields) {
  return readRecipientIndicators(recipient.perRecipientIndicators).originatingMtaRequest;
}

function isReported({ recipient, result }: RecipientOutcome): boolean {
  if (!isResponsible(recipient.perRecipientIndicators)) return false;
  return result.kind === 'not-delivered' || requestOf(recipient) !== 'non-delivery-report';
}

/** To the last distribution list that expanded the subject, else to its originator (P1-047). */
function reportEnvelope(
  envelope: MessageTransferEnvelope | ProbeTransferEnvelope,
  mta: ReportingMta,
): ReportTransferEnvelope {
  const lists = readExtension(envelope.extensions, dlExpansionHistory) ?? [];
  const trace = firstTrace(mta, mta.timeMilliseconds);
  const originator: NameAndTime = {
    name: envelope.originatorName,
    time: envelope.traceInformation[0]?.domainSuppliedInformation.arrivalTime ?? printUtcTime(mta.timeMilliseconds),
  };
  return {
    reportIdentifier: mta.reportIdentifier,
    reportDestinationName: lists.at(-1)?.name ?? envelope.originatorName,
    traceInformation: trace.traceInformation,
    extensions:
      lists.length === 0
        ? trace.extensions
        : withExtension(trace.extensions, originatorAndDLExpansionHistory, [originator, ...lists]),
  };
}

function reportedRecipient(outcome: RecipientOutcome, mta: ReportingMta): PerRecipientReportTransferFields {
  const { recipient, supplementaryInformation, convertedEncodedInformationTypes } = outcome;
  const supplement = printableFromAscii(supplementaryInformation ?? '').slice(0, supplementaryInformationMax);
  const originallyIntended = readExtension(recipient.extensions, redirectionHistory)?.[0]?.intendedRecipientName.name;
  return {
    actualRecipientName: recipient.recipientName,
    originallySpecifiedRecipientNumber: recipient.originallySpecifiedRecipientNumber,
    perRecipientIndicators: recipient.perRecipientIndicators,
    lastTraceInformation: {
      arrivalTime: printUtcTime(mta.subjectArrivalTimeMilliseconds),
      ...(convertedEncodedInformationTypes === undefined ? {} : { convertedEncodedInformationTypes }),
      reportType: reportTypeOf(outcome.result),
    },
    ...(originallyIntended === undefined ? {} : { originallyIntendedRecipientName: originallyIntended }),
    ...(supplement === '' ? {} : { supplementaryInformation: supplement }),
    extensions: copied(recipient.extensions, redirectionHistory.number),
  };
}

function reportTypeOf(result: RecipientResult): ReportType {
  if (result.kind === 'delivered') {
    const messageDeliveryTime = printUtcTime(result.deliveryTimeMilliseconds);
    return { kind: 'delivery', value: { messageDeliveryTime, typeOfMTSUser: result.mtsUserType } };
  }
  const { reason, diagnostic } = result;
  return {
    kind: 'nonDelivery',
    value: {
      nonDeliveryReasonCode: reason,
      ...(diagnostic === undefined ? {} : { nonDeliveryDiagnosticCode: diagnostic }),
    },
  };
}

function copied(fields: ExtensionFields, extensionNumber: number): ExtensionField[] {
  const field = findExtension(fields, extensionNumber);
  return field === undefined ? [] : [field];
}

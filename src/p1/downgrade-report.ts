/** Reports as 1984 systems take them (X.419 Annex B): codes and members of 1984 only. */
import type { DowngradeRules } from './downgrade-1984.js';
import { downgradeTrace, downgradeTypes } from './downgrade-1984.js';
import { downgradeName } from './downgrade-names.js';
import type { ORName } from './or-address.js';
import type {
  LastTraceInformation,
  PerRecipientReportTransferFields,
  ReportTransferContent,
  ReportTransferEnvelope,
  ReportType,
} from './report-pdu.js';

/** The highest that 1984 defines. */
const reasonMax1984 = 2;
const diagnosticMax1984 = 11;
const mtsUserTypeMax1984 = 1;
const unableToTransfer = 1;

export interface TransferReport {
  readonly envelope: ReportTransferEnvelope;
  /** Without returnedContent, which stays where it is. */
  readonly content: ReportTransferContent;
}

/** Undefined where the destination, or the name of every recipient, cannot be written in 1984 terms: nothing is reported about a report. */
export function downgradeReport(
  report: TransferReport,
  rules: Pick<DowngradeRules, 'redirectedTrace'>,
): TransferReport | undefined {
  const { envelope, content } = report;
  const reportDestinationName = downgradeName(envelope.reportDestinationName);
  const perRecipientFields = content.perRecipientFields.flatMap((recipient) => downgradeReported(recipient) ?? []);
  if (reportDestinationName === undefined || perRecipientFields.length === 0) return undefined;
  const { subjectIntermediateTraceInformation, contentIdentifier, additionalInformation } = content;
  return {
    envelope: {
      reportIdentifier: envelope.reportIdentifier,
      reportDestinationName,
      traceInformation: downgradeTrace(envelope.traceInformation, rules),
      extensions: [],
    },
    content: {
      subjectIdentifier: content.subjectIdentifier,
      ...(subjectIntermediateTraceInformation === undefined
        ? {}
        : {
            subjectIntermediateTraceInformation: downgradeTrace(subjectIntermediateTraceInformation, {
              redirectedTrace: 'keep',
            }),
          }),
      ...(contentIdentifier === undefined ? {} : { contentIdentifier }),
      perRecipientFields,
      ...(additionalInformation === undefined ? {} : { additionalInformation }),
      extensions: [],
    },
  };
}

function downgradeReported(recipient: PerRecipientReportTransferFields): PerRecipientReportTransferFields | undefined {
  const actualRecipientName = downgradeName(recipient.actualRecipientName);
  if (actualRecipientName === undefined) return undefined;
  const intended: ORName | undefined =
    recipient.originallyIntendedRecipientName && downgradeName(recipient.originallyIntendedRecipientName);
  const { supplementaryInformation } = recipient;
  return {
    actualRecipientName,
    originallySpecifiedRecipientNumber: recipient.originallySpecifiedRecipientNumber,
    perRecipientIndicators: recipient.perRecipientIndicators,
    lastTraceInformation: downgradeLastTrace(recipient.lastTraceInformation),
    ...(intended === undefined ? {} : { originallyIntendedRecipientName: intended }),
    ...(supplementaryInformation === undefined ? {} : { supplementaryInformation }),
    extensions: [],
  };
}

function downgradeLastTrace(last: LastTraceInformation): LastTraceInformation {
  const { arrivalTime, convertedEncodedInformationTypes } = last;
  return {
    arrivalTime,
    ...(convertedEncodedInformationTypes === undefined
      ? {}
      : { convertedEncodedInformationTypes: downgradeTypes(convertedEncodedInformationTypes) }),
    reportType: downgradeReportType(last.reportType),
  };
}

function downgradeReportType(type: ReportType): ReportType {
  if (type.kind === 'delivery') {
    const { messageDeliveryTime, typeOfMTSUser } = type.value;
    const known = typeOfMTSUser <= mtsUserTypeMax1984;
    return { kind: 'delivery', value: { messageDeliveryTime, typeOfMTSUser: known ? typeOfMTSUser : 0 } };
  }
  const { nonDeliveryReasonCode: reason, nonDeliveryDiagnosticCode: diagnostic } = type.value;
  if (reason > reasonMax1984) return { kind: 'nonDelivery', value: { nonDeliveryReasonCode: unableToTransfer } };
  return {
    kind: 'nonDelivery',
    value: {
      nonDeliveryReasonCode: reason,
      ...(diagnostic === undefined || diagnostic > diagnosticMax1984 ? {} : { nonDeliveryDiagnosticCode: diagnostic }),
    },
  };
}

/** Probes and reports of X.411 for the lower tester to send. */
import { encode } from '../../asn1/type.js';
import { BitString } from '../../asn1/bit-string.js';
import type { ProbeTransferEnvelope } from '../../p1/message-pdu.js';
import { mtsApdu } from '../../p1/mts-apdu.js';
import type { ORName } from '../../p1/or-address.js';
import type { PerRecipientReportTransferFields, ReportTransferContent, ReportType } from '../../p1/report-pdu.js';
import { firstTrace, type Traced } from '../../p1/trace.js';
import { printUtcTime } from '../../p1/utc-time.js';
import { makeRecipientIndicators, type RecipientIndicators } from '../../p1/indicators.js';
import type { Conversation } from '../script/conversation.js';
import { envelope, localIdentifier, testerDomain } from './message.js';

/** A probe like a message of `envelope`: 200 octets, unless it says otherwise. */
export function probeApdu(
  conversation: Conversation,
  name: string,
  changes: Partial<ProbeTransferEnvelope> = {},
): Uint8Array {
  const like = envelope(conversation, name);
  const value: ProbeTransferEnvelope = {
    probeIdentifier: like.messageIdentifier,
    originatorName: like.originatorName,
    ...(like.originalEncodedInformationTypes === undefined
      ? {}
      : { originalEncodedInformationTypes: like.originalEncodedInformationTypes }),
    contentType: like.contentType,
    contentLength: 200,
    perMessageIndicators: BitString.empty,
    perRecipientFields: like.perRecipientFields,
    traceInformation: like.traceInformation,
    extensions: like.extensions,
    ...changes,
  };
  return encode(mtsApdu, { kind: 'probe', value });
}

const mailboxUnknown: ReportType = {
  kind: 'nonDelivery',
  value: { nonDeliveryReasonCode: 1, nonDeliveryDiagnosticCode: 0 },
};

export interface ReportChanges {
  readonly content?: Partial<ReportTransferContent>;
  readonly recipient?: Partial<PerRecipientReportTransferFields>;
  readonly indicators?: Partial<RecipientIndicators>;
  readonly type?: ReportType;
  readonly traced?: Traced;
}

/** A report made by us, to a destination: that a recipient of ours did not get something. `name` is what `observe` knows it by. */
export function reportApdu(
  conversation: Conversation,
  name: string,
  reportDestinationName: ORName,
  changes: ReportChanges = {},
): Uint8Array {
  const { peer, now } = conversation;
  const domain = testerDomain(conversation);
  const traced = changes.traced ?? firstTrace({ globalDomain: domain, mtaName: peer.tester.mtaName }, now);
  const recipient: PerRecipientReportTransferFields = {
    actualRecipientName: peer.tester.originator,
    originallySpecifiedRecipientNumber: 1,
    perRecipientIndicators: makeRecipientIndicators({
      responsibility: 'responsible',
      originatingMtaRequest: 'report',
      originatorRequest: 'report',
      ...changes.indicators,
    }),
    lastTraceInformation: { arrivalTime: printUtcTime(now), reportType: changes.type ?? mailboxUnknown },
    extensions: [],
    ...changes.recipient,
  };
  const value = {
    envelope: {
      reportIdentifier: { globalDomainIdentifier: domain, localIdentifier: localIdentifier(conversation, name) },
      reportDestinationName,
      traceInformation: traced.traceInformation,
      extensions: peer.p1 === '1984' ? [] : traced.extensions,
    },
    content: {
      subjectIdentifier: {
        globalDomainIdentifier: domain,
        localIdentifier: localIdentifier(conversation, `${name}.s`),
      },
      perRecipientFields: [recipient],
      extensions: [],
      ...changes.content,
    },
  };
  return encode(mtsApdu, { kind: 'report', value });
}

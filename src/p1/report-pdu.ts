/** The report (X.411, MTAAbstractService): envelope and content. Members stand in the order in which they are sent. */
import { any, integer, octetString, printableString, utcTime } from '../asn1/simple-types.js';
import {
  choice,
  explicit,
  implicit,
  optional,
  sequence,
  sequenceOf,
  set,
  withDefault,
} from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import type { ValueOf } from '../asn1/type.js';
import {
  contentIdentifier,
  contentType,
  encodedInformationTypes,
  mtsIdentifier,
  perRecipientIndicators,
  recipientsMax,
  supplementaryInformationMax,
  traceInformation,
} from './common-types.js';
import { extensionFields } from './extension-field.js';
import { orName, orNameMembers } from './or-address.js';

const codeMax = 32767;
const mtsUserTypeMax = 256;

export const reportTransferEnvelope = set('ReportTransferEnvelope', {
  reportIdentifier: mtsIdentifier,
  reportDestinationName: orName,
  traceInformation,
  extensions: withDefault(implicit(context(1), extensionFields), []),
});
export type ReportTransferEnvelope = ValueOf<typeof reportTransferEnvelope>;

const reportType = choice('ReportType', {
  delivery: implicit(
    context(0),
    set('DeliveryReport', {
      messageDeliveryTime: implicit(context(0), utcTime),
      typeOfMTSUser: withDefault(implicit(context(1), integer({ min: 0, max: mtsUserTypeMax })), 0),
    }),
  ),
  nonDelivery: implicit(
    context(1),
    set('NonDeliveryReport', {
      nonDeliveryReasonCode: implicit(context(0), integer({ min: 0, max: codeMax })),
      nonDeliveryDiagnosticCode: optional(implicit(context(1), integer({ min: 0, max: codeMax }))),
    }),
  ),
});
export type ReportType = ValueOf<typeof reportType>;

const lastTraceInformation = set('LastTraceInformation', {
  arrivalTime: implicit(context(0), utcTime),
  convertedEncodedInformationTypes: optional(encodedInformationTypes),
  reportType: explicit(context(1), reportType),
});
export type LastTraceInformation = ValueOf<typeof lastTraceInformation>;

/** The names have lost their [APPLICATION 0] to the tags here. */
const perRecipientReportTransferFields = set('PerRecipientReportTransferFields', {
  actualRecipientName: implicit(context(0), orNameMembers),
  originallySpecifiedRecipientNumber: implicit(context(1), integer({ min: 1, max: recipientsMax })),
  perRecipientIndicators: implicit(context(2), perRecipientIndicators),
  lastTraceInformation: implicit(context(3), lastTraceInformation),
  originallyIntendedRecipientName: optional(implicit(context(4), orNameMembers)),
  supplementaryInformation: optional(
    implicit(context(5), printableString({ min: 1, max: supplementaryInformationMax })),
  ),
  extensions: withDefault(implicit(context(6), extensionFields), []),
});
export type PerRecipientReportTransferFields = ValueOf<typeof perRecipientReportTransferFields>;

export const reportTransferContent = set('ReportTransferContent', {
  subjectIdentifier: mtsIdentifier,
  subjectIntermediateTraceInformation: optional(traceInformation),
  originalEncodedInformationTypes: optional(encodedInformationTypes),
  contentType: optional(contentType),
  contentIdentifier: optional(contentIdentifier),
  perRecipientFields: implicit(
    context(0),
    sequenceOf(perRecipientReportTransferFields, { min: 1, max: recipientsMax }),
  ),
  additionalInformation: optional(explicit(context(2), any)),
  extensions: withDefault(implicit(context(3), extensionFields), []),
  /** Last, so that what stands before it can be made without holding it. */
  returnedContent: optional(implicit(context(1), octetString())),
});
export type ReportTransferContent = ValueOf<typeof reportTransferContent>;

export const report = sequence('Report', {
  envelope: reportTransferEnvelope,
  content: reportTransferContent,
});

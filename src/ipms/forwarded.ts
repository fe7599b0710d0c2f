/** What stands around a message, report or notification that is passed on inside a body part (X.420 §7.3.8, IPMSExtendedBodyPartTypes). */
import { bitString, integer, objectIdentifier, octetString, printableString, utcTime } from '../asn1/simple-types.js';
import { choice, explicit, implicit, optional, sequenceOf, set, withDefault } from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import type { ValueOf } from '../asn1/type.js';
import {
  contentIdentifier,
  contentType,
  encodedInformationTypes,
  mtsIdentifier,
  priority,
  supplementaryInformationMax,
} from '../p1/common-types.js';
import { extensionFields } from '../p1/extension-field.js';
import { orName } from '../p1/or-address.js';
import { opaque } from './external.js';

/** The identifier of a content type inside a delivery envelope: `[0]` built-in, or an object identifier. */
const deliveredContentType = choice('ContentType', {
  builtIn: implicit(context(0), integer()),
  extended: objectIdentifier,
});

/** OtherMessageDeliveryFields (X.411): the delivery envelope of a forwarded message. */
const deliveryEnvelope = set('OtherMessageDeliveryFields', {
  contentType: deliveredContentType,
  originatorName: orName,
  originalEncodedInformationTypes: optional(implicit(context(1), encodedInformationTypes)),
  priority: withDefault(priority, 0),
  deliveryFlags: optional(implicit(context(2), bitString())),
  otherRecipientNames: optional(implicit(context(3), sequenceOf(orName))),
  thisRecipientName: implicit(context(4), orName),
  originallyIntendedRecipientName: optional(implicit(context(5), orName)),
  convertedEncodedInformationTypes: optional(implicit(context(6), encodedInformationTypes)),
  messageSubmissionTime: implicit(context(7), utcTime),
  contentIdentifier: optional(implicit(context(8), contentIdentifier)),
  extensions: withDefault(implicit(context(9), extensionFields), []),
});

/** Parameters of the message body part, and of the notification body part. */
export const messageParameters = set('MessageParameters', {
  deliveryTime: optional(implicit(context(0), utcTime)),
  deliveryEnvelope: optional(implicit(context(1), deliveryEnvelope)),
});
export type MessageParameters = ValueOf<typeof messageParameters>;

/** Parameters of forwarded content of whatever type; the data are an OCTET STRING. */
export const forwardedContentParameters = set('ForwardedContentParameters', {
  deliveryTime: optional(implicit(context(0), utcTime)),
  deliveryEnvelope: optional(implicit(context(1), deliveryEnvelope)),
  mtsIdentifier: optional(implicit(context(2), mtsIdentifier)),
  submissionProof: optional(opaque('SubmissionProof', context(3))),
});

const reportedRecipient = set('PerRecipientReportDeliveryFields', {
  actualRecipientName: implicit(context(0), orName),
  reportType: explicit(
    context(1),
    choice('ReportType', {
      delivery: implicit(
        context(0),
        set('DeliveryReport', {
          messageDeliveryTime: implicit(context(0), utcTime),
          typeOfMTSUser: withDefault(implicit(context(1), integer()), 0),
        }),
      ),
      nonDelivery: implicit(
        context(1),
        set('NonDeliveryReport', {
          nonDeliveryReasonCode: implicit(context(0), integer()),
          nonDeliveryDiagnosticCode: optional(implicit(context(1), integer())),
        }),
      ),
    }),
  ),
  convertedEncodedInformationTypes: optional(encodedInformationTypes),
  originallyIntendedRecipientName: optional(implicit(context(2), orName)),
  supplementaryInformation: optional(
    implicit(context(3), printableString({ min: 1, max: supplementaryInformationMax })),
  ),
  extensions: withDefault(implicit(context(4), extensionFields), []),
});

/** Data of the report body part. */
export const reportBodyPart = set('ReportBodyPart', {
  subjectSubmissionIdentifier: mtsIdentifier,
  contentIdentifier: optional(contentIdentifier),
  contentType: optional(contentType),
  originalEncodedInformationTypes: optional(encodedInformationTypes),
  extensions: withDefault(implicit(context(1), extensionFields), []),
  perRecipientFields: sequenceOf(reportedRecipient),
  returnedContent: optional(implicit(context(0), octetString())),
});

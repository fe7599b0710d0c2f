/** The message and the probe (X.411, MTAAbstractService): their envelopes. Members stand in the order in which they are sent. */
import { BitString } from '../asn1/bit-string.js';
import { integer, octetString, utcTime } from '../asn1/simple-types.js';
import { implicit, optional, sequence, sequenceOf, set, withDefault } from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import type { ValueOf } from '../asn1/type.js';
import {
  contentIdentifier,
  contentType,
  encodedInformationTypes,
  mtsIdentifier,
  perDomainBilateralInformation,
  perMessageIndicators,
  perRecipientIndicators,
  priority,
  recipientsMax,
  traceInformation,
} from './common-types.js';
import { extensionFields } from './extension-field.js';
import { orName } from './or-address.js';

const contentLengthMax = 2 ** 31 - 1;

/** Messages and probes have the same ones. */
const perRecipientTransferFields = set('PerRecipientMessageTransferFields', {
  recipientName: orName,
  originallySpecifiedRecipientNumber: implicit(context(0), integer({ min: 1, max: recipientsMax })),
  perRecipientIndicators: implicit(context(1), perRecipientIndicators),
  explicitConversion: optional(implicit(context(2), integer())),
  extensions: withDefault(implicit(context(3), extensionFields), []),
});
export type PerRecipientTransferFields = ValueOf<typeof perRecipientTransferFields>;

const perRecipientFields = sequenceOf(perRecipientTransferFields, { min: 1, max: recipientsMax });

export const messageTransferEnvelope = set('MessageTransferEnvelope', {
  messageIdentifier: mtsIdentifier,
  originatorName: orName,
  originalEncodedInformationTypes: optional(encodedInformationTypes),
  contentType,
  contentIdentifier: optional(contentIdentifier),
  priority: withDefault(priority, 0),
  perMessageIndicators: withDefault(perMessageIndicators, BitString.empty),
  deferredDeliveryTime: optional(implicit(context(0), utcTime)),
  perDomainBilateralInformation: optional(implicit(context(1), perDomainBilateralInformation)),
  perRecipientFields: implicit(context(2), perRecipientFields),
  traceInformation,
  extensions: withDefault(implicit(context(3), extensionFields), []),
});
export type MessageTransferEnvelope = ValueOf<typeof messageTransferEnvelope>;

/** Without the tag of the APDU, which replaces the one of the SET. */
export const probeTransferEnvelope = set('ProbeTransferEnvelope', {
  probeIdentifier: mtsIdentifier,
  originatorName: orName,
  originalEncodedInformationTypes: optional(encodedInformationTypes),
  contentType,
  contentIdentifier: optional(contentIdentifier),
  contentLength: optional(implicit(context(0), integer({ min: 0, max: contentLengthMax }))),
  perMessageIndicators: withDefault(perMessageIndicators, BitString.empty),
  perDomainBilateralInformation: optional(implicit(context(1), perDomainBilateralInformation)),
  perRecipientFields: implicit(context(2), perRecipientFields),
  traceInformation,
  extensions: withDefault(implicit(context(3), extensionFields), []),
});
export type ProbeTransferEnvelope = ValueOf<typeof probeTransferEnvelope>;

/** The whole message, content held: for display and tests. Relaying goes through apdu-head.ts. */
export const message = sequence('Message', {
  envelope: messageTransferEnvelope,
  content: octetString(),
});

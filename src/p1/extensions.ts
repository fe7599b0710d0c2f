/**
 * The extensions of X.411 that are read or written here, each with its number, the type of its value and the criticality recommended for it
 * (X.411, MTSAbstractService and MTAAbstractService). Any other is relayed as it came.
 */
import { BitString } from '../asn1/bit-string.js';
import {
  any,
  bitString,
  enumerated,
  integer,
  objectIdentifier,
  printableString,
  teletexString,
  utcTime,
} from '../asn1/simple-types.js';
import { explicit, implicit, optional, sequence, sequenceOf, set, setOf } from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import type { Type, ValueOf } from '../asn1/type.js';
import { globalDomainIdentifier, internalTraceInformation, mtaName, transfersMax } from './common-types.js';
import { forDelivery, forSubmission, type Extension } from './extension-field.js';
import { orAddress, orName } from './or-address.js';

function extension<Value>(number: number, type: Type<Value>, ...criticality: readonly number[]): Extension<Value> {
  return { number, type, criticality: BitString.of(criticality) };
}

const integerOptionsMax = 256;
const options = integer({ min: 0, max: integerOptionsMax });
/** 0 allowed or not requested, 1 prohibited or requested. */
const twoValued = enumerated({ min: 0, max: 1 });

const nameAndTime = sequence('NameAndTime', { name: orName, time: utcTime });
export type NameAndTime = ValueOf<typeof nameAndTime>;

const redirection = sequence('Redirection', {
  intendedRecipientName: nameAndTime,
  /** 0 recipient-assigned, 1 originator-requested, 2 recipient-MD-assigned; later 3 directory look-up, 4 alias. */
  redirectionReason: enumerated(),
});

const securityLabel = set('SecurityLabel', {
  securityPolicyIdentifier: optional(objectIdentifier),
  securityClassification: optional(options),
  privacyMark: optional(printableString({ min: 1, max: 128 })),
  securityCategories: optional(
    setOf(
      sequence('SecurityCategory', { type: implicit(context(0), objectIdentifier), value: explicit(context(1), any) }),
      { min: 1, max: 64 },
    ),
  ),
});

const recipientReassignmentProhibited = extension(1, twoValued, forDelivery);
const originatorRequestedAlternateRecipient = extension(2, orName);
const dlExpansionProhibited = extension(3, twoValued, forDelivery);
export const conversionWithLossProhibited = extension(4, twoValued, forDelivery);
export const latestDeliveryTime = extension(5, utcTime, forDelivery);
export const contentCorrelator = extension(23, any);
/** Oldest first: the first entry is the recipient originally intended. */
export const redirectionHistory = extension(25, sequenceOf(redirection, { min: 1, max: transfersMax }));
/** Oldest first. */
export const dlExpansionHistory = extension(26, sequenceOf(nameAndTime, { min: 1, max: transfersMax }));
/** The originator, then every distribution list, oldest first. */
export const originatorAndDLExpansionHistory = extension(
  30,
  sequenceOf(nameAndTime, { min: 2, max: transfersMax + 1 }),
);
const reportingDLName = extension(31, orName);
export const internalTrace = extension(38, internalTraceInformation);
const dlExemptedRecipients = extension(42, setOf(orName));

/** Every extension whose value can be read, for display. */
export const readableExtensions: readonly Extension<unknown>[] = [
  recipientReassignmentProhibited,
  originatorRequestedAlternateRecipient,
  dlExpansionProhibited,
  conversionWithLossProhibited,
  latestDeliveryTime,
  /** requested-delivery-method. */
  extension(6, sequenceOf(options)),
  /** physical-forwarding-prohibited, physical-forwarding-address-request, physical-delivery-modes. */
  extension(7, twoValued, forDelivery),
  extension(8, twoValued, forDelivery),
  extension(9, bitString({ max: 16 }), forDelivery),
  /** registered-mail-type, recipient-number-for-advice, physical-rendition-attributes. */
  extension(10, options, forDelivery),
  extension(11, teletexString({ min: 1, max: 32 }), forDelivery),
  extension(12, objectIdentifier, forDelivery),
  /** originator-return-address, the one address with the tag SEQUENCE. */
  extension(13, orAddress),
  /** physical-delivery-report-request. */
  extension(14, options, forDelivery),
  /** message-security-label. */
  extension(20, securityLabel, forDelivery),
  /** proof-of-submission-request, proof-of-delivery-request. */
  extension(21, twoValued, forSubmission),
  extension(22, twoValued, forDelivery),
  contentCorrelator,
  redirectionHistory,
  dlExpansionHistory,
  /** physical-forwarding-address. */
  extension(27, orName),
  originatorAndDLExpansionHistory,
  reportingDLName,
  internalTrace,
  /** reporting-MTA-name. */
  extension(
    39,
    sequence('ReportingMTAName', {
      domain: globalDomainIdentifier,
      mtaName,
      mtaDirectoryName: optional(explicit(context(0), any)),
    }),
  ),
  dlExemptedRecipients,
];

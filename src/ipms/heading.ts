/** The heading of an interpersonal message (X.420 §7.2, IPMSInformationObjects). */
import { BitString } from '../asn1/bit-string.js';
import {
  any,
  bitString,
  boolean,
  integer,
  objectIdentifier,
  printableString,
  teletexString,
  utcTime,
} from '../asn1/simple-types.js';
import {
  explicit,
  implicit,
  optional,
  sequence,
  sequenceOf,
  set,
  setOf,
  withDefault,
} from '../asn1/structured-types.js';
import { application, context } from '../asn1/tag.js';
import type { ValueOf } from '../asn1/type.js';
import { orName } from '../p1/or-address.js';

/** Bounds of X.420 annex "Upper bounds"; enforced on what is sent. */
export const headingBounds = {
  subjectCharactersMax: 128,
  freeFormNameCharactersMax: 64,
  telephoneNumberCharactersMax: 32,
  userRelativeIdentifierCharactersMax: 64,
  autoForwardCommentCharactersMax: 256,
} as const;

/** The encoding of NULL: the value of an extension that has none. */
const nullValue: Uint8Array = Uint8Array.of(5, 0);

/** IPMSExtension: the value stands untagged behind its type, and unknown ones are kept. */
export const ipmsExtension = sequence('IPMSExtension', {
  type: objectIdentifier,
  value: withDefault(any, nullValue),
});
export type IpmsExtension = ValueOf<typeof ipmsExtension>;

export const ipmIdentifier = implicit(
  application(11),
  set('IPMIdentifier', {
    user: optional(orName),
    userRelativeIdentifier: printableString({ min: 0, max: headingBounds.userRelativeIdentifierCharactersMax }),
  }),
);
export type IpmIdentifier = ValueOf<typeof ipmIdentifier>;

/** The formal name or the free-form name must be there. */
export const orDescriptor = set('ORDescriptor', {
  formalName: optional(orName),
  freeFormName: optional(implicit(context(0), teletexString({ min: 0, max: headingBounds.freeFormNameCharactersMax }))),
  telephoneNumber: optional(
    implicit(context(1), printableString({ min: 0, max: headingBounds.telephoneNumberCharactersMax })),
  ),
});
export type ORDescriptor = ValueOf<typeof orDescriptor>;

/** Bits of NotificationRequests; the last two are of 1999. */
export const notificationRequestBits = { rn: 0, nrn: 1, ipmReturn: 2, anSupported: 3, suppressAn: 4 } as const;

export const recipientSpecifier = set('RecipientSpecifier', {
  recipient: implicit(context(0), orDescriptor),
  notificationRequests: withDefault(implicit(context(1), bitString()), BitString.empty),
  replyRequested: withDefault(implicit(context(2), boolean), false),
  recipientExtensions: withDefault(implicit(context(3), setOf(ipmsExtension)), []),
});
export type RecipientSpecifier = ValueOf<typeof recipientSpecifier>;

export const importanceValues = { low: 0, normal: 1, high: 2 } as const;
export const sensitivityValues = { personal: 1, private: 2, companyConfidential: 3 } as const;

/** INTEGER of 1984 and ENUMERATED of 1988 are the same octets here, the tags being implicit. */
export const heading = set('Heading', {
  thisIPM: ipmIdentifier,
  originator: optional(implicit(context(0), orDescriptor)),
  authorizingUsers: optional(implicit(context(1), sequenceOf(orDescriptor))),
  primaryRecipients: withDefault(implicit(context(2), sequenceOf(recipientSpecifier)), []),
  copyRecipients: withDefault(implicit(context(3), sequenceOf(recipientSpecifier)), []),
  blindCopyRecipients: optional(implicit(context(4), sequenceOf(recipientSpecifier))),
  repliedToIPM: optional(implicit(context(5), ipmIdentifier)),
  obsoletedIPMs: withDefault(implicit(context(6), sequenceOf(ipmIdentifier)), []),
  relatedIPMs: withDefault(implicit(context(7), sequenceOf(ipmIdentifier)), []),
  subject: optional(explicit(context(8), teletexString({ min: 0, max: headingBounds.subjectCharactersMax }))),
  expiryTime: optional(implicit(context(9), utcTime)),
  replyTime: optional(implicit(context(10), utcTime)),
  replyRecipients: optional(implicit(context(11), sequenceOf(orDescriptor))),
  importance: withDefault(implicit(context(12), integer({ min: 0, max: 2 })), importanceValues.normal),
  sensitivity: optional(implicit(context(13), integer({ min: 1, max: 3 }))),
  autoForwarded: withDefault(implicit(context(14), boolean), false),
  extensions: withDefault(implicit(context(15), setOf(ipmsExtension)), []),
});
export type Heading = ValueOf<typeof heading>;

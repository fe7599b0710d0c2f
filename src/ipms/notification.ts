/** The interpersonal notification (X.420 §8, IPMSInformationObjects) and the CHOICE of both kinds of content. */
import { integer, printableString, utcTime } from '../asn1/simple-types.js';
import { choice, explicit, implicit, optional, set, setOf, withDefault } from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import type { ValueOf } from '../asn1/type.js';
import { encodedInformationTypes } from '../p1/common-types.js';
import { headingBounds, ipmIdentifier, ipmsExtension, orDescriptor } from './heading.js';
import { interpersonalMessage } from './interpersonal-message.js';

export const nonReceiptReasons = { ipmDiscarded: 0, ipmAutoForwarded: 1 } as const;
/** ISO adds deleted; the ITU text leaves 3 out. */
export const discardReasons = { ipmExpired: 0, ipmObsoleted: 1, userSubscriptionTerminated: 2, deleted: 3 } as const;
export const acknowledgmentModes = { manual: 0, automatic: 1 } as const;

const nonReceiptFields = set('NonReceiptFields', {
  nonReceiptReason: implicit(context(0), integer({ min: 0, max: 1 })),
  discardReason: optional(implicit(context(1), integer({ min: 0, max: 3 }))),
  autoForwardComment: optional(
    implicit(context(2), printableString({ min: 0, max: headingBounds.autoForwardCommentCharactersMax })),
  ),
  returnedIPM: optional(implicit(context(3), interpersonalMessage)),
  nrnExtensions: withDefault(implicit(context(4), setOf(ipmsExtension)), []),
});

const receiptFields = set('ReceiptFields', {
  receiptTime: implicit(context(0), utcTime),
  acknowledgmentMode: withDefault(implicit(context(1), integer({ min: 0, max: 1 })), acknowledgmentModes.manual),
  supplementaryReceiptInformation: optional(implicit(context(2), printableString({ min: 1, max: 256 }))),
  rnExtensions: withDefault(implicit(context(3), setOf(ipmsExtension)), []),
});

/** `subjectIPM` is the identifier of the subject exactly as it was received, its user included. */
export const interpersonalNotification = set('IPN', {
  subjectIPM: ipmIdentifier,
  ipnOriginator: optional(implicit(context(1), orDescriptor)),
  ipmIntendedRecipient: optional(implicit(context(2), orDescriptor)),
  conversionEITs: optional(encodedInformationTypes),
  notificationExtensions: withDefault(implicit(context(3), setOf(ipmsExtension)), []),
  choice: explicit(
    context(0),
    choice('NotificationChoice', {
      nonReceipt: implicit(context(0), nonReceiptFields),
      receipt: implicit(context(1), receiptFields),
      other: implicit(context(2), setOf(ipmsExtension)),
    }),
  ),
});
export type InterpersonalNotification = ValueOf<typeof interpersonalNotification>;

/** The content of an MTS message of type 2 or 22. */
export const informationObject = choice('InformationObject', {
  message: implicit(context(0), interpersonalMessage),
  notification: implicit(context(1), interpersonalNotification),
});

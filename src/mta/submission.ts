import { BitString } from '../asn1/bit-string.js';
import { faultsOf } from '../asn1/type.js';
import { AddressTextError } from '../p1/address-text-error.js';
import { priorities } from '../p1/codes.js';
import type { ContentType } from '../p1/common-types.js';
import { parseContentType } from '../p1/content-type-text.js';
import { messageEnvelopeOctets } from '../p1/envelope-octets.js';
import { makeRecipientIndicators, messageIndicator } from '../p1/indicators.js';
import { messageTransferEnvelope, type MessageTransferEnvelope } from '../p1/message-pdu.js';
import { parseORAddress } from '../p1/or-address-text.js';
import type { ORName } from '../p1/or-address.js';
import { firstTrace } from '../p1/trace.js';
import type { ProcessingContext } from './context.js';
import { newMtsIdentifier, tracingMtaOf } from './identity.js';

/** What a user of ours asks to have sent. */
export interface SubmissionOrder {
  readonly from: string;
  readonly to: readonly string[];
  /** Integer or dotted object identifier. */
  readonly contentType: string;
  readonly contentOctets: number;
  readonly priority: 'urgent' | 'normal' | 'non-urgent';
  /** Reports that the originator wants. */
  readonly reports: 'none' | 'non-delivery' | 'all';
  readonly encodedInformationTypes: { readonly builtIn: readonly number[]; readonly extended: readonly string[] };
  readonly contentIdentifier?: string;
  /** The first octets of the content. */
  readonly contentHead: Uint8Array;
}

export interface SubmissionFault {
  /** Names the field, the value, what was expected. */
  readonly fault: string;
}

const recipientsMax = 32767;

const originatorRequests = { none: 'none', 'non-delivery': 'non-delivery-report', all: 'report' } as const;

/** The message as it enters the transfer system: identifier, first trace, every recipient ours to serve. */
export function submissionOf(
  order: SubmissionOrder,
  context: ProcessingContext,
): { readonly kind: 'message'; readonly envelope: Uint8Array; readonly contentHead: Uint8Array } | SubmissionFault {
  const { site, now } = context;
  if (order.to.length === 0 || order.to.length > recipientsMax) {
    return { fault: `to: ${String(order.to.length)} recipients, expected 1 to ${String(recipientsMax)}` };
  }
  let contentType: ContentType;
  let originatorName: ORName;
  const recipients: ORName[] = [];
  try {
    contentType = parseContentType(order.contentType);
    originatorName = parseORAddress(order.from);
    for (const text of order.to) recipients.push(parseORAddress(text));
  } catch (error) {
    if (error instanceof AddressTextError) return { fault: error.message };
    throw error;
  }
  const { builtIn, extended } = order.encodedInformationTypes;
  const envelope: MessageTransferEnvelope = {
    messageIdentifier: newMtsIdentifier(site, context.nextLocalIdentifier()),
    originatorName,
    originalEncodedInformationTypes: {
      builtIn: BitString.of(builtIn),
      ...(extended.length === 0 ? {} : { extended }),
    },
    contentType,
    ...(order.contentIdentifier === undefined ? {} : { contentIdentifier: order.contentIdentifier }),
    priority: priorities.code(order.priority) ?? 0,
    perMessageIndicators: BitString.of([messageIndicator.alternateRecipientAllowed]),
    perRecipientFields: recipients.map((recipientName, i) => ({
      recipientName,
      originallySpecifiedRecipientNumber: i + 1,
      perRecipientIndicators: makeRecipientIndicators({
        responsibility: 'responsible',
        originatingMtaRequest: 'non-delivery-report',
        originatorRequest: originatorRequests[order.reports],
      }),
      extensions: [],
    })),
    ...firstTrace(tracingMtaOf(site), now),
  };
  const [fault] = faultsOf(messageTransferEnvelope, envelope);
  if (fault !== undefined) return { fault: `${fault.path}: ${fault.text}` };
  return { kind: 'message', envelope: messageEnvelopeOctets.encode(envelope), contentHead: order.contentHead };
}

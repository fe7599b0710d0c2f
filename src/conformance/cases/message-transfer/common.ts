/** What the cases of this folder have in common. */
import { BitString } from '../../../asn1/bit-string.js';
import type { MessageTransferEnvelope, PerRecipientTransferFields } from '../../../p1/message-pdu.js';
import type { RecipientIndicators } from '../../../p1/indicators.js';
import { memberOf, type Ber } from '../../octets/ber.js';
import { recipientFields } from '../../octets/message.js';
import { envelopeOf } from '../../listening/transferred.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Conversation } from '../../script/conversation.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];

const common = { subject: 'message-transfer', modes: bothModes } as const;
/** It responds to us, and nothing has to come back. */
export const responding = { ...common, role: 'responder' } as const;
/** It calls us. */
export const calling = { ...common, role: 'initiator' } as const;
/** What we transfer to it has something come back. */
export const exchanging = { ...common, role: 'exchange', preamble: [] } as const;

/** What its recipients ask for. */
export const asksForReport: Partial<RecipientIndicators> = {
  originatingMtaRequest: 'report',
  originatorRequest: 'report',
};

/** To a recipient of its own. */
export function toDelivered(indicators: Partial<RecipientIndicators> = {}, number = 1) {
  return ({ peer }: Conversation): PerRecipientTransferFields => recipientFields(number, peer.recipient, indicators);
}

/** To nobody that it knows. */
export function toUnknown(indicators: Partial<RecipientIndicators> = {}, number = 1) {
  return ({ peer }: Conversation): PerRecipientTransferFields =>
    recipientFields(number, peer.unknownRecipient, indicators);
}

/** Back to us, by way of it. */
export function toTester(indicators: Partial<RecipientIndicators> = {}, number = 1) {
  return ({ peer }: Conversation): PerRecipientTransferFields =>
    recipientFields(number, peer.tester.originator, indicators);
}

type Recipient = (conversation: Conversation) => PerRecipientTransferFields;

/** The per-recipient fields of an envelope. */
export function recipients(
  conversation: Conversation,
  ...all: readonly Recipient[]
): Pick<MessageTransferEnvelope, 'perRecipientFields'> {
  return { perRecipientFields: all.map((recipient) => recipient(conversation)) };
}

/** per-message-indicators with these bits. */
export function indicators(...bits: readonly number[]): Pick<MessageTransferEnvelope, 'perMessageIndicators'> {
  return { perMessageIndicators: BitString.of(bits) };
}

/** That members of two structures are the same octets. */
export function memberDifference(sent: Ber, got: Ber, ...identifiers: readonly number[]): string | undefined {
  const changed = identifiers.find(
    (identifier) => memberOf(sent, identifier)?.octets.join() !== memberOf(got, identifier)?.octets.join(),
  );
  return changed === undefined ? undefined : `member ${changed.toString(16)} is not as it was sent`;
}

/** The same of envelopes of messages or probes: everything that a relay has no business with (X.411 §14.3). */
export function envelopeDifference(sent: Ber, got: Ber): string | undefined {
  return memberDifference(envelopeOf(sent), envelopeOf(got), 0x64, 0x60, 0x65, 0x46, 0x06, 0x4a, 0x47, 0x80, 0xa1);
}

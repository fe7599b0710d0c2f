/** MTS-APDUs (X.411) for the lower tester to send, encoded from values; cases damage the octets if they want to. */
import { encode } from '../../asn1/type.js';
import { BitString } from '../../asn1/bit-string.js';
import { latin1Octets } from '../../bytes/octets.js';
import { makeRecipientIndicators, type RecipientIndicators } from '../../p1/indicators.js';
import type { MessageTransferEnvelope, PerRecipientTransferFields } from '../../p1/message-pdu.js';
import { mtsApdu } from '../../p1/mts-apdu.js';
import type { GlobalDomainIdentifier } from '../../p1/common-types.js';
import type { ORAddress } from '../../p1/or-address.js';
import { firstTrace } from '../../p1/trace.js';
import type { Conversation } from '../script/conversation.js';

/** The global domain of the lower tester. */
export function testerDomain({ peer }: Conversation): GlobalDomainIdentifier {
  const { country, admd, prmd } = peer.tester;
  const countryName = { kind: /^\d/.test(country) ? 'numeric' : 'printable', value: country } as const;
  return {
    countryName,
    administrationDomainName: { kind: 'printable', value: admd },
    ...(prmd === undefined ? {} : { privateDomainIdentifier: { kind: 'printable', value: prmd } }),
  };
}

/** The local identifier of the message that a step notes under a name; the same for the same name within a case. */
export function localIdentifier(conversation: Conversation, name: string): string {
  const text = `${conversation.runWord}.${String(conversation.number)}.${name}`;
  conversation.noted.set(name, latin1Octets(text));
  return text;
}

export function recipientFields(
  number: number,
  recipientName: ORAddress,
  indicators: Partial<RecipientIndicators> = {},
): PerRecipientTransferFields {
  return {
    recipientName,
    originallySpecifiedRecipientNumber: number,
    perRecipientIndicators: makeRecipientIndicators({
      responsibility: 'responsible',
      originatingMtaRequest: 'non-delivery-report',
      originatorRequest: 'non-delivery-report',
      ...indicators,
    }),
    extensions: [],
  };
}

/** An envelope from our originator to the recipient of the peer file. `name` is what `observe` knows it by. */
export function envelope(
  conversation: Conversation,
  name: string,
  changes: Partial<MessageTransferEnvelope> = {},
): MessageTransferEnvelope {
  const { peer, now } = conversation;
  const domain = testerDomain(conversation);
  const traced = firstTrace({ globalDomain: domain, mtaName: peer.tester.mtaName }, now);
  return {
    messageIdentifier: { globalDomainIdentifier: domain, localIdentifier: localIdentifier(conversation, name) },
    originatorName: peer.tester.originator,
    originalEncodedInformationTypes: { builtIn: BitString.of([2]) },
    contentType: { kind: 'builtIn', value: peer.p1 === '1984' ? 2 : 22 },
    priority: 0,
    perMessageIndicators: BitString.empty,
    perRecipientFields: [recipientFields(1, peer.recipient)],
    traceInformation: traced.traceInformation,
    extensions: peer.p1 === '1984' ? [] : traced.extensions,
    ...changes,
  };
}

/** An interpersonal message of X.420 with one line of text: this-IPM and a body of ia5-text. */
export const shortContent = latin1Octets(
  '\xa0\x1d\x31\x08\x6b\x06\x13\x04conf\x30\x11\xa0\x0f\x31\x03\x80\x01\x05\x16\x08HelloIUT',
);

export function messageApdu(
  conversation: Conversation,
  name: string,
  changes: Partial<MessageTransferEnvelope> = {},
  content: Uint8Array = shortContent,
): Uint8Array {
  const value = { envelope: envelope(conversation, name, changes), content };
  return encode(mtsApdu, { kind: 'message', value });
}

/** A message whose content has this many octets: unidentified, for those who look into none. */
export function longMessageApdu(conversation: Conversation, name: string, contentOctets: number): Uint8Array {
  const content = Uint8Array.from({ length: contentOctets }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
  const changes = { contentType: { kind: 'builtIn', value: 0 } } as const;
  return encode(mtsApdu, { kind: 'message', value: { envelope: envelope(conversation, name, changes), content } });
}

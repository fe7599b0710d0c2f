/** MTS-APDUs that the implementation under test has transferred: where they stand, and what is in them. Octets that are no BER throw DecodeError. */
import { DecodeError } from '../../bytes/decode-error.js';
import { concatOctets } from '../../bytes/octets.js';
import { integerIn, memberOf, readBer, readWholeBer, type Ber } from '../octets/ber.js';
import { contextsOf } from '../octets/upper-layers.js';
import type { Conversation } from '../script/conversation.js';
import type { HeardSpdu } from './heard.js';

/** Identifier octets of the three MTS-APDUs (X.411, MTSTransferProtocol). */
export const apduTags = { message: 0xa0, report: 0xa1, probe: 0xa2 } as const;

/** Identifier octets of members that stand in several structures. */
export const members = {
  set: 0x31,
  sequence: 0x30,
  identifier: 0x64,
  domain: 0x63,
  name: 0x60,
  informationTypes: 0x65,
  contentType: 0x46,
  contentIdentifier: 0x4a,
  priority: 0x47,
  indicators: 0x48,
  trace: 0x69,
} as const;

/** The MTS-APDU of the transfer that was begun last on this connection: in normal mode in its EXTERNAL, else bare (X.419). */
export function transferredApdu(conversation: Conversation): Ber {
  const { heard, peer } = conversation;
  const start = heard.findLastIndex((one) => one.kind === 'spdu' && one.name === 'AS');
  const pieces = heard.slice(start).filter((one): one is HeardSpdu => one.kind === 'spdu' && one.name === 'DT');
  if (peer.mode === 'x410-1984') return readWholeBer(concatOctets(...pieces.map((piece) => piece.userInformation)));
  const external = readWholeBer(concatOctets(...pieces.map(rttrContent)));
  const [reference, value, ...others] = external.children;
  if (external.identifier !== 0x28 || value?.identifier !== 0xa0 || others.length > 0 || value.children.length !== 1) {
    throw new DecodeError('the transfer is no EXTERNAL of one ASN.1 type', 'X.419 §11', 0);
  }
  if (reference?.identifier !== 0x02 || integerIn(reference) !== contextsOf(conversation).messageTransfer) {
    throw new DecodeError(
      'the EXTERNAL has another presentation context than that of message transfer',
      'X.419 §11',
      0,
    );
  }
  return readBer(value.content);
}

function rttrContent({ userInformation }: HeardSpdu): Uint8Array {
  const rttr = memberOf(readWholeBer(userInformation), 0x30, 0xa0)?.children[0];
  if (rttr?.identifier !== 0x04) throw new DecodeError('a piece is no RTTR', 'X.228', 0);
  return rttr.content;
}

export function envelopeOf(apdu: Ber): Ber {
  const envelope = apdu.identifier === apduTags.probe ? apdu : apdu.children[0];
  if (envelope === undefined) throw new DecodeError('an MTS-APDU without an envelope', 'X.411', 0);
  return envelope;
}

/** The members of a report that stand behind its envelope. */
export function reportContentOf(apdu: Ber): Ber | undefined {
  return apdu.identifier === apduTags.report ? apdu.children[1] : undefined;
}

/** The content of a message, as its octets, whatever their segments. */
export function contentOf(apdu: Ber): Uint8Array {
  const content = apdu.children[1];
  if (content === undefined) throw new DecodeError('a message without content', 'X.411', 0);
  return octetsIn(content);
}

/** An OCTET STRING, in segments or not. */
export function octetsIn(node: Ber): Uint8Array {
  return node.children.length === 0 ? node.content : concatOctets(...node.children.map(octetsIn));
}

export function textIn(node: Ber | undefined): string {
  return node === undefined ? '' : new TextDecoder('latin1').decode(node.content);
}

/** The local identifier of a message or probe, or of the subject of a report. */
export function localIdentifierOf(apdu: Ber): string {
  return textIn(memberOf(reportContentOf(apdu) ?? envelopeOf(apdu), members.identifier, 0x16));
}

/** What a report or envelope says about each recipient. */
export function recipientsOf(apdu: Ber): readonly Ber[] {
  const content = reportContentOf(apdu);
  return (content === undefined ? memberOf(envelopeOf(apdu), 0xa2) : memberOf(content, 0xa0))?.children ?? [];
}

export interface ReportedOutcome {
  readonly recipientNumber: number;
  readonly kind: 'delivered' | 'not delivered' | 'unreadable';
  readonly reason?: number;
  readonly diagnostic?: number;
  readonly userType?: number;
}

/** What became of each recipient of the subject of a report. */
export function outcomesOf(report: Ber): readonly ReportedOutcome[] {
  return recipientsOf(report).map((recipient) => {
    const recipientNumber = integerIn(memberOf(recipient, 0x81)) ?? 0;
    const type = memberOf(recipient, 0xa3, 0xa1)?.children[0];
    if (type?.identifier === 0xa0) {
      return { recipientNumber, kind: 'delivered', userType: integerIn(memberOf(type, 0x81)) ?? 0 };
    }
    const reason = integerIn(memberOf(type, 0x80));
    if (type?.identifier !== 0xa1 || reason === undefined) return { recipientNumber, kind: 'unreadable' };
    const diagnostic = integerIn(memberOf(type, 0x81));
    return { recipientNumber, kind: 'not delivered', reason, ...(diagnostic === undefined ? {} : { diagnostic }) };
  });
}

/** The numbers of extensions in a list of them; object identifiers are left out. */
export function extensionNumbered(list: Ber | undefined, number: number): Ber | undefined {
  return list?.children.find((field) => integerIn(memberOf(field, 0x80) ?? memberOf(field, 0xa0, 0x02)) === number);
}

/** The value of an extension. */
export function extensionValue(list: Ber | undefined, number: number): Ber | undefined {
  return memberOf(extensionNumbered(list, number), 0xa2)?.children[0];
}

/** The pieces of presentation, association control and reliable transfer that both ends of an association say alike. */
import { fromHex } from '../../bytes/octets.js';
import { memberOf, integerIn, readWholeBer, ber, berHex, berInteger } from './ber.js';
import type { Conversation } from '../script/conversation.js';
import type { HeardSpdu } from '../listening/heard.js';
import { userDataIn } from '../listening/upper-layers.js';
import type { Mode } from '../peer/peer-file.js';

/** Contents of object identifiers, hexadecimal. */
export const objectIdentifiers = {
  acse: '52010001',
  reliableTransfer: '5600020c',
  messageTransfer: '56000207',
  ber: '5101',
  mtsTransfer: '56000106',
} as const;

export interface ContextIdentifiers {
  readonly acse: number;
  readonly reliableTransfer: number;
  readonly messageTransfer: number;
}

export const ownContexts: ContextIdentifiers = { acse: 1, reliableTransfer: 3, messageTransfer: 5 };

/** The contexts of the current association: those of the CP that was heard, else our own. */
export function contextsOf(conversation: Conversation): ContextIdentifiers {
  const connect = conversation.heard.find((heard) => heard.kind === 'spdu' && heard.name === 'CN');
  if (connect?.kind !== 'spdu') return ownContexts;
  const definitions = memberOf(readWholeBer(userDataIn(connect)), 0xa2, 0xa4)?.children ?? [];
  const identifierOf = (name: string): number => {
    const wanted = fromHex(name).join();
    const found = definitions.find((definition) => memberOf(definition, 0x06)?.content.join() === wanted);
    return integerIn(memberOf(found, 0x02)) ?? 0;
  };
  return {
    acse: identifierOf(objectIdentifiers.acse),
    reliableTransfer: identifierOf(objectIdentifiers.reliableTransfer),
    messageTransfer: identifierOf(objectIdentifiers.messageTransfer),
  };
}

/** User data, fully encoded, of one value (X.226 §8.4). */
export function presentationData(contextIdentifier: number, value: Uint8Array): Uint8Array {
  return ber(0x61, ber(0x30, berInteger(contextIdentifier), ber(0xa0, value)));
}

/** EXTERNAL with an indirect reference and a single ASN.1 type. */
export function external(contextIdentifier: number, value: Uint8Array): Uint8Array {
  return ber(0x28, berInteger(contextIdentifier), ber(0xa0, value));
}

/** user-information of an APDU of X.227. */
export function userInformation(conversation: Conversation, value: Uint8Array): Uint8Array {
  return ber(0xbe, external(contextsOf(conversation).reliableTransfer, value));
}

export function applicationContext(name: string): Uint8Array {
  return ber(0xa1, berHex(0x06, name));
}

export const rlrq = fromHex('6203800100');
export const rlre = fromHex('6303800100');

export const abortReasons = {
  localSystemProblem: 0,
  invalidParameter: 1,
  unrecognizedActivity: 2,
  temporaryProblem: 3,
  protocolError: 4,
  permanentProblem: 5,
  userError: 6,
  transferCompleted: 7,
} as const;

/** User data of FINISH or DISCONNECT: none in X.410-1984 mode. */
export function releaseData(conversation: Conversation, apdu: Uint8Array): Uint8Array | undefined {
  if (conversation.peer.mode === 'x410-1984') return undefined;
  return presentationData(contextsOf(conversation).acse, apdu);
}

/** User data of an ABORT by the user of reliable transfer with these RTAB members. */
export function abortData(conversation: Conversation, ...members: readonly Uint8Array[]): Uint8Array {
  if (conversation.peer.mode === 'x410-1984') return ber(0x31, ...members);
  const contexts = contextsOf(conversation);
  const named = (identifier: number): Uint8Array =>
    ber(0x30, berInteger(identifier), berHex(0x06, objectIdentifiers.ber));
  const abrt = ber(0x64, fromHex('800100'), userInformation(conversation, ber(0xb6, ...members)));
  return ber(
    0xa0,
    ber(0xa0, named(contexts.acse), named(contexts.reliableTransfer)),
    presentationData(contexts.acse, abrt),
  );
}

/** What one S-DATA carries of an APDU in transfer: an RTTR, or in X.410-1984 mode the octets themselves. */
export function pieceData(conversation: Conversation, octets: Uint8Array): Uint8Array {
  if (conversation.peer.mode === 'x410-1984') return octets;
  return presentationData(contextsOf(conversation).reliableTransfer, ber(0x04, octets));
}

/** The octets of one transfer: the MTS-APDU in its EXTERNAL, or in X.410-1984 mode itself. */
export function transferOctets(conversation: Conversation, apdu: Uint8Array): Uint8Array {
  return conversation.peer.mode === 'x410-1984' ? apdu : external(contextsOf(conversation).messageTransfer, apdu);
}

/** User data of PLEASE TOKENS. */
export function turnPleaseData(conversation: Conversation, priority: number): Uint8Array {
  const rttp = berInteger(priority);
  return conversation.peer.mode === 'x410-1984'
    ? rttp
    : presentationData(contextsOf(conversation).reliableTransfer, rttp);
}

/** The octets of the APDU in transfer that one DATA TRANSFER holds. */
export function pieceIn({ userInformation }: HeardSpdu, mode: Mode): Uint8Array {
  if (mode === 'x410-1984') return userInformation;
  return memberOf(readWholeBer(userInformation), 0x30, 0xa0)?.children[0]?.content ?? new Uint8Array(0);
}

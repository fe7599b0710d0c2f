/** SPDUs (X.225 §8) built unit by unit. Functions are named after the SPDU; they give a whole TSDU, prefix included. */
import { concatOctets, latin1Octets } from '../../bytes/octets.js';

/** Codes of units that the cases name. */
export const units = {
  connectionIdentifier: 1,
  connectAcceptItem: 5,
  calledReference: 9,
  callingReference: 10,
  commonReference: 11,
  additionalReference: 12,
  syncType: 15,
  tokenItem: 16,
  transportDisconnect: 17,
  protocolOptions: 19,
  requirements: 20,
  tsduMaximumSize: 21,
  version: 22,
  initialSerialNumber: 23,
  enclosure: 25,
  tokenSetting: 26,
  linkingInformation: 33,
  activityIdentifier: 41,
  serialNumber: 42,
  acknowledgementData: 46,
  reflectedValues: 49,
  reason: 50,
  callingSelector: 51,
  calledSelector: 52,
  dataOverflow: 60,
  userData: 193,
  extendedUserData: 194,
} as const;

/** Bits of a Token Item: data, synchronize-minor and major/activity. */
export const allTokens = 0x15;
export const dataToken = 0x01;

/** Session User Requirements of reliable transfer: half-duplex, minor synchronize, activity management, exceptions. */
export const reliableTransferRequirements = 0x0249;

type Content = Uint8Array | number | string;

function octetsOf(content: Content): Uint8Array {
  if (typeof content === 'number') return Uint8Array.of(content);
  return typeof content === 'string' ? latin1Octets(content) : content;
}

/** SI, PGI or PI with its length and content: numbers are octets, texts one octet a character. */
export function unit(code: number, ...content: readonly Content[]): Uint8Array {
  const value = concatOctets(...content.map(octetsOf));
  const length = value.length < 255 ? [value.length] : [255, value.length >> 8, value.length & 0xff];
  return concatOctets(Uint8Array.of(code, ...length), value);
}

/** As `unit`, with the length in three octets whatever it is. */
export function longUnit(code: number, ...content: readonly Content[]): Uint8Array {
  const value = concatOctets(...content.map(octetsOf));
  return concatOctets(Uint8Array.of(code, 255, value.length >> 8, value.length), value);
}

const emptyGiveTokens = Uint8Array.of(1, 0);
const emptyPleaseTokens = Uint8Array.of(2, 0);

export function behindGive(...spdus: readonly Uint8Array[]): Uint8Array {
  return concatOctets(emptyGiveTokens, ...spdus);
}

export function behindPlease(...spdus: readonly Uint8Array[]): Uint8Array {
  return concatOctets(emptyPleaseTokens, ...spdus);
}

const serial = (number: number | string): Uint8Array => unit(units.serialNumber, String(number));

export const activityStart = (identifier: Uint8Array): Uint8Array =>
  behindGive(unit(45, unit(units.activityIdentifier, identifier)));

export interface Resumption {
  readonly oldIdentifier: Uint8Array;
  readonly newIdentifier: Uint8Array;
  readonly serialNumber: number;
  /** References of the session connection on which it began, already as units; none: this one. */
  readonly references?: readonly Uint8Array[];
}

export function activityResume(resumption: Resumption): Uint8Array {
  const linking = unit(
    units.linkingInformation,
    ...(resumption.references ?? []),
    unit(units.activityIdentifier, resumption.oldIdentifier),
    serial(resumption.serialNumber),
  );
  return behindGive(unit(29, linking, unit(units.activityIdentifier, resumption.newIdentifier)));
}

export const dataTransfer = (userInformation: Uint8Array): Uint8Array =>
  behindGive(concatOctets(Uint8Array.of(1, 0), userInformation));
export const minorSyncPoint = (number: number | string): Uint8Array => behindGive(unit(49, serial(number)));
export const minorSyncAck = (number: number | string): Uint8Array => behindPlease(unit(50, serial(number)));
export const activityEnd = (number: number | string): Uint8Array => behindGive(unit(41, serial(number)));
export const activityEndAck = (number: number | string): Uint8Array => behindPlease(unit(42, serial(number)));

const reasonUnits = (reason: number | 'none'): readonly Uint8Array[] =>
  reason === 'none' ? [] : [unit(units.reason, reason)];

export const activityInterrupt = (reason: number | 'none'): Uint8Array => behindGive(unit(25, ...reasonUnits(reason)));
export const activityInterruptAck = behindPlease(unit(26));
export const activityDiscard = (reason: number | 'none'): Uint8Array => behindGive(unit(57, ...reasonUnits(reason)));
export const activityDiscardAck = behindPlease(unit(58));

export const exceptionData = (reason: number): Uint8Array => behindPlease(unit(48, unit(units.reason, reason)));
export const exceptionReport = (reflected: Uint8Array): Uint8Array =>
  behindPlease(unit(0, unit(units.reflectedValues, reflected)));

export const giveTokens = (tokens: number): Uint8Array => unit(1, unit(units.tokenItem, tokens));
export const pleaseTokens = (tokens: number, userData?: Uint8Array): Uint8Array =>
  unit(2, unit(units.tokenItem, tokens), ...userDataUnits(userData));
export const giveTokensConfirm = unit(21);
export const giveTokensAck = unit(22);

const userDataUnits = (userData: Uint8Array | undefined): readonly Uint8Array[] =>
  userData === undefined ? [] : [unit(units.userData, userData)];

/** Release of the transport connection asked for. */
export const finish = (userData?: Uint8Array): Uint8Array =>
  unit(9, unit(units.transportDisconnect, 1), ...userDataUnits(userData));
export const disconnect = (userData?: Uint8Array): Uint8Array => unit(10, ...userDataUnits(userData));

/** Transport Disconnect of an ABORT: bit 1 release, bit 2 user abort, bit 3 protocol error, bit 4 no reason. */
export const abortedBy = { user: 0x03, protocolError: 0x05, noReason: 0x09 } as const;

export const abort = (transportDisconnect: number, userData?: Uint8Array): Uint8Array =>
  unit(25, unit(units.transportDisconnect, transportDisconnect), ...userDataUnits(userData));
export const abortAccept = unit(26);

/** REFUSE with a reason and what stands behind it. */
export const refuse = (reason: number, userData: Uint8Array = new Uint8Array(0)): Uint8Array =>
  unit(12, unit(units.transportDisconnect, 1), unit(units.reason, reason, userData));
export const overflowAccept = unit(16, unit(units.version, 2));
export const connectDataOverflow = (enclosure: number, userData: Uint8Array): Uint8Array =>
  unit(15, unit(units.enclosure, enclosure), unit(units.userData, userData));

/** TPKTs and TPDUs (RFC 1006, X.224 §13) octet by octet, right or wrong as a case wants them. */
import { concatOctets } from '../../bytes/octets.js';

/** Codes of the TPDUs, with a credit of zero. */
export const tpduCodes = {
  CR: 0xe0,
  CC: 0xd0,
  DR: 0x80,
  DC: 0xc0,
  DT: 0xf0,
  ED: 0x10,
  AK: 0x60,
  EA: 0x20,
  RJ: 0x50,
  ER: 0x70,
} as const;

/** Codes of parameters of CR and CC. */
export const transportParameters = {
  size: 0xc0,
  callingSelector: 0xc1,
  calledSelector: 0xc2,
  checksum: 0xc3,
  additionalOptions: 0xc6,
  alternativeClasses: 0xc7,
  preferredSize: 0xf0,
} as const;

/** What fits into one TPKT beside its header and that of a DT. */
export const dataOctetsMax = 65_535 - 4 - 3;

/** A TPKT around a TPDU; version, reserved octet and length may be others than they should be. */
export function tpkt(
  tpdu: Uint8Array,
  wrong: { readonly version?: number; readonly reserved?: number; readonly length?: number } = {},
): Uint8Array {
  const length = wrong.length ?? tpdu.length + 4;
  return concatOctets(Uint8Array.of(wrong.version ?? 3, wrong.reserved ?? 0, length >> 8, length), tpdu);
}

export function transportParameter(code: number, ...value: readonly (Uint8Array | number)[]): Uint8Array {
  const content = concatOctets(...value.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : part)));
  return concatOctets(Uint8Array.of(code, content.length), content);
}

export interface ConnectionTpdu {
  readonly destinationReference: number;
  readonly sourceReference: number;
  /** Class and options, one octet; 0 is class 0. */
  readonly classAndOptions?: number;
  readonly parameters: readonly Uint8Array[];
  /** Behind the header. */
  readonly userData?: Uint8Array;
}

export function connectionTpdu(code: number, tpdu: ConnectionTpdu): Uint8Array {
  const { destinationReference: to, sourceReference: from } = tpdu;
  const header = concatOctets(
    Uint8Array.of(code, to >> 8, to, from >> 8, from, tpdu.classAndOptions ?? 0),
    ...tpdu.parameters,
  );
  return concatOctets(Uint8Array.of(header.length), header, tpdu.userData ?? new Uint8Array(0));
}

export function disconnectRequest(destinationReference: number, sourceReference: number, reason: number): Uint8Array {
  const [to, from] = [destinationReference, sourceReference];
  return Uint8Array.of(6, tpduCodes.DR, to >> 8, to, from >> 8, from, reason);
}

export function errorTpdu(destinationReference: number, cause: number, rejected: Uint8Array): Uint8Array {
  const header = Uint8Array.of(tpduCodes.ER, destinationReference >> 8, destinationReference, cause);
  return concatOctets(Uint8Array.of(header.length + 2 + rejected.length), header, transportParameter(0xc1, rejected));
}

export function dataTpdu(userData: Uint8Array, endOfTsdu: 'end' | 'more' = 'end'): Uint8Array {
  return concatOctets(Uint8Array.of(2, tpduCodes.DT, endOfTsdu === 'end' ? 0x80 : 0), userData);
}

/** A TSDU in DTs of at most `tpduOctetsMax`, each in its TPKT. */
export function tsduPackets(tsdu: Uint8Array, tpduOctetsMax: number): Uint8Array {
  const pieceOctets = Math.min(tpduOctetsMax - 3, dataOctetsMax);
  const packets: Uint8Array[] = [];
  for (let offset = 0; offset < tsdu.length || offset === 0; offset += pieceOctets) {
    const end = offset + pieceOctets;
    packets.push(tpkt(dataTpdu(tsdu.subarray(offset, end), end < tsdu.length ? 'more' : 'end')));
  }
  return concatOctets(...packets);
}

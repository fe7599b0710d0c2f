import { decodeAare, decodeAarq, decodeAbrt } from '../../src/acse/codec.js';
import { rlre, rlrq } from '../../src/acse/pdu.js';
import { BitString } from '../../src/asn1/bit-string.js';
import { decode } from '../../src/asn1/type.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import {
  decodeAbort,
  decodeCp,
  decodeCpa,
  decodeCpr,
  rtabTag,
  rtoacTag,
  rtorjTag,
  rtorqTag,
  withTag,
} from '../../src/presentation/codec.js';
import { userData as presentationUserData, type UserData } from '../../src/presentation/pdu.js';
import type { ReliableTransferMode } from '../../src/presentation/service.js';
import { decodeRtab, decodeRtoac, decodeRtorj, decodeRtorq, decodeRttp } from '../../src/rtse/codec.js';
import { decodeRttr } from '../../src/rtse/rttr.js';
import { decodeTsdu } from '../../src/session/concatenation.js';
import type { Spdu } from '../../src/session/pdu.js';
import { decodeTpdu } from '../../src/transport/codec.js';
import { tpktOctetsMax, TpktReader } from '../../src/transport/tpkt.js';
import { TsduReassembly } from '../../src/transport/tsdu.js';

const tsduOctetsMax = 10_000_000;

/** One thing that an end said: a TPDU other than DT, or an SPDU with all that it carries. Octets are hexadecimal, types are gone. */
export interface Unit {
  /** `CR TPDU`, `MIP SPDU` and so on. */
  readonly unit: string;
  readonly [member: string]: unknown;
}

/** Reads what one end says, however it is cut. */
export class UnitReader {
  readonly #mode: ReliableTransferMode;
  readonly #packets = new TpktReader();
  readonly #tsdus = new TsduReassembly(tsduOctetsMax);

  constructor(mode: ReliableTransferMode) {
    this.#mode = mode;
  }

  read(octets: Uint8Array): readonly Unit[] {
    const units: Unit[] = [];
    for (const packet of this.#packets.read(octets, () => tpktOctetsMax)) {
      const { tpdu } = decodeTpdu(packet);
      if (tpdu.type !== 'DT') {
        const { type, ...members } = tpdu;
        units.push({ unit: `${type} TPDU`, ...(plain(members) as object) });
        continue;
      }
      const tsdu = this.#tsdus.append(tpdu);
      if (tsdu !== undefined) units.push(...this.#unitsOf(tsdu));
    }
    return units;
  }

  #unitsOf(tsdu: ByteList): readonly Unit[] {
    const spdus = decodeTsdu(tsdu).map((spdu) => {
      if ('continues' in spdu) throw new Error('no segments in these conversations');
      return spdu;
    });
    return spdus
      .filter((spdu, i) => i === 0 || Object.keys(spdu).length > 1)
      .map((spdu) => {
        const { spdu: name, ...members } = spdu;
        return {
          unit: `${name} SPDU`,
          ...(plain(members) as object),
          ...(plain(carriedBy(spdu, this.#mode)) as object),
        };
      });
  }
}

/** The parameters that hold what the layers above say, read. */
function carriedBy(spdu: Spdu, mode: ReliableTransferMode): object {
  switch (spdu.spdu) {
    case 'CN':
      return spdu.userData === undefined ? {} : { userData: readCp(spdu.userData) };
    case 'AC':
      return spdu.userData === undefined ? {} : { userData: readCpa(spdu.userData) };
    case 'RF':
      return {
        reasonCode: spdu.reasonCode?.[0],
        ...((spdu.reasonCode?.length ?? 0) > 1 ? { userData: readCpr(spdu.reasonCode?.subarray(1)) } : {}),
      };
    case 'DT':
      return mode === 'normal'
        ? { userInformation: readValues(spdu.userInformation.toUint8Array()) }
        : { userInformation: spdu.userInformation };
    case 'PT':
      if (spdu.userData === undefined) return {};
      return { userData: mode === 'normal' ? readValues(spdu.userData) : decodeRttp(spdu.userData) };
    case 'FN':
    case 'DN':
      return spdu.userData === undefined ? {} : { userData: readValues(spdu.userData) };
    case 'AB':
      return spdu.userData === undefined ? {} : { userData: readAbort(spdu.userData) };
    default:
      return {};
  }
}

function readCp(octets: Uint8Array): object {
  const { modeSelector, x410Parameters, normalParameters } = decodeCp(octets).cp;
  return {
    mode: modeSelector.modeValue,
    ...(x410Parameters === undefined ? {} : { rtorq: decodeRtorq(withTag(rtorqTag, x410Parameters)) }),
    ...(normalParameters === undefined ? {} : expanded(normalParameters)),
  };
}

function readCpa(octets: Uint8Array): object {
  const { modeSelector, x410Parameters, normalParameters } = decodeCpa(octets);
  return {
    mode: modeSelector.modeValue,
    ...(x410Parameters === undefined ? {} : { rtoac: decodeRtoac(withTag(rtoacTag, x410Parameters)) }),
    ...(normalParameters === undefined ? {} : expanded(normalParameters)),
  };
}

function readCpr(octets: Uint8Array | undefined): object {
  const cpr = decodeCpr(octets ?? new Uint8Array(0));
  return cpr.kind === 'x410Mode' ? { rtorj: decodeRtorj(withTag(rtorjTag, cpr.value)) } : expanded(cpr.value);
}

function readAbort(octets: Uint8Array): object {
  const abort = decodeAbort(octets);
  if (abort.kind === 'aruX410Mode') return { rtab: decodeRtab(withTag(rtabTag, abort.value)) };
  return abort.kind === 'aru' ? expanded(abort.value) : { arp: abort.value };
}

function readValues(octets: Uint8Array): unknown {
  try {
    return valuesIn(decode(presentationUserData, octets));
  } catch (error) {
    if (error instanceof DecodeError) return { malformed: octets };
    throw error;
  }
}

function expanded({ userData, ...members }: { readonly userData?: UserData }): object {
  return { ...members, ...(userData === undefined ? {} : { userData: valuesIn(userData) }) };
}

function valuesIn(data: UserData): unknown {
  if (data.kind === 'simplyEncoded') return { simplyEncoded: data.value };
  return data.value.map(({ contextIdentifier, values }) => ({
    contextIdentifier,
    value: values.kind === 'arbitrary' ? values.value : readApdu(values.value),
  }));
}

/** An APDU of association control or reliable transfer, known by its tag. */
function readApdu(octets: Uint8Array): unknown {
  const read = readers.get(octets[0] ?? 0);
  return read === undefined ? octets : read(octets);
}

const readers: ReadonlyMap<number, (octets: Uint8Array) => unknown> = new Map<number, (octets: Uint8Array) => unknown>([
  [0x60, (octets) => withInformation('AARQ', decodeAarq(octets))],
  [0x61, (octets) => withInformation('AARE', decodeAare(octets))],
  [0x62, (octets) => ({ apdu: 'RLRQ', ...decode(rlrq, octets) })],
  [0x63, (octets) => ({ apdu: 'RLRE', ...decode(rlre, octets) })],
  [0x64, (octets) => withInformation('ABRT', decodeAbrt(octets))],
  [0xb0, (octets) => ({ apdu: 'RTORQ', ...decodeRtorq(octets) })],
  [0xb1, (octets) => ({ apdu: 'RTOAC', ...decodeRtoac(octets) })],
  [0xb2, (octets) => ({ apdu: 'RTORJ', ...decodeRtorj(octets) })],
  [0xb6, (octets) => ({ apdu: 'RTAB', ...decodeRtab(octets) })],
  [0x36, (octets) => ({ apdu: 'RTAB', ...decodeRtab(octets) })],
  [0x02, (octets) => ({ apdu: 'RTTP', priority: decodeRttp(octets) })],
  [0x04, (octets) => ({ apdu: 'RTTR', contents: decodeRttr(ByteList.of(octets)) })],
  [0x24, (octets) => ({ apdu: 'RTTR', contents: decodeRttr(ByteList.of(octets)) })],
]);

interface WithInformation {
  readonly userInformation?: ReturnType<typeof decodeAbrt>['userInformation'];
}

function withInformation(apdu: string, { userInformation = [], ...members }: WithInformation & object): object {
  return {
    apdu,
    ...members,
    userInformation: userInformation.map(({ encoding, ...external }) => ({
      ...external,
      value: encoding.kind === 'arbitrary' ? encoding.value : readApdu(encoding.value),
    })),
  };
}

/** The same without classes: octets in hexadecimal, named bits as a list; absent members are left out. */
function plain(value: unknown): unknown {
  if (value instanceof ByteList) return plain(value.toUint8Array());
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof BitString) return value.bits();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}

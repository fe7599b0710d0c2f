import { crc32 } from 'node:zlib';
import { totalOctets } from '../bytes/octets.js';

/**
 * The records of which the file of an incoming APDU is made. The file is only ever appended to and describes itself, so that no database
 * row is needed for what may be gone a moment later:
 *
 *     start        payload: the IncomingActivity as JSON             once, first
 *     data         payload: octets of the APDU from `offset` on      as they come
 *     checkpoint   the APDU is secured up to `offset` under `serialNumber`
 *     interrupted  payload: the Moment of the loss as JSON           last, if at all
 *
 * A record is a head of 36 octets, all numbers big-endian, and its payload:
 *
 *     0 type  4 serialNumber  8 offset  16 syncedOctets  24 payload octets  28 CRC-32 of payload  32 CRC-32 of octets 0..31
 *
 * `syncedOctets` of a checkpoint tells how much of the file had been on stable storage before the record was written: after a loss of
 * power only what lies behind it needs its check sums compared.
 */
export const recordHeadOctets = 36;

export type RecordType = 'start' | 'data' | 'checkpoint' | 'interrupted';

export interface RecordHead {
  readonly type: RecordType;
  readonly serialNumber: number;
  /** Octets of the APDU that stand before the record. */
  readonly offset: number;
  readonly syncedOctets: number;
  readonly payloadOctets: number;
  readonly payloadCheck: number;
}

/** ASCII `MTA` and a letter. */
const typeCodes: Readonly<Record<RecordType, number>> = {
  start: 0x4d544173,
  data: 0x4d544164,
  checkpoint: 0x4d544163,
  interrupted: 0x4d544169,
};

const typesByCode = new Map<number, RecordType>([
  [typeCodes.start, 'start'],
  [typeCodes.data, 'data'],
  [typeCodes.checkpoint, 'checkpoint'],
  [typeCodes.interrupted, 'interrupted'],
]);

const headCheckAt = 32;

export function checkOf(parts: readonly Uint8Array[]): number {
  let check = 0;
  for (const part of parts) check = crc32(part, check);
  return check;
}

/** Head and payload, ready to be appended. */
export function encodeRecord(
  type: RecordType,
  position: { readonly serialNumber?: number; readonly offset: number; readonly syncedOctets?: number },
  payload: readonly Uint8Array[] = [],
): readonly Uint8Array[] {
  const head = new Uint8Array(recordHeadOctets);
  const view = new DataView(head.buffer);
  view.setUint32(0, typeCodes[type]);
  view.setUint32(4, position.serialNumber ?? 0);
  view.setBigUint64(8, BigInt(position.offset));
  view.setBigUint64(16, BigInt(position.syncedOctets ?? 0));
  view.setUint32(24, totalOctets(payload));
  view.setUint32(28, checkOf(payload));
  view.setUint32(headCheckAt, crc32(head.subarray(0, headCheckAt)));
  return [head, ...payload];
}

/** The head that `octets` start with; undefined if they are too few or were not written whole. */
export function decodeRecordHead(octets: Uint8Array): RecordHead | undefined {
  if (octets.length < recordHeadOctets) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, recordHeadOctets);
  const type = typesByCode.get(view.getUint32(0));
  if (type === undefined || view.getUint32(headCheckAt) !== crc32(octets.subarray(0, headCheckAt))) return undefined;
  return {
    type,
    serialNumber: view.getUint32(4),
    offset: Number(view.getBigUint64(8)),
    syncedOctets: Number(view.getBigUint64(16)),
    payloadOctets: view.getUint32(24),
    payloadCheck: view.getUint32(28),
  };
}

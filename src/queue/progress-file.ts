import { crc32 } from 'node:zlib';
import { AppendedFile } from './appended-file.js';
import type { Disk } from './disk.js';
import type { OutgoingPosition } from './sqlite/outgoing-table.js';

/**
 * How far outgoing activities have come, for the case that the process dies: records of 32 octets, appended and never synced. A record
 * counts only if its check sum holds; of several for an activity the one that is furthest counts.
 *
 *     0 key  8 serialNumber  12 confirmed offset  20 sent offset  28 CRC-32 of octets 0..27        all big-endian
 */
const recordOctets = 32;
const checkAt = 28;

export class ProgressFile {
  readonly #disk: Disk;
  #file: AppendedFile;
  #waiting: Uint8Array[] = [];

  constructor(disk: Disk) {
    this.#disk = disk;
    this.#file = new AppendedFile(disk, 'outgoing.progress', disk.size('outgoing.progress') ?? 0);
  }

  get octets(): number {
    return this.#file.octets;
  }

  /** The record waits for `write`. */
  add(key: number, position: OutgoingPosition): void {
    const record = new Uint8Array(recordOctets);
    const view = new DataView(record.buffer);
    view.setBigUint64(0, BigInt(key));
    view.setUint32(8, position.serialNumber);
    view.setBigUint64(12, BigInt(position.offset));
    view.setBigUint64(20, BigInt(position.sentOffset));
    view.setUint32(checkAt, crc32(record.subarray(0, checkAt)));
    this.#waiting.push(record);
  }

  write(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.#file.append(waiting);
  }

  /** The furthest position of each activity. */
  read(): Map<number, OutgoingPosition> {
    const octets = this.#file.octets === 0 ? new Uint8Array(0) : this.#disk.read(this.#file.name, 0, this.#file.octets);
    const furthest = new Map<number, OutgoingPosition>();
    for (let at = 0; at + recordOctets <= octets.length; at += recordOctets) {
      const view = new DataView(octets.buffer, octets.byteOffset + at, recordOctets);
      if (view.getUint32(checkAt) !== crc32(octets.subarray(at, at + checkAt))) continue;
      const key = Number(view.getBigUint64(0));
      const position = {
        serialNumber: view.getUint32(8),
        offset: Number(view.getBigUint64(12)),
        sentOffset: Number(view.getBigUint64(20)),
      };
      furthest.set(key, further(furthest.get(key), position));
    }
    return furthest;
  }

  /** Empties the file: its records are in the database. */
  clear(): void {
    this.#waiting = [];
    this.#file.truncate(0);
  }
}

/** A peer confirms in order: the higher offset is the later. What was sent counts for itself. */
export function further(a: OutgoingPosition | undefined, b: OutgoingPosition): OutgoingPosition {
  if (a === undefined) return b;
  return { ...(a.offset > b.offset ? a : b), sentOffset: Math.max(a.sentOffset, b.sentOffset) };
}

import { crc32 } from 'node:zlib';
import { AppendedFile } from './appended-file.js';
import type { Disk } from './disk.js';
import { StoreError } from './store-error.js';
import type { OutgoingPosition, ProgressKeeper } from './store.js';

/** Size at which a file is left for the other. */
const progressFileOctetsMax = 1024 * 1024;

/** One is written while the other rests: when it is full the other begins anew with what still counts. */
const firstFile = 'outgoing.progress';
const secondFile = 'outgoing.progress.2';
export const progressFiles: readonly string[] = [firstFile, secondFile];

/**
 * A record of 32 octets, appended and never synced. It counts only if its check sum holds; of several for an activity the one that is
 * furthest counts.
 *
 *     0 key  8 serialNumber  12 confirmed offset  20 sent offset  28 CRC-32 of octets 0..27        all big-endian
 */
const recordOctets = 32;
const checkAt = 28;

/**
 * How far outgoing activities have come, for the case that the process dies. Whoever sends writes here itself, without a way through the
 * store: the record costs less than the telling of it would.
 */
export class ProgressNotes implements ProgressKeeper {
  readonly #disk: Disk;
  readonly #octetsMax: number;
  /** The last record of each activity that is under way. */
  readonly #latest = new Map<number, Uint8Array>();
  #file: AppendedFile;
  #other: AppendedFile;

  /** `octetsMax`: of one file; what is under way may be more. */
  constructor(disk: Disk, octetsMax = progressFileOctetsMax) {
    this.#disk = disk;
    this.#octetsMax = octetsMax;
    [this.#file, this.#other] = [this.#open(firstFile), this.#open(secondFile)];
  }

  /** Survives the death of the process from now on. What cannot be written down is not: it would only be sent again. */
  note(key: number, position: OutgoingPosition): void {
    const record = recordOf(key, position);
    this.#latest.set(key, record);
    try {
      if (this.#file.octets < this.#octetsMax) this.#file.append([record]);
      else this.#beginAnew();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  /** The activity is over, or the store has been told how far it came. */
  end(key: number): void {
    this.#latest.delete(key);
  }

  #beginAnew(): void {
    this.#other.truncate(0);
    this.#other.append([...this.#latest.values()]);
    [this.#file, this.#other] = [this.#other, this.#file];
  }

  #open(name: string): AppendedFile {
    return new AppendedFile(this.#disk, name, this.#disk.size(name) ?? 0);
  }
}

/** The furthest position of each activity that a dead process has noted. */
export function notedProgress(disk: Disk): ReadonlyMap<number, OutgoingPosition> {
  const furthest = new Map<number, OutgoingPosition>();
  for (const file of progressFiles) {
    const size = disk.size(file) ?? 0;
    const octets = size === 0 ? new Uint8Array(0) : disk.read(file, 0, size);
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
  }
  return furthest;
}

/** What was noted is in the database. */
export function removeNotedProgress(disk: Disk): void {
  for (const file of progressFiles) if (disk.size(file) !== undefined) disk.remove(file);
}

/** A peer confirms in order: the higher offset is the later. What was sent counts for itself. */
export function further(a: OutgoingPosition | undefined, b: OutgoingPosition): OutgoingPosition {
  if (a === undefined) return b;
  return { ...(a.offset > b.offset ? a : b), sentOffset: Math.max(a.sentOffset, b.sentOffset) };
}

function recordOf(key: number, position: OutgoingPosition): Uint8Array {
  const record = new Uint8Array(recordOctets);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(key));
  view.setUint32(8, position.serialNumber);
  view.setBigUint64(12, BigInt(position.offset));
  view.setBigUint64(20, BigInt(position.sentOffset));
  view.setUint32(checkAt, crc32(record.subarray(0, checkAt)));
  return record;
}

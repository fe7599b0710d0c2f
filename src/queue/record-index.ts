import { decodeRecordHead, recordHeadOctets, type RecordHead } from './apdu-record.js';
import type { Disk } from './disk.js';

/** A record and where its payload stands in the file. */
export interface FoundRecord extends RecordHead {
  readonly payloadAt: number;
}

/** The records of a file in order, up to the first that was not written whole. Payloads are not looked at. */
export function* recordsOf(disk: Disk, file: string): Generator<FoundRecord> {
  const size = disk.size(file) ?? 0;
  let position = 0;
  for (;;) {
    const head = decodeRecordHead(disk.read(file, position, recordHeadOctets));
    if (head === undefined) return;
    const payloadAt = position + recordHeadOctets;
    position = payloadAt + head.payloadOctets;
    if (position > size) return;
    yield { ...head, payloadAt };
  }
}

/** Records of one length at equal distances, as checkpoints of one size leave them. */
interface Run {
  /** Of the first record: its offset in the APDU, and where its payload stands in the file. */
  readonly offset: number;
  readonly position: number;
  /** Of the payload of each. */
  readonly octets: number;
  /** From one payload to the next; nothing while there is only one. */
  distance: number;
  records: number;
}

/** Where each octet of an APDU stands in the file of its records. Its memory grows with irregular records only. */
export class RecordIndex {
  #runs: Run[] = [];
  #octets = 0;

  /** Octets of the APDU that have a place. */
  get octets(): number {
    return this.#octets;
  }

  /** The next `octets` of the APDU stand at `position` of the file. */
  add(position: number, octets: number): void {
    const last = this.#runs.at(-1);
    if (last === undefined || !extend(last, position, octets)) {
      this.#runs.push({ offset: this.#octets, position, octets, distance: 0, records: 1 });
    }
    this.#octets += octets;
  }

  /** Forgets what stands from `offset` on, a border between records. */
  truncate(offset: number): void {
    this.#runs = this.#runs.filter((run) => run.offset < offset);
    const last = this.#runs.at(-1);
    if (last !== undefined) last.records = Math.min(last.records, Math.ceil((offset - last.offset) / last.octets));
    this.#octets = offset;
  }

  /** Octets of the APDU, fewer than asked for only at its end. Reads heads and payloads in one piece and closes the gaps. */
  read(disk: Disk, file: string, offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.#octets);
    if (offset >= end) return new Uint8Array(0);
    const first = this.#recordAt(offset);
    const from = first.position + offset - first.offset;
    const last = this.#recordAt(end - 1);
    const octets = disk.read(file, from, last.position + end - last.offset - from);
    if (first.offset === last.offset) return octets;
    let filled = 0;
    while (filled < end - offset) {
      const start = offset + filled;
      const record = this.#recordAt(start);
      const stop = Math.min(end, record.offset + record.octets);
      const at = record.position + start - record.offset - from;
      octets.copyWithin(filled, at, at + stop - start);
      filled += stop - start;
    }
    return octets.subarray(0, end - offset);
  }

  /** The record that holds an octet of the APDU. */
  #recordAt(offset: number): { readonly offset: number; readonly position: number; readonly octets: number } {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#runs[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const run = this.#runs[low];
    if (run === undefined) throw new RangeError(`octet ${String(offset)} of an index without records`);
    const record = Math.floor((offset - run.offset) / run.octets);
    return {
      offset: run.offset + record * run.octets,
      position: run.position + record * run.distance,
      octets: run.octets,
    };
  }
}

/** Whether the run goes on with this record. */
function extend(run: Run, position: number, octets: number): boolean {
  if (octets !== run.octets) return false;
  if (run.records === 1) run.distance = position - run.position;
  else if (position !== run.position + run.records * run.distance) return false;
  run.records += 1;
  return true;
}

/** The index of a file whose records are known to be whole. */
export function indexOfRecords(disk: Disk, file: string): RecordIndex {
  const index = new RecordIndex();
  for (const record of recordsOf(disk, file)) {
    if (record.type === 'data') index.add(record.payloadAt, record.payloadOctets);
  }
  return index;
}

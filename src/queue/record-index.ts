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

/** Where each octet of an APDU stands in the file of its records. */
export class RecordIndex {
  /** Offset of each data record in the APDU, and of its payload in the file. */
  readonly #offsets: number[] = [];
  readonly #positions: number[] = [];
  #octets = 0;

  /** Octets of the APDU that have a place. */
  get octets(): number {
    return this.#octets;
  }

  /** The next `octets` of the APDU stand at `position` of the file. */
  add(position: number, octets: number): void {
    this.#offsets.push(this.#octets);
    this.#positions.push(position);
    this.#octets += octets;
  }

  /** Forgets what stands from `offset` on, a border between records. */
  truncate(offset: number): void {
    while ((this.#offsets.at(-1) ?? -1) >= offset) {
      this.#offsets.pop();
      this.#positions.pop();
    }
    this.#octets = offset;
  }

  /** Octets of the APDU, fewer than asked for only at its end. Reads heads and payloads in one piece and closes the gaps. */
  read(disk: Disk, file: string, offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.#octets);
    if (offset >= end) return new Uint8Array(0);
    const first = this.#recordAt(offset);
    const last = this.#recordAt(end - 1);
    const from = this.#positionOf(first, offset);
    const octets = disk.read(file, from, this.#positionOf(last, end - 1) + 1 - from);
    if (first === last) return octets;
    let filled = 0;
    for (let record = first; record <= last; record++) {
      const start = Math.max(offset, this.#offsets[record] ?? 0);
      const stop = Math.min(end, this.#offsets[record + 1] ?? end);
      const at = this.#positionOf(record, start) - from;
      octets.copyWithin(filled, at, at + stop - start);
      filled += stop - start;
    }
    return octets.subarray(0, end - offset);
  }

  /** The last record that starts at or before the offset. */
  #recordAt(offset: number): number {
    let low = 0;
    let high = this.#offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#offsets[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #positionOf(record: number, offset: number): number {
    return (this.#positions[record] ?? 0) + offset - (this.#offsets[record] ?? 0);
  }
}

/** The index of a file whose records are known to be whole. */
export function indexOfRecords(disk: Disk, file: string): RecordIndex {
  const index = new RecordIndex();
  for (const record of recordsOf(disk, file)) {
    if (record.type === 'data') index.add(record.payloadAt, record.payloadOctets);
  }
  return index;
}

import { concatOctets, totalOctets } from '../bytes/octets.js';
import { encodeRecord } from './apdu-record.js';
import { AppendedFile } from './appended-file.js';
import type { Disk } from './disk.js';
import { PendingOctets, type BufferPool } from './pending-octets.js';
import { RecordIndex } from './record-index.js';
import { StoreError } from './store-error.js';
import type { IncomingActivity, Moment } from './store.js';

export interface Checkpoint {
  readonly serialNumber: number;
  /** Octets of the APDU before it. */
  readonly offset: number;
  /** Octets of the file up to the end of its record. */
  readonly fileOctets: number;
}

/** A peer resumes from a checkpoint that it saw confirmed: within a window (1..255) of the last, with room to spare. */
export const checkpointsKeptMax = 1024;

/** What a scan found of an APDU after a start of the process. */
export interface RestoredApdu {
  readonly index: RecordIndex;
  readonly checkpoints: readonly Checkpoint[];
  readonly fileOctets: number;
  readonly lostAt?: Moment;
}

/**
 * One incoming APDU: in memory as long as it is small and nothing of it has to be durable, in a file of records from then on.
 * Octets that no checkpoint covers yet wait in memory and are written in few large pieces.
 */
export class IncomingApdu {
  readonly facts: IncomingActivity;
  lostAt: Moment | undefined;
  readonly #disk: Disk;
  readonly #file: AppendedFile;
  readonly #index: RecordIndex;
  readonly #pending: PendingOctets;
  #checkpoints: Checkpoint[];
  /** Octets were lost on their way to the disk; only a checkpoint leads on from here. */
  #broken = false;

  constructor(disk: Disk, buffers: BufferPool, facts: IncomingActivity, fileName: string, restored?: RestoredApdu) {
    this.#disk = disk;
    this.facts = facts;
    this.#file = new AppendedFile(disk, fileName, restored?.fileOctets ?? 0);
    this.#pending = new PendingOctets(buffers);
    this.#index = restored?.index ?? new RecordIndex();
    this.#checkpoints = [...(restored?.checkpoints ?? [])];
    this.lostAt = restored?.lostAt;
  }

  get fileName(): string {
    return this.#file.name;
  }

  get hasFile(): boolean {
    return this.#file.octets > 0;
  }

  get index(): RecordIndex {
    return this.#index;
  }

  /** Octets of the APDU so far. */
  get octets(): number {
    return this.#index.octets + this.#pending.octets;
  }

  get lastCheckpoint(): Checkpoint | undefined {
    return this.#checkpoints.at(-1);
  }

  append(octets: readonly Uint8Array[]): void {
    this.#assertWhole();
    this.#flush(); // What is gathered may be a view on the pending octets.
    for (const part of octets) {
      let rest = part;
      while (rest.length > this.#pending.room) {
        // Sum and write go over the same few octets, which are at hand in the processor the second time.
        const { room } = this.#pending;
        this.#record([rest.subarray(0, room)]);
        this.#flush();
        rest = rest.subarray(room);
      }
      this.#pending.append(rest);
    }
  }

  /** Says that the APDU, with `octets` at its end, is secured up to `offset`; `sync` makes it true, and needs the octets as they are. */
  secure(serialNumber: number, offset: number, octets: readonly Uint8Array[] = []): void {
    this.#assertWhole();
    const there = this.octets + totalOctets(octets);
    if (offset !== there) {
      const place = `octet ${String(offset)} of ${String(there)}`;
      throw new StoreError('internal', `checkpoint ${String(serialNumber)} at ${place}`);
    }
    this.#record(octets);
    const position = { serialNumber, offset, syncedOctets: this.#file.syncedOctets };
    this.#file.gather(encodeRecord('checkpoint', position));
    this.#checkpoints.push({ serialNumber, offset, fileOctets: this.#file.octets });
    if (this.#checkpoints.length > checkpointsKeptMax) this.#checkpoints.shift();
  }

  sync(): void {
    this.#assertWhole();
    this.#flush();
    try {
      this.#file.sync();
    } catch (error) {
      this.#checkpoints = this.#checkpoints.filter(({ fileOctets }) => fileOctets <= this.#file.syncedOctets);
      throw error;
    }
  }

  /** Notes the loss of the association behind the last checkpoint; octets behind that are dropped. */
  interrupted(at: Moment): void {
    if (this.lastCheckpoint === undefined) throw new StoreError('internal', `${this.facts.id} has no checkpoint`);
    this.#backTo(this.lastCheckpoint);
    const moment = new TextEncoder().encode(JSON.stringify(at));
    this.#file.gather(encodeRecord('interrupted', { offset: this.octets }, [moment]));
    this.lostAt = at;
  }

  /** Back to a checkpoint; false if there is none of that number. */
  resume(serialNumber: number): boolean {
    const checkpoint = this.#checkpoints.find((candidate) => candidate.serialNumber === serialNumber);
    if (checkpoint === undefined) return false;
    this.#backTo(checkpoint);
    this.lostAt = undefined;
    return true;
  }

  /** Everything is in the file and on stable storage. */
  secureWhole(): void {
    this.#record();
    this.sync();
  }

  /** Octets of the APDU, fewer than asked for only at its end. */
  read(offset: number, length: number): Uint8Array {
    this.#assertWhole();
    this.#flush();
    const end = Math.min(offset + length, this.octets);
    const filed = this.#index.octets;
    if (end <= filed) return this.#index.read(this.#disk, this.#file.name, offset, length);
    const pending = this.#pending.view().subarray(Math.max(offset - filed, 0), end - filed);
    if (offset >= filed) return pending.slice();
    return concatOctets(this.#index.read(this.#disk, this.#file.name, offset, filed - offset), pending);
  }

  /** Gives its memory back; what is not written will not be. */
  forget(): void {
    this.#file.dropGathered();
    this.#pending.clear();
  }

  /** Gathers the record of what is pending and of `octets` behind it. */
  #record(octets: readonly Uint8Array[] = []): void {
    const payload = this.#pending.octets === 0 ? octets : [this.#pending.view(), ...octets];
    const payloadOctets = totalOctets(payload);
    if (!this.hasFile) this.#file.gather(encodeRecord('start', { offset: 0 }, [startPayload(this.facts)]));
    if (payloadOctets === 0) return;
    this.#file.gather(encodeRecord('data', { offset: this.#index.octets }, payload));
    this.#index.add(this.#file.octets - payloadOctets, payloadOctets);
    this.#pending.recorded();
  }

  /** Writes what is gathered. If that fails only a checkpoint that was written before leads on. */
  #flush(): void {
    try {
      this.#file.flush();
    } catch (error) {
      this.#broken = true;
      this.#checkpoints = this.#checkpoints.filter(({ fileOctets }) => fileOctets <= this.#file.octets);
      throw error;
    } finally {
      this.#pending.free();
    }
  }

  #backTo(checkpoint: Checkpoint): void {
    this.#flush(); // The checkpoint itself may be gathered only.
    this.#file.truncate(checkpoint.fileOctets);
    this.#pending.clear();
    this.#index.truncate(checkpoint.offset);
    this.#checkpoints = this.#checkpoints.slice(0, this.#checkpoints.indexOf(checkpoint) + 1);
    this.#broken = false;
  }

  #assertWhole(): void {
    if (this.#broken) throw new StoreError('input-output', `octets of ${this.facts.id} could not be written`);
  }
}

function startPayload(facts: IncomingActivity): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(facts));
}

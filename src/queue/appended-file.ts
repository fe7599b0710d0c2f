import type { Disk } from './disk.js';
import { StoreError } from './store-error.js';

/** A file that grows at its end, and how much of it is on stable storage. */
export class AppendedFile {
  readonly name: string;
  readonly #disk: Disk;
  #writtenOctets: number;
  #syncedOctets: number;
  /** Parts that wait to be written. */
  #gathered: Uint8Array[] = [];
  #gatheredOctets = 0;
  /** Something may stand behind what was written, half written. */
  #torn: boolean;
  /** A sync has failed: the system may have dropped what it could not write, and another sync would not say so. */
  #doubtful = false;

  /**
   * `octets`: found there by this process, which cannot know how many of them are on stable storage. What a dead process left behind them
   * goes before anything is appended.
   */
  constructor(disk: Disk, name: string, octets = 0) {
    this.#disk = disk;
    this.name = name;
    this.#writtenOctets = octets;
    this.#syncedOctets = 0;
    this.#torn = octets > 0;
  }

  /** With what is gathered. */
  get octets(): number {
    return this.#writtenOctets + this.#gatheredOctets;
  }

  get syncedOctets(): number {
    return this.#syncedOctets;
  }

  /** All parts, and what was gathered before them, or none. */
  append(parts: readonly Uint8Array[]): void {
    this.gather(parts);
    this.flush();
  }

  /** Appends in memory: `flush`, or `sync`, writes the parts as they are then. */
  gather(parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      this.#gathered.push(part);
      this.#gatheredOctets += part.length;
    }
  }

  /** Writes what is gathered, in one piece; if that fails it is gone. */
  flush(): void {
    if (this.#gathered.length === 0) return;
    const parts = this.#gathered;
    const octets = this.#gatheredOctets;
    this.dropGathered();
    this.#assertCertain();
    if (this.#torn) this.#restore();
    try {
      this.#disk.append(this.name, parts);
    } catch (error) {
      this.#torn = true;
      throw error;
    }
    this.#writtenOctets += octets;
  }

  dropGathered(): void {
    this.#gathered = [];
    this.#gatheredOctets = 0;
  }

  sync(): void {
    this.flush();
    this.#assertCertain();
    if (this.#syncedOctets === this.#writtenOctets) return;
    try {
      this.#disk.sync(this.name);
    } catch (error) {
      this.#doubtful = true;
      throw error;
    }
    this.#syncedOctets = this.#writtenOctets;
  }

  /** Drops what is gathered, and what was written behind `octets`; a file cut back to what was synced is in no doubt any more. */
  truncate(octets: number): void {
    this.dropGathered();
    if (octets === this.#writtenOctets && !this.#torn && !this.#doubtful) return;
    if (octets > this.#syncedOctets) this.#assertCertain();
    const wasSynced = octets < this.#syncedOctets;
    this.#writtenOctets = octets;
    this.#torn = true;
    this.#restore();
    // What was on stable storage must not come back between what is appended from here on.
    if (wasSynced) this.#disk.sync(this.name);
    this.#syncedOctets = Math.min(this.#syncedOctets, octets);
    this.#doubtful = false;
  }

  #restore(): void {
    this.#disk.truncate(this.name, this.#writtenOctets);
    this.#torn = false;
  }

  #assertCertain(): void {
    if (this.#doubtful) throw new StoreError('input-output', `${this.name} could not be made durable`);
  }
}

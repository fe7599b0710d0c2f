import type { Disk } from './disk.js';
import { StoreError } from './store-error.js';

/** A file that grows at its end, and how much of it is on stable storage. */
export class AppendedFile {
  readonly name: string;
  readonly #disk: Disk;
  #octets: number;
  #syncedOctets: number;
  /** Something may stand behind `octets`, half written. */
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
    this.#octets = octets;
    this.#syncedOctets = 0;
    this.#torn = octets > 0;
  }

  get octets(): number {
    return this.#octets;
  }

  get syncedOctets(): number {
    return this.#syncedOctets;
  }

  /** All parts or none. */
  append(parts: readonly Uint8Array[]): void {
    if (this.#doubtful) throw new StoreError('input-output', `${this.name} could not be made durable`);
    if (this.#torn) this.#restore();
    try {
      this.#disk.append(this.name, parts);
    } catch (error) {
      this.#torn = true;
      throw error;
    }
    for (const part of parts) this.#octets += part.length;
  }

  sync(): void {
    if (this.#doubtful) throw new StoreError('input-output', `${this.name} could not be made durable`);
    if (this.#syncedOctets === this.#octets) return;
    try {
      this.#disk.sync(this.name);
    } catch (error) {
      this.#doubtful = true;
      throw error;
    }
    this.#syncedOctets = this.#octets;
  }

  /** Drops what stands behind `octets`; a file cut back to what was synced is in no doubt any more. */
  truncate(octets: number): void {
    if (octets === this.#octets && !this.#torn && !this.#doubtful) return;
    if (octets > this.#syncedOctets && this.#doubtful) {
      throw new StoreError('input-output', `${this.name} could not be made durable`);
    }
    const wasSynced = octets < this.#syncedOctets;
    this.#octets = octets;
    this.#torn = true;
    this.#restore();
    // What was on stable storage must not come back between what is appended from here on.
    if (wasSynced) this.#disk.sync(this.name);
    this.#syncedOctets = Math.min(this.#syncedOctets, octets);
    this.#doubtful = false;
  }

  #restore(): void {
    this.#disk.truncate(this.name, this.#octets);
    this.#torn = false;
  }
}

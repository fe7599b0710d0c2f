import { concatOctets } from '../bytes/octets.js';
import { AppendedFile } from './appended-file.js';
import type { Disk } from './disk.js';
import type { StoreLimits } from './limits.js';
import { StoreError } from './store-error.js';

/** A content on its way in from a submission: in memory while it is small, in a file of its own otherwise. */
export class SubmittedContent {
  readonly #disk: Disk;
  readonly #limits: StoreLimits;
  readonly #file: AppendedFile;
  #pending: Uint8Array[] = [];
  #pendingOctets = 0;
  #sealed = false;

  constructor(disk: Disk, limits: StoreLimits, fileName: string) {
    this.#disk = disk;
    this.#limits = limits;
    this.#file = new AppendedFile(disk, fileName);
  }

  get fileName(): string {
    return this.#file.name;
  }

  get octets(): number {
    return this.#file.octets + this.#pendingOctets;
  }

  get isSealed(): boolean {
    return this.#sealed;
  }

  append(octets: readonly Uint8Array[]): void {
    if (this.#sealed) throw new StoreError('internal', `${this.fileName} is sealed`);
    for (const part of octets) {
      this.#pending.push(part);
      this.#pendingOctets += part.length;
    }
    if (this.#pendingOctets > this.#limits.pendingOctetsMax) this.#write();
  }

  seal(): void {
    if (this.octets > this.#limits.inlineContentOctetsMax) this.#write();
    this.#sealed = true;
  }

  sync(): void {
    this.#file.sync();
  }

  read(offset: number, length: number): Uint8Array {
    if (this.#file.octets === 0) return concatOctets(...this.#pending).slice(offset, offset + length);
    this.#write();
    return this.#disk.read(this.fileName, offset, length);
  }

  #write(): void {
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingOctets = 0;
    if (pending.length > 0) this.#file.append(pending);
  }
}

import { AppendedFile } from './appended-file.js';
import type { Disk } from './disk.js';
import { PendingOctets, type BufferPool } from './pending-octets.js';

/** A content on its way in from a submission: in memory while it fits a buffer, in a file of its own otherwise. */
export class SubmittedContent {
  readonly #disk: Disk;
  readonly #file: AppendedFile;
  readonly #pending: PendingOctets;
  #sealed = false;

  constructor(disk: Disk, buffers: BufferPool, fileName: string) {
    this.#disk = disk;
    this.#file = new AppendedFile(disk, fileName);
    this.#pending = new PendingOctets(buffers);
  }

  get fileName(): string {
    return this.#file.name;
  }

  get octets(): number {
    return this.#file.octets + this.#pending.octets;
  }

  get isSealed(): boolean {
    return this.#sealed;
  }

  append(octets: readonly Uint8Array[]): void {
    for (const part of octets) {
      let rest = part;
      for (;;) {
        rest = rest.subarray(this.#pending.append(rest));
        if (rest.length === 0) break;
        this.#write();
      }
    }
  }

  /** `sync` makes it durable where it is more than `inlineOctetsMax`. */
  seal(inlineOctetsMax: number): void {
    if (this.octets > inlineOctetsMax) this.#write();
    this.#sealed = true;
  }

  sync(): void {
    this.#file.sync();
  }

  read(offset: number, length: number): Uint8Array {
    if (this.#file.octets === 0) return this.#pending.view().slice(offset, offset + length);
    this.#write();
    return this.#disk.read(this.fileName, offset, length);
  }

  /** Gives its memory back. */
  forget(): void {
    this.#pending.clear();
  }

  #write(): void {
    if (this.#pending.octets === 0) return;
    this.#file.append([this.#pending.view()]);
    this.#pending.clear();
  }
}

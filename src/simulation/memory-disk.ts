import type { Disk } from '../queue/disk.js';

/** Files in memory; what was not synced is lost at a crash. */
export class MemoryDisk implements Disk {
  readonly #files = new Map<string, { octets: Uint8Array; length: number; synced: number }>();

  append(file: string, octets: readonly Uint8Array[]): void {
    let entry = this.#files.get(file);
    if (entry === undefined) this.#files.set(file, (entry = { octets: new Uint8Array(1024), length: 0, synced: 0 }));
    for (const part of octets) {
      if (entry.length + part.length > entry.octets.length) {
        const grown = new Uint8Array(Math.max(entry.octets.length * 2, entry.length + part.length));
        grown.set(entry.octets.subarray(0, entry.length));
        entry.octets = grown;
      }
      entry.octets.set(part, entry.length);
      entry.length += part.length;
    }
  }

  truncate(file: string, octets: number): void {
    const entry = this.#files.get(file);
    if (entry === undefined) return;
    entry.length = Math.min(entry.length, octets);
    entry.synced = Math.min(entry.synced, octets);
  }

  sync(file: string): void {
    const entry = this.#files.get(file);
    if (entry !== undefined) entry.synced = entry.length;
  }

  read(file: string, offset: number, length: number): Uint8Array {
    const entry = this.#files.get(file);
    return entry === undefined
      ? new Uint8Array(0)
      : entry.octets.slice(offset, Math.min(offset + length, entry.length));
  }

  size(file: string): number | undefined {
    return this.#files.get(file)?.length;
  }

  remove(file: string): void {
    this.#files.delete(file);
  }

  list(folder: string): readonly string[] {
    return Array.from(this.#files.keys())
      .filter((file) => file.startsWith(`${folder}/`))
      .map((file) => file.slice(folder.length + 1));
  }

  freeOctets(): number {
    return 1e12;
  }

  close(): void {
    // Nothing is held open.
  }

  /** Power is lost: only what was synced is there afterwards. */
  crash(): void {
    for (const [file, entry] of this.#files) {
      if (entry.synced === 0) this.#files.delete(file);
      else entry.length = entry.synced;
    }
  }

  get files(): readonly string[] {
    return [...this.#files.keys()];
  }
}

import type { Random } from '../faults/random.js';
import type { Disk } from '../queue/disk.js';
import { StoreError } from '../queue/store-error.js';

/** What was on its way to the disk has a hole where octets did not get there. */
const tornProbability = 0.3;

/** Files in memory; what was not synced is lost at a crash. */
export class MemoryDisk implements Disk {
  readonly #files = new Map<string, { octets: Uint8Array; length: number; synced: number }>();

  /** `reserve`: no room for anything new; `none`: no room at all. */
  space: 'plenty' | 'reserve' | 'none' = 'plenty';
  /** Nothing gets to the disk. */
  failing = false;

  append(file: string, octets: readonly Uint8Array[]): void {
    if (this.failing) throw new StoreError('input-output', 'disk I/O error');
    if (this.space === 'none') throw new StoreError('disk-full', 'no space left');
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
    return this.space === 'plenty' ? 1e12 : 0;
  }

  close(): void {
    // Nothing is held open.
  }

  /**
   * Power is lost: what was synced is there afterwards. With `random`, a beginning of what was not synced may be there too, torn within; a
   * file that was never synced may be gone.
   */
  crash(random?: Random): void {
    for (const [file, entry] of this.#files) {
      const unsynced = entry.length - entry.synced;
      const kept = random === undefined || unsynced === 0 ? 0 : random.between(0, unsynced);
      if (entry.synced + kept === 0) {
        this.#files.delete(file);
        continue;
      }
      entry.length = entry.synced + kept;
      if (random?.chance(tornProbability) === true) {
        entry.octets.fill(0, entry.synced + random.between(0, kept), entry.length);
      }
      entry.synced = entry.length;
    }
  }

  get files(): readonly string[] {
    return [...this.#files.keys()];
  }
}

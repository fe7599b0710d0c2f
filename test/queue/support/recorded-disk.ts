import { concatOctets } from '../../../src/bytes/octets.js';
import type { Disk } from '../../../src/queue/disk.js';
import { StoreError } from '../../../src/queue/store-error.js';
import type { Durability } from '../../../src/queue/sqlite/store-database.js';

/** What happened to the stable storage of a store, in order. A file that is removed and made anew under its name is another inode. */
export type DiskEvent =
  | { readonly type: 'create'; readonly file: string; readonly inode: number }
  | {
      readonly type: 'write';
      readonly file: string;
      readonly inode: number;
      readonly at: number;
      readonly octets: Uint8Array;
    }
  | { readonly type: 'truncate'; readonly file: string; readonly inode: number; readonly octets: number }
  | { readonly type: 'sync'; readonly file: string; readonly inode: number }
  | { readonly type: 'remove'; readonly file: string; readonly inode: number }
  | { readonly type: 'commit'; readonly durability: Durability; readonly image: Uint8Array };

export type Files = ReadonlyMap<string, Uint8Array>;

interface RecordedFile {
  readonly inode: number;
  octets: Uint8Array;
}

/** A disk that works as a disk does and keeps a journal of everything that changes it. */
export class RecordedDisk implements Disk {
  readonly journal: DiskEvent[] = [];
  readonly #files = new Map<string, RecordedFile>();
  #nextInode = 1;

  /** `before`: what is there, on stable storage. */
  constructor(before: Files = new Map()) {
    for (const [file, octets] of before) this.#files.set(file, { inode: this.#nextInode++, octets: octets.slice() });
  }

  append(file: string, octets: readonly Uint8Array[]): void {
    let found = this.#files.get(file);
    if (found === undefined) {
      found = { inode: this.#nextInode++, octets: new Uint8Array(0) };
      this.#files.set(file, found);
      this.journal.push({ type: 'create', file, inode: found.inode });
    }
    const { inode } = found;
    const at = found.octets.length;
    const written = concatOctets(...octets);
    found.octets = concatOctets(found.octets, written);
    if (written.length > 0) this.journal.push({ type: 'write', file, inode, at, octets: written });
  }

  truncate(file: string, octets: number): void {
    const found = this.#files.get(file);
    if (found === undefined) return;
    found.octets = resized(found.octets, octets);
    this.journal.push({ type: 'truncate', file, inode: found.inode, octets });
  }

  sync(file: string): void {
    const { inode } = this.#existing(file);
    this.journal.push({ type: 'sync', file, inode });
  }

  read(file: string, offset: number, length: number): Uint8Array {
    return this.#existing(file).octets.slice(offset, offset + length);
  }

  size(file: string): number | undefined {
    return this.#files.get(file)?.octets.length;
  }

  remove(file: string): void {
    const found = this.#files.get(file);
    if (found === undefined) return;
    this.#files.delete(file);
    this.journal.push({ type: 'remove', file, inode: found.inode });
  }

  list(folder: string): readonly string[] {
    return this.files.flatMap((file) => (file.startsWith(`${folder}/`) ? [file.slice(folder.length + 1)] : []));
  }

  freeOctets(): number {
    return Number.MAX_SAFE_INTEGER;
  }

  close(): void {
    return;
  }

  get files(): readonly string[] {
    return [...this.#files.keys()];
  }

  #existing(file: string): RecordedFile {
    const found = this.#files.get(file);
    if (found === undefined) throw new StoreError('input-output', `${file} is gone`);
    return found;
  }
}

/** With zeros where nothing has been written. */
export function resized(octets: Uint8Array, length: number): Uint8Array {
  if (length <= octets.length) return octets.slice(0, length);
  const grown = new Uint8Array(length);
  grown.set(octets);
  return grown;
}

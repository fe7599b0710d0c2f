import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import type { Disk } from '../queue/disk.js';
import { StoreError } from '../queue/store-error.js';

export interface FileDiskOptions {
  readonly dataDirectory: string;
  /** Octets of the file system that are left to others. */
  readonly reserveOctets: number;
  /** Memory that is read into, by default fresh. From 4096 octets on; the array is the reader's own. */
  readonly memoryFor?: (octets: number) => Uint8Array;
}

/** Files held open at once. */
const openFilesMax = 256;

/** Smaller pieces are read into fresh memory. */
const memoryOctetsMin = 4096;

/** Buffers in one call of writev (IOV_MAX of Linux). */
const buffersMax = 1024;

const outOfSpace: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The store's files in a folder of the real file system. */
export class FileDisk implements Disk {
  readonly #dataDirectory: string;
  readonly #reserveOctets: number;
  readonly #memoryFor: (octets: number) => Uint8Array;
  /** Descriptors by file, least recently used first. */
  readonly #descriptors = new Map<string, number>();
  /** Files whose entry in their folder may not be on stable storage, by folder. */
  readonly #newEntries = new Map<string, Set<string>>();

  constructor({ dataDirectory, reserveOctets, memoryFor }: FileDiskOptions) {
    this.#dataDirectory = dataDirectory;
    this.#reserveOctets = reserveOctets;
    this.#memoryFor = memoryFor ?? ((octets) => new Uint8Array(octets));
  }

  append(file: string, octets: readonly Uint8Array[]): void {
    attempt(() => {
      const descriptor = this.#descriptorOf(file) ?? this.#create(file);
      for (let i = 0; i < octets.length; i += buffersMax) writeAll(descriptor, octets.slice(i, i + buffersMax));
    });
  }

  truncate(file: string, octets: number): void {
    attempt(() => {
      const descriptor = this.#descriptorOf(file);
      if (descriptor !== undefined) fs.ftruncateSync(descriptor, octets);
    });
  }

  sync(file: string): void {
    attempt(() => {
      fs.fdatasyncSync(this.#existing(file));
      const folder = dirname(file);
      if (this.#newEntries.get(folder)?.has(file) !== true) return;
      syncFolder(join(this.#dataDirectory, folder));
      this.#newEntries.delete(folder);
    });
  }

  read(file: string, offset: number, length: number): Uint8Array {
    const octets = length < memoryOctetsMin ? new Uint8Array(length) : this.#memoryFor(length);
    const filled = attempt(() => {
      const descriptor = this.#existing(file);
      let position = 0;
      while (position < length) {
        const count = fs.readSync(descriptor, octets, position, length - position, offset + position);
        if (count === 0) break;
        position += count;
      }
      return position;
    });
    return octets.subarray(0, filled);
  }

  size(file: string): number | undefined {
    return attempt(() => fs.statSync(join(this.#dataDirectory, file), { throwIfNoEntry: false })?.size);
  }

  remove(file: string): void {
    this.#newEntries.get(dirname(file))?.delete(file);
    const descriptor = this.#descriptors.get(file);
    this.#descriptors.delete(file);
    attempt(() => {
      if (descriptor !== undefined) fs.closeSync(descriptor);
      fs.rmSync(join(this.#dataDirectory, file), { force: true });
    });
  }

  list(folder: string): readonly string[] {
    const path = join(this.#dataDirectory, folder);
    return attempt(() => (fs.existsSync(path) ? fs.readdirSync(path) : []));
  }

  freeOctets(): number {
    const { bavail, bsize } = attempt(() => fs.statfsSync(this.#dataDirectory));
    return bavail * bsize - this.#reserveOctets;
  }

  close(): void {
    for (const descriptor of this.#descriptors.values()) fs.closeSync(descriptor);
    this.#descriptors.clear();
  }

  #existing(file: string): number {
    const descriptor = this.#descriptorOf(file);
    if (descriptor === undefined) throw new StoreError('input-output', `${file} is gone`);
    return descriptor;
  }

  #descriptorOf(file: string): number | undefined {
    let descriptor = this.#descriptors.get(file);
    if (descriptor === undefined) {
      descriptor = openFile(join(this.#dataDirectory, file), fs.constants.O_RDWR | fs.constants.O_APPEND);
      if (descriptor === undefined) return undefined;
    }
    return this.#keepOpen(file, descriptor);
  }

  #create(file: string): number {
    const path = join(this.#dataDirectory, file);
    const flags = fs.constants.O_RDWR | fs.constants.O_APPEND | fs.constants.O_CREAT;
    let descriptor = openFile(path, flags);
    if (descriptor === undefined) {
      fs.mkdirSync(dirname(path), { recursive: true });
      syncFolder(this.#dataDirectory);
      descriptor = fs.openSync(path, flags, fileMode);
    }
    const folder = dirname(file);
    this.#newEntries.set(folder, (this.#newEntries.get(folder) ?? new Set()).add(file));
    return this.#keepOpen(file, descriptor);
  }

  #keepOpen(file: string, descriptor: number): number {
    this.#descriptors.delete(file);
    this.#descriptors.set(file, descriptor);
    for (const [oldest, old] of this.#descriptors) {
      if (this.#descriptors.size <= openFilesMax) break;
      this.#descriptors.delete(oldest);
      fs.closeSync(old);
    }
    return descriptor;
  }
}

/** Makes the folder if it is not there; what a dead process made in it, and had no time to sync, is on stable storage. Throws StoreError. */
export function prepareDataDirectory(dataDirectory: string): void {
  attempt(() => {
    fs.mkdirSync(dataDirectory, { recursive: true });
    for (const entry of fs.readdirSync(dataDirectory, { withFileTypes: true })) {
      if (entry.isDirectory()) syncFolder(join(dataDirectory, entry.name));
    }
  });
}

/** Mail is nobody else's business. */
const fileMode = 0o600;

/** Undefined where there is no such file or folder. */
function openFile(path: string, flags: number): number | undefined {
  try {
    return fs.openSync(path, flags, fileMode);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function writeAll(descriptor: number, octets: readonly Uint8Array[]): void {
  let rest = octets;
  while (rest.length > 0) {
    let written = fs.writevSync(descriptor, rest);
    const firstUnwritten = rest.findIndex((part) => {
      if (part.length > written) return true;
      written -= part.length;
      return false;
    });
    if (firstUnwritten < 0) return;
    const [cut, ...others] = rest.slice(firstUnwritten);
    rest = cut === undefined ? [] : [cut.subarray(written), ...others];
  }
}

function syncFolder(path: string): void {
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY);
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof StoreError || code === '') throw error;
    throw new StoreError(outOfSpace.has(code) ? 'disk-full' : 'input-output', String(error));
  }
}

/** A folder into which parts of a content are written: under harmless names, never over what is there already. */
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameFor } from '../ipms/file-name.js';

export interface ExportedFile {
  readonly path: string;
  /** The kind of body part, `heading`, `report` or `content`. */
  readonly kind: string;
  readonly octets: number;
}

export interface NewFile {
  readonly kind: string;
  /** What it should be called; anything that a sender may have written. */
  readonly name: string | undefined;
  readonly octets: Iterable<Uint8Array>;
  readonly modifiedMilliseconds?: number;
}

function writeWhole(descriptor: number, octets: Uint8Array): void {
  for (let written = 0; written < octets.length;) written += writeSync(descriptor, octets, written);
}

export class ExportFolder {
  readonly path: string;
  readonly #taken: Set<string>;
  readonly #written: ExportedFile[];

  /** Made where it does not exist. `written` is where the files are listed. */
  constructor(path: string, written: ExportedFile[] = []) {
    mkdirSync(path, { recursive: true });
    this.path = path;
    this.#taken = new Set(readdirSync(path));
    this.#written = written;
  }

  get written(): readonly ExportedFile[] {
    return this.#written;
  }

  /** A new folder inside, whose files are listed with those of this one. */
  folder(name: string): ExportFolder {
    return new ExportFolder(join(this.path, this.#nameFor(name)), this.#written);
  }

  /** Writes one file piece by piece; of one that cannot be written whole nothing is left. */
  write({ kind, name, octets, modifiedMilliseconds }: NewFile): void {
    const path = join(this.path, this.#nameFor(name));
    const descriptor = openSync(path, 'wx');
    let octetsWritten = 0;
    try {
      for (const piece of octets) {
        writeWhole(descriptor, piece);
        octetsWritten += piece.length;
      }
    } catch (error) {
      rmSync(path);
      throw error;
    } finally {
      closeSync(descriptor);
    }
    if (modifiedMilliseconds !== undefined) {
      const modified = new Date(modifiedMilliseconds);
      utimesSync(path, modified, modified);
    }
    this.#written.push({ path, kind, octets: octetsWritten });
  }

  #nameFor(sent: string | undefined): string {
    const name = fileNameFor(sent, this.#taken);
    this.#taken.add(name);
    return name;
  }
}

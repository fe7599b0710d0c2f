import { AppendedFile } from './appended-file.js';
import type { StoreContext } from './context.js';
import { fileNameOf } from './file-names.js';
import { StoreError } from './store-error.js';
import { parseStored, quarantineReasonSchema } from './stored-json.js';
import type { QuarantineEntry } from './store.js';

const octetsSuffix = '.octets';
const reasonSuffix = '.json';

export interface QuarantineReason {
  readonly reason: string;
  readonly connector?: string;
}

/** Where octets lie that are to be put aside. */
export interface QuarantineSource {
  readonly octets: number;
  read(offset: number, length: number): Uint8Array;
}

/** Octets that did not decode, each with the reason: two files under one name. */
export class Quarantine {
  readonly #context: Pick<StoreContext, 'disk' | 'limits'>;

  constructor(context: Pick<StoreContext, 'disk' | 'limits'>) {
    this.#context = context;
  }

  /** Durable when it returns. */
  put(identifier: string, source: QuarantineSource, reason: QuarantineReason): void {
    const { disk, limits } = this.#context;
    const name = fileNameOf('quarantine', identifier);
    this.#removeFiles(name);
    const octets = new AppendedFile(disk, name + octetsSuffix);
    octets.append([]);
    for (let offset = 0; offset < source.octets; offset += limits.copyStepOctets) {
      octets.append([source.read(offset, Math.min(limits.copyStepOctets, source.octets - offset))]);
    }
    octets.sync();
    const explanation = new AppendedFile(disk, name + reasonSuffix);
    explanation.append([new TextEncoder().encode(JSON.stringify(reason))]);
    explanation.sync();
  }

  /** A file of the store that holds something else than it should. */
  putFile(file: string, reason: string): void {
    const { disk } = this.#context;
    const octets = disk.size(file) ?? 0;
    this.put(file, { octets, read: (offset, length) => disk.read(file, offset, length) }, { reason });
    disk.remove(file);
  }

  list(): readonly QuarantineEntry[] {
    const { disk } = this.#context;
    const names = disk.list('quarantine').filter((name) => name.endsWith(reasonSuffix));
    return names.sort().map((name) => {
      const id = name.slice(0, -reasonSuffix.length);
      const file = `quarantine/${name}`;
      const reason = parseStored(
        quarantineReasonSchema,
        disk.read(file, 0, disk.size(file) ?? 0),
        `the octets of ${file}`,
      );
      return { id, octets: disk.size(`quarantine/${id}${octetsSuffix}`) ?? 0, ...reason };
    });
  }

  read(id: string, offset: number, length: number): Uint8Array {
    return this.#context.disk.read(`${this.#nameOf(id)}${octetsSuffix}`, offset, length);
  }

  remove(id: string): void {
    this.#removeFiles(this.#nameOf(id));
  }

  #nameOf(id: string): string {
    const name = `quarantine/${id}`;
    const exists = /^[\w-]+$/.test(id) && this.#context.disk.size(name + reasonSuffix) !== undefined;
    if (!exists) throw new StoreError('not-found', `there is no ${id} in the quarantine`);
    return name;
  }

  #removeFiles(name: string): void {
    this.#context.disk.remove(name + reasonSuffix);
    this.#context.disk.remove(name + octetsSuffix);
  }
}

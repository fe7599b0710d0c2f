import { createHash } from 'node:crypto';
import type { OctetSource } from '../p1/octet-source.js';
import { AppendedFile } from './appended-file.js';
import type { Batch } from './batch.js';
import type { StoreContext } from './context.js';
import type { Counters } from './counters.js';
import { fileNameOf } from './file-names.js';
import { StoreError } from './store-error.js';
import type { NewQuarantineEntry } from './quarantine-entry.js';

type QuarantineFacts = Omit<NewQuarantineEntry, 'source'>;

/** What cannot be decoded or processed: a file with its octets, and a row that says what it is. A file without a row is nothing. */
export class Quarantine {
  readonly #context: StoreContext;
  readonly #counters: Counters;

  constructor(context: StoreContext, counters: Counters) {
    this.#context = context;
    this.#counters = counters;
  }

  /** By which an arrival is known again that comes again from the same peer. */
  keyOf(connector: string, source: OctetSource): string {
    const hash = createHash('sha256');
    for (const part of this.#partsOf(source)) hash.update(part);
    return `quarantine\n${connector}\n${hash.digest('hex')}`;
  }

  /** The octets are durable when it returns, the row with the commit. Throws StoreError `quarantine-full`. */
  put(batch: Batch, facts: QuarantineFacts, source: OctetSource): void {
    const { disk, quarantined } = this.#context;
    this.#assertRoom(facts, source.octets);
    const name = fileNameOf('quarantine', facts.id);
    disk.remove(name); // Whatever an operation that failed may have left under the name.
    const file = new AppendedFile(disk, name);
    file.append([]);
    for (const part of this.#partsOf(source)) file.append([part]);
    file.sync();
    quarantined.insert({ ...facts, file: name, octets: source.octets });
    this.#counters.quarantined(batch, 1);
  }

  /** A file of the store that holds something else than it should. */
  putFile(batch: Batch, file: string, reason: string): void {
    const { disk } = this.#context;
    const octets = disk.size(file) ?? 0;
    const id = file.replace('/', '-');
    // One that is there already came back to life with a loss of power.
    if (this.#context.quarantined.find(id) === undefined) {
      this.put(
        batch,
        { id, kind: 'file', reason, answer: 'none', quarantinedAt: 0 },
        { octets, read: (offset, length) => disk.read(file, offset, length) },
      );
    }
    batch.afterCommit(() => {
      disk.remove(file);
    });
  }

  source(id: string): OctetSource {
    const { file, octets } = this.#find(id);
    return { octets, read: (offset, length) => this.#context.disk.read(file, offset, length) };
  }

  remove(batch: Batch, id: string): void {
    const { file } = this.#find(id);
    this.#context.quarantined.remove(id);
    this.#counters.quarantined(batch, -1);
    batch.afterCommit(() => {
      this.#context.disk.remove(file);
    });
  }

  /** Removes files without a row. */
  sweep(): void {
    const { disk, quarantined } = this.#context;
    const known = quarantined.files();
    for (const name of disk.list('quarantine')) {
      const file = `quarantine/${name}`;
      if (!known.has(file)) disk.remove(file);
    }
  }

  #assertRoom({ reason }: QuarantineFacts, more: number): void {
    const { quarantineEntriesMax, quarantineOctetsMax } = this.#context.limits;
    const { entries, octets } = this.#context.quarantined.size();
    if (entries < quarantineEntriesMax && octets + more <= quarantineOctetsMax) return;
    const size = `${String(entries)} entries and ${String(octets)} octets`;
    throw new StoreError('quarantine-full', `the quarantine is full with ${size}: ${reason}`);
  }

  #find(id: string): { readonly file: string; readonly octets: number } {
    const found = this.#context.quarantined.find(id);
    if (found === undefined) throw new StoreError('not-found', `there is no ${id} in the quarantine`);
    return found;
  }

  *#partsOf(source: OctetSource): Generator<Uint8Array> {
    const step = this.#context.limits.copyStepOctets;
    for (let offset = 0; offset < source.octets; offset += step) {
      yield source.read(offset, Math.min(step, source.octets - offset));
    }
  }
}

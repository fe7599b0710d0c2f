import type { Disk } from '../../../src/queue/disk.js';
import { StoreError } from '../../../src/queue/store-error.js';

type Change =
  | { readonly type: 'write'; readonly at: number; readonly octets: Uint8Array }
  | { readonly type: 'truncate'; readonly octets: number };

interface SimulatedFile {
  /** As the process sees it. */
  octets: Uint8Array;
  /** On stable storage. */
  durable: Uint8Array;
  entryIsDurable: boolean;
  /** Since the last sync. */
  changes: Change[];
}

/** Thrown in the midst of an operation when the machine dies. */
class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * A disk that forgets: what was not synced may be lost, torn, or reach the disk out of order when the power goes. `powerLoss` gives the disk
 * as it is found afterwards.
 */
export class SimulatedDisk implements Disk {
  spaceOctets = Number.MAX_SAFE_INTEGER;
  reserveOctets = 0;
  /** Calls that change something, in order of their coming. */
  changes = 0;
  syncs = 0;
  /** The machine dies before the change of this number. */
  crashAt = Infinity;
  /** Syncs of these files fail. */
  readonly failingSyncs = new Set<string>();
  readonly #files = new Map<string, SimulatedFile>();
  readonly #removed = new Map<string, SimulatedFile>();

  append(file: string, octets: readonly Uint8Array[]): void {
    this.#step();
    const found = this.#files.get(file) ?? this.#create(file);
    for (const part of octets) {
      const room = this.spaceOctets - this.#used();
      this.#write(found, part.subarray(0, Math.max(room, 0)));
      if (part.length > room) throw new StoreError('disk-full', 'no space left');
    }
  }

  truncate(file: string, octets: number): void {
    this.#step();
    const found = this.#files.get(file);
    if (found === undefined) return;
    found.octets = resized(found.octets, octets);
    found.changes.push({ type: 'truncate', octets });
  }

  sync(file: string): void {
    this.#step();
    const found = this.#files.get(file);
    if (found === undefined) throw new StoreError('input-output', `${file} is gone`);
    if (this.failingSyncs.has(file)) throw new StoreError('input-output', `${file} could not be synced`);
    this.syncs += 1;
    found.durable = found.octets.slice();
    found.entryIsDurable = true;
    found.changes = [];
    this.#removed.delete(file);
  }

  read(file: string, offset: number, length: number): Uint8Array {
    const found = this.#files.get(file);
    if (found === undefined) throw new StoreError('input-output', `${file} is gone`);
    return found.octets.slice(offset, offset + length);
  }

  size(file: string): number | undefined {
    return this.#files.get(file)?.octets.length;
  }

  remove(file: string): void {
    this.#step();
    const found = this.#files.get(file);
    this.#files.delete(file);
    if (found?.entryIsDurable === true) this.#removed.set(file, found);
  }

  list(folder: string): readonly string[] {
    return [...this.#files.keys()].flatMap((file) =>
      file.startsWith(`${folder}/`) ? [file.slice(folder.length + 1)] : [],
    );
  }

  freeOctets(): number {
    return this.spaceOctets - this.#used() - this.reserveOctets;
  }

  close(): void {
    return;
  }

  /** Only for tests that damage what is stored. */
  overwrite(file: string, at: number, octets: Uint8Array): void {
    this.#files.get(file)?.octets.set(octets, at);
  }

  files(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** The process dies, the machine lives on: nothing is lost. */
  processDeath(): SimulatedDisk {
    const survivor = new SimulatedDisk();
    for (const [file, state] of this.#files) survivor.#files.set(file, { ...state, changes: [...state.changes] });
    for (const [file, state] of this.#removed) survivor.#removed.set(file, state);
    return survivor;
  }

  /** `random` gives numbers from 0 up to, not including, 1. */
  powerLoss(random: () => number): SimulatedDisk {
    const survivor = new SimulatedDisk();
    for (const [file, state] of this.#files) {
      if (state.entryIsDurable || random() < 0.5) survivor.#restore(file, afterLoss(state, random));
    }
    for (const [file, state] of this.#removed) {
      if (!this.#files.has(file) && random() < 0.5) survivor.#restore(file, afterLoss(state, random));
    }
    return survivor;
  }

  #restore(file: string, octets: Uint8Array): void {
    this.#files.set(file, { octets, durable: octets.slice(), entryIsDurable: true, changes: [] });
  }

  #create(file: string): SimulatedFile {
    const created = { octets: new Uint8Array(0), durable: new Uint8Array(0), entryIsDurable: false, changes: [] };
    this.#files.set(file, created);
    return created;
  }

  #write(file: SimulatedFile, octets: Uint8Array): void {
    const at = file.octets.length;
    file.octets = resized(file.octets, at + octets.length);
    file.octets.set(octets, at);
    file.changes.push({ type: 'write', at, octets: octets.slice() });
  }

  #used(): number {
    let used = 0;
    for (const { octets } of this.#files.values()) used += octets.length;
    return used;
  }

  #step(): void {
    if (this.changes >= this.crashAt) throw new Crash('the machine died');
    this.changes += 1;
  }
}

/** Changes up to a moment, the last one torn; or any of them, each torn anywhere. */
function afterLoss(file: SimulatedFile, random: () => number): Uint8Array {
  const keepsOrder = random() < 0.5;
  const kept = keepsOrder ? Math.floor(random() * (file.changes.length + 1)) : file.changes.length;
  let octets: Uint8Array = file.durable.slice();
  for (const [i, change] of file.changes.slice(0, kept).entries()) {
    if (!keepsOrder && random() < 0.4) continue;
    if (change.type === 'truncate') {
      octets = resized(octets, change.octets);
      continue;
    }
    const isTorn = keepsOrder ? i === kept - 1 : random() < 0.3;
    const from = isTorn && !keepsOrder ? Math.floor(random() * change.octets.length) : 0;
    const until = isTorn ? from + Math.floor(random() * (change.octets.length - from)) : change.octets.length;
    octets = resized(octets, Math.max(octets.length, change.at + until));
    octets.set(change.octets.subarray(from, until), change.at + from);
  }
  return octets;
}

function resized(octets: Uint8Array, length: number): Uint8Array {
  if (length <= octets.length) return octets.slice(0, length);
  const grown = new Uint8Array(length);
  grown.set(octets);
  return grown;
}

import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { resized, type DiskEvent, type Files } from './recorded-disk.js';

/** What may be found after a loss of power. */
export interface Survivor {
  readonly files: Files;
  /** The database as some commit left it; undefined: as it was before the first. */
  readonly image: Uint8Array | undefined;
  /** How the loss treated what was on its way, for the message of a failing test. */
  readonly how: string;
}

type Change = Exclude<DiskEvent, { type: 'sync' | 'commit' }>;
type Write = Extract<Change, { type: 'write' }>;

/** What stands on stable storage for certain, and what was on its way there. */
interface Moment {
  readonly entries: Map<string, number>;
  readonly data: Map<number, Uint8Array>;
  /** In the order in which they were made. */
  pending: Change[];
  /** The last commit that promised stable storage, and those after it. */
  images: (Uint8Array | undefined)[];
}

/**
 * Every way in which the power may go after the first `prefix` events. A sync makes the data of its file durable and, where the file was
 * new, all entries of its folder; what no sync covers may be lost or not, each change for itself and in any order, and a write may be torn.
 * Not every combination is made: none, all, each beginning, each alone, all but each, cuts and holes in every write; each together with
 * the database as the last commit left it that promised stable storage, and as the last commit of all did.
 */
export function* survivorsOf(
  before: Pick<Survivor, 'files' | 'image'>,
  journal: readonly DiskEvent[],
  prefix: number,
): Generator<Survivor> {
  const moment = momentAfter(before, journal.slice(0, prefix));
  const seen = new Set<string>();
  for (const { how, changes } of outcomesOf(moment.pending)) {
    const files = filesAfter(moment, changes);
    const digest = digestOf(files);
    if (seen.has(digest)) continue;
    seen.add(digest);
    for (const image of new Set([moment.images[0], moment.images.at(-1)])) {
      yield {
        files,
        image,
        how: `${how}; commit ${String(moment.images.indexOf(image) + 1)} of ${String(moment.images.length)}`,
      };
    }
  }
}

export function digestOf(files: Files): string {
  const hash = createHash('sha1');
  for (const [file, octets] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${file}\n${String(octets.length)}\n`).update(octets);
  }
  return hash.digest('hex');
}

function momentAfter(before: Pick<Survivor, 'files' | 'image'>, events: readonly DiskEvent[]): Moment {
  const moment: Moment = { entries: new Map(), data: new Map(), pending: [], images: [before.image] };
  let inode = 1;
  for (const [file, octets] of before.files) {
    moment.entries.set(file, inode);
    moment.data.set(inode++, octets);
  }
  for (const event of events) {
    if (event.type === 'commit') {
      if (event.durability === 'power') moment.images = [];
      moment.images.push(event.image);
    } else if (event.type === 'sync') settle(moment, event);
    else moment.pending.push(event);
  }
  return moment;
}

function settle(moment: Moment, { inode, file }: { readonly inode: number; readonly file: string }): void {
  const folder = dirname(file);
  const isNew = moment.pending.some((change) => change.type === 'create' && change.inode === inode);
  const isSettled = (change: Change): boolean =>
    change.type === 'write' || change.type === 'truncate'
      ? change.inode === inode
      : isNew && dirname(change.file) === folder;
  for (const change of moment.pending.filter(isSettled)) applied(moment, change);
  moment.pending = moment.pending.filter((change) => !isSettled(change));
}

function applied({ entries, data }: Pick<Moment, 'entries' | 'data'>, change: Change): void {
  switch (change.type) {
    case 'create':
      entries.set(change.file, change.inode);
      return;
    case 'remove':
      if (entries.get(change.file) === change.inode) entries.delete(change.file);
      return;
    case 'truncate':
      data.set(change.inode, resized(data.get(change.inode) ?? new Uint8Array(0), change.octets));
      return;
    case 'write': {
      const octets = data.get(change.inode) ?? new Uint8Array(0);
      const grown = resized(octets, Math.max(octets.length, change.at + change.octets.length));
      grown.set(change.octets, change.at);
      data.set(change.inode, grown);
    }
  }
}

function filesAfter(moment: Moment, changes: readonly Change[]): Files {
  const after = { entries: new Map(moment.entries), data: new Map(moment.data) };
  for (const change of changes) applied(after, change);
  return new Map(Array.from(after.entries, ([file, inode]) => [file, after.data.get(inode) ?? new Uint8Array(0)]));
}

function* outcomesOf(
  pending: readonly Change[],
): Generator<{ readonly how: string; readonly changes: readonly Change[] }> {
  yield { how: 'nothing on its way arrived', changes: [] };
  yield { how: 'everything on its way arrived', changes: pending };
  for (const [i, change] of pending.entries()) {
    const name = `${change.type} ${change.file} (${String(i)})`;
    const others = pending.filter((other) => other !== change);
    yield { how: `the beginning up to ${name} arrived`, changes: pending.slice(0, i + 1) };
    yield { how: `only ${name} arrived`, changes: [change] };
    yield { how: `all but ${name} arrived`, changes: others };
    if (change.type !== 'write') continue;
    for (const octets of new Set([1, 20, change.octets.length >>> 1, change.octets.length - 1])) {
      if (octets < 1 || octets >= change.octets.length) continue;
      const cut = { ...change, octets: change.octets.subarray(0, octets) };
      const how = `${name} arrived up to octet ${String(octets)}, nothing after it`;
      yield { how, changes: [...pending.slice(0, i), cut] };
    }
    for (const [what, holed] of holedWrites(change)) {
      const how = `${name} arrived ${what}, and everything else`;
      yield { how, changes: pending.map((other) => (other === change ? holed : other)) };
    }
  }
}

/** With zeros where room had been given out but not written. */
function holedWrites(write: Write): readonly (readonly [string, Write])[] {
  const { length } = write.octets;
  const middle = length >>> 1;
  const holed = (from: number, to: number): Write => ({ ...write, octets: write.octets.slice().fill(0, from, to) });
  return [
    ['as zeros', holed(0, length)],
    ['without its beginning', holed(0, middle)],
    ['without its end', holed(middle, length)],
  ];
}

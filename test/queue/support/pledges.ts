import { progressFiles } from '../../../src/queue/progress-notes.js';
import { expect } from 'vitest';
import { equalOctets } from '../../../src/bytes/octets.js';
import { openStoreDatabase } from '../../../src/queue/sqlite/store-database.js';
import type { StoreOutput } from '../../../src/queue/store.js';
import { activityName, inserting, openStore, type OpenStore } from './fixture.js';
import { headOctets, type GivenPledge, type Pledge } from './journey.js';
import type { Survivor } from './power-loss.js';
import { RecordedDisk } from './recorded-disk.js';

type Kept = StoreOutput<'open'>['incoming'][number];

interface Found {
  readonly disk: RecordedDisk;
  readonly store: OpenStore;
}

/** What was answered before the power went, and what was only asked for. */
export class Pledges {
  readonly #answered: readonly Pledge[];
  readonly #asked: readonly Pledge[];
  readonly #apdus: ReadonlyMap<string, Uint8Array>;

  constructor(given: readonly GivenPledge[], prefix: number, apdus: ReadonlyMap<string, Uint8Array>) {
    this.#answered = given.filter(({ answered }) => answered <= prefix);
    this.#asked = given.filter(({ asked, answered }) => asked <= prefix && answered > prefix);
    this.#apdus = apdus;
  }

  /** The same for one who comes back to what survived: what was not answered then never is. */
  get ofFormerLife(): readonly GivenPledge[] {
    return [
      ...this.#answered.map((pledge) => ({ ...pledge, asked: 0, answered: 0 })),
      ...this.#asked.map((pledge) => ({ ...pledge, asked: 0, answered: Infinity })),
    ];
  }

  /** Opens what survived, holds it against everything that was pledged, goes on with it to the end, and leaves nothing behind. */
  check(survivor: Survivor): void {
    const found = opened(survivor);
    this.#checkFiles(found);
    this.#checkMessages(found.store);
    this.#checkQuarantine(found.store);
    this.#checkOutgoing(found.store);
    for (const name of this.#apdus.keys()) this.#checkActivity(survivor, found.store, name);
    clear(found);
  }

  #isAnswered(type: Pledge['type'], name: string): boolean {
    return this.#answered.some((pledge) => pledge.type === type && nameOf(pledge) === name);
  }

  #isAsked(type: Pledge['type'], name: string): boolean {
    return this.#asked.some((pledge) => pledge.type === type && nameOf(pledge) === name);
  }

  /** After the cleaning of the start no file is there that nothing refers to. */
  #checkFiles({ disk, store }: Found): void {
    const contents = store.database.connection.prepare<[], string>('SELECT file FROM content').pluck().all();
    const known = new Set([...contents, ...store.opened.incoming.map(({ id }) => `incoming/${id}`), ...progressFiles]);
    for (const { id } of store.does('quarantine.list', {})) known.add(`quarantine/${id}`);
    expect(disk.files.filter((file) => !known.has(file))).toEqual([]);
  }

  #checkMessages(store: OpenStore): void {
    for (const pledge of [...this.#answered, ...this.#asked]) {
      if (pledge.type !== 'taken') continue;
      const { message, content } = pledge;
      const found = contentOf(store, message);
      if (this.#isAnswered('removed', message)) expect(found, `${message} was removed`).toBeUndefined();
      else if (this.#isAnswered('taken', message) && !this.#isAsked('removed', message)) {
        expect(found, `${message} was taken`).toBeDefined();
      }
      if (found !== undefined) expect(equalOctets(found, content), `the content of ${message}`).toBe(true);
    }
  }

  /** Octets are put aside whole; what the power tore may be there only where nothing is known of it. */
  #checkQuarantine(store: OpenStore): void {
    const entries = store
      .does('quarantine.list', {})
      .map(({ id, octets }) => store.does('quarantine.read', { id, offset: 0, length: octets }));
    const has = (octets: Uint8Array): boolean => entries.some((entry) => equalOctets(entry, octets));
    const removed = (octets: Uint8Array): boolean =>
      [...this.#answered, ...this.#asked].some(
        (pledge) => pledge.type === 'quarantine removed' && equalOctets(pledge.octets, octets),
      );
    for (const pledge of this.#answered) {
      if (pledge.type === 'quarantined' && !removed(pledge.octets))
        expect(has(pledge.octets), 'the quarantine').toBe(true);
    }
    const put = [...this.#answered, ...this.#asked].flatMap((pledge) =>
      pledge.type === 'quarantined' ? [pledge.octets] : [],
    );
    for (const entry of entries)
      expect(
        put.some((octets) => equalOctets(octets, entry)),
        'an entry nobody put there',
      ).toBe(true);
  }

  /** The sender goes on no earlier than where it was when it noted the loss. */
  #checkOutgoing(store: OpenStore): void {
    for (const pledge of this.#answered) {
      if (pledge.type !== 'outgoing interrupted') continue;
      const { copy, serialNumber, offset } = pledge;
      if (this.#isAnswered('outgoing ended', copy) || this.#isAsked('outgoing ended', copy)) continue;
      const kept = store.opened.outgoing.find((outgoing) => outgoing.copy === copy);
      expect(kept?.serialNumber).toBeGreaterThanOrEqual(serialNumber);
      expect(kept?.offset).toBeGreaterThanOrEqual(offset);
    }
  }

  /** The peer goes on where it knows a checkpoint to be confirmed, or hears that the message has been taken. */
  #checkActivity(survivor: Survivor, store: OpenStore, name: string): void {
    const kept = store.opened.incoming.find(({ id }) => id === name);
    if (this.#isAnswered('taken', name)) {
      expect(kept, `${name} was taken`).toBeUndefined();
      expect(resumed(store, name, 1)).toEqual({ completed: true });
      return;
    }
    const confirmed = this.#confirmed(name);
    const mayBeGone = this.#isAnswered('discarded', name) || this.#isAsked('discarded', name);
    const answer = resumed(store, name, confirmed?.serialNumber ?? kept?.serialNumber ?? 1);
    if (answer !== undefined && 'completed' in answer) {
      expect(this.#isAsked('taken', name), `${name} is said to have been taken`).toBe(true);
      return;
    }
    if (confirmed !== undefined && !mayBeGone) {
      expect(answer, `checkpoint ${String(confirmed.serialNumber)} of ${name}`).toEqual({
        id: name,
        offset: confirmed.offset,
      });
    }
    if (answer !== undefined) this.#complete(store, name, answer.offset);
    if (kept === undefined) return;
    expect(
      this.#isSecured(name, kept),
      `checkpoint ${String(kept.serialNumber)} of ${name} at ${String(kept.offset)}`,
    ).toBe(true);
    if (kept.serialNumber === confirmed?.serialNumber) return;
    const another = opened(survivor).store;
    expect(resumed(another, name, kept.serialNumber)).toEqual({ id: name, offset: kept.offset });
    this.#complete(another, name, kept.offset);
  }

  /** The last checkpoint of which the peer knows, as far as it has not gone back itself. */
  #confirmed(name: string): Extract<Pledge, { type: 'secured' }> | undefined {
    let confirmed: Extract<Pledge, { type: 'secured' }> | undefined;
    const secured = this.#answered.flatMap((pledge) =>
      pledge.type === 'secured' && pledge.activity === name ? [pledge] : [],
    );
    for (const pledge of this.#answered) {
      if (pledge.type === 'secured' && pledge.activity === name) confirmed = pledge;
      else if (pledge.type === 'resumed' && pledge.activity === name) {
        confirmed = secured.find(({ serialNumber }) => serialNumber === pledge.serialNumber);
      }
    }
    const goingBack = this.#asked.find((pledge) => pledge.type === 'resumed' && pledge.activity === name);
    return goingBack?.type === 'resumed'
      ? secured.find(({ serialNumber }) => serialNumber === goingBack.serialNumber)
      : confirmed;
  }

  #isSecured(name: string, kept: Kept): boolean {
    return [...this.#answered, ...this.#asked].some(
      (pledge) =>
        pledge.type === 'secured' &&
        pledge.activity === name &&
        pledge.serialNumber === kept.serialNumber &&
        pledge.offset === kept.offset,
    );
  }

  /** Brings the rest of the APDU; the whole must be what was sent. */
  #complete(store: OpenStore, name: string, offset: number): void {
    const apdu = this.#apdus.get(name) ?? new Uint8Array(0);
    const octets = apdu.length - headOctets;
    store.does('incoming.append', { id: name, octets: [apdu.slice(offset)] });
    const location = { runs: [{ offset: headOctets, length: octets }], octets };
    const content = { kind: 'incoming' as const, id: name, location };
    store.does('commit', inserting(`${name}-completed`, { content, contentOctets: octets }));
    const found = contentOf(store, `${name}-completed`);
    expect(found !== undefined && equalOctets(found, apdu.subarray(headOctets)), `${name}, completed`).toBe(true);
  }
}

function nameOf(pledge: Pledge): string {
  if ('message' in pledge) return pledge.message;
  if ('activity' in pledge) return pledge.activity;
  return 'copy' in pledge ? pledge.copy : '';
}

function opened({ files, image }: Survivor): Found {
  const disk = new RecordedDisk(files);
  return { disk, store: openStore({ disk, database: openStoreDatabase(image ?? ':memory:') }) };
}

function resumed(store: OpenStore, name: string, serialNumber: number): StoreOutput<'incoming.resume'> {
  return store.does('incoming.resume', { activity: activityName(name), serialNumber });
}

/** The content of a message that is queued or delivered; undefined if there is no such message. */
function contentOf(store: OpenStore, message: string): Uint8Array | undefined {
  const row = store.database.connection
    .prepare<[string], { reference: string; octets: number }>(
      'SELECT content_reference AS reference, content_octets AS octets FROM message WHERE id = ?',
    )
    .get(message);
  if (row === undefined) return undefined;
  return store.does('content.read', { reference: row.reference, offset: 0, length: row.octets });
}

/** Everything goes the way it goes in the end; no file outlives it. */
function clear({ disk, store }: Found): void {
  for (const { id } of store.opened.incoming) store.does('incoming.discard', { id });
  const { connection } = store.database;
  const copies = connection.prepare<[], string>('SELECT id FROM copy').pluck().all();
  const deliveries = connection
    .prepare<[], { mailbox: string; delivery: string }>('SELECT mailbox, id AS delivery FROM delivery')
    .all();
  store.does('commit', {
    changes: [
      ...copies.map((copy) => ({ type: 'copy.transferred' as const, copy })),
      ...deliveries.map((delivery) => ({ type: 'delivery.removed' as const, ...delivery })),
      ...store.does('quarantine.list', {}).map(({ id }) => ({ type: 'quarantine.removed' as const, id })),
    ],
  });
  store.does('sweep', { now: 0, completedBefore: 0 });
  expect(disk.files.filter((file) => !progressFiles.includes(file))).toEqual([]);
}

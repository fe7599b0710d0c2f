import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notedProgress, progressFiles, ProgressNotes } from '../../src/queue/progress-notes.js';
import { StoreError } from '../../src/queue/store-error.js';
import type { OutgoingActivity } from '../../src/queue/store.js';
import {
  activityName,
  committedImage,
  facts,
  inserting,
  moment,
  openStore,
  sampleOctets,
  type OpenStore,
} from './support/fixture.js';
import { SimulatedDisk } from './support/simulated-disk.js';

const activity = (copy: string, activityIdentifier?: string): OutgoingActivity => ({
  copy,
  activity: activityName(activityIdentifier),
  association: { ...facts, role: 'initiator' },
  head: sampleOctets(33),
  apduOctets: 9000,
});

const progress = (copy: string, serialNumber: number, sentOffset = serialNumber * 1000) => ({
  copy,
  serialNumber,
  offset: serialNumber * 1000,
  sentOffset,
});

/** A store in which copy `m.c` is being sent. */
function sending(disk = new SimulatedDisk()): OpenStore {
  const store = openStore({ disk });
  store.does('commit', inserting('m'));
  store.does('queue.claim', { connector: 'beta', count: 1, now: 0 });
  store.does('outgoing.start', activity('m.c'));
  return store;
}

describe('an outgoing activity', () => {
  it('survives the death of the process with its last confirmed checkpoint, its copy claimed', () => {
    const disk = new SimulatedDisk();
    const store = sending(disk);
    for (let serialNumber = 1; serialNumber <= 25; serialNumber++) {
      store.does('outgoing.progress', progress('m.c', serialNumber, serialNumber * 1000 + 500));
    }
    const { does, opened } = openStore({ disk: disk.processDeath(), database: committedImage(store.database) });
    expect(opened.outgoing).toMatchObject([
      {
        ...activity('m.c'),
        ...progress('m.c', 25, 25_500),
        queued: { id: 'm.c', message: 'm', envelope: sampleOctets(30) },
      },
    ]);
    expect(opened.outgoing[0]?.lostAt).toBeUndefined();
    expect(does('queue.claim', { connector: 'beta', count: 1, now: 0 }).copies).toEqual([]);
    expect(does('counts', {}).connectors['beta']).toMatchObject({ queued: 0, sending: 1 });
    does('queue.unclaim', { copies: ['m.c'] });
    expect(does('queue.claim', { connector: 'beta', count: 1, now: 0 }).copies).toHaveLength(1);
  });

  it('is not kept before its first checkpoint is confirmed: there is nothing to resume', () => {
    const disk = new SimulatedDisk();
    const store = sending(disk);
    expect(disk.files()).toEqual([]);
    const { opened } = openStore({ disk, database: committedImage(store.database) });
    expect(opened.outgoing).toEqual([]);
  });

  it('keeps the moment of its loss until it goes on', () => {
    const disk = new SimulatedDisk();
    const store = sending(disk);
    store.does('outgoing.progress', progress('m.c', 2));
    store.does('outgoing.interrupted', { copy: 'm.c', at: moment(70) });
    const lost = openStore({ disk: disk.processDeath(), database: committedImage(store.database) });
    expect(lost.opened.outgoing).toMatchObject([{ serialNumber: 2, lostAt: moment(70) }]);
    lost.does('outgoing.progress', progress('m.c', 3));
    const resumed = openStore({ disk: disk.processDeath(), database: committedImage(lost.database) });
    expect(resumed.opened.outgoing[0]?.lostAt).toBeUndefined();
  });

  it('keeps its position where the same activity is started again, and begins anew as another', () => {
    const disk = new SimulatedDisk();
    const store = sending(disk);
    store.does('outgoing.progress', progress('m.c', 4, 5555));
    store.does('outgoing.start', activity('m.c'));
    store.does('outgoing.interrupted', { copy: 'm.c', at: moment(1) });
    const same = openStore({ disk: disk.processDeath(), database: committedImage(store.database) });
    expect(same.opened.outgoing).toMatchObject([progress('m.c', 4, 5555)]);
    same.does('outgoing.start', activity('m.c', '020109'));
    same.does('outgoing.interrupted', { copy: 'm.c', at: moment(1) });
    const other = openStore({ disk: disk.processDeath(), database: committedImage(same.database) });
    expect(other.opened.outgoing).toMatchObject([{ activity: activityName('020109'), ...progress('m.c', 0, 5555) }]);
  });

  it('goes when it is forgotten, and when its copy goes', () => {
    for (const end of ['forget', 'transferred'] as const) {
      const disk = new SimulatedDisk();
      const store = sending(disk);
      store.does('outgoing.progress', progress('m.c', 1));
      if (end === 'forget') store.does('outgoing.forget', { copy: 'm.c' });
      else store.does('commit', { changes: [{ type: 'copy.transferred', copy: 'm.c' }] });
      expect(store.fails('outgoing.progress', progress('m.c', 2))).toBe('not-found');
      const { opened } = openStore({ disk, database: committedImage(store.database) });
      expect(opened.outgoing).toEqual([]);
    }
  });

  it('is not resumed where its copy is held', () => {
    const disk = new SimulatedDisk();
    const store = sending(disk);
    store.does('outgoing.progress', progress('m.c', 1));
    store.does('commit', { changes: [{ type: 'copy.held', copy: 'm.c' }] });
    const { opened } = openStore({ disk, database: committedImage(store.database) });
    expect([opened.outgoing, opened.counts.connectors['beta']?.held]).toEqual([[], 1]);
  });

  it('only loses its resumption where its record does not decode', () => {
    const disk = new SimulatedDisk();
    const store = sending(disk);
    store.does('outgoing.progress', progress('m.c', 1));
    store.database.connection.exec(`UPDATE outgoing SET association = '{}'`);
    const { does, opened } = openStore({ disk, database: committedImage(store.database) });
    expect(opened.outgoing).toEqual([]);
    expect(does('queue.claim', { connector: 'beta', count: 1, now: 0 }).copies).toHaveLength(1);
  });
});

describe('the notes of progress', () => {
  const position = (serialNumber: number) => ({
    serialNumber,
    offset: serialNumber * 1000,
    sentOffset: serialNumber * 1000,
  });

  it('go on where the store was told of a first checkpoint, and count after the death of the process', () => {
    const disk = new SimulatedDisk();
    const store = sending(disk);
    const { key } = store.does('outgoing.progress', progress('m.c', 1));
    const notes = new ProgressNotes(disk);
    for (const serialNumber of [2, 3, 4]) notes.note(key, position(serialNumber));
    const left = disk.processDeath();
    const { opened, database } = openStore({ disk: left, database: committedImage(store.database) });
    expect(opened.outgoing).toMatchObject([progress('m.c', 4)]);
    expect(progressFiles.map((file) => left.size(file))).toEqual([undefined, undefined]);
    const again = openStore({ disk: left.processDeath(), database: committedImage(database) });
    expect(again.opened.outgoing).toMatchObject([progress('m.c', 4)]);
  });

  it('fill no more than two small files, and lose no position of what is under way', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key: fc.nat(3), ends: fc.boolean() }), { maxLength: 60 }), (steps) => {
        const disk = new SimulatedDisk();
        const notes = new ProgressNotes(disk, 96);
        const expected = new Map<number, number>();
        for (const [i, { key, ends }] of steps.entries()) {
          if (ends) {
            notes.end(key);
            expected.delete(key);
          } else {
            notes.note(key, position(i));
            expected.set(key, i);
          }
          const found = notedProgress(disk);
          for (const [active, serialNumber] of expected) expect(found.get(active)?.serialNumber).toBe(serialNumber);
          for (const file of progressFiles) expect(disk.size(file) ?? 0).toBeLessThanOrEqual(4 * 32 + 32);
        }
      }),
    );
  });

  it('that a full disk does not take are made up for by those that follow', () => {
    const disk = new SimulatedDisk();
    const notes = new ProgressNotes(disk);
    notes.note(7, position(1));
    disk.append = () => {
      throw new StoreError('disk-full', 'no space left');
    };
    notes.note(7, position(2));
    Reflect.deleteProperty(disk, 'append');
    expect(notedProgress(disk).get(7)).toEqual(position(1));
    notes.note(7, position(3));
    expect(notedProgress(disk).get(7)).toEqual(position(3));
  });

  it('give the furthest position of every activity, whatever else is torn or damaged', () => {
    const entry = fc.record({
      key: fc.nat(3),
      offset: fc.nat(1000),
      sentOffset: fc.nat(1000),
      isDamaged: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(entry), fc.nat(31), (entries, place) => {
        const disk = new SimulatedDisk();
        const notes = new ProgressNotes(disk);
        const expected = new Map<number, { offset: number; sentOffset: number }>();
        for (const [i, { key, offset, sentOffset, isDamaged }] of entries.entries()) {
          notes.note(key, { serialNumber: offset, offset, sentOffset });
          if (isDamaged) {
            const [octet] = disk.read('outgoing.progress', i * 32 + place, 1);
            disk.overwrite('outgoing.progress', i * 32 + place, Uint8Array.of((octet ?? 0) ^ 0x40));
            continue;
          }
          const known = expected.get(key) ?? { offset: 0, sentOffset: 0 };
          expected.set(key, {
            offset: Math.max(known.offset, offset),
            sentOffset: Math.max(known.sentOffset, sentOffset),
          });
        }
        disk.append('outgoing.progress', [new Uint8Array(place)]);
        const found = [...notedProgress(disk)];
        expect(new Map(found.map(([key, { offset, sentOffset }]) => [key, { offset, sentOffset }]))).toEqual(expected);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { recordHeadOctets } from '../../src/queue/apdu-record.js';
import { createStoreCore } from '../../src/queue/core.js';
import { openStoreDatabase } from '../../src/queue/sqlite/store-database.js';
import {
  activityName,
  committedImage,
  incomingActivity,
  inserting,
  moment,
  openStore,
  quarantining,
  sampleOctets,
  type OpenStore,
} from './support/fixture.js';
import { SimulatedDisk } from './support/simulated-disk.js';

const apdu = sampleOctets(1000);

/** An APDU with checkpoints 1, 2, 3 after 100, 200 and 300 octets, and 50 octets more. */
function receive({ does }: OpenStore, id = '1-1', activityIdentifier?: string): void {
  does('incoming.start', incomingActivity(id, activityIdentifier));
  for (const serialNumber of [1, 2, 3]) {
    does('incoming.append', { id, octets: [apdu.subarray(serialNumber * 100 - 100, serialNumber * 100 - 30)] });
    does('incoming.append', { id, octets: [apdu.subarray(serialNumber * 100 - 30, serialNumber * 100)] });
    does('incoming.secure', { id, serialNumber, offset: serialNumber * 100 });
  }
  does('incoming.append', { id, octets: [apdu.subarray(300, 350)] });
}

/** All octets of an incoming APDU, by way of the quarantine. */
function octetsOf({ does }: OpenStore, id: string): Uint8Array {
  does('commit', quarantining(id));
  return does('quarantine.read', { id, offset: 0, length: 9999 });
}

describe('an incoming APDU', () => {
  it('is durable up to a checkpoint when that is answered, with one sync for checkpoints that come together', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    store.does('incoming.start', incomingActivity('1-1'));
    const answers = store.core.run([
      { name: 'incoming.append', input: { id: '1-1', octets: [apdu.subarray(0, 10)] } },
      { name: 'incoming.secure', input: { id: '1-1', serialNumber: 1, offset: 10 } },
      { name: 'incoming.append', input: { id: '1-1', octets: [apdu.subarray(10, 30)] } },
      { name: 'incoming.secure', input: { id: '1-1', serialNumber: 2, offset: 30 } },
    ]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(disk.syncs).toBe(1);
    const { opened } = openStore({ disk: disk.powerLoss(() => 0), database: committedImage(store.database) });
    expect(opened.incoming).toEqual([{ ...incomingActivity('1-1'), serialNumber: 2, offset: 30 }]);
  });

  it('writes what one batch brings in one piece, and takes octets together with their checkpoint', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    store.does('incoming.start', incomingActivity('1-1'));
    store.does('incoming.append', { id: '1-1', octets: [apdu.subarray(0, 30)] });
    const before = disk.changes;
    const pieces = [100, 200, 300].map((offset, i) => {
      const octets = [apdu.subarray(i === 0 ? 30 : offset - 100, offset - 5), apdu.subarray(offset - 5, offset)];
      return { name: 'incoming.secure', input: { id: '1-1', octets, serialNumber: i + 1, offset } } as const;
    });
    expect(store.core.run(pieces).every(({ ok }) => ok)).toBe(true);
    expect(disk.changes - before).toBe(2); // a write and a sync
    const again = openStore({ disk: disk.powerLoss(() => 0), database: committedImage(store.database) });
    expect(again.does('incoming.resume', { activity: activityName(), serialNumber: 2 })).toMatchObject({ offset: 200 });
    expect(octetsOf(again, '1-1')).toEqual(apdu.slice(0, 200));
  });

  it('leaves no file behind when it is discarded in the batch that writes it', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    store.core.run([
      { name: 'incoming.interrupted', input: { id: '1-1', at: moment(1) } },
      { name: 'incoming.discard', input: { id: '1-1' } },
    ]);
    expect(disk.files()).toEqual([]);
  });

  it('confirms no checkpoint of a batch whose octets could not all be written', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    disk.spaceOctets = (disk.size('incoming/1-1') ?? 0) + 120;
    const answers = store.core.run([
      {
        name: 'incoming.secure',
        input: { id: '1-1', octets: [apdu.subarray(350, 360)], serialNumber: 4, offset: 360 },
      },
      { name: 'incoming.append', input: { id: '1-1', octets: [apdu.subarray(360, 900)] } },
    ]);
    expect(answers[0]?.ok).toBe(false);
    const resume = (serialNumber: number) => store.does('incoming.resume', { activity: activityName(), serialNumber });
    expect([resume(4), resume(3)]).toEqual([undefined, { id: '1-1', offset: 300 }]);
    disk.spaceOctets += 10_000;
    expect(octetsOf(store, '1-1')).toEqual(apdu.slice(0, 300));
  });

  it('is back at the checkpoint before where the loss of the association finds no room for the last one', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    disk.spaceOctets = disk.size('incoming/1-1') ?? 0;
    const answers = store.core.run([
      { name: 'incoming.secure', input: { id: '1-1', serialNumber: 4, offset: 350 } },
      { name: 'incoming.interrupted', input: { id: '1-1', at: moment(1) } },
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([false, false]);
    disk.spaceOctets += 10_000;
    const resume = (serialNumber: number) => store.does('incoming.resume', { activity: activityName(), serialNumber });
    expect([resume(4), resume(3)]).toEqual([undefined, { id: '1-1', offset: 300 }]);
    expect(octetsOf(store, '1-1')).toEqual(apdu.slice(0, 300));
  });

  it('refuses a checkpoint that is not at the end of what came', () => {
    const store = openStore();
    receive(store);
    expect(store.fails('incoming.secure', { id: '1-1', serialNumber: 4, offset: 349 })).toBe('internal');
    const octets = [apdu.subarray(350, 360)];
    expect(store.fails('incoming.secure', { id: '1-1', octets, serialNumber: 4, offset: 361 })).toBe('internal');
  });

  it('is not taken by a message after an interruption has dropped octets of it', () => {
    const store = openStore();
    receive(store);
    const outlined = { octets: 347, runs: [{ offset: 3, length: 347 }] };
    store.does('incoming.interrupted', { id: '1-1', at: moment(5000) });
    const content = { kind: 'incoming', id: '1-1', location: outlined } as const;
    expect(store.fails('commit', inserting('m', { content, contentOctets: 347 }))).toBe('not-found');
    expect(store.does('incoming.resume', { activity: activityName(), serialNumber: 3 })).toEqual({
      id: '1-1',
      offset: 300,
    });
  });

  it('is kept up to its last checkpoint when the association is lost, with the moment of the loss', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    store.does('incoming.interrupted', { id: '1-1', at: moment(777) });
    const again = openStore({ disk: disk.powerLoss(() => 0), database: committedImage(store.database) });
    expect(again.opened.incoming).toEqual([
      { ...incomingActivity('1-1'), serialNumber: 3, offset: 300, lostAt: moment(777) },
    ]);
    expect(again.does('incoming.resume', { activity: activityName(), serialNumber: 3 })).toEqual({
      id: '1-1',
      offset: 300,
    });
    expect(octetsOf(again, '1-1')).toEqual(apdu.slice(0, 300));
  });

  it('goes on from an earlier checkpoint, dropping what came behind it', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    expect(store.does('incoming.resume', { activity: activityName(), serialNumber: 2 })).toEqual({
      id: '1-1',
      offset: 200,
    });
    store.does('incoming.append', { id: '1-1', octets: [apdu.subarray(200, 500)] });
    store.does('incoming.secure', { id: '1-1', serialNumber: 3, offset: 500 });
    const again = openStore({ disk: disk.powerLoss(() => 0), database: committedImage(store.database) });
    expect(again.opened.incoming).toMatchObject([{ serialNumber: 3, offset: 500 }]);
    expect(octetsOf(again, '1-1')).toEqual(apdu.slice(0, 500));
  });

  it('forgets the moment of a loss when it goes on, also for a later start', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    store.does('incoming.interrupted', { id: '1-1', at: moment(777) });
    store.does('incoming.resume', { activity: activityName(), serialNumber: 3 });
    const { opened } = openStore({ disk: disk.processDeath(), database: committedImage(store.database) });
    expect(opened.incoming).toMatchObject([{ serialNumber: 3 }]);
    expect(opened.incoming[0]?.lostAt).toBeUndefined();
  });

  it('is not resumed from a checkpoint or as an activity that is not known', () => {
    const store = openStore();
    receive(store);
    const resume = (serialNumber: number, activityIdentifier?: string) =>
      store.does('incoming.resume', { activity: activityName(activityIdentifier), serialNumber });
    expect([resume(4), resume(0), resume(1, '020102')]).toEqual([undefined, undefined, undefined]);
    expect(resume(1)).toEqual({ id: '1-1', offset: 100 });
  });

  it('goes when it is lost or the process dies before its first checkpoint', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    for (const id of ['1-1', '1-2']) {
      store.does('incoming.start', incomingActivity(id, id));
      store.does('incoming.append', { id, octets: [apdu] });
    }
    store.does('incoming.interrupted', { id: '1-1', at: moment(1) });
    expect(store.does('incoming.resume', { activity: activityName('1-1'), serialNumber: 1 })).toBeUndefined();
    store.does('incoming.discard', { id: '1-1' });
    expect(disk.files()).toEqual(['incoming/1-2']);
    const { opened } = openStore({ disk, database: committedImage(store.database) });
    expect([opened.incoming, disk.files()]).toEqual([[], []]);
  });

  it('leaves nothing when it is discarded', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    store.does('incoming.discard', { id: '1-1' });
    expect(disk.files()).toEqual([]);
    expect(store.fails('incoming.append', { id: '1-1', octets: [apdu] })).toBe('not-found');
  });

  it('is not offered for a resumption after its completion was committed', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    store.does('commit', { changes: [{ type: 'activity.completed', activity: activityName(), at: moment(1) }] });
    const { opened } = openStore({ disk, database: committedImage(store.database) });
    expect([opened.incoming, disk.files()]).toEqual([[], []]);
  });

  it('loses nothing that was secured when the disk is full, and goes on when there is room', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    disk.spaceOctets = disk.size('incoming/1-1') ?? 0;
    disk.spaceOctets += 20;
    expect(store.fails('incoming.append', { id: '1-1', octets: [apdu.subarray(350, 450)] })).toBe('disk-full');
    expect(store.fails('incoming.append', { id: '1-1', octets: [apdu.subarray(450, 500)] })).toBe('input-output');
    expect(store.fails('incoming.outline', { id: '1-1' })).toBe('input-output');
    disk.spaceOctets += 1000;
    expect(store.does('incoming.resume', { activity: activityName(), serialNumber: 3 })).toEqual({
      id: '1-1',
      offset: 300,
    });
    store.does('incoming.append', { id: '1-1', octets: [apdu.subarray(300, 400)] });
    store.does('incoming.secure', { id: '1-1', serialNumber: 4, offset: 400 });
    const again = openStore({ disk: disk.powerLoss(() => 0), database: committedImage(store.database) });
    expect(octetsOf(again, '1-1')).toEqual(apdu.slice(0, 400));
  });

  it('confirms no checkpoint after a failed sync, until it is back at one that was synced', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    disk.failingSyncs.add('incoming/1-1');
    expect(store.fails('incoming.secure', { id: '1-1', serialNumber: 4, offset: 350 })).toBe('input-output');
    disk.failingSyncs.clear();
    store.fails('incoming.append', { id: '1-1', octets: [apdu.subarray(350, 400)] });
    expect(store.fails('incoming.secure', { id: '1-1', serialNumber: 5, offset: 400 })).toBe('input-output');
    const resume = (serialNumber: number) => store.does('incoming.resume', { activity: activityName(), serialNumber });
    expect([resume(4), resume(3)]).toEqual([undefined, { id: '1-1', offset: 300 }]);
    store.does('incoming.append', { id: '1-1', octets: [apdu.subarray(300, 400)] });
    store.does('incoming.secure', { id: '1-1', serialNumber: 4, offset: 400 });
    expect(octetsOf(store, '1-1')).toEqual(apdu.slice(0, 400));
  });

  it('is not believed at a checkpoint that was written but never synced where octets before it did not reach the disk', () => {
    const file = 'incoming/1-1';
    for (const damagedAt of ['before the last sync', 'behind it'] as const) {
      const disk = new SimulatedDisk();
      const store = openStore({ disk });
      receive(store);
      const syncedOctets = disk.size(file) ?? 0;
      disk.failingSyncs.add(file);
      store.fails('incoming.secure', { id: '1-1', serialNumber: 4, offset: 350 });
      const place =
        damagedAt === 'behind it' ? syncedOctets + recordHeadOctets + 5 : syncedOctets - recordHeadOctets - 5;
      disk.overwrite(file, place, Uint8Array.of((disk.read(file, place, 1)[0] ?? 0) ^ 1));
      const { opened } = openStore({ disk: disk.processDeath(), database: committedImage(store.database) });
      expect(opened.incoming).toMatchObject([{ serialNumber: damagedAt === 'behind it' ? 3 : 4 }]);
    }
  });

  it('lets nothing come back after a loss of power that a resumption has cut off', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store);
    store.does('incoming.resume', { activity: activityName(), serialNumber: 1 });
    const again = openStore({ disk: disk.powerLoss(() => 0), database: committedImage(store.database) });
    expect(again.opened.incoming).toMatchObject([{ serialNumber: 1, offset: 100 }]);
  });

  it('answers what is no MTS-APDU with `malformed`, and keeps it', () => {
    const core = createStoreCore({
      database: openStoreDatabase(':memory:'),
      disk: new SimulatedDisk(),
      outlineOf: () => {
        throw new DecodeError('no MTS-APDU', 'X.411', 0);
      },
    });
    core.execute('open', { duplicateRetentionSeconds: 1 });
    core.execute('incoming.start', incomingActivity('1-1'));
    core.execute('incoming.append', { id: '1-1', octets: [apdu] });
    expect(core.execute('incoming.outline', { id: '1-1' })).toMatchObject({
      ok: false,
      failure: { code: 'malformed' },
    });
    expect(core.execute('commit', quarantining('1-1'))).toEqual({ ok: true, value: { result: 'committed' } });
    expect(core.execute('quarantine.read', { id: '1-1', offset: 0, length: 2000 })).toEqual({ ok: true, value: apdu });
  });
});

import { describe, expect, it } from 'vitest';
import { concatOctets } from '../../src/bytes/octets.js';
import type { CommitOutput } from '../../src/queue/store.js';
import {
  committedImage,
  incomingActivity,
  inserting,
  newCopy,
  openStore,
  quarantining,
  sampleOctets,
  type OpenStore,
} from './support/fixture.js';
import { SimulatedDisk } from './support/simulated-disk.js';

const apdu = sampleOctets(350);
const retentionMilliseconds = 604_800_000;

function receive({ does }: OpenStore, id: string): void {
  does('incoming.start', incomingActivity(id, id));
  does('incoming.append', { id, octets: [apdu] });
  does('incoming.secure', { id, serialNumber: 1, offset: apdu.length });
}

describe('the quarantine', () => {
  it('holds the octets with what is known of them, durably, until an operator removes them', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store, '1-7');
    store.does('commit', quarantining('1-7', { mtsIdentifier: '[x]' }));
    expect(store.does('counts', {}).quarantined).toBe(1);
    expect(disk.files()).toEqual(['quarantine/1-7']);
    const again = openStore({ disk: disk.powerLoss(() => 0), database: committedImage(store.database) });
    expect(again.opened.counts.quarantined).toBe(1);
    expect(again.does('quarantine.list', {})).toEqual([
      {
        id: '1-7',
        kind: 'arrival',
        reason: 'no MTS-APDU',
        answer: 'refused',
        octets: 350,
        quarantinedAt: 1000,
        connector: 'beta',
        mtsIdentifier: '[x]',
      },
    ]);
    expect(again.does('quarantine.read', { id: '1-7', offset: 100, length: 50 })).toEqual(apdu.slice(100, 150));
    again.does('commit', { changes: [{ type: 'quarantine.removed', id: '1-7' }] });
    expect(again.does('quarantine.list', {})).toEqual([]);
    expect(again.does('counts', {}).quarantined).toBe(0);
    expect(again.fails('quarantine.read', { id: '1-7', offset: 0, length: 1 })).toBe('not-found');
    expect(again.fails('commit', { changes: [{ type: 'quarantine.removed', id: '../content/x' }] })).toBe('not-found');
  });

  it('takes an arrival once from each peer, also when it is gone again, as long as messages are remembered', () => {
    const store = openStore();
    const put = (id: string, quarantinedAt: number, connector = 'beta'): CommitOutput => {
      receive(store, id);
      return store.does('commit', quarantining(id, { quarantinedAt, connector }));
    };
    expect(put('1-1', 1000)).toEqual({ result: 'committed' });
    expect(put('1-2', 2000)).toMatchObject({ result: 'duplicate' });
    expect(
      store.does('incoming.resume', { activity: incomingActivity('1-2', '1-2').activity, serialNumber: 1 }),
    ).toMatchObject({ offset: 350 });
    expect(put('1-3', 2000, 'gamma')).toEqual({ result: 'committed' });
    store.does('commit', { changes: [{ type: 'quarantine.removed', id: '1-1' }] });
    expect(put('1-4', 3000)).toMatchObject({ result: 'duplicate' });
    expect(put('1-5', 1000 + retentionMilliseconds)).toEqual({ result: 'committed' });
  });

  it('takes nothing beyond its limits, and changes nothing then', () => {
    for (const limits of [{ quarantineEntriesMax: 1 }, { quarantineOctetsMax: 20 }]) {
      const store = openStore({ limits });
      const source = (octets: number) => ({ source: { kind: 'octets' as const, octets: sampleOctets(octets) } });
      store.does('commit', quarantining('q1', source(10)));
      const { changes } = quarantining('q2', source(11));
      expect(store.fails('commit', { changes: [...inserting('m').changes, ...changes] })).toBe('quarantine-full');
      expect(store.does('counts', {})).toMatchObject({ messages: 0, quarantined: 1 });
    }
  });

  for (const [what, contentOctets] of [
    ['a small', 10],
    ['a large', 100],
  ] as const) {
    it(`takes a copy with ${what} content as an APDU, its envelope as it is stored, and leaves other copies alone`, () => {
      const store = openStore();
      const content = sampleOctets(contentOctets, 3);
      const copies = [newCopy('m.1'), newCopy('m.2')];
      store.does('commit', inserting('m', { content: { kind: 'octets', octets: content }, contentOctets, copies }));
      const source = { kind: 'copy' as const, copy: 'm.1' };
      const put = quarantining('q', { kind: 'copy', source, recipients: [0], answer: 'reported' });
      store.does('commit', { changes: [...put.changes, { type: 'copy.failed', copy: 'm.1' }] });
      const [entry] = store.does('quarantine.list', {});
      expect(entry).toMatchObject({ kind: 'copy', recipients: [0], answer: 'reported' });
      const octets = store.does('quarantine.read', { id: 'q', offset: 0, length: 999 });
      const inner = concatOctets(sampleOctets(30), Uint8Array.of(0x04, contentOctets), content);
      expect(octets.slice(octets.length - inner.length)).toEqual(inner);
      expect(octets[0]).toBe(0xa0);
      const { copies: left } = store.does('queue.claim', { connector: 'beta', count: 9, now: 0 });
      expect(left.map(({ id }) => id)).toEqual(['m.2']);
    });
  }

  it('gives the content of an entry that is released to the message that it becomes', () => {
    for (const length of [30, 300]) {
      const disk = new SimulatedDisk();
      const store = openStore({ disk });
      receive(store, '1-1');
      store.does('commit', quarantining('1-1'));
      expect(store.does('quarantine.outline', { id: '1-1' })).toMatchObject({
        kind: 'message',
        content: { octets: 347 },
      });
      const location = { runs: [{ offset: 3, length }], octets: length };
      const message = inserting('m', { content: { kind: 'quarantined', id: '1-1', location }, contentOctets: length });
      store.does('commit', { changes: [...message.changes, { type: 'quarantine.removed', id: '1-1' }] });
      const { copies } = store.does('queue.claim', { connector: 'beta', count: 1, now: 0 });
      const read = { reference: copies[0]?.content ?? '', offset: 0, length };
      expect(store.does('content.read', read)).toEqual(apdu.slice(3, 3 + length));
      expect(disk.files().filter((file) => file.startsWith('quarantine/'))).toEqual([]);
    }
  });

  it('takes a file that does not start with an activity instead of destroying it, and leaves it where there is no room', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    receive(store, '1-1');
    const size = disk.size('incoming/1-1') ?? 0;
    disk.overwrite('incoming/1-1', 5, Uint8Array.of(0xff));
    const full = openStore({ disk, database: committedImage(store.database), limits: { quarantineEntriesMax: 0 } });
    full.does('sweep', { now: 0, completedBefore: 0 });
    expect(disk.files()).toEqual(['incoming/1-1']);
    const again = openStore({ disk, database: committedImage(full.database) });
    expect(again.opened.incoming).toEqual([]);
    expect(again.does('quarantine.list', {})).toMatchObject([{ id: 'incoming-1-1', kind: 'file', octets: size }]);
    expect(disk.files()).toEqual(['quarantine/incoming-1-1']);
  });

  it('drops files that it does not know, as one that died while it wrote leaves them', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    disk.append('quarantine/1-9', [apdu]);
    openStore({ disk, database: committedImage(store.database) });
    expect(disk.files()).toEqual([]);
  });
});

describe('a claim', () => {
  it('names copies whose records do not decode, and holds them', () => {
    const store = openStore();
    store.does('commit', inserting('m1'));
    store.does('commit', inserting('m2'));
    store.database.connection.exec(`UPDATE copy SET recipients = '{}' WHERE id = 'm1.c'`);
    const { copies, unreadable } = store.does('queue.claim', { connector: 'beta', count: 9, now: 0 });
    expect(copies.map(({ id }) => id)).toEqual(['m2.c']);
    expect(unreadable.map(({ copy }) => copy)).toEqual(['m1.c']);
    expect(store.does('counts', {}).connectors['beta']).toMatchObject({ held: 1, sending: 1 });
  });
});

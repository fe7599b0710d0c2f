import { describe, expect, it } from 'vitest';
import { committedImage, inserting, newCopy, openStore, sampleOctets } from './support/fixture.js';
import { openStoreDatabase } from '../../src/queue/sqlite/store-database.js';

const now = 5000;
const claim = (count: number) => ({ connector: 'beta', count, now });

describe('the queue of the store', () => {
  it('gives urgent copies first, then older ones, and each only once', () => {
    const { does } = openStore();
    does('commit', inserting('a', { priority: 2, arrivedAt: 1 }));
    does('commit', inserting('b', { priority: 1, arrivedAt: 300 }));
    does('commit', inserting('c', { priority: 1, arrivedAt: 200 }));
    does('commit', inserting('d', { priority: 0, arrivedAt: 400 }));
    const first = does('queue.claim', claim(2)).copies.map(({ id }) => id);
    const second = does('queue.claim', claim(9)).copies.map(({ id }) => id);
    expect([first, second]).toEqual([
      ['d.c', 'c.c'],
      ['b.c', 'a.c'],
    ]);
    expect(does('queue.claim', claim(9)).copies).toEqual([]);
  });

  it('gives with a claimed copy what its transfer needs, small contents at once', () => {
    const { does } = openStore();
    does('commit', inserting('m', { copies: [newCopy('m.c', { recipients: [0, 2] })] }));
    const [copy] = does('queue.claim', claim(1)).copies;
    expect(copy).toEqual({
      id: 'm.c',
      message: 'm',
      connector: 'beta',
      kind: 'message',
      mtsIdentifier: '[/C=GB/;m]',
      priority: 1,
      envelope: sampleOctets(30),
      content: 'message:m',
      contentInline: sampleOctets(10),
      contentType: '22',
      contentOctets: 10,
      recipients: [0, 2],
      arrivedAt: 1000,
      openAttempts: 0,
      transferAttempts: 0,
      originator: 'S=Smith',
    });
    expect(does('content.read', { reference: copy?.content ?? '', offset: 4, length: 100 })).toEqual(
      sampleOctets(10).slice(4),
    );
  });

  it('gives a copy to nobody else that was claimed by the commit which brought it, until it is given back or the process starts anew', () => {
    const { does, database } = openStore();
    const sending = (store = does): number | undefined => store('counts', {}).connectors['beta']?.sending;
    does('commit', inserting('m', { copies: [newCopy('m.c', { claim: 'by-commit' })] }));
    expect(sending()).toBe(1);
    expect(does('queue.claim', claim(9)).copies).toEqual([]);
    const after = openStore({ database: committedImage(database) });
    expect(sending(after.does)).toBe(0);
    expect(after.does('queue.claim', claim(9)).copies.map(({ id }) => id)).toEqual(['m.c']);
    does('queue.unclaim', { copies: ['m.c'] });
    expect(does('queue.claim', claim(9)).copies.map(({ id }) => id)).toEqual(['m.c']);
  });

  it('defers no copy that is due the moment it arrives, parts of milliseconds included', () => {
    const { does } = openStore();
    does('commit', inserting('m', { arrivedAt: 1000.6, copies: [newCopy('m.c', { notBefore: 1000.6 })] }));
    expect(does('counts', {}).connectors['beta']).toMatchObject({ queued: 1, deferred: 0 });
  });

  it('leaves no claim behind of a commit that failed', () => {
    const { does, fails } = openStore();
    const insert = inserting('m', { copies: [newCopy('m.c', { claim: 'by-commit' })] });
    const missing = { type: 'delivery.removed', mailbox: 'nobody', delivery: 'd' } as const;
    expect(fails('commit', { changes: [...insert.changes, missing] })).toBe('not-found');
    does('commit', inserting('m'));
    expect(does('queue.claim', claim(9)).copies.map(({ id }) => id)).toEqual(['m.c']);
  });

  it('keeps a copy for later until its time has come, and tells when that is', () => {
    const { does } = openStore();
    does('commit', inserting('m', { copies: [newCopy('m.c', { notBefore: 9000 })] }));
    expect(does('queue.claim', claim(1))).toEqual({ copies: [], unreadable: [], nextDueAt: 9000 });
    const due = does('queue.claim', { connector: 'beta', count: 1, now: 9000 });
    expect(due.copies.map(({ id }) => id)).toEqual(['m.c']);
    expect(due.nextDueAt).toBeUndefined();
  });

  it('defers a copy with its attempts and its last error', () => {
    const { does } = openStore();
    does('commit', inserting('m'));
    does('queue.claim', claim(1));
    does('commit', {
      changes: [
        {
          type: 'copy.deferred',
          copy: 'm.c',
          notBefore: 7000.4,
          openAttempts: 2,
          transferAttempts: 1,
          lastError: 'refused',
        },
      ],
    });
    expect(does('queue.show', { identifier: 'm.c' })).toMatchObject([
      { copy: 'm.c', state: 'deferred', notBefore: 7001, openAttempts: 2, transferAttempts: 1, lastError: 'refused' },
    ]);
    expect(does('queue.due', { connector: 'beta', now })).toEqual({ copies: 1 });
    expect(does('queue.claim', claim(1)).copies).toMatchObject([{ id: 'm.c', openAttempts: 2, transferAttempts: 1 }]);
  });

  it('gives copies that came before a time, due or not, to those who give them up', () => {
    const { does } = openStore();
    does('commit', inserting('old', { arrivedAt: 100, copies: [newCopy('old.c', { notBefore: 90_000 })] }));
    does('commit', inserting('older', { arrivedAt: 50 }));
    does('commit', inserting('new', { arrivedAt: 200 }));
    const given = does('queue.claim', { ...claim(9), arrivedBefore: 200 }).copies.map(({ id }) => id);
    expect(given).toEqual(['older.c', 'old.c']);
    expect(does('queue.claim', claim(9)).copies.map(({ id }) => id)).toEqual(['new.c']);
  });

  it('takes claimed copies back as they were', () => {
    const { does } = openStore();
    does('commit', inserting('a'));
    does('commit', inserting('b'));
    does('queue.claim', claim(2));
    does('queue.unclaim', { copies: ['a.c', 'unknown'] });
    expect(does('counts', {}).connectors['beta']).toEqual({ queued: 1, sending: 1, deferred: 0, held: 0 });
    expect(does('queue.claim', claim(2)).copies.map(({ id }) => id)).toEqual(['a.c']);
  });

  it('gives a copy that comes late to a place before those that were claimed: older, due again, released, not committed', () => {
    const { core, does } = openStore();
    const next = (): readonly string[] => does('queue.claim', claim(1)).copies.map(({ id }) => id);
    does('commit', inserting('deferred', { arrivedAt: 1, copies: [newCopy('deferred.c', { notBefore: 9000 })] }));
    does('commit', inserting('held', { arrivedAt: 2 }));
    does('commit', { changes: [{ type: 'copy.held', copy: 'held.c' }] });
    does('commit', inserting('new', { arrivedAt: 100 }));
    expect(next()).toEqual(['new.c']);
    does('commit', inserting('older', { arrivedAt: 50 }));
    expect(next()).toEqual(['older.c']);
    does('queue.due', { connector: 'beta', now });
    expect(next()).toEqual(['deferred.c']);
    does('commit', { changes: [{ type: 'copy.released', copy: 'held.c', notBefore: 0 }] });
    expect(next()).toEqual(['held.c']);
    does('queue.unclaim', { copies: ['older.c'] });
    core.run([
      {
        name: 'commit',
        input: {
          changes: [
            { type: 'copy.failed', copy: 'older.c' },
            { type: 'copy.held', copy: 'nobody' },
          ],
        },
      },
    ]);
    expect(next()).toEqual(['older.c']);
    expect(next()).toEqual([]);
  });

  it('does not give a held copy until it is released, and keeps it held when the transfer under way fails', () => {
    const { does } = openStore();
    does('commit', inserting('m'));
    does('queue.claim', claim(1));
    does('commit', { changes: [{ type: 'copy.held', copy: 'm.c', reason: 'operator' }] });
    does('commit', {
      changes: [
        { type: 'copy.deferred', copy: 'm.c', notBefore: 1, openAttempts: 0, transferAttempts: 1, lastError: 'lost' },
      ],
    });
    expect(does('queue.claim', claim(1)).copies).toEqual([]);
    expect(does('queue.show', { identifier: 'm' })).toMatchObject([{ state: 'held', lastError: 'lost' }]);
    does('commit', { changes: [{ type: 'copy.released', copy: 'm.c', notBefore: 0 }] });
    expect(does('queue.claim', claim(1)).copies).toHaveLength(1);
  });

  it('changes nothing where one change of a commit cannot be made', () => {
    const { does, fails } = openStore();
    const insert = inserting('m').changes;
    expect(fails('commit', { changes: [...insert, { type: 'copy.held', copy: 'nobody' }] })).toBe('not-found');
    expect(does('counts', {})).toEqual({ connectors: {}, messages: 0, octets: 0, delivered: 0, quarantined: 0 });
    expect(does('queue.claim', claim(1)).copies).toEqual([]);
    expect(does('commit', inserting('m'))).toEqual({ result: 'committed' });
  });

  it('lists page after page, also when the last copy of a page has left the queue meanwhile', () => {
    const { does, fails } = openStore();
    for (const id of ['a', 'b', 'c', 'd'])
      does('commit', inserting(id, { copies: [newCopy(`${id}.c`, { connector: id === 'b' ? 'gamma' : 'beta' })] }));
    const page = (after?: string) =>
      does('queue.list', { connector: 'beta', limit: 2, ...(after === undefined ? {} : { after }) }).map(
        ({ copy }) => copy,
      );
    expect(page()).toEqual(['a.c', 'c.c']);
    does('commit', { changes: [{ type: 'copy.transferred', copy: 'c.c' }] });
    expect(page('c.c')).toEqual(['d.c']);
    expect(does('queue.list', { limit: 9 }).map(({ copy }) => copy)).toEqual(['a.c', 'b.c', 'd.c']);
    expect(fails('queue.list', { limit: 9, after: 'never there' })).toBe('not-found');
  });

  it('shows copies by copy, message and MTS identifier, with the recipients they are for', () => {
    const { does } = openStore();
    const copies = [newCopy('m.1', { recipients: [0, 2] }), newCopy('m.2', { connector: 'gamma', recipients: [1] })];
    does('commit', inserting('m', { copies }));
    does('queue.claim', claim(1));
    expect(does('queue.show', { identifier: 'm.2' }).map(({ copy }) => copy)).toEqual(['m.2']);
    expect(does('queue.show', { identifier: 'm' }).map(({ copy }) => copy)).toEqual(['m.1', 'm.2']);
    expect(does('queue.show', { identifier: '[/C=GB/;m]' })).toMatchObject([
      {
        copy: 'm.1',
        message: 'm',
        state: 'sending',
        recipients: ['S=One', 'S=Three'],
        sizeOctets: 10,
        envelope: sampleOctets(30),
      },
      { copy: 'm.2', state: 'queued', recipients: ['S=Two'], priority: 1, originator: 'S=Smith', arrivedAt: 1000 },
    ]);
    expect(does('queue.show', { identifier: 'nothing' })).toEqual([]);
  });

  it('holds a copy whose record does not decode, with the reason, and gives the others', () => {
    const { database, does } = openStore();
    does('commit', inserting('a'));
    does('commit', inserting('b'));
    database.connection.exec(`UPDATE copy SET recipients = '["nonsense"]' WHERE id = 'a.c'`);
    expect(does('queue.claim', claim(1)).copies.map(({ id }) => id)).toEqual(['b.c']);
    expect(does('counts', {}).connectors['beta']).toEqual({ queued: 0, sending: 1, deferred: 0, held: 1 });
    const [shown] = does('queue.show', { identifier: 'a.c' });
    expect(shown).toMatchObject({ state: 'held', recipients: [] });
    expect(shown?.lastError).toContain('the recipients of a.c do not decode');
  });

  it('counts in step what a restart counts anew', () => {
    const { database, does } = openStore();
    const copies = [
      newCopy('m.1'),
      newCopy('m.2', { connector: 'gamma' }),
      newCopy('m.3', { notBefore: 9000 }),
      newCopy('m.4'),
    ];
    const deliveries = [{ id: 'd', mailbox: 'anna', recipient: 2, to: 'S=Three' }];
    does('commit', inserting('m', { copies, deliveries }));
    does('commit', { changes: [{ type: 'copy.held', copy: 'm.4' }] });
    const counts = {
      connectors: {
        beta: { queued: 1, sending: 0, deferred: 1, held: 1 },
        gamma: { queued: 1, sending: 0, deferred: 0, held: 0 },
      },
      messages: 1,
      octets: 10,
      delivered: 1,
      quarantined: 0,
    };
    expect(does('counts', {})).toEqual(counts);
    expect(openStore({ database: openStoreDatabase(database.connection.serialize()) }).opened.counts).toEqual(counts);
  });

  it('makes many deferred copies due in portions and skips none', () => {
    const { does } = openStore({ limits: { promotedCopiesMax: 2 } });
    for (let i = 0; i < 7; i++) does('commit', inserting(`m${i}`, { copies: [newCopy(`c${i}`, { notBefore: 2000 })] }));
    const given: string[] = [];
    for (;;) {
      const { copies, nextDueAt } = does('queue.claim', claim(9));
      given.push(...copies.map(({ id }) => id));
      if (nextDueAt === undefined) break;
      expect(nextDueAt).toBeLessThanOrEqual(now);
    }
    expect(given).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6']);
  });
});

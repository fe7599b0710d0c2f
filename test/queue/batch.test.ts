import { describe, expect, it } from 'vitest';
import { createStoreCore } from '../../src/queue/core.js';
import { createInProcessStore } from '../../src/queue/in-process-store.js';
import { ProgressNotes } from '../../src/queue/progress-notes.js';
import { openStoreDatabase, type StoreDatabase } from '../../src/queue/sqlite/store-database.js';
import type { StoreAnswer } from '../../src/queue/store.js';
import {
  committedImage,
  incomingActivity,
  inserting,
  moment,
  newCopy,
  openStore,
  sampleOctets,
} from './support/fixture.js';
import { SimulatedDisk } from './support/simulated-disk.js';

/** A database whose commits are counted, and fail on demand. */
function watched(): StoreDatabase & { commits: string[]; failing: boolean } {
  const database = openStoreDatabase(':memory:');
  let durability = '';
  const watching = {
    ...database,
    commits: [] as string[],
    failing: false,
    get inTransaction() {
      return database.inTransaction;
    },
    begin(asked: 'power' | 'process') {
      durability = asked;
      database.begin(asked);
    },
    commit() {
      if (watching.failing) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      watching.commits.push(durability);
      database.commit();
    },
  };
  return watching;
}

describe('a batch of operations', () => {
  it('makes one commit of many, and answers all of them after it', () => {
    const database = watched();
    const { core } = openStore({ database });
    const runs: (() => void)[] = [];
    const store = createInProcessStore(core, new ProgressNotes(new SimulatedDisk()), (run) => runs.push(run));
    const answers: StoreAnswer<'commit'>[] = [];
    for (let i = 0; i < 16; i++) store.execute('commit', inserting(`m${i}`), (answer) => answers.push(answer));
    database.commits = [];
    expect([runs.length, answers.length]).toEqual([1, 0]);
    for (const run of runs) run();
    expect(database.commits).toEqual(['power']);
    expect(answers).toEqual(Array(16).fill({ ok: true, value: { result: 'committed' } }));
  });

  it('waits for stable storage only where an operation promises it', () => {
    const database = watched();
    const { does } = openStore({ database });
    database.commits = [];
    does('commit', inserting('m'));
    does('queue.claim', { connector: 'beta', count: 1, now: 0 });
    does('counts', {});
    expect(database.commits).toEqual(['power', 'process']);
  });

  it('keeps every operation but the one that fails, and the order of all', () => {
    const { core, does } = openStore();
    const answers = core.run([
      { name: 'commit', input: inserting('a', { duplicateKeys: ['k'] }) },
      { name: 'commit', input: { changes: [...inserting('b').changes, { type: 'copy.held', copy: 'nobody' }] } },
      { name: 'commit', input: inserting('c', { duplicateKeys: ['k'] }) },
      { name: 'incoming.append', input: { id: 'nobody', octets: [] } },
      { name: 'commit', input: inserting('a') },
      { name: 'commit', input: inserting('d') },
      { name: 'queue.claim', input: { connector: 'beta', count: 9, now: 0 } },
    ]);
    const outcome = answers.map((answer) => (answer.ok ? answer.value : answer.failure.code));
    expect(outcome.slice(0, 6)).toEqual([
      { result: 'committed' },
      'not-found',
      { result: 'duplicate', keys: ['k'] },
      'not-found',
      'internal',
      { result: 'committed' },
    ]);
    expect(outcome[6]).toMatchObject({ copies: [{ id: 'a.c' }, { id: 'd.c' }] });
    expect(does('counts', {})).toMatchObject({ messages: 2, connectors: { beta: { queued: 0, sending: 2 } } });
  });

  it('takes everything back when the commit fails: rows, claims, counts, the APDU that a message took', () => {
    const database = watched();
    const disk = new SimulatedDisk();
    const { core, does } = openStore({ database, disk });
    does('commit', inserting('old', { arrivedAt: 1 }));
    does('commit', inserting('due', { copies: [newCopy('due.c', { notBefore: 3000 })] }));
    does('commit', inserting('gone', { arrivedAt: 4 }));
    does('commit', inserting('ready', { arrivedAt: 5 }));
    does('queue.claim', { connector: 'beta', count: 1, now: 0 });
    does('outgoing.start', {
      copy: 'old.c',
      activity: incomingActivity('x').activity,
      association: incomingActivity('x').association,
      head: sampleOctets(3),
      apduOctets: 9,
    });
    does('outgoing.progress', { copy: 'old.c', serialNumber: 1, offset: 1, sentOffset: 1 });
    does('incoming.start', incomingActivity('1-1'));
    does('incoming.append', { id: '1-1', octets: [sampleOctets(200)] });
    const location = { runs: [{ offset: 10, length: 190 }], octets: 190 };
    const takesIncoming = inserting('m', { content: { kind: 'incoming', id: '1-1', location }, contentOctets: 190 });
    const counts = does('counts', {});
    database.failing = true;
    const failed = core.run([
      { name: 'commit', input: takesIncoming },
      { name: 'commit', input: { changes: [{ type: 'copy.failed', copy: 'gone.c' }] } },
      { name: 'queue.claim', input: { connector: 'beta', count: 9, now: 9000 } },
      { name: 'queue.unclaim', input: { copies: ['old.c'] } },
      { name: 'commit', input: { changes: [{ type: 'copy.transferred', copy: 'old.c' }] } },
      { name: 'outgoing.interrupted', input: { copy: 'old.c', at: moment(1) } },
      { name: 'incoming.secure', input: { id: '1-1', serialNumber: 1, offset: 200 } },
    ]);
    expect(failed.map((answer) => (answer.ok ? 'ok' : answer.failure.code))).toEqual([
      'disk-full',
      'disk-full',
      'disk-full',
      'disk-full',
      'disk-full',
      'disk-full',
      'not-found',
    ]);
    database.failing = false;
    expect(does('counts', {})).toEqual(counts);
    expect(does('queue.list', { limit: 9 }).map(({ copy, state }) => [copy, state])).toEqual([
      ['old.c', 'sending'],
      ['due.c', 'deferred'],
      ['gone.c', 'queued'],
      ['ready.c', 'queued'],
    ]);
    does('outgoing.progress', { copy: 'old.c', serialNumber: 2, offset: 2, sentOffset: 2 });
    expect(does('commit', takesIncoming)).toEqual({ result: 'committed' });
    expect(does('content.read', { reference: 'incoming/1-1', offset: 0, length: 200 })).toEqual(
      sampleOctets(200).slice(10),
    );
    expect(does('queue.claim', { connector: 'beta', count: 9, now: 9000 }).copies.map(({ id }) => id)).toEqual([
      'gone.c',
      'ready.c',
      'due.c',
      'm.c',
    ]);
  });

  it('gives copies again that a failed commit seemed to have claimed or removed', () => {
    const claim = { name: 'queue.claim' as const, input: { connector: 'beta', count: 1, now: 0 } };
    const removal = { changes: [{ type: 'copy.failed' as const, copy: 'gone.c' }] };
    for (const requests of [[claim], [{ name: 'commit' as const, input: removal }, claim]]) {
      const database = watched();
      const { core, does } = openStore({ database });
      for (const [arrivedAt, id] of ['gone', 'claimed', 'last'].entries()) does('commit', inserting(id, { arrivedAt }));
      database.failing = true;
      core.run(requests);
      database.failing = false;
      const given = does('queue.claim', { connector: 'beta', count: 9, now: 0 }).copies.map(({ id }) => id);
      expect(given).toEqual(['gone.c', 'claimed.c', 'last.c']);
    }
  });

  it('tells every operation of a transaction that SQLite itself has given up', () => {
    const database = openStoreDatabase(':memory:');
    const { core, does } = openStore({ database });
    does('commit', inserting('first'));
    const pages = database.connection.pragma('page_count', { simple: true }) as number;
    database.connection.pragma(`max_page_count = ${String(pages)}`);
    const large = { envelope: sampleOctets(30_000) };
    const codes = core
      .run([
        { name: 'commit', input: inserting('a', large) },
        { name: 'commit', input: inserting('b', large) },
      ])
      .map((answer) => (answer.ok ? 'ok' : answer.failure.code));
    expect(codes).toEqual(['disk-full', 'disk-full']);
    database.connection.pragma('max_page_count = 100000');
    does('commit', inserting('a', large));
    expect(openStore({ database: committedImage(database) }).opened.counts).toEqual(does('counts', {}));
    expect(does('counts', {}).messages).toBe(2);
  });

  it('takes in what is asked for while it runs, and syncs once for all of it', () => {
    const disk = new SimulatedDisk();
    const { core, does } = openStore({ disk });
    does('incoming.start', incomingActivity('1-1'));
    const secure = (serialNumber: number) => ({
      name: 'incoming.secure' as const,
      input: { id: '1-1', octets: [sampleOctets(10)], serialNumber, offset: serialNumber * 10 },
    });
    const later = [[secure(2)], [secure(3), secure(4)], []];
    const before = disk.syncs;
    const answers = core.run([secure(1)], () => later.shift() ?? []);
    expect([answers.length, answers.every(({ ok }) => ok), disk.syncs - before]).toEqual([4, true, 1]);
  });

  it('takes nothing in any more once it has begun a transaction, whose promise it could not keep', () => {
    const database = watched();
    const { core, does } = openStore({ database });
    does('commit', inserting('m'));
    database.commits = [];
    const claim = { name: 'queue.claim' as const, input: { connector: 'beta', count: 1, now: 0 } };
    const answers = core.run([claim], () => [{ name: 'commit', input: inserting('n') }]);
    expect([answers.length, database.commits]).toEqual([1, ['process']]);
    const all = core.run([{ name: 'counts', input: {} }], () =>
      database.inTransaction ? [] : [{ name: 'commit', input: inserting('n') }],
    );
    expect([all.length, database.commits]).toEqual([2, ['process', 'power']]);
  });

  it('answers nothing before `execute` returns, and gathers anew after each run', () => {
    const core = createStoreCore({ database: openStoreDatabase(':memory:'), disk: new SimulatedDisk() });
    const runs: (() => void)[] = [];
    const store = createInProcessStore(core, new ProgressNotes(new SimulatedDisk()), (run) => runs.push(run));
    const log: string[] = [];
    store.execute('open', { duplicateRetentionSeconds: 1 }, () => {
      log.push('opened');
      store.execute('counts', {}, () => log.push('counted'));
    });
    expect(log).toEqual([]);
    runs[0]?.();
    expect([log, runs.length]).toEqual([['opened'], 2]);
    runs[1]?.();
    expect(log).toEqual(['opened', 'counted']);
  });
});

describe('the life of a store', () => {
  it('has an incarnation of its own at every start', () => {
    const first = openStore();
    const second = openStore({ database: committedImage(first.database) });
    const third = openStore({ database: committedImage(second.database) });
    expect([first.opened.incarnation, second.opened.incarnation, third.opened.incarnation]).toEqual([1, 2, 3]);
  });

  it('ends with `close`, after which every operation fails', () => {
    const { does, fails } = openStore();
    does('close', {});
    expect([fails('commit', inserting('m')), fails('queue.list', { limit: 1 })]).toEqual(['internal', 'internal']);
  });

  it('refuses a database of a later version than its own', () => {
    const database = openStoreDatabase(':memory:');
    database.connection.pragma('user_version = 99');
    expect(() => openStoreDatabase(database.connection.serialize())).toThrow(
      'the queue was written by a later version: schema 99',
    );
  });
});

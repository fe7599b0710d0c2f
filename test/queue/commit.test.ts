import { describe, expect, it } from 'vitest';
import { openStoreDatabase } from '../../src/queue/sqlite/store-database.js';
import type { ContentLocation, NewMessage, StoreInput } from '../../src/queue/store.js';
import {
  activityName,
  committedImage,
  incomingActivity,
  inserting,
  moment,
  newCopy,
  newMessage,
  openStore,
  sampleOctets,
  smallLimits,
} from './support/fixture.js';
import { SimulatedDisk } from './support/simulated-disk.js';

const inline = sampleOctets(40);
const large = sampleOctets(41);

const delivery = (id: string, mailbox = 'anna') => ({ id, mailbox, recipient: 0, to: 'S=Smith;G=Anna' });
const withContent = (octets: Uint8Array): Partial<NewMessage> => ({
  content: { kind: 'octets', octets },
  contentOctets: octets.length,
});
const transferred = (copy: string) => ({ changes: [{ type: 'copy.transferred' as const, copy }] });

describe('contents', () => {
  it('keeps a content of up to the inline limit in the record: no file is touched', () => {
    const disk = new SimulatedDisk();
    const { does } = openStore({ disk });
    const changesBefore = disk.changes;
    does('commit', inserting('m', withContent(inline)));
    expect(disk.changes).toBe(changesBefore);
    expect(does('content.read', { reference: 'message:m', offset: 0, length: 99 })).toEqual(inline);
  });

  it('keeps a content above the inline limit in a file, synced before the commit and removed with the message', () => {
    const disk = new SimulatedDisk();
    const { does } = openStore({ disk });
    does('commit', inserting('m', withContent(large)));
    expect([disk.files().includes('content/m'), disk.syncs]).toEqual([true, 1]);
    const [copy] = does('queue.claim', { connector: 'beta', count: 1, now: 0 }).copies;
    expect(copy?.contentInline).toBeUndefined();
    expect(does('content.read', { reference: copy?.content ?? '', offset: 30, length: 99 })).toEqual(large.slice(30));
    does('commit', transferred('m.c'));
    expect(disk.files().includes('content/m')).toBe(false);
  });

  it('fails to read a content that is not there or shorter than it was', () => {
    const disk = new SimulatedDisk();
    const { does, fails } = openStore({ disk });
    does('commit', inserting('m', withContent(large)));
    disk.truncate('content/m', 12);
    const read = (reference: string) => fails('content.read', { reference, offset: 0, length: 20 });
    expect([read('content/m'), read('content/other'), read('message:m2'), read('')]).toEqual([
      'input-output',
      'not-found',
      'not-found',
      'ok',
    ]);
  });

  for (const [what, octets] of [
    ['small', inline],
    ['large', sampleOctets(500)],
  ] as const) {
    it(`takes a ${what} submitted content that came in pieces`, () => {
      const disk = new SimulatedDisk();
      const { does, fails } = openStore({ disk });
      for (let i = 0; i < octets.length; i += 7)
        does('content.append', { reference: '1-5', octets: [octets.subarray(i, i + 7)] });
      expect(fails('commit', inserting('early', { content: { kind: 'stored', reference: '1-5' } }))).toBe('internal');
      expect(does('content.seal', { reference: '1-5' })).toEqual({ octets: octets.length });
      expect(fails('content.append', { reference: '1-5', octets: [inline] })).toBe('internal');
      does('commit', inserting('m', { content: { kind: 'stored', reference: '1-5' }, contentOctets: octets.length }));
      does('content.discard', { reference: '1-5' });
      const [copy] = does('queue.claim', { connector: 'beta', count: 1, now: 0 }).copies;
      expect(does('content.read', { reference: copy?.content ?? '', offset: 0, length: 999 })).toEqual(octets);
      expect(disk.files().length).toBe(what === 'small' ? 0 : 1);
    });
  }

  it('is durable with the commit that takes it also where it was sealed in the same breath', () => {
    const disk = new SimulatedDisk();
    const store = openStore({ disk });
    const octets = sampleOctets(500);
    const answers = store.core.run([
      { name: 'content.append', input: { reference: 'x', octets: [octets] } },
      { name: 'content.seal', input: { reference: 'x' } },
      { name: 'commit', input: inserting('m', { content: { kind: 'stored', reference: 'x' }, contentOctets: 500 }) },
    ]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(disk.syncs).toBe(1);
    const { does } = openStore({ disk: disk.powerLoss(() => 0), database: committedImage(store.database) });
    expect(does('content.read', { reference: 'content/x', offset: 0, length: 999 })).toEqual(octets);
  });

  it('is not taken where it could not be made durable', () => {
    const disk = new SimulatedDisk();
    const { core, does } = openStore({ disk });
    disk.failingSyncs.add('content/x');
    const answers = core.run([
      { name: 'content.append', input: { reference: 'x', octets: [sampleOctets(500)] } },
      { name: 'content.seal', input: { reference: 'x' } },
      { name: 'commit', input: inserting('m', { content: { kind: 'stored', reference: 'x' }, contentOctets: 500 }) },
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(does('counts', {}).messages).toBe(0);
  });

  it('shares a stored content between messages until the last of them goes', () => {
    const disk = new SimulatedDisk();
    const { does } = openStore({ disk });
    does('content.append', { reference: 'x', octets: [large] });
    does('content.seal', { reference: 'x' });
    const content = { kind: 'stored' as const, reference: 'x' };
    does('commit', { changes: [...inserting('a', { content }).changes, ...inserting('b', { content }).changes] });
    does('commit', transferred('a.c'));
    expect(does('content.read', { reference: 'content/x', offset: 0, length: 99 })).toEqual(large);
    does('commit', transferred('b.c'));
    expect(disk.files()).toEqual([]);
  });

  it('forgets a content that is discarded, and all that nobody took when it starts anew', () => {
    const disk = new SimulatedDisk();
    const { does, fails } = openStore({ disk });
    for (const reference of ['x', 'y']) does('content.append', { reference, octets: [sampleOctets(100)] });
    does('content.discard', { reference: 'x' });
    expect(disk.files()).toEqual(['content/y']);
    expect(fails('content.seal', { reference: 'x' })).toBe('not-found');
    does('sweep', { now: 0, completedBefore: 0 });
    expect(disk.files()).toEqual(['content/y']);
    openStore({ disk });
    expect(disk.files()).toEqual([]);
  });

  it('refuses new incoming APDUs and submissions below the disk reserve, small ones too, and lets running ones and reports of ours in', () => {
    const disk = new SimulatedDisk();
    disk.spaceOctets = 10_000;
    const { does, fails } = openStore({ disk });
    does('incoming.start', incomingActivity('1-1'));
    does('content.append', { reference: 'x', octets: [inline] });
    disk.reserveOctets = 10_000;
    expect(fails('incoming.start', incomingActivity('1-2'))).toBe('disk-full');
    expect(fails('content.append', { reference: 'y', octets: [inline] })).toBe('disk-full');
    expect(fails('commit', inserting('m'))).toBe('disk-full');
    does('commit', inserting('r', { kind: 'report', content: { kind: 'none' }, contentOctets: 0 }));
    does('content.append', { reference: 'x', octets: [large] });
    does('incoming.append', { id: '1-1', octets: [large] });
    does('incoming.secure', { id: '1-1', serialNumber: 1, offset: large.length });
  });
});

describe('a queue that holds as many octets as it may', () => {
  const limits = { ...smallLimits, queueOctetsMax: 100 };
  const copies = [{ id: 'c1', connector: 'beta', recipients: [0], notBefore: 0 }];
  const holding = (octets: number): StoreInput<'commit'> =>
    inserting('m1', { copies, contentOctets: octets, content: { kind: 'octets', octets: new Uint8Array(octets) } });

  it('begins nothing new, lets what is under way end, and takes more once a message has left', () => {
    const { does, fails } = openStore({ limits });
    does('incoming.start', incomingActivity('1-1'));
    does('commit', holding(100));
    expect(does('counts', {}).octets).toBe(100);
    expect(fails('incoming.start', incomingActivity('1-2'))).toBe('disk-full');
    expect(fails('content.append', { reference: 'x', octets: [inline] })).toBe('disk-full');
    expect(fails('commit', inserting('m2'))).toBe('disk-full');
    does('incoming.append', { id: '1-1', octets: [inline] });
    does('commit', { changes: [{ type: 'copy.transferred', copy: 'c1' }] });
    expect(does('counts', {}).octets).toBe(0);
    does('incoming.start', incomingActivity('1-2'));
  });

  it('takes more with one octet less, and counts anew at a start', () => {
    const { does, database } = openStore({ limits });
    does('commit', holding(99));
    does('incoming.start', incomingActivity('1-1'));
    const again = openStore({ limits, database: openStoreDatabase(database.connection.serialize()) });
    expect(again.opened.counts.octets).toBe(99);
  });

  it('does not count what lies in mailboxes only, nor what was taken back', () => {
    const { does, fails } = openStore({ limits });
    const deliveries = [{ id: 'd1', mailbox: 'bob', recipient: 0, to: 'S=One' }];
    does('commit', inserting('m2', { copies: [], deliveries, contentOctets: 500 }));
    expect(does('counts', {}).octets).toBe(0);
    expect(fails('commit', { changes: [...holding(90).changes, { type: 'copy.held', copy: 'none' }] })).toBe(
      'not-found',
    );
    expect(does('counts', {}).octets).toBe(0);
  });
});

describe('taking over an incoming APDU', () => {
  const take = (id: string, location: ContentLocation): Partial<NewMessage> => ({
    content: { kind: 'incoming', id, location },
    contentOctets: location.octets,
  });
  const located = (...runs: readonly (readonly [number, number])[]): ContentLocation => ({
    runs: runs.map(([offset, length]) => ({ offset, length })),
    octets: runs.reduce((sum, [, length]) => sum + length, 0),
  });

  it('costs no file where the APDU is small and was never secured', () => {
    const disk = new SimulatedDisk();
    const { does } = openStore({ disk });
    const apdu = sampleOctets(50);
    does('incoming.start', incomingActivity('1-1'));
    does('incoming.append', { id: '1-1', octets: [apdu] });
    does('commit', inserting('m', take('1-1', located([15, 35]))));
    expect([disk.changes, disk.files()]).toEqual([0, []]);
    expect(does('content.read', { reference: 'message:m', offset: 0, length: 99 })).toEqual(apdu.slice(15));
  });

  it('makes the file of a large APDU the content’s', () => {
    const disk = new SimulatedDisk();
    const { database, does } = openStore({ disk });
    const apdu = sampleOctets(700);
    does('incoming.start', incomingActivity('1-1'));
    for (let i = 0; i < 700; i += 50) {
      does('incoming.append', { id: '1-1', octets: [apdu.subarray(i, i + 50)] });
      if (i % 100 === 0) does('incoming.secure', { id: '1-1', serialNumber: 1 + i / 100, offset: i + 50 });
    }
    does('commit', inserting('m', take('1-1', located([20, 600]))));
    expect(disk.files()).toEqual(['incoming/1-1']);
    const read = (offset: number, length: number) =>
      does('content.read', { reference: 'incoming/1-1', offset, length });
    expect(read(0, 999)).toEqual(apdu.slice(20, 620));
    expect(read(133, 222)).toEqual(apdu.slice(153, 375));
    const reopened = openStore({ disk: disk.powerLoss(() => 0.9), database: committedImage(database) });
    expect(reopened.opened.incoming).toEqual([]);
    expect(reopened.does('content.read', { reference: 'incoming/1-1', offset: 77, length: 400 })).toEqual(
      apdu.slice(97, 497),
    );
    reopened.does('commit', transferred('m.c'));
    expect(reopened.fails('content.read', { reference: 'incoming/1-1', offset: 0, length: 1 })).toBe('not-found');
  });

  it('joins a content that came in several runs in a file of its own', () => {
    const disk = new SimulatedDisk();
    const { does } = openStore({ disk });
    const apdu = sampleOctets(400);
    does('incoming.start', incomingActivity('1-1'));
    does('incoming.append', { id: '1-1', octets: [apdu] });
    does('commit', inserting('m', take('1-1', located([5, 90], [100, 1], [120, 200]))));
    expect(disk.files()).toEqual(['content/m']);
    const expected = [...apdu.slice(5, 95), ...apdu.slice(100, 101), ...apdu.slice(120, 320)];
    expect([...does('content.read', { reference: 'content/m', offset: 0, length: 999 })]).toEqual(expected);
  });

  it('leaves the APDU as it was where the commit fails', () => {
    const { does, fails } = openStore();
    does('incoming.start', incomingActivity('1-1'));
    does('incoming.append', { id: '1-1', octets: [sampleOctets(500)] });
    does('commit', inserting('m'));
    const message = newMessage('m', take('1-1', located([3, 497])));
    expect(fails('commit', { changes: [{ type: 'message.insert', message }] })).toBe('internal');
    does('commit', {
      changes: [{ type: 'message.insert', message: { ...message, id: 'n', copies: [newCopy('n.c')] } }],
    });
    expect(does('content.read', { reference: 'incoming/1-1', offset: 0, length: 999 })).toEqual(
      sampleOctets(500).slice(3),
    );
  });
});

describe('messages', () => {
  it('go with their last copy and delivery, and not before', () => {
    const disk = new SimulatedDisk();
    const { does } = openStore({ disk });
    does(
      'commit',
      inserting('m', { ...withContent(large), copies: [newCopy('c1'), newCopy('c2')], deliveries: [delivery('d1')] }),
    );
    does('commit', transferred('c1'));
    does('commit', { changes: [{ type: 'copy.failed', copy: 'c2' }] });
    expect(does('counts', {})).toEqual({ connectors: {}, messages: 0, octets: 0, delivered: 1, quarantined: 0 });
    expect(disk.files()).toEqual(['content/m']);
    does('commit', { changes: [{ type: 'delivery.removed', mailbox: 'anna', delivery: 'd1' }] });
    expect(does('counts', {})).toEqual({ connectors: {}, messages: 0, octets: 0, delivered: 0, quarantined: 0 });
    expect(disk.files()).toEqual([]);
    does('commit', inserting('m', { copies: [newCopy('c1')] }));
  });

  it('leave nothing behind where they have neither copies nor deliveries, but are remembered', () => {
    const disk = new SimulatedDisk();
    const { does } = openStore({ disk });
    const nobody = { ...withContent(large), copies: [], duplicateKeys: ['k'] };
    expect(does('commit', inserting('m', nobody))).toEqual({ result: 'committed' });
    expect(disk.files()).toEqual([]);
    expect(does('commit', inserting('m', nobody))).toEqual({ result: 'duplicate', keys: ['k'] });
  });

  it('lie in mailboxes in the order of their delivery, reports with their subject’s identifier', () => {
    const { does, fails } = openStore();
    does('commit', inserting('m', { copies: [], deliveries: [delivery('2-9'), delivery('2-10', 'bob')] }));
    const report = {
      kind: 'report' as const,
      content: { kind: 'none' as const },
      contentOctets: 0,
      contentType: '',
      subjectIdentifier: '[its subject]',
    };
    does('commit', inserting('r', { ...report, copies: [], deliveries: [delivery('2-11')], arrivedAt: 2000 }));
    expect(does('mailbox.list', { mailbox: 'anna' })).toEqual([
      {
        id: '2-9',
        kind: 'message',
        mtsIdentifier: '[/C=GB/;m]',
        from: 'S=Smith',
        to: 'S=Smith;G=Anna',
        subject: 'On checkpoints',
        contentType: '22',
        sizeOctets: 10,
        deliveredAt: 1000,
      },
      expect.objectContaining({
        id: '2-11',
        kind: 'report',
        subjectIdentifier: '[its subject]',
        sizeOctets: 0,
        deliveredAt: 2000,
      }),
    ]);
    expect(does('mailbox.get', { mailbox: 'bob', id: '2-10' })).toMatchObject({
      envelope: sampleOctets(30),
      content: 'message:m',
      contentOctets: 10,
    });
    expect(does('mailbox.get', { mailbox: 'bob', id: '2-9' })).toBeUndefined();
    expect(fails('commit', { changes: [{ type: 'delivery.removed', mailbox: 'bob', delivery: '2-9' }] })).toBe(
      'not-found',
    );
  });

  it('may lose a copy twice: what is gone is gone', () => {
    const { does } = openStore();
    does('commit', inserting('m'));
    does('commit', transferred('m.c'));
    expect(does('commit', transferred('m.c'))).toEqual({ result: 'committed' });
  });
});

describe('duplicates', () => {
  it('are recognised by any of their keys, and change nothing', () => {
    const { does } = openStore();
    does('commit', inserting('m', { duplicateKeys: ['id#1', 'id#2'] }));
    const again = {
      changes: [...inserting('other').changes, ...inserting('m2', { duplicateKeys: ['id#3', 'id#2'] }).changes],
    };
    expect(does('commit', again)).toEqual({ result: 'duplicate', keys: ['id#2'] });
    expect(does('queue.list', { limit: 9 }).map(({ copy }) => copy)).toEqual(['m.c']);
    expect(does('commit', inserting('m3', { duplicateKeys: ['id#3'] }))).toEqual({ result: 'committed' });
  });

  it('are recognised up to the end of the retention, also after a restart', () => {
    const disk = new SimulatedDisk();
    const first = openStore({ disk, duplicateRetentionSeconds: 60 });
    first.does('commit', inserting('m', { duplicateKeys: ['k'], arrivedAt: 1000 }));
    const { does } = openStore({ disk, database: committedImage(first.database), duplicateRetentionSeconds: 60 });
    expect(does('commit', inserting('n', { duplicateKeys: ['k'], arrivedAt: 60_999 }))).toEqual({
      result: 'duplicate',
      keys: ['k'],
    });
    expect(does('commit', inserting('n', { duplicateKeys: ['k'], arrivedAt: 61_000 }))).toEqual({
      result: 'committed',
    });
    expect(does('commit', inserting('o', { duplicateKeys: ['k'], arrivedAt: 100_000 }))).toMatchObject({
      result: 'duplicate',
    });
  });

  it('are forgotten by a sweep past the retention, not before', () => {
    const { database, does } = openStore({ duplicateRetentionSeconds: 60 });
    const keys = database.connection.prepare('SELECT key FROM duplicate_key ORDER BY key').pluck();
    does('commit', inserting('m', { duplicateKeys: ['a'], arrivedAt: 1000 }));
    does('commit', inserting('n', { duplicateKeys: ['b'], arrivedAt: 2000 }));
    does('sweep', { now: 60_999, completedBefore: 0 });
    expect(keys.all()).toEqual(['a', 'b']);
    does('sweep', { now: 61_000, completedBefore: 0 });
    expect(keys.all()).toEqual(['b']);
  });
});

describe('completed activities', () => {
  it('are told to one who would resume them until they are swept', () => {
    const { does } = openStore();
    does('commit', { changes: [{ type: 'activity.completed', activity: activityName(), at: moment(5000) }] });
    const resume = () => does('incoming.resume', { activity: activityName(), serialNumber: 3 });
    does('sweep', { now: 5000, completedBefore: 5000 });
    expect(resume()).toEqual({ completed: true });
    does('sweep', { now: 5001, completedBefore: 5001 });
    expect(resume()).toBeUndefined();
  });

  it('make the session connection known on which they began, to the connector that brought them', () => {
    const { does } = openStore();
    does('commit', { changes: [{ type: 'activity.completed', activity: activityName(), at: moment(5000) }] });
    const completed = (connectors: readonly string[], sessionConnection = '00ff') =>
      does('incoming.completed', { connectors, sessionConnection });
    expect(completed(['alpha', 'beta'])).toBe('beta');
    expect(completed(['alpha', 'bet'])).toBeUndefined();
    expect([completed(['beta'], '00f'), completed(['beta'], '00ffa')]).toEqual([undefined, undefined]);
  });
});

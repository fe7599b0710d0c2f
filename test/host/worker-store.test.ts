import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concatOctets, equalOctets } from '../../src/bytes/octets.js';
import { startWorkerStore, type WorkerStore } from '../../src/host/worker-store.js';
import type { StoreInput, StoreOperationName, StoreOutput } from '../../src/queue/store.js';
import { incomingActivity, inserting, sampleOctets } from '../queue/support/fixture.js';

let dataDirectory = '';
let running: WorkerStore[] = [];

beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'mta-store-'));
});

afterEach(async () => {
  await Promise.all(running.map((store) => store.terminate()));
  running = [];
  rmSync(dataDirectory, { recursive: true });
});

async function start(): Promise<WorkerStore> {
  const store = await startWorkerStore({ dataDirectory });
  running.push(store);
  return store;
}

function ask<Name extends StoreOperationName>(
  store: WorkerStore,
  name: Name,
  input: StoreInput<Name>,
): Promise<StoreOutput<Name>> {
  return new Promise((resolve, reject) => {
    store.execute(name, input, (answer) => {
      if (answer.ok) resolve(answer.value);
      else reject(new Error(`${answer.failure.code}: ${answer.failure.text}`));
    });
  });
}

const retention = { duplicateRetentionSeconds: 1000 };

describe('the store in its thread', () => {
  it('answers after `execute` has returned, in order, many at once', async () => {
    const store = await start();
    const log: string[] = [];
    const opened = ask(store, 'open', retention).then(() => log.push('opened'));
    const commits = Array.from({ length: 50 }, (_, i) => {
      return ask(store, 'commit', inserting(`m${String(i)}`)).then(() => log.push(`m${String(i)}`));
    });
    expect(log).toEqual([]);
    await Promise.all([opened, ...commits]);
    expect(log).toEqual(['opened', ...Array.from({ length: 50 }, (_, i) => `m${String(i)}`)]);
    expect((await ask(store, 'counts', {})).messages).toBe(50);
  });

  it('passes octets in bulk unchanged, and takes none from the one who gives them', async () => {
    const store = await start();
    await ask(store, 'open', retention);
    await ask(store, 'incoming.start', incomingActivity('1-1'));
    const socketChunk = sampleOctets(65_536);
    const before = socketChunk.slice();
    const pieces = [socketChunk.subarray(7, 30_000), socketChunk.subarray(30_004)];
    let apdu: Uint8Array = new Uint8Array(0);
    for (let serialNumber = 1; serialNumber <= 5; serialNumber++) {
      apdu = concatOctets(apdu, ...pieces);
      void ask(store, 'incoming.append', { id: '1-1', octets: pieces });
      await ask(store, 'incoming.secure', { id: '1-1', serialNumber, offset: apdu.length });
    }
    const envelope = socketChunk.subarray(100, 140);
    const location = { runs: [{ offset: 11, length: apdu.length - 11 }], octets: apdu.length - 11 };
    const content = { kind: 'incoming' as const, id: '1-1', location };
    await ask(store, 'commit', inserting('m', { content, envelope, contentOctets: location.octets }));
    expect(equalOctets(socketChunk, before)).toBe(true);
    const { copies } = await ask(store, 'queue.claim', { connector: 'beta', count: 1, now: 0 });
    expect(copies[0]?.envelope).toEqual(envelope);
    const reference = copies[0]?.content ?? '';
    const reads: Uint8Array[] = [];
    for (let offset = 0; offset < location.octets; offset += 50_000) {
      reads.push(await ask(store, 'content.read', { reference, offset, length: 50_000 }));
    }
    expect(equalOctets(concatOctets(...reads), apdu.subarray(11))).toBe(true);
  });

  it('refuses a data directory that another store has, and takes over one whose store is gone', async () => {
    const first = await start();
    await ask(first, 'open', retention);
    const second = await start();
    await expect(ask(second, 'open', retention)).rejects.toThrow('in-use');
    await first.terminate();
    const third = await start();
    expect((await ask(third, 'open', retention)).incarnation).toBe(2);
  });

  it('refuses a data directory that a store of another process has', async () => {
    const store = await start();
    await ask(store, 'open', retention);
    const { status, stderr } = spawnSync(process.execPath, [doomedStore, dataDirectory, '0'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('SQLITE_BUSY');
  });

  it('lets nobody else read its files', async () => {
    const store = await start();
    await ask(store, 'open', retention);
    await ask(store, 'commit', inserting('m', { content: { kind: 'octets', octets: sampleOctets(100_000) } }));
    const files = ['queue.sqlite', 'queue.sqlite-wal', 'content/m'];
    expect(files.map((file) => statSync(join(dataDirectory, file)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  it('answers with the trouble what its thread takes with it', async () => {
    const store = await start();
    await ask(store, 'open', retention);
    const pending = ask(store, 'commit', inserting('m'));
    await store.terminate();
    await expect(pending).rejects.toThrow('input-output');
    await expect(ask(store, 'counts', {})).rejects.toThrow('input-output');
  });
});

const doomedStore = new URL('support/doomed-store.mjs', import.meta.url).pathname;

type Told =
  | { readonly committed: string; readonly octets: number; readonly seed: number }
  | { readonly secured: string; readonly serialNumber: number; readonly offset: number; readonly seed: number }
  | { readonly transferring: string }
  | { readonly transferred: string }
  | { readonly confirmed: string; readonly serialNumber: number };

/** What the process was answered before it died. */
function dieAt(step: number): readonly Told[] {
  const { signal, stdout, stderr } = spawnSync(process.execPath, [doomedStore, dataDirectory, String(step)], {
    encoding: 'utf8',
  });
  expect([signal, stderr]).toEqual(['SIGKILL', '']);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told);
}

describe('a store whose process is killed', () => {
  for (const step of [1, 3, 5, 12, 14, 15, 17, 20, 22, 41]) {
    it(`keeps at step ${String(step)} what it had answered for`, async () => {
      const told = dieAt(step);
      const store = await start();
      const opened = await ask(store, 'open', retention);
      const transferred = new Set(told.flatMap((event) => ('transferred' in event ? [event.transferred] : [])));
      const doubtful = new Set(told.flatMap((event) => ('transferring' in event ? [event.transferring] : [])));
      for (const event of told) {
        if (!('committed' in event) || doubtful.has(event.committed)) continue;
        const [entry] = await ask(store, 'queue.show', { identifier: event.committed });
        expect(entry).toMatchObject({ message: event.committed, sizeOctets: event.octets });
        const reference = event.octets > 65_536 ? `incoming/${event.committed}` : `message:${event.committed}`;
        const octets = await ask(store, 'content.read', { reference, offset: 0, length: event.octets });
        expect(equalOctets(octets, sampleOctets(event.octets, event.seed))).toBe(true);
      }
      for (const id of transferred) expect(await ask(store, 'queue.show', { identifier: id })).toEqual([]);
      const lastSecured = told.findLast((event) => 'secured' in event);
      if (lastSecured !== undefined) await completes(store, lastSecured);
      const confirmed = told.findLast((event) => 'confirmed' in event);
      if (confirmed === undefined) return;
      const kept = opened.outgoing.find(({ copy }) => copy === confirmed.confirmed);
      expect(kept?.serialNumber).toBeGreaterThanOrEqual(confirmed.serialNumber);
    });
  }

  /** The sender goes on behind the checkpoint, unless it is told that the message has been taken. */
  async function completes(store: WorkerStore, checkpoint: Extract<Told, { secured: string }>): Promise<void> {
    const { secured, serialNumber, offset, seed } = checkpoint;
    const activity = { connector: 'beta', sessionConnection: 'aa', activityIdentifier: secured };
    const found = await ask(store, 'incoming.resume', { activity, serialNumber });
    if (found !== undefined && 'completed' in found) return;
    expect(found).toEqual({ id: secured, offset });
    const apdu = sampleOctets(200_000, seed);
    await ask(store, 'incoming.append', { id: secured, octets: [apdu.subarray(offset)] });
    const location = { runs: [{ offset: 0, length: apdu.length }], octets: apdu.length };
    const content = { kind: 'incoming' as const, id: secured, location };
    await ask(store, 'commit', inserting(secured, { content, contentOctets: apdu.length, duplicateKeys: [secured] }));
    const octets = await ask(store, 'content.read', { reference: `incoming/${secured}`, offset: 0, length: 200_000 });
    expect(equalOctets(octets, apdu)).toBe(true);
  }
});

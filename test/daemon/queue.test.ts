import { afterEach, describe, expect, it } from 'vitest';
import type { StatusReport } from '../../src/engine/status.js';
import { eventually, mta, mtaJson, Neighbourhood, testMilliseconds, type Daemon } from './daemons.js';
import { anna, bob } from './sites.js';

interface QueueRow {
  readonly copy: string;
  readonly mtsIdentifier: string;
  readonly connector: string;
  readonly state: string;
  readonly priority: string;
  readonly originator: string;
  readonly recipients: readonly string[];
}

const place = new Neighbourhood();

afterEach(async () => {
  await place.close();
});

describe('the queue', { timeout: testMilliseconds }, () => {
  it('is listed, held, released, tried and emptied message by message', async () => {
    const sites = await place.sites();
    const alpha = await place.start(sites.alpha);
    const at = ['--site', sites.alpha.path];
    const queue = (...words: readonly string[]) => mta(['queue', ...words, ...at]);
    const rows = () => mtaJson<QueueRow[]>(['queue', 'ls', ...at]);
    const submit = ['submit', ...at, '--from', anna, '--to', bob, '--text', '/dev/null'];
    for (const priority of ['urgent', 'normal', 'normal']) {
      expect((await mta([...submit, '--priority', priority])).code).toBe(0);
    }
    const waiting = mta([...submit, '--priority', 'non-urgent', '--wait']);
    const listed = await eventually('four messages', async () => {
      const found = await rows();
      return found.length === 4 ? found : undefined;
    });
    expect(listed.map(({ priority }) => priority).sort()).toEqual(['non-urgent', 'normal', 'normal', 'urgent']);
    const [held, removed] = listed
      .filter(({ priority }) => priority === 'normal')
      .map(({ mtsIdentifier }) => mtsIdentifier);
    const awaited = listed.find(({ priority }) => priority === 'non-urgent')?.mtsIdentifier;
    if (held === undefined || removed === undefined || awaited === undefined) throw new Error('no such messages');

    const [shown] = await mtaJson<QueueRow[]>(['queue', 'show', held, ...at]);
    expect(shown).toMatchObject({ mtsIdentifier: held, connector: 'beta', originator: anna, recipients: [bob] });
    expect((await queue('hold', held)).stdout).toBe('hold: 1 changed\n');
    expect((await rows()).find(({ mtsIdentifier }) => mtsIdentifier === held)?.state).toBe('held');
    expect((await queue('rm', removed)).code).toBe(0);
    expect((await queue('rm', awaited)).code).toBe(0);
    expect(await waiting).toMatchObject({ code: 1, stderr: expect.stringContaining('removed') as string });
    expect((await rows()).length).toBe(2);
    const gone = await queue('retry', removed);
    expect([gone.code, gone.stderr]).toEqual([1, `mta: nothing in the queue is named ${removed}\n`]);
    const status = await mtaJson<StatusReport & { readonly queue: object }>(['status', ...at]);
    expect(status.connectors[0]).toMatchObject({ state: 'waiting', queued: 2 });
    expect(status.queue).toMatchObject({ held: 1, messages: 2 });
    expect((await queue('ls')).stdout).toMatch(/^COPY +CONNECTOR +STATE +PRIORITY/);

    const beta = await place.start(sites.beta);
    const urgent = listed.find(({ priority }) => priority === 'urgent')?.mtsIdentifier ?? '';
    expect((await queue('retry', urgent)).code).toBe(0);
    expect((await beta.delivered('bob', 1)).map(({ mtsIdentifier }) => mtsIdentifier)).toEqual([urgent]);
    expect((await rows()).map(({ mtsIdentifier }) => mtsIdentifier)).toEqual([held]);
    expect((await queue('release', held)).code).toBe(0);
    expect((await beta.delivered('bob', 2)).map(({ mtsIdentifier }) => mtsIdentifier)).toEqual([urgent, held]);
    expect((await queue('ls')).stdout).toBe('nothing is queued\n');
    await settled(alpha);
  });
});

async function settled(alpha: Daemon): Promise<void> {
  const queued = await eventually('an empty queue', async () => {
    const [connector] = (await alpha.status()).connectors;
    return connector?.queued === 0 ? connector.queued : undefined;
  });
  expect(queued).toBe(0);
}

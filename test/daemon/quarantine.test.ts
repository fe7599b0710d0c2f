import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { callAdmin, readText } from '../../src/admin/client.js';
import { metricsPath } from '../../src/admin/protocol.js';
import type { ListedQuarantineEntry } from '../../src/admin/quarantine.js';
import { eventually, mta, mtaJson, Neighbourhood, testMilliseconds } from './daemons.js';
import { anna, bob } from './sites.js';

const place = new Neighbourhood();

afterEach(async () => {
  await place.close();
});

describe('poison in the queue', { timeout: testMilliseconds }, () => {
  it('found after a start is put aside, blocks nothing, and is listed, shown, exported, released and removed', async () => {
    const sites = await place.sites({ both: { connector: { override: { retry: { openIntervalSeconds: 1 } } } } });
    const at = ['--site', sites.alpha.path];
    const first = await place.start(sites.alpha);
    const submitted: string[] = [];
    for (let i = 0; i < 3; i++) {
      const words = ['submit', ...at, '--from', anna, '--to', bob, '--subject', `number ${String(i)}`, '--text', '-'];
      submitted.push((await mtaJson<{ mtsIdentifier: string }>(words, 'text')).mtsIdentifier);
    }
    await first.end('SIGKILL');
    const database = new Sqlite(join(sites.alpha.dataDirectory, 'queue.sqlite'));
    const spoil = database.prepare('UPDATE message SET envelope = ? WHERE mts_identifier = ?');
    spoil.run(Buffer.from('3103800101', 'hex'), submitted[0]);
    database
      .prepare(
        `UPDATE copy SET recipients = '{}' WHERE message = (SELECT sequence FROM message WHERE mts_identifier = ?)`,
      )
      .run(submitted[1]);
    database.close();

    const alpha = await place.start(sites.alpha);
    const beta = await place.start(sites.beta);
    expect((await beta.delivered('bob', 1)).map(({ mtsIdentifier }) => mtsIdentifier)).toEqual([submitted[2]]);
    const entries = await eventually('two entries', async () => {
      const found = await mtaJson<ListedQuarantineEntry[]>(['quarantine', 'ls', ...at]);
      return found.length === 2 ? found : undefined;
    });
    expect(alpha.events('message.quarantined').map(({ answer, connector }) => [answer, connector])).toEqual([
      ['none', 'beta'],
      ['none', 'beta'],
    ]);
    expect(await mtaJson(['queue', 'ls', ...at])).toEqual([]);
    expect((await alpha.status()).connectors[0]?.queued).toBe(0);
    const status = await mtaJson<{ readonly queue: object }>(['status', ...at]);
    expect(status.queue).toMatchObject({ quarantined: 2 });
    const metrics = await readText(await callAdmin({ socket: sites.alpha.socket, method: 'GET', path: metricsPath }));
    expect(metrics).toContain('mta_quarantine_entries 2');
    expect(metrics).toContain('mta_events_total{event="message.quarantined",connector="beta"} 2');

    const spoilt = entries.find(({ mtsIdentifier }) => mtsIdentifier === submitted[0]);
    expect(spoilt).toMatchObject({ kind: 'copy', connector: 'beta', answer: 'none' });
    const id = spoilt?.id ?? '';
    expect(await mtaJson(['quarantine', 'show', id, ...at])).toEqual(spoilt);
    const out = join(place.folder, 'poison.ber');
    expect(await mtaJson(['quarantine', 'export', id, ...at, '--out', out])).toEqual({
      path: out,
      octets: spoilt?.octets,
    });
    expect(readFileSync(out)[0]).toBe(0xa0);
    const still = await mta(['quarantine', 'release', id, ...at]);
    expect([still.code, still.stderr]).toEqual([1, expect.stringContaining('still')]);
    expect((await mta(['quarantine', 'rm', id, ...at])).stdout).toBe(`${id}: removed\n`);
    expect((await mta(['quarantine', 'rm', id, ...at])).code).toBe(1);

    const [whole] = await mtaJson<ListedQuarantineEntry[]>(['quarantine', 'ls', ...at]);
    expect((await mta(['quarantine', 'ls', ...at])).stdout).toMatch(/^ID +KIND +SINCE/);
    expect(await mtaJson(['quarantine', 'release', whole?.id ?? '', ...at])).toEqual({
      result: 'released',
      mtsIdentifier: submitted[1],
    });
    const rows = await beta.delivered('bob', 2);
    expect(rows.map(({ mtsIdentifier }) => mtsIdentifier)).toEqual([submitted[2], submitted[1]]);
    expect((await mta(['quarantine', 'ls', ...at])).stdout).toBe('the quarantine is empty\n');
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { mta, mtaJson, Neighbourhood, testMilliseconds, type Daemon } from './daemons.js';
import { anna, bob } from './sites.js';
import { callAdminJson } from '../../src/admin/client.js';
import { reloadPath } from '../../src/admin/protocol.js';
import type { StatusReport } from '../../src/engine/status.js';

let place = new Neighbourhood();

afterEach(async () => {
  await place.close();
  place = new Neighbourhood();
});

const send = (from: Daemon, octets: number) =>
  mta([
    ...['load', '--site', from.site.path, '--from', anna, '--to', bob],
    ...['--count', '1', '--size', String(octets)],
  ]);

const rts = (values: object) => ({ connector: { override: { rts: values } } });

describe('values that differ at the two ends', { timeout: testMilliseconds }, () => {
  it('are negotiated, alarmed at both ends, shown in the status of a transfer, and kept to', async () => {
    const sites = await place.sites({ way: 'link', alpha: rts({ checkpointSizeK: 5, windowSize: 3 }) });
    const link = await place.link(sites.beta, 200_000);
    const [alpha, beta] = await Promise.all([place.start(sites.alpha), place.start(sites.beta)]);
    await send(alpha, 1_000_000);
    await alpha.association(({ checkpoint }) => checkpoint.confirmed > 3);
    // A line that stands still: every checkpoint that may be outstanding is.
    link.setRate(0);
    await alpha.association(({ window }) => window.inUse === window.size);

    const status = await mtaJson<StatusReport>(['status', '--site', alpha.site.path]);
    const [association] = status.associations;
    expect(association).toMatchObject({
      connector: 'beta',
      direction: 'outgoing',
      state: 'sending',
      mode: 'normal',
      p1: '1988',
      dialogue: 'monologue',
      turn: 'ours',
      rts: {
        configured: { checkpointSizeK: 5, windowSize: 3 },
        negotiated: { checkpointSizeK: 5, windowSize: 3 },
        recoveryTimeoutSeconds: 60,
      },
      window: { inUse: 3, size: 3 },
      recovery: null,
    });
    const { checkpoint, octets } = association ?? { checkpoint: undefined, octets: undefined };
    expect((checkpoint?.sent ?? 0) - (checkpoint?.confirmed ?? 0)).toBe(3);
    expect(octets?.confirmed).toBe((checkpoint?.confirmed ?? 0) * 5 * 1024);
    expect(octets?.sent).toBeGreaterThanOrEqual((checkpoint?.sent ?? 0) * 5 * 1024);
    expect(octets?.resent).toBe(0);
    expect(status.connectors).toEqual([
      expect.objectContaining({ name: 'beta', state: 'active', queued: 1, octetsResent: 0, lastError: '' }),
    ]);

    const atBeta = await beta.association(({ state }) => state === 'receiving');
    expect(atBeta).toMatchObject({
      direction: 'incoming',
      turn: 'peer',
      rts: {
        configured: { checkpointSizeK: 30, windowSize: 5 },
        negotiated: { checkpointSizeK: 5, windowSize: 3 },
      },
    });
    const mismatches = (daemon: Daemon) =>
      daemon.events('rts.mismatch').map(({ field, ours, theirs }) => [field, ours, theirs]);
    expect(mismatches(beta)).toEqual([
      ['checkpointSizeK', 30, 5],
      ['windowSize', 5, 3],
    ]);
    expect(beta.events('association.opened')[0]).toMatchObject({
      configuredCheckpointSizeK: 30,
      negotiatedCheckpointSizeK: 5,
      configuredWindowSize: 5,
      negotiatedWindowSize: 3,
    });
    const table = await mta(['status', '--site', beta.site.path]);
    expect(table.stdout).toMatch(/receiving +peer +30K\/5 +5K\/3/);
    link.setRate(Infinity);
    await beta.delivered('bob', 1);
  });

  it('are alarmed at the proposing end too, when the answer is lower', async () => {
    const { alpha, beta } = await place.pair({ beta: rts({ checkpointSizeK: 10, windowSize: 2 }) });
    await send(alpha, 100);
    await beta.delivered('bob', 1);
    const said = (daemon: Daemon) =>
      daemon.events('rts.mismatch').map(({ field, ours, theirs }) => [field, ours, theirs]);
    expect(said(alpha)).toEqual([
      ['checkpointSizeK', 30, 10],
      ['windowSize', 5, 2],
    ]);
    expect(said(beta)).toEqual([
      ['checkpointSizeK', 10, 30],
      ['windowSize', 2, 5],
    ]);
    expect((await alpha.status()).connectors[0]?.mismatches).toBe(2);
  });
});

describe('a changed site file', { timeout: testMilliseconds }, () => {
  it('is applied by reload and by SIGHUP from the next association on; one with errors changes nothing', async () => {
    const association = { lifetimeSeconds: 1 };
    const withRts = (values: object) => ({ connector: { override: { association, rts: values } } });
    const { alpha, beta } = await place.pair({ both: withRts({ checkpointSizeK: 30 }) });
    const sizes = () => alpha.events('association.opened').map((line) => line['negotiatedCheckpointSizeK']);
    const exchange = async (count: number): Promise<void> => {
      await send(alpha, 100);
      await beta.delivered('bob', count);
    };
    await exchange(1);
    expect(sizes()).toEqual([30]);

    alpha.site.write(withRts({ checkpointSizeK: 20 }));
    const reload = await mta(['reload', '--site', alpha.site.path]);
    expect([reload.code, reload.stdout]).toEqual([
      0,
      'connectors.beta.rts.checkpointSizeK: 30 -> 20 (from the next association on)\n',
    ]);
    await alpha.until('association.closed');
    await exchange(2);
    expect(sizes()).toEqual([30, 20]);

    alpha.site.write(withRts({ checkpointSizeK: 10 }));
    alpha.signal('SIGHUP');
    await alpha.until('reloaded', (line) => String(line['changes']).includes('20 -> 10'));
    await alpha.until('association.closed', () => alpha.events('association.closed').length === 2);
    await exchange(3);
    expect(sizes()).toEqual([30, 20, 10]);

    const good = readFileSync(alpha.site.path, 'utf8');
    alpha.site.write(withRts({ checkpointSizeK: -1, windowSize: 7 }));
    const refused = await mta(['reload', '--site', alpha.site.path]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('checkpointSizeK');
    const asked = callAdminJson({ socket: alpha.site.socket, method: 'POST', path: reloadPath });
    await expect(asked).rejects.toThrow('checkpointSizeK');
    alpha.signal('SIGHUP');
    await alpha.until('reload.refused', () => alpha.events('reload.refused').length === 2);
    writeFileSync(alpha.site.path, good);
    await alpha.until('association.closed', () => alpha.events('association.closed').length === 3);
    await exchange(4);
    expect(sizes()).toEqual([30, 20, 10, 10]);
    expect(alpha.events('association.opened').map((line) => line['negotiatedWindowSize'])).toEqual([5, 5, 5, 5]);
  });
});

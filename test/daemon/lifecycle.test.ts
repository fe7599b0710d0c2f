import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../src/demo/sites.js';
import { eventually, mta, mtaJson, Neighbourhood, testMilliseconds } from './daemons.js';
import { anna } from './sites.js';

let place = new Neighbourhood();

afterEach(async () => {
  await place.close();
  place = new Neighbourhood();
});

describe('a daemon', { timeout: testMilliseconds }, () => {
  it('says in one JSON line that it is ready, keeps its socket to its owner, and ends with 0 on SIGTERM', async () => {
    const { alpha } = await place.sites();
    const daemon = await place.start(alpha);
    expect(daemon.events('ready')).toEqual([
      expect.objectContaining({ level: 'info', mta: 'MTA-ALPHA', admin: alpha.socket, pid: daemon.pid }),
    ]);
    expect(statSync(alpha.socket).mode & 0o777).toBe(0o600);
    expect(await daemon.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(existsSync(alpha.socket)).toBe(false);
    expect(daemon.lines.at(-1)?.['event']).toBe('stopped');
  });

  it('ends with 1 where another one has the data directory, and leaves that one alone', async () => {
    const { alpha } = await place.sites();
    const first = await place.start(alpha);
    const socket = join(place.folder, 'other.sock');
    alpha.write({ site: { listen: [{ host: '127.0.0.1', port: await freePort() }], admin: { socket } } });
    const second = place.launch(alpha);
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.events('failed')[0]?.['text']).toBe(
      `the data directory ${alpha.dataDirectory} cannot be opened: another daemon is using it`,
    );
    expect(existsSync(socket)).toBe(false);
    expect((await first.status()).mta.name).toBe('MTA-ALPHA');
  });

  it('ends with 1 where its port is taken, and names the place', async () => {
    const { alpha, beta } = await place.sites();
    await place.start(alpha);
    beta.write({ site: { listen: [{ host: '127.0.0.1', port: alpha.port }] } });
    const second = place.launch(beta);
    expect((await second.ended).code).toBe(1);
    expect(second.events('failed')[0]?.['text']).toContain(`127.0.0.1 port ${String(alpha.port)}`);
  });

  it('that shows errors only has the whole life of its messages in the tracking log when SIGTERM has ended it', async () => {
    const { alpha } = await place.sites();
    const daemon = place.launch(alpha, ['--log-level', 'error']);
    await eventually('a daemon that answers', () => daemon.status().catch(() => undefined));
    const words = ['load', '--site', alpha.path, '--from', anna, '--to', anna, '--size', '100'];
    await mtaJson([...words, '--count', '50', '--parallel', '5']);
    expect(await daemon.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(daemon.text).toBe('');
    const lines = daemon.trackingLog().trim().split('\n');
    const events = lines.map((line) => (JSON.parse(line) as Record<string, unknown>)['event']);
    for (const event of ['message.submitted', 'message.delivered']) {
      expect(events.filter((name) => name === event).length).toBe(50);
    }
  });

  it('takes over the socket and the data directory of one that was killed', async () => {
    const { alpha } = await place.sites();
    const first = await place.start(alpha);
    await first.end('SIGKILL');
    expect(existsSync(alpha.socket)).toBe(true);
    const second = await place.start(alpha);
    expect((await second.status()).mta.name).toBe('MTA-ALPHA');
  });

  it('with a socket path too long for the system ends with 2 and says so', async () => {
    const { alpha } = await place.sites();
    alpha.write({ site: { admin: { socket: join(place.folder, 'x'.repeat(110)) } } });
    const { code, stderr } = await mta(['--site', alpha.path]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/admin\.socket: .*at most 107, since the system takes no longer path for a socket/);
  });

  it('that does not run makes a command end with 1 and a clear sentence', async () => {
    const { alpha } = await place.sites();
    const { code, stdout, stderr } = await mta(['status', '--site', alpha.path]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`mta: no daemon answers on ${alpha.socket}: start it with "mta --site FILE"\n`);
  });
});

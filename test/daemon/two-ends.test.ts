import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../src/demo/sites.js';
import { runAdvise } from '../../src/cli/advise.js';
import { runVerifyLive } from '../../src/cli/verify-live.js';
import { loadSiteFile } from '../../src/host/site-files.js';
import type { Site } from '../../src/config/site.js';
import type { LiveRow } from '../../src/probe/live-row.js';
import { captureOutput } from '../cli/site-directory.js';
import { mta, Neighbourhood, testMilliseconds, type Daemon } from './daemons.js';
import { anna, bob, secrets, type EndOptions, type TestSite } from './sites.js';

const place = new Neighbourhood();
const servers: Server[] = [];
const sockets = new Set<Socket>();
let alpha: Daemon;
let beta: Daemon;

beforeAll(async () => {
  const sites = await place.sites();
  const narrowPort = await freePort();

  // Beta also listens where all three selectors are wanted.
  const listen = [
    { host: '127.0.0.1', port: sites.beta.port, transportSelector: 'MTA' },
    { host: '127.0.0.1', port: narrowPort, transportSelector: 'T', sessionSelector: 'S', presentationSelector: 'P' },
  ];
  sites.beta.write({ site: { listen } });
  narrow = { port: narrowPort, transportSelector: 'T', sessionSelector: 'S', presentationSelector: 'P' };
  [alpha, beta] = await Promise.all([place.start(sites.alpha), place.start(sites.beta)]);
}, testMilliseconds);

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await place.close();
});

let narrow: Readonly<Record<string, string | number>>;

/** Alpha's site file with changes, beside the one with which its daemon runs. */
function changed(site: TestSite, changes: EndOptions): Site {
  site.write(changes);
  const load = loadSiteFile(site.path);
  site.write({});
  if (!load.valid) throw new Error(JSON.stringify(load.problems));
  return load.site;
}

interface LiveJson {
  readonly result: string;
  readonly exchanges: readonly { readonly name: string; readonly milliseconds: number }[];
  readonly rows: readonly LiveRow[];
}

async function live(changes: EndOptions, timeoutSeconds = 30): Promise<{ code: number; json: LiveJson }> {
  const output = captureOutput();
  const site = changed(alpha.site, changes);
  const code = await runVerifyLive({ site, connector: 'beta', timeoutSeconds, json: true }, output);
  expect(output.out()).not.toMatch(/wachtwoord/);
  return { code, json: JSON.parse(output.out()) as LiveJson };
}

/** A listener that is no MTA. */
async function stranger(behave: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    behave(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const rts = (values: object): EndOptions => ({ connector: { override: { rts: values } } });

describe('mta verify --live', { timeout: testMilliseconds }, () => {
  it('finds that a peer answers as configured, beside a running daemon that goes on as before', async () => {
    const send = () =>
      mta(['load', '--site', alpha.site.path, '--from', anna, '--to', bob, '--count', '1', '--size', '100']);
    expect(await send()).toMatchObject({ code: 0 });
    await beta.delivered('bob', 1);
    const before = (await alpha.status()).associations.map(({ id }) => id);
    const { code, stdout } = await mta(['verify', '--site', alpha.site.path, '--connector', 'beta', '--live']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}rtse +rts\.windowSize +5 +5 +match$/m);
    expect(stdout).toMatch(/^ {2}bind +remote\.password +- +matches +match$/m);
    expect(stdout).toContain('the peer answers as configured');
    await beta.until('association.closed', ({ text }) => text === 'released by the peer');
    await send();
    await beta.delivered('bob', 2);
    expect((await alpha.status()).associations.map(({ id }) => id)).toEqual(before);
    expect(await beta.mailbox('bob')).toHaveLength(2);
  });

  it.each<[string, EndOptions, readonly string[]]>([
    ['a larger window', rts({ windowSize: 9 }), ['rts.windowSize']],
    ['a larger checkpoint size', rts({ checkpointSizeK: 60 }), ['rts.checkpointSizeK']],
    ['another name of the peer', { remote: { mtaName: 'MTA-GAMMA' } }, ['remote.mtaName']],
    ['another password of the peer', { remote: { password: 'guessed-wachtwoord' } }, ['remote.password']],
  ])('finds %s, and ends with 3', async (_, changes, fields) => {
    const { code, json } = await live(changes);
    expect(code).toBe(3);
    expect(json.result).toBe('differ');
    expect(json.rows.filter(({ result }) => result === 'differ').map(({ field }) => field)).toEqual(fields);
  });

  it('speaks mode X.410-1984 as the connector would, and says that the peer does not', async () => {
    const { code, json } = await live({ connector: { mode: 'x410-1984' } });
    expect(code).toBe(3);
    expect(json.rows.at(-1)).toMatchObject({ layer: 'rtse', answered: 'refuse reason validation-failure' });
  });

  it.each<[string, () => EndOptions, string, string]>([
    ['transport', () => ({ remote: { transportSelector: 'mta' } }), 'transport', 'DR 3'],
    ['session', () => ({ remote: { ...narrow, sessionSelector: 's' } }), 'session', 'session selector is unknown'],
    ['presentation', () => ({ remote: { ...narrow, presentationSelector: 'p' } }), 'presentation', 'address unknown'],
    ['name', () => ({ connector: { local: { mtaName: 'MTA-OMEGA' } } }), 'bind', 'authentication-error'],
    ['password', () => ({ connector: { local: { password: secrets.beta } } }), 'bind', 'authentication-error'],
    ['dialogue', () => ({ connector: { dialogue: 'two-way-alternate' } }), 'rtse', 'unacceptable-dialogue-mode'],
  ])('tells at which layer the peer refuses a wrong %s, and ends with 3', async (_, changes, layer, answered) => {
    const { code, json } = await live(changes());
    expect(code).toBe(3);
    expect(json.result).toBe('refused');
    expect(json.rows.at(-1)).toMatchObject({
      layer,
      result: 'refused',
      answered: expect.stringContaining(answered) as string,
    });
  });

  it('ends with 1 where nobody listens, somebody closes, or somebody says nothing', async () => {
    const nobody = await live({ remote: { port: await freePort() } });
    expect(nobody).toMatchObject({ code: 1, json: { result: 'unanswered' } });
    expect(nobody.json.rows).toMatchObject([{ layer: 'tcp' }]);
    const closing = await live({ remote: { port: await stranger((socket) => socket.destroy()) } });
    expect(closing).toMatchObject({ code: 1 });
    expect(closing.json.rows.at(-1)).toMatchObject({ layer: 'transport' });
    const silent = await live({ remote: { port: await stranger(() => undefined) } }, 1);
    expect(silent).toMatchObject({ code: 1 });
    expect(silent.json.rows.at(-1)?.explanation?.difference).toContain('does not answer the connection request');
  });
});

describe('mta advise', { timeout: testMilliseconds }, () => {
  it('measures the line with a transfer that it discards: the peer has no message', async () => {
    const before = await beta.mailbox('bob');
    const output = captureOutput();
    const site = changed(alpha.site, {});
    const code = await runAdvise({ site, connector: 'beta', given: {}, exerciseSeconds: 5, json: true }, output);
    expect(code).toBe(0);
    const advice = JSON.parse(output.out()) as {
      exchanges: { name: string }[];
      figures: { name: string; source: string; value: number }[];
      override: { rts: { checkpointSizeK: number; windowSize: number } };
    };
    expect(advice.exchanges.map(({ name }) => name)).toContain('discard (ACTIVITY DISCARD, its ACK)');
    const line = advice.figures.find(({ name }) => name === 'line');
    expect(line?.source).toContain('discarded');
    expect(line?.value).toBeGreaterThan(0);
    expect(advice.override.rts.windowSize).toBeGreaterThanOrEqual(1);
    expect(await beta.mailbox('bob')).toEqual(before);
  });

  it('says so where the peer refuses, and where the goodput is not known', async () => {
    const refused = captureOutput();
    const wrong = changed(alpha.site, { remote: { transportSelector: 'mta' } });
    expect(await runAdvise({ site: wrong, connector: 'beta', given: {}, json: false }, refused)).toBe(1);
    expect(refused.err()).toContain('mta verify --live');
    const site = changed(alpha.site, { site: { dataDirectory: place.folder } });
    await expect(runAdvise({ site, connector: 'beta', given: {}, json: false }, captureOutput())).rejects.toThrow(
      'the goodput of the line is not known',
    );
  });
});

import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAdmin, readText } from '../../src/admin/client.js';
import { metricsPath } from '../../src/admin/protocol.js';
import { fromHex } from '../../src/bytes/octets.js';
import { eventually, mta, Neighbourhood, testMilliseconds, type Daemon } from './daemons.js';
import { anna, bob } from './sites.js';

const connectionsMax = 900;
const bindTimeoutSeconds = 10;
/** Silent callers: more than there is room for. */
const crowd = 2000;
/** Callers that stop after CR. */
const halfOpen = 500;
/** What all of these may cost the daemon: some 150 MiB were seen, with what the garbage collector leaves lying. */
const growthOctetsMax = 256 * 1024 * 1024;

/** Each of the crowd, the half-open and three slow or huge ones gets its refusal. */
const refusals = crowd + halfOpen + 3;

const connectionRequest = fromHex('0300001611e00000000100c0010bc2034d5441');

const place = new Neighbourhood();
const strangers = new Set<Socket>();
let alpha: Daemon;
let beta: Daemon;

/** The most memory that the process ever had, octets. */
function highWater({ pid }: Daemon): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

/** Somebody who connects to beta; resolves when connected, or refused. */
async function call(): Promise<Socket> {
  const socket = connect({ port: beta.site.port, host: '127.0.0.1' });
  strangers.add(socket);
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  socket.on('close', () => strangers.delete(socket));
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

async function callAll(count: number, said?: Uint8Array): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  for (let left = count; left > 0; left -= 100) {
    const batch = await Promise.all(Array.from({ length: Math.min(left, 100) }, call));
    if (said !== undefined) for (const socket of batch) socket.write(said);
    sockets.push(...batch);
  }
  return sockets;
}

/** A message goes from alpha to beta, which then has so many. */
async function messagePasses(count: number): Promise<void> {
  const sent = await mta(['submit', '--site', alpha.site.path, '--from', anna, '--to', bob, '--text', '/dev/null']);
  expect(sent.code).toBe(0);
  await beta.delivered('bob', count);
}

async function metric(name: string): Promise<number> {
  const text = await readText(await callAdmin({ socket: beta.site.socket, method: 'GET', path: metricsPath }));
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

beforeAll(async () => {
  const sites = await place.sites();
  sites.alpha.write({
    connector: {
      override: { retry: { openIntervalSeconds: 1, maxOpenRetries: 100 }, association: { lifetimeSeconds: 1 } },
    },
  });
  sites.beta.write({ site: { limits: { connectionsMax, bindTimeoutSeconds } } });
  [alpha, beta] = await Promise.all([place.start(sites.alpha), place.start(sites.beta)]);
}, testMilliseconds);

afterAll(async () => {
  for (const socket of strangers) socket.destroy();
  await place.close();
});

describe('a daemon among hostile callers', { timeout: testMilliseconds }, () => {
  it('delivers for an honest peer, stays small, gives all of them up in time, and bounds what it says of them', async () => {
    await messagePasses(1);
    const before = highWater(beta);
    const slow = await call();
    const dribble = setInterval(() => slow.write(connectionRequest.subarray(0, 1)), 1000);
    const slowTpkt = await call();
    slowTpkt.write(Uint8Array.of(3, 0));
    const huge = await call();
    huge.write(Uint8Array.of(3, 0, 0xff, 0xff, 2, 0xf0, 0x80));
    await callAll(halfOpen, connectionRequest);
    await callAll(crowd);
    await messagePasses(2);
    expect(highWater(beta) - before).toBeLessThan(growthOctetsMax);
    await eventually('the end of all strangers', () => Promise.resolve(strangers.size === 0 ? true : undefined));
    clearInterval(dribble);
    await messagePasses(3);
    const status = await beta.status();
    expect(status.associations.filter(({ state }) => state === 'opening')).toEqual([]);
    expect(highWater(beta) - before).toBeLessThan(growthOctetsMax);
    const omitted = await eventually('the count of the lines that were left out', () => {
      const told = beta.events('association.refusals-omitted').reduce((sum, line) => sum + Number(line['omitted']), 0);
      const written = beta.events('association.refused').length;
      return Promise.resolve(told + written === refusals ? told : undefined);
    });
    expect(omitted).toBeGreaterThan(refusals - 300);
    expect(await metric('mta_refusals_total')).toBe(refusals);
    expect(beta.lines.filter((line) => line['level'] === 'error')).toEqual([]);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, mta, Neighbourhood, testMilliseconds, type Daemon } from './daemons.js';
import { anna, bob, testOctets, type PairOptions, type SitePair } from './sites.js';

const content = testOctets(2_000_000);
const octetsPerSecond = 600_000;
const checkpointOctets = 10 * 1024;
const windowSize = 4;

/** Enough for a resumption to save something, far enough from the end. */
const confirmedOctets = 300_000;

let place = new Neighbourhood();

afterEach(async () => {
  await place.close();
  place = new Neighbourhood();
});

interface Interrupted extends SitePair {
  readonly daemons: { readonly alpha: Daemon; readonly beta: Daemon };
  readonly link: Awaited<ReturnType<Neighbourhood['link']>>;
}

/** Two daemons on a slow line, with a message in the middle of its transfer. */
async function midTransfer(options: PairOptions['both'] & { readonly rts?: object } = {}): Promise<Interrupted> {
  const rts = { checkpointSizeK: checkpointOctets / 1024, windowSize, recoveryTimeoutSeconds: 60, ...options.rts };
  const retry = { openIntervalSeconds: 1 };
  const both = { connector: { override: { rts, retry }, ...options.connector } };
  const sites = await place.sites({ way: 'link', both });
  const link = await place.link(sites.beta, octetsPerSecond);
  const [alpha, beta] = await Promise.all([place.start(sites.alpha), place.start(sites.beta)]);
  const file = join(place.folder, 'content');
  writeFileSync(file, content);
  await mta(['submit', '--site', sites.alpha.path, '--from', anna, '--to', bob, '--content', file]);
  await alpha.association(({ octets }) => octets.confirmed > confirmedOctets);
  return { ...sites, daemons: { alpha, beta }, link };
}

/** The message is there once, octet for octet, and nothing of it is left in the queue. */
async function arrivedOnce(alpha: Daemon, beta: Daemon): Promise<void> {
  await eventually('an empty queue', async () =>
    (await alpha.status()).connectors[0]?.queued === 0 ? true : undefined,
  );
  const rows = await beta.mailbox('bob');
  expect(rows.length).toBe(1);
  const out = join(place.folder, 'arrived');
  await mta(['mailbox', 'export', 'bob', rows[0]?.id ?? '', '--site', beta.site.path, '--raw', '--out', out]);
  expect(readFileSync(out).equals(content)).toBe(true);
}

function expectResumption(alpha: Daemon): void {
  expect(alpha.events('transfer.resumed').map((line) => Number(line['fromOctet']) >= confirmedOctets)).toEqual([true]);
  const resent = Number(alpha.events('transfer.completed')[0]?.['octetsResent']);
  expect(resent).toBeLessThanOrEqual((windowSize + 1) * checkpointOctets);
}

describe('a transfer whose', { timeout: testMilliseconds }, () => {
  it('sender is killed goes on where it was when the sender is started again', async () => {
    const { alpha, daemons, link } = await midTransfer();
    await daemons.alpha.end('SIGKILL');
    link.setRate(Infinity);
    const again = await place.start(alpha);
    await arrivedOnce(again, daemons.beta);
    expectResumption(again);
  });

  it('receiver is killed is listed as recovering, and goes on where it was when the receiver is started again', async () => {
    const { beta, daemons, link } = await midTransfer({ connector: { mode: 'x410-1984' } });
    await daemons.beta.end('SIGKILL');
    const { recovery, mode } = await daemons.alpha.association(({ state }) => state === 'recovering');
    expect(mode).toBe('x410-1984');
    expect(recovery?.fromOctet).toBeGreaterThanOrEqual(confirmedOctets);
    expect(recovery?.remainingSeconds).toBeGreaterThan(0);
    expect(recovery?.remainingSeconds).toBeLessThanOrEqual(60);
    link.setRate(Infinity);
    const again = await place.start(beta);
    await arrivedOnce(daemons.alpha, again);
    expectResumption(daemons.alpha);
    expect(again.events('association.recovered').length).toBe(1);
  });

  it('ends are both killed is still listed as recovering after the restart of one, and goes on with the other', async () => {
    const { alpha, beta, daemons, link } = await midTransfer();
    await Promise.all([daemons.alpha.end('SIGKILL'), daemons.beta.end('SIGKILL')]);
    link.setRate(Infinity);
    const sender = await place.start(alpha);
    const { recovery } = await sender.association(({ state }) => state === 'recovering');
    expect(recovery?.fromOctet).toBeGreaterThanOrEqual(confirmedOctets);
    const receiver = await place.start(beta);
    await arrivedOnce(sender, receiver);
    expectResumption(sender);
  });

  it('receiver comes back after the recovery timeout begins anew, and arrives once', async () => {
    const { beta, daemons, link } = await midTransfer({ rts: { recoveryTimeoutSeconds: 2 } });
    const { alpha } = daemons;
    await daemons.beta.end('SIGKILL');
    await alpha.until('transfer.restarted');
    link.setRate(Infinity);
    const again = await place.start(beta);
    await arrivedOnce(alpha, again);
    expect(alpha.events('transfer.resumed')).toEqual([]);
    expect(alpha.events('transfer.started').map((line) => line['fromOctet'])).toEqual([0, 0]);
  });

  for (const victim of ['alpha', 'beta'] as const) {
    it(`${victim === 'alpha' ? 'sender' : 'receiver'} is told to end is interrupted at once and goes on after the restart`, async () => {
      const { daemons, link, ...sites } = await midTransfer();
      const asked = Date.now();
      expect(await daemons[victim].end('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(Date.now() - asked).toBeLessThan(10_000);
      link.setRate(Infinity);
      const running = { ...daemons, [victim]: await place.start(sites[victim]) };
      await arrivedOnce(running.alpha, running.beta);
      expect(running.alpha.events('transfer.resumed').length).toBe(1);
    });
  }

  it('line stands still does not keep its sender from ending in ten seconds', async () => {
    const { alpha, daemons, link } = await midTransfer();
    link.setRate(0);
    const asked = Date.now();
    expect(await daemons.alpha.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(Date.now() - asked).toBeLessThan(10_000);
    link.setRate(Infinity);
    const again = await place.start(alpha);
    await arrivedOnce(again, daemons.beta);
    expectResumption(again);
  });
});

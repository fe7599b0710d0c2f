import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createSlowLink, type SlowLink, type SlowLinkOptions } from '../../src/host/slow-link.js';

interface Ends {
  readonly link: SlowLink;
  readonly caller: Socket;
  /** The target's end of the connection. */
  readonly target: Socket;
}

const open: { destroy(): void }[] = [];
const links: SlowLink[] = [];
const servers: Server[] = [];

afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  for (const link of links.splice(0)) await link.close();
  for (const server of servers.splice(0)) server.close();
});

async function linkTo(server: Server, options: Partial<SlowLinkOptions>): Promise<SlowLink> {
  server.on('connection', keep);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const targetPort = (server.address() as AddressInfo).port;
  const defaults = { listenPort: 0, targetHost: '127.0.0.1', octetsPerSecond: Infinity, latencyMilliseconds: 0 };
  const link = await createSlowLink({ ...defaults, targetPort, ...options });
  links.push(link);
  return link;
}

function dial(link: SlowLink): Socket {
  const caller = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true });
  keep(caller);
  return caller;
}

/** Until the end of the test, which breaks what is still open. */
function keep(socket: Socket): void {
  open.push(socket);
  socket.on('error', () => undefined);
}

async function call(link: SlowLink): Promise<Socket> {
  const caller = dial(link);
  await once(caller, 'connect');
  return caller;
}

/** How the connection broke. Asked before it does. */
async function breakOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
  });
}

/** A target, a link in front of it, and one connection through both. */
async function joined(options: Partial<SlowLinkOptions> = {}): Promise<Ends> {
  const server = createServer({ allowHalfOpen: true });
  const link = await linkTo(server, options);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const caller = await call(link);
  const [target] = await accepted;
  return { link, caller, target };
}

async function receive(socket: Socket, octets: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  await new Promise<void>((resolve) => {
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length < octets) return;
      socket.off('data', take);
      resolve();
    };
    socket.on('data', take);
    socket.resume();
  });
  return Buffer.concat(chunks);
}

const pattern = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, i) => i % 251));

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

describe('the slow link', () => {
  it('carries octets both ways unchanged, and counts them', async () => {
    const { link, caller, target } = await joined();
    const [there, back] = [pattern(300_000), pattern(200_000).reverse()];
    caller.write(there);
    target.write(back);
    const [received, answer] = await Promise.all([receive(target, there.length), receive(caller, back.length)]);
    expect(received.equals(there)).toBe(true);
    expect(answer.equals(back)).toBe(true);
    expect(link.counters).toEqual({
      connectionsOpen: 1,
      connectionsRefused: 0,
      octetsToTarget: 300_000,
      octetsFromTarget: 200_000,
    });
  });

  it('lets no more pass than its rate, and little less', async () => {
    const { caller, target } = await joined({ octetsPerSecond: 100_000 });
    caller.write(pattern(50_000));
    const milliseconds = await millisecondsOf(() => receive(target, 50_000));
    expect(milliseconds).toBeGreaterThan(440);
    expect(milliseconds).toBeLessThan(2500);
  });

  it('shares its rate between connections', async () => {
    const { link, caller, target } = await joined({ octetsPerSecond: 100_000 });
    const accepted = once(servers[0] ?? target, 'connection') as Promise<[Socket]>;
    const second = await call(link);
    const [other] = await accepted;
    caller.write(pattern(25_000));
    second.write(pattern(25_000));
    const milliseconds = await millisecondsOf(() => Promise.all([receive(target, 25_000), receive(other, 25_000)]));
    expect(milliseconds).toBeGreaterThan(440);
  });

  it('delays each octet by its latency, without loss of rate', async () => {
    const { caller, target } = await joined({ octetsPerSecond: 200_000, latencyMilliseconds: 150 });
    target.once('data', (octets: Buffer) => target.write(octets));
    caller.write('x');
    expect(await millisecondsOf(() => receive(caller, 1))).toBeGreaterThanOrEqual(295);
    caller.write(pattern(60_000));
    const milliseconds = await millisecondsOf(() => receive(target, 60_000));
    expect(milliseconds).toBeGreaterThan(400);
    expect(milliseconds).toBeLessThan(2500);
  });

  it('changes its rate while it works; at 0 nothing passes', async () => {
    const { link, caller, target } = await joined({ octetsPerSecond: 0 });
    caller.write(pattern(100_000));
    await sleep(100);
    expect(link.counters.octetsToTarget).toBe(0);
    link.setRate(Infinity);
    expect((await receive(target, 100_000)).equals(pattern(100_000))).toBe(true);
  });

  it('stops reading what it cannot pass on, so that the sender is held up', async () => {
    const { link, caller } = await joined({ octetsPerSecond: 1000 });
    const size = 16 * 1024 * 1024;
    caller.write(Buffer.alloc(size));
    await sleep(300);
    expect(caller.writableLength).toBe(size);
    expect(link.counters.octetsToTarget).toBeLessThan(1000);
  });

  it('holds the sender up behind a target that does not read, and loses nothing', async () => {
    const { link, caller, target } = await joined();
    target.pause();
    const size = 32 * 1024 * 1024;
    caller.end(Buffer.alloc(size));
    let held = -1;
    while (held !== link.counters.octetsToTarget) {
      held = link.counters.octetsToTarget;
      await sleep(200);
    }
    expect(held).toBeLessThan(size);
    expect((await receive(target, size)).length).toBe(size);
  });

  it('carries the end of each direction on its own, after the octets before it', async () => {
    const { caller, target } = await joined({ octetsPerSecond: 100_000, latencyMilliseconds: 20 });
    caller.end(pattern(5000));
    const received = await receive(target, 5000);
    await once(target, 'end');
    expect(received.length).toBe(5000);
    target.end('still here');
    expect((await receive(caller, 10)).toString()).toBe('still here');
    await once(caller, 'close');
  });

  it('breaks all connections at a cut, with what is on its way, and takes new ones', async () => {
    const { link, caller, target } = await joined({ octetsPerSecond: 10_000 });
    caller.write(pattern(100_000));
    await receive(target, 1);
    const breaks = Promise.all([breakOf(caller), breakOf(target)]);
    link.cut();
    expect(await breaks).toEqual(['ECONNRESET', 'ECONNRESET']);
    const passed = link.counters.octetsToTarget;
    await call(link);
    await sleep(50);
    expect(link.counters).toMatchObject({ connectionsOpen: 1, octetsToTarget: passed });
  });

  it('breaks new connections while it refuses, and leaves the others', async () => {
    const { link, caller, target } = await joined();
    link.refuse();
    expect(await breakOf(dial(link))).toBe('ECONNRESET');
    expect(link.counters.connectionsRefused).toBe(1);
    caller.write('on');
    expect((await receive(target, 2)).toString()).toBe('on');
    link.allow();
    const again = await call(link);
    again.write('x');
    await sleep(50);
    expect(link.counters).toMatchObject({ connectionsOpen: 2, connectionsRefused: 1, octetsToTarget: 3 });
  });

  it('breaks the one side when the other breaks, or cannot be reached', async () => {
    const { caller, target } = await joined();
    const broken = breakOf(caller);
    target.resetAndDestroy();
    expect(await broken).toBe('ECONNRESET');
    const server = createServer();
    const link = await linkTo(server, {});
    server.close();
    await once(server, 'close');
    expect(await breakOf(dial(link))).toBe('ECONNRESET');
  });

  it('gives its port back when it is closed', async () => {
    const { link, caller, target } = await joined({ octetsPerSecond: 0 });
    caller.write('never');
    const breaks = Promise.all([breakOf(caller), breakOf(target)]);
    await link.close();
    await breaks;
    const server = createServer().listen(link.port, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    expect(link.counters.octetsToTarget).toBe(0);
  });
});

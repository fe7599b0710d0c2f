import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { emptyScenario } from '../../src/faults/scenario.js';
import type { ToxicType } from '../../src/faults/toxics.js';
import { placeOf, TcpLink } from '../../src/linkfault/host/tcp-link.js';
import type { Event } from '../../src/linkfault/timeline.js';

interface Place {
  readonly server: Server;
  /** Server ends of what the link has dialled, as long as they are open. */
  readonly dialled: Set<Socket>;
  readonly link: TcpLink;
  readonly types: Event['type'][];
}

let place: Place | undefined;

async function withToxic(type: ToxicType): Promise<Place> {
  const dialled = new Set<Socket>();
  const server = createServer((socket) => {
    dialled.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => dialled.delete(socket));
    socket.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const types: Event['type'][] = [];
  const scenario = { ...emptyScenario, toxics: [{ type, stream: 'upstream' }] } as const;
  const link = new TcpLink({ name: 'a', listen: '127.0.0.1:0', upstream }, scenario, {
    entry: (entry) => types.push(entry.type),
    sent: () => undefined,
  });
  await link.start();
  return { server, dialled, link, types };
}

async function call({ link, dialled }: Place): Promise<Socket> {
  const before = dialled.size;
  const { host, port } = placeOf(link.settings.listen);
  const socket = connect(port, host).on('error', () => undefined);
  await once(socket, 'connect');
  await expect.poll(() => dialled.size).toBe(before + 1);
  return socket;
}

/** Sockets and timers that keep this process alive. */
const kept = (): number => process.getActiveResourcesInfo().filter((name) => /^(?:TCP|Timeout)/.test(name)).length;

afterEach(async () => {
  await place?.link.close();
  place?.server.close();
  place = undefined;
});

describe('a link with a half-open direction', () => {
  it('has no connection left when both ends have gone, while the link goes on', async () => {
    place = await withToxic('half_open');
    const caller = await call(place);
    caller.end('hello');
    for (const socket of place.dialled) socket.end();
    await expect.poll(() => place?.types.includes('closed')).toBe(true);
    expect(place.dialled.size).toBe(0);
  });

  it('leaves neither sockets nor timers behind when it is closed', async () => {
    const before = kept();
    place = await withToxic('half_open');
    const callers = [await call(place), await call(place), await call(place)];
    callers[0]?.end('hello');
    callers[1]?.destroy();
    callers[2]?.write('hello');
    await place.link.close();
    for (const caller of callers) caller.destroy();
    const { server, dialled } = place;
    await expect.poll(() => dialled.size).toBe(0);
    server.close();
    await expect.poll(kept).toBeLessThanOrEqual(before);
  });
});

import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Toxiproxy, type Proxy } from 'toxiproxy-node-client';
import { serveApi } from '../../src/linkfault/host/api.js';
import { createLinkMetrics } from '../../src/linkfault/host/metrics.js';
import type { TcpLink } from '../../src/linkfault/host/tcp-link.js';

const links = new Map<string, TcpLink>();
let echo: TcpServer;
let api: Server;
let url = '';

beforeAll(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const metrics = createLinkMetrics();
  api = await serveApi({ host: '127.0.0.1', port: 0 }, { links, observer: metrics, metrics: () => metrics.text() });
  url = `http://127.0.0.1:${String((api.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  api.closeAllConnections();
  api.close();
  for (const link of links.values()) await link.close();
  echo.close();
});

const upstream = (): string => `127.0.0.1:${String((echo.address() as AddressInfo).port)}`;
const body = (name: string) => ({ name, listen: '127.0.0.1:0', upstream: upstream() });

/** What comes back of some text, and after how many milliseconds; undefined if the connection ends instead. */
async function echoed(
  proxy: Proxy,
  text: string,
): Promise<{ readonly text: string; readonly after: number } | undefined> {
  const socket = connect(Number(proxy.listen.split(':')[1]), '127.0.0.1');
  const startedAt = performance.now();
  socket.write(text);
  let got = '';
  return new Promise((resolve) => {
    socket.on('data', (chunk) => {
      got += chunk.toString();
      if (got.length < text.length) return;
      socket.destroy();
      resolve({ text: got, after: performance.now() - startedAt });
    });
    socket.on('error', () => {
      resolve(undefined);
    });
    socket.on('close', () => {
      resolve(undefined);
    });
  });
}

async function status(method: string, path: string, json?: unknown): Promise<readonly [number, unknown]> {
  const response = await fetch(url + path, { method, ...(json === undefined ? {} : { body: JSON.stringify(json) }) });
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text)];
}

describe('a Toxiproxy client from npm', () => {
  it('makes a proxy, adds toxics, sees them work, changes and removes them', async () => {
    const client = new Toxiproxy(url);
    const proxy = await client.createProxy(body('echo'));
    expect(proxy.listen).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect((await echoed(proxy, 'hello'))?.text).toBe('hello');

    const toxic = await proxy.addToxic({
      name: 'slow',
      type: 'latency',
      stream: 'upstream',
      toxicity: 1,
      attributes: { latency: 300, jitter: 0 },
    });
    expect(toxic.attributes).toEqual({ latency: 300, jitter: 0 });
    expect((await echoed(proxy, 'later'))?.after).toBeGreaterThanOrEqual(295);
    expect((await proxy.getToxic('slow')).toJson()).toEqual(toxic.toJson());

    const updated = await toxic.update({ ...toxic.toJson(), attributes: { latency: 1, jitter: 0 } });
    expect(updated.attributes).toEqual({ latency: 1, jitter: 0 });
    await toxic.remove();
    await proxy.addToxic({ name: '', type: 'limit_data', stream: 'downstream', toxicity: 1, attributes: { bytes: 3 } });
    expect(await echoed(proxy, 'hello')).toBeUndefined();

    await client.reset();
    expect((await echoed(proxy, 'again'))?.text).toBe('again');
    expect(Object.keys(await client.getAll())).toEqual(['echo']);
    await proxy.remove();
    expect(await client.getAll()).toEqual({});
  });

  it('takes a proxy down and brings it up with its toxics', async () => {
    const client = new Toxiproxy(url);
    const proxy = await client.createProxy(body('down'));
    await proxy.addToxic({
      name: 'cut',
      type: 'limit_data',
      stream: 'upstream',
      toxicity: 1,
      attributes: { bytes: 1 },
    });
    const down = await proxy.update({
      enabled: false,
      listen: proxy.listen,
      upstream: proxy.upstream,
    });
    expect(down.enabled).toBe(false);
    expect(await echoed(proxy, 'hello')).toBeUndefined();
    const up = await proxy.update({ enabled: true, listen: proxy.listen, upstream: proxy.upstream });
    expect(up.enabled).toBe(true);
    expect((await up.getToxic('cut')).attributes).toEqual({ bytes: 1 });
    await proxy.remove();
  });

  it('populates, and finds what is there left as it is', async () => {
    const client = new Toxiproxy(url);
    const first = await client.populate([body('one'), body('two')] as never);
    const listen = first['one']?.listen ?? '';
    const again = await client.populate([{ ...body('one'), listen }] as never);
    expect(again['one']?.listen).toBe(listen);
    expect(await client.getVersion()).toContain('"version"');
    for (const proxy of Object.values(await client.getAll())) await proxy.remove();
  });
});

describe('the API', () => {
  it('has the status codes and defaults of Toxiproxy 2', async () => {
    const made = { name: 'codes', listen: '127.0.0.1:0', upstream: upstream() };
    expect((await status('POST', '/proxies', made))[0]).toBe(201);
    expect(await status('POST', '/proxies', made)).toEqual([409, { error: 'proxy already exists', status: 409 }]);
    expect(await status('POST', '/proxies', { name: 'x' })).toEqual([
      400,
      { error: 'missing required field: upstream', status: 400 },
    ]);
    expect(await status('GET', '/proxies/none')).toEqual([404, { error: 'proxy not found', status: 404 }]);
    const toxics = '/proxies/codes/toxics';
    expect(await status('POST', toxics, { type: 'latency' })).toEqual([
      200,
      {
        attributes: { latency: 0, jitter: 0 },
        name: 'latency_downstream',
        type: 'latency',
        stream: 'downstream',
        toxicity: 1,
      },
    ]);
    expect((await status('POST', toxics, { type: 'latency' }))[0]).toBe(409);
    expect(await status('POST', toxics, { type: 'earthquake' })).toEqual([
      400,
      { error: 'invalid toxic type', status: 400 },
    ]);
    expect((await status('POST', toxics, { type: 'latency', stream: 'sideways' }))[0]).toBe(400);
    expect((await status('POST', toxics, { type: 'latency', name: 'x', attributes: { latency: 'long' } }))[0]).toBe(
      400,
    );
    expect((await status('PATCH', `${toxics}/latency_downstream`, { toxicity: 0.5 }))[1]).toMatchObject({
      toxicity: 0.5,
    });
    expect((await status('DELETE', `${toxics}/latency_downstream`))[0]).toBe(204);
    expect((await status('DELETE', `${toxics}/latency_downstream`))[0]).toBe(404);
    expect((await status('PUT', '/proxies'))[0]).toBe(405);
    expect((await status('POST', '/reset'))[0]).toBe(204);
    const page = await fetch(`${url}/version`, { headers: { 'user-agent': 'Mozilla/5.0' } });
    expect(page.status).toBe(403);
    expect((await status('DELETE', '/proxies/codes'))[0]).toBe(204);
  });

  it('tells what is wrong with a list of proxies as Toxiproxy does, with those that it could make', async () => {
    expect(await status('POST', '/populate', [{ name: 'nowhere' }])).toEqual([
      400,
      { error: 'missing required field: upstream at proxy 1', status: 400, proxies: null },
    ]);
    expect((await status('GET', '/proxies/nowhere'))[0]).toBe(404);
    const [code, answer] = await status('POST', '/populate', [
      body('first'),
      { ...body('second'), listen: upstream() },
    ]);
    expect([code, answer]).toMatchObject([500, { status: 500, proxies: [{ name: 'first' }] }]);
    expect((await status('DELETE', '/proxies/first'))[0]).toBe(204);
  });

  it('tells a caller whose server does not answer, and counts no connection as open', async () => {
    const [, made] = await status('POST', '/proxies', { name: 'gone', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' });
    expect(await echoed(made as Proxy, 'hello')).toBeUndefined();
    await status('DELETE', '/proxies/gone');
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('linkfault_connections_total{link="gone",outcome="refused"} 1');
    expect(metrics).toContain('linkfault_connections_open{link="gone"} 0');
  });

  it('has toxics of ours, which go away by themselves', async () => {
    await status('POST', '/proxies', { name: 'ours', listen: '127.0.0.1:0', upstream: upstream() });
    const given = { type: 'corrupt', stream: 'upstream', attributes: { offset: 2, mask: 32 }, duration: 60_000 };
    const [code, toxic] = await status('POST', '/proxies/ours/toxics', given);
    expect([code, toxic]).toMatchObject([200, { attributes: { rate: 0, offset: 2, mask: 32 }, duration: 60_000 }]);
    const [, shown] = await status('GET', '/proxies/ours');
    expect((await echoed(shown as Proxy, 'hello'))?.text).toBe('heLlo');
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('linkfault_octets_total{link="ours",stream="upstream"} 5');
    await status('DELETE', '/proxies/ours');
  });
});

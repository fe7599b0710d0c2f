/**
 * The HTTP API of Toxiproxy 2: its paths, JSON, defaults and status codes, so that its clients and command line work unchanged. The toxics of
 * toxics.ts are all there; `duration` is ours.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { FieldError } from '../../faults/fields.js';
import { emptyScenario } from '../../faults/scenario.js';
import { ApiError, proxyBody, readJson, settingsIn, toxicBody, toxicChangesIn, toxicIn } from './api-bodies.js';
import { TcpLink, type LinkObserver } from './tcp-link.js';

/** As `/version` says it: that of the Toxiproxy whose API this is. */
const apiVersion = '2.12.0';

export interface ApiPorts {
  readonly links: Map<string, TcpLink>;
  readonly observer: LinkObserver;
  /** Prometheus text. */
  metrics(): Promise<string>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

type Handler = (ports: ApiPorts, parts: readonly string[], body: unknown) => Answer | Promise<Answer>;

const noContent: Answer = { status: 204 };

/** By method, and by path with * for a name. POST where PATCH is meant is what old clients send. */
const routes: Readonly<Record<string, Handler>> = {
  'GET /proxies': ({ links }) => ({
    status: 200,
    body: Object.fromEntries(Array.from(links, ([name, link]) => [name, proxyBody(link)])),
  }),
  'POST /proxies': async (ports, _parts, body) => {
    const link = await addLink(ports, body);
    return { status: 201, body: proxyBody(link) };
  },
  'POST /populate': (ports, _parts, body) => populate(ports, body),
  'POST /reset': async ({ links }) => {
    for (const link of links.values()) {
      await listening(link.start());
      for (const toxic of link.link.toxics.all) link.link.removeToxic(toxic, 'operator', link.now);
      link.settle();
    }
    return noContent;
  },
  'GET /proxies/*': (ports, [, name = '']) => ({ status: 200, body: proxyBody(linkOf(ports, name)) }),
  'POST /proxies/*': updateProxy,
  'PATCH /proxies/*': updateProxy,
  'DELETE /proxies/*': async (ports, [, name = '']) => {
    await linkOf(ports, name).close();
    ports.links.delete(name);
    return noContent;
  },
  'GET /proxies/*/toxics': (ports, [, name = '']) => ({ status: 200, body: proxyBody(linkOf(ports, name)).toxics }),
  'POST /proxies/*/toxics': (ports, [, name = ''], body) => {
    const link = linkOf(ports, name);
    const toxic = link.link.addToxic(toxicIn(body, link.link.toxics), 'operator', link.now);
    link.settle();
    return { status: 200, body: toxicBody(toxic) };
  },
  'GET /proxies/*/toxics/*': (ports, [, name = '', , toxic = '']) => ({
    status: 200,
    body: toxicBody(toxicOf(linkOf(ports, name), toxic)),
  }),
  'POST /proxies/*/toxics/*': updateToxic,
  'PATCH /proxies/*/toxics/*': updateToxic,
  'DELETE /proxies/*/toxics/*': (ports, [, name = '', , toxic = '']) => {
    const link = linkOf(ports, name);
    link.link.removeToxic(toxicOf(link, toxic), 'operator', link.now);
    link.settle();
    return noContent;
  },
  'GET /version': () => ({ status: 200, body: { version: apiVersion } }),
};

async function updateProxy(ports: ApiPorts, [, name = '']: readonly string[], body: unknown): Promise<Answer> {
  const link = linkOf(ports, name);
  await listening(link.update(settingsIn(body, link.settings)));
  return { status: 200, body: proxyBody(link) };
}

function updateToxic(ports: ApiPorts, [, name = '', , toxicName = '']: readonly string[], body: unknown): Answer {
  const link = linkOf(ports, name);
  const toxic = toxicOf(link, toxicName);
  const changed = link.link.updateToxic(toxic, toxicChangesIn(body, toxic), link.now);
  link.settle();
  return { status: 200, body: toxicBody(changed) };
}

function linkOf({ links }: ApiPorts, name: string): TcpLink {
  const link = links.get(name);
  if (link === undefined) throw new ApiError('proxy not found', 404);
  return link;
}

function toxicOf(link: TcpLink, name: string) {
  const toxic = link.link.toxics.get(name);
  if (toxic === undefined) throw new ApiError('toxic not found', 404);
  return toxic;
}

async function addLink({ links, observer }: ApiPorts, body: unknown): Promise<TcpLink> {
  const settings = settingsIn(body, { name: '', listen: '', upstream: '', enabled: true });
  if (settings.name === '') throw new ApiError('missing required field: name', 400);
  if (settings.upstream === '') throw new ApiError('missing required field: upstream', 400);
  if (links.has(settings.name)) throw new ApiError('proxy already exists', 409);
  const link = new TcpLink(settings, emptyScenario, observer);
  if (settings.enabled) await listening(link.start());
  links.set(settings.name, link);
  return link;
}

/** What went well before an error is told with the error. */
async function populate(ports: ApiPorts, body: unknown): Promise<Answer> {
  const proxies: object[] = [];
  try {
    await makeAll(ports, body, proxies);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message, status } = error;
    return { status, body: { error: message, status, proxies: proxies.length === 0 ? null : proxies } }; // JSON of a list that was never made
  }
  return { status: 201, body: { proxies } };
}

/** Creates what is not there and moves what is elsewhere; what is there as wanted stays as it is. */
async function makeAll(ports: ApiPorts, body: unknown, proxies: object[]): Promise<void> {
  if (!Array.isArray(body)) throw new ApiError('bad request body: expected a list of proxies', 400);
  const all = body.map((each) => settingsIn(each, { name: '', listen: '', upstream: '', enabled: true }));
  for (const [i, { name, upstream }] of all.entries()) {
    if (name === '') throw new ApiError(`missing required field: name at proxy ${String(i + 1)}`, 400);
    if (upstream === '') throw new ApiError(`missing required field: upstream at proxy ${String(i + 1)}`, 400);
  }
  for (const settings of all) {
    const known = ports.links.get(settings.name);
    if (known !== undefined && isSame(known, settings)) {
      proxies.push(proxyBody(known));
      continue;
    }
    await known?.close();
    ports.links.delete(settings.name);
    proxies.push(proxyBody(await addLink(ports, settings)));
  }
}

function isSame({ settings }: TcpLink, { listen, upstream }: { readonly listen: string; readonly upstream: string }) {
  return settings.listen === listen.replace(/^localhost:/, '127.0.0.1:') && settings.upstream === upstream;
}

/** A port that cannot be had is an error of the server, as with Toxiproxy. */
async function listening(start: Promise<void>): Promise<void> {
  try {
    await start;
  } catch (error) {
    throw new ApiError(error instanceof Error ? error.message : String(error), 500);
  }
}

/** Rejects when the port cannot be had. */
export async function serveApi(
  place: { readonly host: string; readonly port: number },
  ports: ApiPorts,
): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(ports, request, response);
  });
  server.listen(place.port, place.host);
  await once(server, 'listening');
  return server;
}

async function answer(ports: ApiPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://link');
  const parts = pathname.split('/').slice(1).map(decodeURIComponent);
  try {
    // A page of the web must not reach what listens on loopback; so does Toxiproxy.
    if (request.headers['user-agent']?.startsWith('Mozilla/') === true) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end('User agent not allowed\n');
      return;
    }
    if (request.method === 'GET' && pathname === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8').end(await ports.metrics());
      return;
    }
    const { status, body } = await handle(ports, request, parts);
    if (body === undefined) response.writeHead(status).end();
    else send(response, status, body);
  } catch (error) {
    if (error instanceof ApiError) send(response, error.status, { error: error.message, status: error.status });
    else if (error instanceof FieldError)
      send(response, 400, { error: `bad request body: ${error.message}`, status: 400 });
    else send(response, 500, { error: error instanceof Error ? error.message : String(error), status: 500 });
  }
}

async function handle(ports: ApiPorts, request: IncomingMessage, parts: readonly string[]): Promise<Answer> {
  const pattern = `/${parts.map((part, i) => (i % 2 === 1 ? '*' : part)).join('/')}`;
  const handler = routes[`${request.method ?? ''} ${pattern}`];
  if (handler !== undefined) return handler(ports, parts, await readJson(request));
  const known = Object.keys(routes).some((route) => route.endsWith(` ${pattern}`));
  throw known ? new ApiError('method not allowed', 405) : new ApiError('404 page not found', 404);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

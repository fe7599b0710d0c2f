import { once } from 'node:events';
import { chmodSync, unlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Engine } from '../engine/engine.js';
import { printORAddress } from '../p1/or-address-text.js';
import { OctetSource } from './octet-source.js';
import {
  mailboxesPath,
  metricsPath,
  quarantinePath,
  queuePath,
  reloadPath,
  statusPath,
  submissionPath,
  tracePath,
} from './protocol.js';
import { changeQuarantine, quarantineEntries, quarantineEntry, sendQuarantined } from './quarantine.js';
import { upgradeConnection } from './submission-stream.js';
import { stored, takeOnlySubmission } from './submissions.js';
import type { TraceHub } from './trace-hub.js';

/** Content octets read from the store and sent at once. */
const readOctets = 1024 * 1024;

/** Entries of one queue listing at most. */
const queueEntriesMax = 1000;

export interface AdminPorts {
  readonly engine: Engine;
  readonly traces: TraceHub;
  /** Reads the site file anew; the sentences say what changed and from when on. Rejects where the file has errors, with all of them. */
  reload(): Promise<readonly string[]>;
  /** Prometheus text. */
  metrics(): Promise<string>;
}

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  parts: readonly string[],
) => Promise<void>;

export interface AdminServer {
  /** Also cuts what is under way. */
  close(): void;
}

/** The local admin API over the admin socket, mode 0600. Rejects when another process answers there. */
export async function serveAdmin(socket: string, ports: AdminPorts): Promise<AdminServer> {
  await removeStaleSocket(socket);
  const handlers = handlersOf(ports);
  const server = createServer((request, response) => {
    void answer(handlers, request, response);
  });
  const streams = new Set<Duplex>();
  server.on('upgrade', (request, connection, begun) => {
    streams.add(connection);
    connection.on('close', () => streams.delete(connection));
    connection.on('error', () => undefined); // Its close follows.
    upgradeConnection(ports.engine, request, connection, begun);
  });
  // A submission may be large and the line slow; a peer of the local socket is trusted to end it.
  server.requestTimeout = 0;
  const mask = process.umask(0o177);
  server.listen(socket);
  try {
    await once(server, 'listening');
  } finally {
    process.umask(mask);
  }
  chmodSync(socket, 0o600);
  return {
    close() {
      server.close();
      server.closeAllConnections();
      for (const connection of streams) connection.destroy();
    },
  };
}

async function answer(
  handlers: ReadonlyMap<string, Handler>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://admin');
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const handler = handlers.get(`${request.method ?? ''} /${parts[0] ?? ''}`);
  try {
    if (handler === undefined)
      sendJson(response, 404, { error: `nothing answers ${request.method ?? ''} ${url.pathname}` });
    else await handler(request, response, url, parts);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (response.headersSent) response.destroy();
    else sendJson(response, 400, { error: text });
  }
}

function handlersOf(ports: AdminPorts): ReadonlyMap<string, Handler> {
  const { engine, traces } = ports;
  const { store } = engine;
  return new Map<string, Handler>([
    [
      `GET ${statusPath}`,
      async (_request, response) => {
        const counts = await stored(store, 'counts', {});
        sendJson(response, 200, { ...engine.status(), queue: queueCounts(counts) });
      },
    ],
    [
      `POST ${submissionPath}`,
      async (request, response, url) => {
        const wait = url.searchParams.has('wait') ? 'wait' : 'return';
        const { mtsIdentifier, left } = await takeOnlySubmission(engine, new OctetSource(request), wait);
        sendJson(response, 200, { mtsIdentifier, ...(await left) });
      },
    ],
    [
      `GET ${queuePath}`,
      async (_request, response, url, [, identifier]) => {
        if (identifier !== undefined) {
          const entries = await stored(store, 'queue.show', { identifier });
          if (entries.length === 0) sendJson(response, 404, { error: `nothing in the queue is named ${identifier}` });
          else
            sendJson(
              response,
              200,
              entries.map(({ envelope, ...entry }) => ({ ...entry, envelope: hex(envelope) })),
            );
          return;
        }
        const connector = url.searchParams.get('connector');
        const after = url.searchParams.get('after');
        const entries = await stored(store, 'queue.list', {
          limit: queueEntriesMax,
          ...(connector === null ? {} : { connector }),
          ...(after === null ? {} : { after }),
        });
        sendJson(response, 200, entries);
      },
    ],
    [
      `POST ${queuePath}`,
      async (_request, response, _url, [, identifier = '', action = '']) => {
        sendJson(response, 200, { changed: await changeQueue(engine, identifier, action) });
      },
    ],
    [
      `GET ${mailboxesPath}`,
      async (_request, response, _url, [, mailbox, id, what]) => {
        if (mailbox === undefined)
          sendJson(
            response,
            200,
            engine.site.mailboxes.map(({ name, address }) => ({ name, address: printORAddress(address) })),
          );
        else if (!engine.site.mailboxes.some(({ name }) => name === mailbox)) {
          sendJson(response, 404, { error: `there is no mailbox ${mailbox}` });
        } else if (id === undefined) sendJson(response, 200, await mailboxEntries(engine, mailbox));
        else await sendEntry(engine, response, mailbox, id, what);
      },
    ],
    [
      `DELETE ${mailboxesPath}`,
      async (_request, response, _url, [, mailbox = '', delivery = '']) => {
        const entry = await stored(store, 'mailbox.get', { mailbox, id: delivery });
        if (entry === undefined) {
          sendJson(response, 404, { error: `mailbox ${mailbox} has no entry ${delivery}` });
          return;
        }
        await stored(store, 'commit', { changes: [{ type: 'delivery.removed', mailbox, delivery }] });
        sendJson(response, 200, {});
      },
    ],
    [
      `GET ${quarantinePath}`,
      async (_request, response, _url, [, id, what]) => {
        const entry = id === undefined ? undefined : await quarantineEntry(engine, id);
        if (id === undefined) sendJson(response, 200, await quarantineEntries(engine));
        else if (entry === undefined) sendJson(response, 404, { error: `there is no ${id} in the quarantine` });
        else if (what === 'octets') await sendQuarantined(engine, entry, response);
        else sendJson(response, 200, entry);
      },
    ],
    [
      `POST ${quarantinePath}`,
      async (_request, response, _url, [, id = '', action = '']) => {
        sendJson(response, 200, await changeQuarantine(engine, id, action));
      },
    ],
    [
      `POST ${reloadPath}`,
      async (_request, response) => {
        sendJson(response, 200, { changes: await ports.reload() });
      },
    ],
    [
      `GET ${tracePath}`,
      (_request, response, url) => {
        traces.stream(url.searchParams.get('connector') ?? '', response);
        return Promise.resolve();
      },
    ],
    [
      `GET ${metricsPath}`,
      async (_request, response) => {
        response.end(await ports.metrics());
      },
    ],
  ]);
}

/** `gone`: it has left the queue since it was listed. */
async function removeCopy({ store }: Engine, copy: string): Promise<'removed' | 'gone'> {
  return new Promise((resolve, reject) => {
    store.execute('commit', { changes: [{ type: 'copy.removed', copy }] }, (answer) => {
      if (answer.ok) resolve('removed');
      else if (answer.failure.code === 'not-found') resolve('gone');
      else reject(new Error(answer.failure.text));
    });
  });
}

async function changeQueue(engine: Engine, identifier: string, action: string): Promise<number> {
  const entries = await stored(engine.store, 'queue.show', { identifier });
  if (entries.length === 0) throw new Error(`nothing in the queue is named ${identifier}`);
  for (const { copy, connector, state } of entries) {
    switch (action) {
      case 'hold':
        await stored(engine.store, 'commit', { changes: [{ type: 'copy.held', copy }] });
        engine.withdraw(connector, copy, 'held');
        break;
      case 'release':
        await stored(engine.store, 'commit', { changes: [{ type: 'copy.released', copy, notBefore: 0 }] });
        engine.retryNow(connector);
        break;
      case 'retry':
        if (state === 'deferred') {
          await stored(engine.store, 'commit', { changes: [{ type: 'copy.released', copy, notBefore: 0 }] });
        }
        engine.retryNow(connector);
        break;
      case 'rm':
        if ((await removeCopy(engine, copy)) === 'removed') engine.withdraw(connector, copy, 'removed');
        break;
      default:
        throw new Error(`queue knows no action "${action}"; it knows hold, release, retry, rm`);
    }
  }
  return entries.length;
}

async function mailboxEntries(engine: Engine, mailbox: string): Promise<readonly object[]> {
  const entries = await stored(engine.store, 'mailbox.list', { mailbox });
  return entries.map((entry) => ({ ...entry, deliveredAt: new Date(entry.deliveredAt).toISOString() }));
}

async function sendEntry(
  engine: Engine,
  response: ServerResponse,
  mailbox: string,
  id: string,
  what: string | undefined,
): Promise<void> {
  const entry = await stored(engine.store, 'mailbox.get', { mailbox, id });
  if (entry === undefined) {
    sendJson(response, 404, { error: `mailbox ${mailbox} has no entry ${id}` });
    return;
  }
  const { envelope, content, contentOctets, ...rest } = entry;
  if (what !== 'content') {
    sendJson(response, 200, {
      ...rest,
      contentOctets,
      envelope: hex(envelope),
      deliveredAt: new Date(rest.deliveredAt).toISOString(),
    });
    return;
  }
  response.setHeader('content-length', contentOctets);
  for (let offset = 0; offset < contentOctets;) {
    const octets = await stored(engine.store, 'content.read', { reference: content, offset, length: readOctets });
    if (octets.length === 0) throw new Error('the content ends before its length');
    offset += octets.length;
    if (!response.write(octets)) await once(response, 'drain');
  }
  response.end();
}

function queueCounts(counts: Awaited<ReturnType<typeof stored<'counts'>>>): object {
  const states = { queued: 0, sending: 0, deferred: 0, held: 0 };
  for (const connector of Object.values(counts.connectors)) {
    states.queued += connector.queued;
    states.sending += connector.sending;
    states.deferred += connector.deferred;
    states.held += connector.held;
  }
  return { ...states, messages: counts.messages, delivered: counts.delivered, quarantined: counts.quarantined };
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** A socket that nobody listens on any more is taken over; one that answers is not ours. */
async function removeStaleSocket(socket: string): Promise<void> {
  const answers = await new Promise<'listening' | 'stale' | 'absent'>((resolve) => {
    const probe = createConnection(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve('listening');
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'ENOENT' ? 'absent' : 'stale');
    });
  });
  if (answers === 'listening') throw new Error(`another daemon answers on the admin socket ${socket}`);
  if (answers === 'stale') unlinkSync(socket);
}

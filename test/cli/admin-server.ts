/** The admin API of a daemon that has mailboxes and nothing else: real HTTP over a real socket. */
import { once } from 'node:events';
import { createReadStream, mkdtempSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '../../src/bytes/octets.js';

export interface HeldEntry {
  readonly id: string;
  readonly kind: 'message' | 'report';
  readonly mtsIdentifier: string;
  readonly subject: string;
  readonly contentType: string;
  readonly envelope: Uint8Array;
  /** The octets, or the path of a file with them. */
  readonly content: Uint8Array | string;
  readonly subjectIdentifier?: string;
  /** Announced for the content in place of its length. */
  readonly announcedOctets?: number;
}

export interface AdminServer {
  readonly socket: string;
  readonly entries: HeldEntry[];
  close(): void;
}

function contentOctets({ content, announcedOctets }: HeldEntry): number {
  return announcedOctets ?? (typeof content === 'string' ? statSync(content).size : content.length);
}

function listed(entry: HeldEntry) {
  const { id, kind, mtsIdentifier, subject, contentType, subjectIdentifier } = entry;
  return {
    id,
    kind,
    mtsIdentifier,
    ...(subjectIdentifier === undefined ? {} : { subjectIdentifier }),
    from: 'C=GB;ADMD= ;PRMD=ACME;S=Smith',
    to: 'C=US;ADMD=TELE;PRMD=BETA;S=Jones',
    subject,
    contentType,
    sizeOctets: contentOctets(entry),
    deliveredAt: '2026-11-22T08:00:00.000Z',
  };
}

function sendContent(entry: HeldEntry, response: ServerResponse): void {
  response.setHeader('content-length', contentOctets(entry));
  if (typeof entry.content === 'string') createReadStream(entry.content).pipe(response);
  else if (entry.announcedOctets === undefined) response.end(entry.content);
  else response.write(entry.content, () => response.destroy());
}

function answer(entries: HeldEntry[], request: IncomingMessage, response: ServerResponse): void {
  const [, , mailbox, id, what] = (request.url ?? '').split('/').map(decodeURIComponent);
  const send = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const place = entries.findIndex((candidate) => candidate.id === id);
  const entry = entries[place];
  if (mailbox !== 'anna maria') send(404, { error: `there is no mailbox ${String(mailbox)}` });
  else if (id === undefined) send(200, entries.map(listed));
  else if (entry === undefined) send(404, { error: `mailbox ${mailbox} has no entry ${id}` });
  else if (request.method === 'DELETE') {
    entries.splice(place, 1);
    send(200, {});
  } else if (what === 'content') sendContent(entry, response);
  else send(200, { ...listed(entry), contentOctets: contentOctets(entry), envelope: toHex(entry.envelope) });
}

export async function startAdminServer(entries: readonly HeldEntry[]): Promise<AdminServer> {
  const held = [...entries];
  const socket = join(mkdtempSync(join(tmpdir(), 'mta-admin-')), 'admin.sock');
  const server: Server = createServer((request, response) => {
    answer(held, request, response);
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    socket,
    entries: held,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

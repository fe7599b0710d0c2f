import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { callAdmin, callAdminJson, readText } from '../admin/client.js';
import {
  mailboxesPath,
  quarantinePath,
  statusPath,
  submissionPath,
  type SubmissionRequest,
} from '../admin/protocol.js';
import type { StatusReport } from '../engine/status.js';

/** The compiled one also where this runs from its source, as in tests. */
const program = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/crash/doomed-daemon.js' : './doomed-daemon.js',
    import.meta.url,
  ),
);

export interface MailboxRow {
  readonly id: string;
  readonly kind: 'message' | 'report';
  readonly mtsIdentifier: string;
  readonly subjectIdentifier?: string;
}

/** A daemon over all its lives. */
export class Agent {
  readonly name: string;
  readonly #site: string;
  readonly #dataDirectory: string;
  readonly #namesFile: string;
  readonly #socket: string;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(folder: string, name: string, site: (dataDirectory: string) => object) {
    this.name = name;
    this.#site = join(folder, `${name}.json`);
    this.#dataDirectory = join(folder, name);
    this.#namesFile = join(folder, `${name}.steps`);
    this.#socket = join(this.#dataDirectory, 'admin.sock');
    writeFileSync(this.#site, JSON.stringify(site(this.#dataDirectory)), { mode: 0o600 });
  }

  /** Starts a life that ends at the step of this number, 0 for one that lives; resolves when it is ready or dead. */
  async start(killAtStep: number): Promise<void> {
    writeFileSync(this.#namesFile, '');
    const words = [program, this.#site, this.#namesFile, String(killAtStep)];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    this.#ended = once(child, 'close');
    const lines = createInterface({ input: child.stdout });
    const ready = new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        if (line.includes('"event":"ready"')) resolve();
      });
    });
    await Promise.race([ready, this.#ended]);
  }

  get isDead(): boolean {
    return this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Names of the steps of the present life. */
  get steps(): readonly string[] {
    return readFileSync(this.#namesFile, 'utf8').split('\n').slice(0, -1);
  }

  status(): Promise<StatusReport & { readonly queue: { readonly messages: number; readonly quarantined: number } }> {
    return callAdminJson({ socket: this.#socket, method: 'GET', path: statusPath });
  }

  async submit(request: SubmissionRequest, content: Uint8Array): Promise<string> {
    const body = Readable.from([Buffer.from(`${JSON.stringify(request)}\n`), content]);
    const answer = await callAdminJson<{ readonly mtsIdentifier: string }>({
      socket: this.#socket,
      method: 'POST',
      path: submissionPath,
      body,
    });
    return answer.mtsIdentifier;
  }

  mailbox(mailbox: string): Promise<readonly MailboxRow[]> {
    return callAdminJson({ socket: this.#socket, method: 'GET', path: `${mailboxesPath}/${mailbox}` });
  }

  async content(mailbox: string, id: string): Promise<Buffer> {
    const path = `${mailboxesPath}/${mailbox}/${id}/content`;
    const parts: Buffer[] = [];
    for await (const part of await callAdmin({ socket: this.#socket, method: 'GET', path })) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }

  async remove(mailbox: string, id: string): Promise<void> {
    await readText(
      await callAdmin({ socket: this.#socket, method: 'DELETE', path: `${mailboxesPath}/${mailbox}/${id}` }),
    );
  }

  async quarantined(): Promise<number> {
    const entries = await callAdminJson<object[]>({ socket: this.#socket, method: 'GET', path: quarantinePath });
    return entries.length;
  }

  /** Files of the store but its database. */
  get files(): readonly string[] {
    return ['incoming', 'content', 'quarantine'].flatMap((folder) => {
      const path = join(this.#dataDirectory, folder);
      return existsSync(path) ? readdirSync(path).map((file) => `${this.name}/${folder}/${file}`) : [];
    });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

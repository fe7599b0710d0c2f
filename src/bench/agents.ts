import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { callAdminJson } from '../admin/client.js';
import { statusPath } from '../admin/protocol.js';
import { submit } from '../cli/submit.js';
import type { PartialValues } from '../config/values.js';
import { freePort } from '../demo/sites.js';
import type { StatusReport } from '../engine/status.js';
import { until, type Lab } from './lab.js';
import { readProcess, type ProcessReading } from './process-readings.js';

const executable = fileURLToPath(new URL('../../bin/mta.js', import.meta.url));

export const sender = 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna';
export const recipient = 'C=GB;ADMD= ;PRMD=BETA;S=Jones;G=Ben';

export type QueueCounts = Readonly<
  Record<'queued' | 'sending' | 'deferred' | 'held' | 'messages' | 'delivered', number>
>;
export type AgentStatus = StatusReport & { readonly queue: QueueCounts };
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string; readonly time: number };

/** One agent: its site file, and its daemon while it runs. */
export class Agent {
  readonly name: string;
  readonly port: number;
  readonly site: string;
  readonly dataDirectory: string;
  readonly socket: string;
  readonly #lab: Lab;
  readonly #log: string;
  #daemon: ChildProcess | undefined;

  constructor(lab: Lab, name: string, port: number) {
    this.name = name;
    this.port = port;
    this.#lab = lab;
    this.site = join(lab.folder, `${name}.json`);
    this.dataDirectory = join(lab.folder, name);
    this.socket = join(this.dataDirectory, 'admin.sock');
    this.#log = join(lab.folder, `${name}.log`);
    mkdirSync(this.dataDirectory, { recursive: true });
  }

  get pid(): number {
    return this.#daemon?.pid ?? 0;
  }

  /** Starts the daemon; resolves, with the milliseconds that it took, when it is ready. */
  async start(...words: readonly string[]): Promise<number> {
    const began = performance.now();
    const from = this.#size();
    const { profiles } = this.#lab;
    const options = profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', join(profiles, this.name)];
    const line = [...options, executable, '--site', this.site, ...words];
    const daemon = this.#lab.start(process.execPath, line, this.#log);
    this.#daemon = daemon;
    await until(() => {
      if (daemon.exitCode !== null) throw new Error(`${this.name} ended: ${this.#text(from).slice(-2000)}`);
      return this.#text(from).includes('"event":"ready"') ? true : undefined;
    });
    return performance.now() - began;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#daemon !== undefined) await this.#lab.end(this.#daemon, signal);
  }

  reading(): ProcessReading {
    return readProcess(this.pid);
  }

  async status(): Promise<AgentStatus> {
    return callAdminJson<AgentStatus>({ socket: this.socket, method: 'GET', path: statusPath });
  }

  /** What the log holds from an octet on; see `logOctets`. */
  lines(from = 0): readonly LogLine[] {
    const text = this.#text(from);
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line.startsWith('{')) // warnings about the site file are plain text
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** The first line of this event from an octet of the log on. */
  firstLine(from: number, event: string): LogLine {
    const text = this.#text(from);
    const place = text.indexOf(`"event":"${event}"`);
    if (place < 0) throw new Error(`${this.name} has logged no ${event}`);
    return JSON.parse(text.slice(text.lastIndexOf('\n', place) + 1, text.indexOf('\n', place))) as LogLine;
  }

  /** Where the next line of the log will stand. */
  logOctets(): number {
    return this.#size();
  }

  /** Submits a content of so many octets; the MTS identifier when it is accepted. */
  async submit(octets: number, priority: 'urgent' | 'normal' = 'normal'): Promise<string> {
    const request = {
      from: sender,
      to: [recipient],
      priority,
      reports: 'non-delivery',
      contentType: '0',
      contentOctets: octets,
      subject: '',
      encodedInformationTypes: { builtIn: [0], extended: [] },
    } as const;
    const answer = await submit(
      this.socket,
      request,
      { request, octets: () => Readable.from(pieces(octets)) },
      'return',
    );
    return answer.mtsIdentifier;
  }

  /** `mta load` in a process of its own, started and not waited for. */
  load(count: number, octets: number, parallel: number): Promise<string> {
    const words = ['load', '--site', this.site, '--from', sender, '--to', recipient, '--json'];
    const numbers = ['--count', String(count), '--size', String(octets), '--parallel', String(parallel)];
    return this.#lab.run(process.execPath, [executable, ...words, ...numbers]);
  }

  /** A command of `mta` on this site in a process of its own, started and not waited for. */
  command(name: string, ...words: readonly string[]): ChildProcess {
    return this.#lab.start(process.execPath, [executable, name, '--site', this.site, ...words], `${this.#log}-${name}`);
  }

  /** Waits until so many messages lie in its mailboxes. */
  async delivered(count: number): Promise<void> {
    await until(async () => ((await this.status()).queue.delivered >= count ? true : undefined));
  }

  #size(): number {
    return existsSync(this.#log) ? statSync(this.#log).size : 0;
  }

  #text(from: number): string {
    const file = openSync(this.#log, 'r');
    try {
      const octets = Buffer.alloc(Math.max(this.#size() - from, 0));
      const read = readSync(file, octets, 0, octets.length, from);
      return octets.toString('utf8', 0, read);
    } finally {
      closeSync(file);
    }
  }
}

const pieceOctets = 256 * 1024;

function* pieces(octets: number): Generator<Buffer> {
  const piece = Buffer.alloc(Math.min(octets, pieceOctets), 'content ');
  for (let left = octets; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
}

export interface ChainOptions {
  readonly names: readonly string[];
  readonly values: PartialValues;
  /** Where the way from an agent to the next one leads, instead of straight to it. */
  readonly via?: (port: number) => Promise<number>;
}

/** Agents in a row, each a neighbour of the next, with their site files; none is started. The first is the sender's, the last the recipient's. */
export async function makeChain(lab: Lab, { names, values, via }: ChainOptions): Promise<readonly Agent[]> {
  const agents: Agent[] = [];
  for (const name of names) agents.push(new Agent(lab, name, await freePort()));
  for (const [place, agent] of agents.entries()) {
    const next = agents[place + 1];
    const previous = agents[place - 1];
    const connectors: object[] = [];
    if (next !== undefined) {
      const linkPort = via === undefined ? undefined : await via(next.port);
      connectors.push(connectorTo(next, 'C=GB;ADMD= ;PRMD=BETA', linkPort));
    }
    if (previous !== undefined) connectors.push(connectorTo(previous, 'C=GB;ADMD= ;PRMD=ALPHA', undefined));
    writeFileSync(agent.site, JSON.stringify(siteOf(agent, connectors, values)), { mode: 0o600 });
  }
  return agents;
}

const mailboxOf: Readonly<Record<string, object>> = {
  alpha: { name: 'anna', address: sender },
  beta: { name: 'ben', address: recipient },
};

function siteOf(agent: Agent, connectors: readonly object[], values: PartialValues): object {
  const mailbox = mailboxOf[agent.name];
  return {
    mta: {
      name: `MTA-${agent.name.toUpperCase()}`,
      password: `${agent.name}-password`,
      globalDomain: { country: 'GB', admd: ' ', prmd: agent.name.toUpperCase() },
    },
    listen: [{ host: '127.0.0.1', port: agent.port, transportSelector: 'MTA' }],
    dataDirectory: agent.dataDirectory,
    siteDefaults: values,
    connectors,
    mailboxes: mailbox === undefined ? [] : [mailbox],
  };
}

function connectorTo(peer: Agent, pattern: string, linkPort: number | undefined): object {
  return {
    name: peer.name,
    remote: {
      mtaName: `MTA-${peer.name.toUpperCase()}`,
      password: `${peer.name}-password`,
      host: '127.0.0.1',
      port: peer.port,
      transportSelector: 'MTA',
      ...(linkPort === undefined ? {} : { via: { host: '127.0.0.1', port: linkPort } }),
    },
    addressSpace: [{ pattern }],
  };
}

/**
 * Daemons and commands as real processes: free ports on the loopback address, a folder of their own, and an end for each of them by its
 * process id, however the test ends.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { callAdminJson } from '../../src/admin/client.js';
import { mailboxesPath, statusPath } from '../../src/admin/protocol.js';
import type { AssociationStatus, StatusReport } from '../../src/engine/status.js';
import { createSlowLink, type SlowLink } from '../../src/host/slow-link.js';
import { makeSites, type PairOptions, type SitePair, type TestSite } from './sites.js';

const executable = fileURLToPath(new URL('../../bin/mta.js', import.meta.url));
const built = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

if (!existsSync(built)) {
  throw new Error('these tests run what the build made of src/: run "npm run build" first, as "npm test" does');
}

/** For a test that starts processes, milliseconds: a busy machine takes its time. */
export const testMilliseconds = 180_000;

const waitMilliseconds = 90_000;
const lookMilliseconds = 50;

export type LogLine = Readonly<Record<string, unknown>>;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Everything that has been started and is still running; what a crashing test runner leaves ends with it. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function start(words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [executable, ...words], { stdio: 'pipe' });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

export class Daemon {
  readonly site: TestSite;
  readonly lines: LogLine[] = [];
  /** Standard output as it came, and what was said beside it. */
  text = '';
  errorText = '';
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();

  constructor(site: TestSite, words: readonly string[] = []) {
    this.site = site;
    const child = start(['--site', site.path, ...words]);
    this.#child = child;
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('a child without output');
    stderr.on('data', (chunk: Buffer) => {
      this.errorText += chunk.toString();
    });
    createInterface({ input: stdout }).on('line', (line) => {
      this.text += `${line}\n`;
      this.lines.push(JSON.parse(line) as LogLine);
      for (const watcher of [...this.#watchers]) watcher();
    });
    this.ended = once(child, 'close').then(([code, signal]) => {
      for (const watcher of [...this.#watchers]) watcher();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  events(name: string): readonly LogLine[] {
    return this.lines.filter((line) => line['event'] === name);
  }

  /** The first line of this event that is as wanted; what has come already counts. */
  async until(name: string, wanted: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        act();
      };
      const fail = (what: string): void => {
        reject(new Error(`${this.site.name}: ${what} before ${name}\n${this.text.slice(-4000)}${this.errorText}`));
      };
      const look = (): void => {
        const line = this.events(name).find(wanted);
        if (line !== undefined) {
          finish(() => {
            resolve(line);
          });
        } else if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
          finish(() => {
            fail('ended');
          });
        }
      };
      const timer = setTimeout(() => {
        finish(() => {
          fail(`${String(waitMilliseconds)} ms passed`);
        });
      }, waitMilliseconds);
      this.#watchers.add(look);
      look();
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.signal(signal);
    return this.ended;
  }

  status(): Promise<StatusReport> {
    return callAdminJson({ socket: this.site.socket, method: 'GET', path: statusPath });
  }

  /** Waits until an association is as wanted, and returns it. */
  async association(wanted: (association: AssociationStatus) => boolean): Promise<AssociationStatus> {
    return eventually(`an association of ${this.site.name}`, async () =>
      (await this.status()).associations.find((association) => wanted(association)),
    );
  }

  mailbox(name: string): Promise<readonly MailboxRow[]> {
    return callAdminJson({ socket: this.site.socket, method: 'GET', path: `${mailboxesPath}/${name}` });
  }

  /** Waits until so many entries are there. */
  async delivered(name: string, count: number): Promise<readonly MailboxRow[]> {
    return eventually(`${String(count)} entries in mailbox ${name}`, async () => {
      const rows = await this.mailbox(name);
      return rows.length >= count ? rows : undefined;
    });
  }

  trackingLog(): string {
    return readFileSync(join(this.site.dataDirectory, 'tracking.log'), 'utf8');
  }
}

export interface MailboxRow {
  readonly id: string;
  readonly kind: 'message' | 'report';
  readonly mtsIdentifier: string;
  readonly subjectIdentifier?: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly contentType: string;
  readonly sizeOctets: number;
  readonly deliveredAt: string;
}

/** Looks again and again until there is an answer. */
export async function eventually<Answer>(what: string, look: () => Promise<Answer | undefined>): Promise<Answer> {
  const deadline = Date.now() + waitMilliseconds;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not in ${String(waitMilliseconds)} ms`);
    await sleep(lookMilliseconds);
  }
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of `mta` to its end. */
export async function mta(words: readonly string[], input = ''): Promise<CommandResult> {
  const child = start(words);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

/** A command that must succeed and print JSON. */
export async function mtaJson<Answer>(words: readonly string[], input = ''): Promise<Answer> {
  const { code, stdout, stderr } = await mta([...words, '--json'], input);
  if (code !== 0) throw new Error(`mta ${words.join(' ')} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

/** A folder, and every process and link that lives in it. */
export class Neighbourhood {
  readonly folder = mkdtempSync(join(tmpdir(), 'mta-test-'));
  readonly #daemons: Daemon[] = [];
  readonly #links: SlowLink[] = [];

  sites(options: PairOptions = {}): Promise<SitePair> {
    return makeSites(this.folder, options);
  }

  /** Starts a daemon; resolves when it is ready. */
  async start(site: TestSite, words: readonly string[] = []): Promise<Daemon> {
    const daemon = this.launch(site, words);
    await daemon.until('ready');
    return daemon;
  }

  /** Starts a daemon without waiting for anything. */
  launch(site: TestSite, words: readonly string[] = []): Daemon {
    const daemon = new Daemon(site, words);
    this.#daemons.push(daemon);
    return daemon;
  }

  /** Alpha and beta, both ready. */
  async pair(options: PairOptions = {}): Promise<{ readonly alpha: Daemon; readonly beta: Daemon }> {
    const { alpha, beta } = await this.sites(options);
    const [first, second] = await Promise.all([this.start(alpha), this.start(beta)]);
    return { alpha: first, beta: second };
  }

  /** A line from alpha to beta that can be slowed down, stopped and cut. */
  async link(site: { readonly port: number; readonly linkPort: number }, octetsPerSecond: number): Promise<SlowLink> {
    const link = await createSlowLink({
      listenPort: site.linkPort,
      targetHost: '127.0.0.1',
      targetPort: site.port,
      octetsPerSecond,
      latencyMilliseconds: 1,
    });
    this.#links.push(link);
    return link;
  }

  async close(): Promise<void> {
    for (const link of this.#links.splice(0)) await link.close();
    await Promise.all(this.#daemons.splice(0).map((daemon) => daemon.end('SIGKILL')));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

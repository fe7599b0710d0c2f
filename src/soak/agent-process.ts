import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Observations, type LogLine } from './observations.js';
import type { SoakSite } from './sites.js';

const executable = fileURLToPath(new URL('../../bin/mta.js', import.meta.url));

/** A daemon that is killed and started again and again. */
export class AgentProcess {
  readonly site: SoakSite;
  readonly observations = new Observations();
  /** What it said beside its log, and ends that nobody asked for. */
  readonly complaints: string[] = [];
  starts = 0;
  /** Most resident memory of any of its lives, KiB. */
  memoryKib = 0;
  #child: ChildProcess | undefined;
  #ready: Promise<void> = Promise.resolve();
  #isWanted = false;

  constructor(site: SoakSite) {
    this.site = site;
  }

  /** Starts it; `ready` resolves when it is ready, or has been killed before that. */
  start(): void {
    this.starts += 1;
    this.#isWanted = true;
    const child = spawn(process.execPath, [executable, '--site', this.site.path], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.on('data', (chunk: Buffer) => this.complaints.push(`${this.site.agent}: ${chunk.toString()}`));
    this.#ready = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (text) => {
        appendFileSync(this.site.logPath, `${text}\n`);
        const line = parsed(text);
        if (line === undefined) return; // cut short by the death of the process
        this.observations.heard(line);
        if (line['event'] === 'ready') resolve();
      });
      child.once('exit', (code, signal) => {
        if (this.#isWanted && this.#child === child) {
          this.complaints.push(`${this.site.agent} ended by itself with ${String(code ?? signal)}`);
        }
        resolve();
      });
    });
  }

  get ready(): Promise<void> {
    return this.#ready;
  }

  /** Reads how much memory it has had. */
  measure(): void {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    try {
      const [, kib = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
      this.memoryKib = Math.max(this.memoryKib, Number(kib));
    } catch {
      // It is gone.
    }
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
    this.observations.died(Date.now());
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.measure();
    this.#isWanted = false;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
  }
}

function parsed(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return undefined;
  }
}

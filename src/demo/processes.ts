import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const executable = fileURLToPath(new URL('../../bin/mta.js', import.meta.url));

/** How long a daemon may take to be ready, milliseconds. */
const readyMillisecondsMax = 20_000;

export type LogLine = Readonly<Record<string, unknown>>;

/** One daemon of the demonstration, and what it logs. */
export interface Daemon {
  readonly name: string;
  readonly site: string;
  readonly lines: LogLine[];
  /** Ends it; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts a daemon from a site file; resolves when it says that it is ready. */
export async function startDaemon(name: string, site: string): Promise<Daemon> {
  const child = spawn(process.execPath, [executable, '--site', site], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: LogLine[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${name} was not ready in time`));
    }, readyMillisecondsMax);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${name} ended with ${String(code)}: ${JSON.stringify(lines.at(-1) ?? {})}`));
    });
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as LogLine;
      lines.push(line);
      if (line['event'] !== 'ready') return;
      clearTimeout(timer);
      resolve();
    });
  });
  await ready;
  return { name, site, lines, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Runs one command of `mta` to its end; its standard output, or an error with what it said. */
export async function mta(...words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [executable, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`mta ${words.join(' ')} ended with ${String(code)}: ${Buffer.concat(err).toString()}`);
  return Buffer.concat(out).toString();
}

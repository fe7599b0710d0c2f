import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { execFileSync } from 'node:child_process';

/** Where and with what a run was made. */
export interface MachineFacts {
  readonly time: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryOctets: number;
  readonly kernel: string;
  readonly fileSystem: string;
  /** Of one minute, when the run began: what others had the machine do. */
  readonly loadAverage: number;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly postfix: string | null;
  readonly seed: number;
}

const packages = ['better-sqlite3', 'pino', 'smtp-server', 'nodemailer'];

export function machineFacts(folder: string, seed: number): MachineFacts {
  const require = createRequire(import.meta.url);
  const version = (name: string): string => {
    const file = require.resolve.paths(name)?.map((place) => `${place}/${name}/package.json`) ?? [];
    for (const path of file) {
      const text = textOf(path);
      if (text !== undefined) return (JSON.parse(text) as { version: string }).version;
    }
    return 'not installed';
  };
  return {
    time: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryOctets: totalmem(),
    kernel: release(),
    fileSystem: output('df', ['--output=source,fstype', folder])?.split('\n')[1]?.replace(/\s+/g, ' ') ?? 'unknown',
    loadAverage: loadavg()[0] ?? NaN,
    node: process.version,
    packages: Object.fromEntries(packages.map((name) => [name, version(name)])),
    postfix: output('postconf', ['-h', 'mail_version']) ?? null,
    seed,
  };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function output(command: string, words: readonly string[]): string | undefined {
  try {
    return execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined; // not on this machine
  }
}

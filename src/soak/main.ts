import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TcpCapture } from '../host/tcp-capture.js';
import { figuresOf, printFigures } from './report.js';
import { soak } from './run.js';

const usage =
  'npm run soak -- --minutes M [--seed N] [--octets-per-second N] [--octets-max N] [--recovery-timeout-seconds N] [--capture FILE.pcapng [--capture-mib N]] [--json] [--keep]';

const options = {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
  'octets-per-second': { type: 'string', default: '2000000' },
  'octets-max': { type: 'string', default: '100000000' },
  'recovery-timeout-seconds': { type: 'string', default: '60' },
  capture: { type: 'string' },
  'capture-mib': { type: 'string', default: '256' },
  json: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
} as const;

class UsageError extends Error {
  override readonly name = 'UsageError';
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new UsageError(`--${name}: "${text}", expected a number above 0\n${usage}`);
  return value;
}

function argumentsOf() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

async function main(): Promise<number> {
  const values = argumentsOf();
  const minutes = positive('minutes', values.minutes);
  const seed = positive('seed', values.seed);
  const folder = mkdtempSync(join(tmpdir(), 'mta-soak-'));
  const startedAt = Date.now();
  const captureOctetsMax = positive('capture-mib', values['capture-mib']) * 1024 * 1024;
  const capture =
    values.capture === undefined ? undefined : new TcpCapture<Socket>(values.capture, 'mta soak', captureOctetsMax);
  try {
    const result = await soak({
      seed,
      minutes,
      octetsPerSecond: positive('octets-per-second', values['octets-per-second']),
      octetsMax: positive('octets-max', values['octets-max']),
      recoveryTimeoutSeconds: positive('recovery-timeout-seconds', values['recovery-timeout-seconds']),
      folder,
      ...(capture === undefined ? {} : { capture }),
      say: (text) => {
        process.stderr.write(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(8)} s  ${text}\n`);
      },
    });
    const figures = figuresOf(seed, minutes, result);
    process.stdout.write(values.json ? `${JSON.stringify(figures, undefined, 2)}\n` : printFigures(figures, result));
    if (figures.violations.length === 0) return 0;
    process.stderr.write(
      `the same faults again: npm run soak -- --minutes ${String(minutes)} --seed ${String(seed)}\n`,
    );
    return 3;
  } finally {
    capture?.close();
    if (values.keep) process.stderr.write(`data kept in ${folder}\n`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);

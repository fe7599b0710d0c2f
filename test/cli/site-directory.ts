/** Site files in a directory of their own, and somewhere for commands to write. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandOutput } from '../../src/cli/command.js';

const privateMode = 0o600;

/** Writes the value as a file that only its owner may read, and answers its path. */
export function siteFile(value: unknown, mode = privateMode): string {
  const path = join(mkdtempSync(join(tmpdir(), 'mta-site-')), 'site.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value, undefined, 2), { mode });
  return path;
}

export interface CapturedOutput extends CommandOutput {
  readonly out: () => string;
  readonly err: () => string;
}

export function captureOutput(): CapturedOutput {
  const written = { out: '', err: '' };
  return {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    out: () => written.out,
    err: () => written.err,
  };
}

export function examplePath(name: string): string {
  return join(import.meta.dirname, '../../examples', name);
}

/** Where the secrets of a site file are: in it, in the environment, in files of their own. */
import { dirname, resolve } from 'node:path';
import type { FindSecret } from './effective.js';
import { passwordExpected, passwordOctetsMax } from './fields.js';
import type { SecretSource } from './fields.js';
import type { Path, Problem } from './problem.js';
import { Secret } from './secret.js';

/** The world that secrets are found in. */
export interface SecretWorld {
  /** Absolute path of the site file. */
  readonly path: string;
  /** Text of another file; throws an Error whose message says why not. */
  readonly readFile: (path: string) => string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Mode bits of a file, undefined where there is none. */
  readonly statMode: (path: string) => number | undefined;
}

export type ReportFound = (severity: Problem['severity'], path: Path, found: string, expected: string) => void;

const readableByAll = 0o004;

/** Reports a file that holds secrets and may be read by everybody on the machine. */
function checkPrivacy(world: SecretWorld, file: string, path: Path, report: ReportFound): void {
  const mode = world.statMode(file);
  if (mode === undefined || (mode & readableByAll) === 0) return;
  const digits = (mode & 0o777).toString(8).padStart(4, '0');
  report('warning', path, `a file with secrets that everybody may read (mode ${digits})`, 'mode 0600');
}

/** The file's text without the line end that editors put at the end of a file. */
function withoutLastLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

export function secretFinder(world: SecretWorld, report: ReportFound): FindSecret {
  let siteFileChecked = false;
  const textOf = (source: SecretSource, path: Path): string | undefined => {
    if (typeof source === 'string') {
      if (!siteFileChecked) checkPrivacy(world, world.path, path, report);
      siteFileChecked = true;
      return source;
    }
    if ('env' in source) {
      const text = world.environment[source.env];
      if (text === undefined) report('error', [...path, 'env'], 'nothing', `the environment variable ${source.env}`);
      return text;
    }
    const file = resolve(dirname(world.path), source.file);
    try {
      const text = withoutLastLineEnd(world.readFile(file));
      checkPrivacy(world, file, [...path, 'file'], report);
      return text;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      report('error', [...path, 'file'], `no readable file (${reason})`, `the secret in ${file}`);
      return undefined;
    }
  };
  return (source, path) => {
    const text = textOf(source, path);
    if (text === undefined) return undefined;
    const octets = Buffer.byteLength(text);
    if (octets > passwordOctetsMax) report('error', path, `a secret of ${octets} octets`, passwordExpected);
    return new Secret(text);
  };
}

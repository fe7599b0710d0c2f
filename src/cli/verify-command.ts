/** The words of `mta verify`: one of four ways to know the other end. */
import type { Argv } from 'yargs';
import type { ExitCode } from './command.js';
import { jsonOption, output, siteOf, siteOption, UsageError, wholeNumber, type Ends } from './options.js';

const ways = ['with', 'live', 'export-profile', 'profile'] as const;

export interface VerifyWords {
  readonly site: string;
  readonly with: string | undefined;
  readonly live: boolean | undefined;
  readonly 'export-profile': string | undefined;
  readonly profile: string | undefined;
  readonly connector: string | undefined;
  readonly timeout: number | undefined;
  readonly json: boolean;
}

export function verifyOptions(command: Argv) {
  return command
    .option('site', siteOption)
    .option('with', { type: 'string', nargs: 1, describe: 'The site file of the other end' })
    .option('live', {
      type: 'boolean',
      describe: 'Open an association to the peer of --connector and compare its answers',
    })
    .option('export-profile', {
      type: 'string',
      nargs: 1,
      describe: 'Write what must fit at the other end of --connector, without passwords; - is standard output',
    })
    .option('profile', {
      type: 'string',
      nargs: 1,
      describe: 'A profile that the other end has exported; - is standard input',
    })
    .option('connector', { type: 'string', nargs: 1, describe: 'Which connector' })
    .option('timeout', {
      type: 'string',
      nargs: 1,
      describe: 'With --live: seconds until the association must stand',
      coerce: (text: string | undefined) => (text === undefined ? undefined : wholeNumber('timeout', 1)(text)),
    })
    .option('json', jsonOption);
}

export function verify(words: VerifyWords, ends: Ends): Promise<void> {
  return ends(() => run(words))();
}

async function run(words: VerifyWords): Promise<ExitCode> {
  const chosen = ways.filter((way) => words[way] !== undefined && words[way] !== false);
  const [way] = chosen;
  if (way === undefined || chosen.length > 1) {
    throw new UsageError(`verify needs one of ${ways.map((name) => `--${name}`).join(', ')}; see mta verify --help`);
  }
  if (words.timeout !== undefined && way !== 'live') throw new UsageError('--timeout goes with --live only');
  switch (way) {
    case 'with':
      if (words.connector !== undefined) throw new UsageError('--connector: with --with all connectors are compared');
      return (await import('./verify.js')).runVerify(
        { site: words.site, with: words.with ?? '', json: words.json },
        output,
      );
    case 'live':
      return (await import('./verify-live.js')).runVerifyLive(
        {
          site: siteOf(words.site),
          connector: needed(words.connector, way),
          json: words.json,
          ...(words.timeout === undefined ? {} : { timeoutSeconds: words.timeout }),
        },
        output,
      );
    case 'export-profile':
      return (await import('./verify-profile.js')).runExportProfile(
        siteOf(words.site),
        needed(words.connector, way),
        dashed(words[way]),
        output,
      );
    case 'profile':
      return (await import('./verify-profile.js')).runVerifyProfile(
        {
          site: siteOf(words.site),
          profile: dashed(words.profile),
          json: words.json,
          ...(words.connector === undefined ? {} : { connector: words.connector }),
        },
        output,
      );
  }
}

function needed(connector: string | undefined, way: string): string {
  if (connector === undefined) throw new UsageError(`--${way} needs --connector NAME`);
  return connector;
}

/** yargs makes nothing of a "-" that stands alone. */
function dashed(file: string | undefined): string {
  return file === undefined || file === '' ? '-' : file;
}

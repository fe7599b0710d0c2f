import type { Site } from '../config/site.js';
import { loadSiteFile } from '../host/site-files.js';
import { exitCodes, type CommandOutput, type ExitCode } from './command.js';
import { writeProblems } from './problems.js';

/** A site or usage error whose text has been written already. */
export class Ended extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super('ended');
    this.code = code;
  }
}

/** The words of the command line are not as the command wants them. */
export class UsageError extends Error {}

/** Makes a command's handler of what it does; its exit code becomes that of the process. */
export type Ends = (run: () => ExitCode | Promise<ExitCode>) => () => Promise<void>;

export const output: CommandOutput = { stdout: process.stdout, stderr: process.stderr };

export const siteOption = { type: 'string', describe: 'The site file', demandOption: true } as const;
export const jsonOption = { type: 'boolean', default: false, describe: 'Machine-readable output' } as const;

/** Reads an option that must be a whole number of at least `min`. */
export function wholeNumber(name: string, min: number): (text: string | undefined) => number {
  return (text) => {
    const value = Number(text);
    if (text === undefined || !/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
      throw new UsageError(`--${name}: "${String(text)}" is not a whole number from ${String(min)} on`);
    }
    return value;
  };
}

/** The site of a file; problems are written, errors end the command. */
export function siteOf(path: string): Site {
  const load = loadSiteFile(path);
  writeProblems(output, load.problems);
  if (!load.valid) throw new Ended(exitCodes.usage);
  return load.site;
}

/** Where the daemon of a site file is reached. */
export function socketOf(path: string): string {
  const load = loadSiteFile(path);
  if (load.valid) return load.site.admin.socket;
  writeProblems(output, load.problems);
  throw new Ended(exitCodes.usage);
}

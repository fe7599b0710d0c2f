import type { Site } from '../config/site.js';
import { loadSiteFile } from '../host/site-files.js';
import { AddressTextError } from '../p1/address-text-error.js';
import { parseContentType } from '../p1/content-type-text.js';
import { parseORAddress } from '../p1/or-address-text.js';
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

export const siteOption = { type: 'string', nargs: 1, describe: 'The site file', demandOption: true } as const;
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

/** Reads an option that must be an O/R address, or several. */
export function readableAddress<Given extends string | string[]>(name: string): (given: Given) => Given {
  return readable(name, parseORAddress);
}

/** Reads an option that must be a content type. */
export function readableContentType(name: string): (text: string) => string {
  return readable(name, parseContentType);
}

function readable<Given extends string | string[]>(name: string, parse: (text: string) => unknown) {
  return (given: Given): Given => {
    for (const text of typeof given === 'string' ? [given] : given) {
      try {
        parse(text);
      } catch (error) {
        if (error instanceof AddressTextError) throw new UsageError(`--${name}: ${error.message}`);
        throw error;
      }
    }
    return given;
  };
}

const repeatable: ReadonlySet<string> = new Set(['_', 'to', 'attach', 'preset', 'toxic', 'fault', 'timeline']);

/** Which of two values would hold is nobody's guess. */
export function refuseRepeated(values: Readonly<Record<string, unknown>>): true {
  const [repeated] =
    Object.entries(values).find(([name, value]) => Array.isArray(value) && !repeatable.has(name)) ?? [];
  if (repeated !== undefined) throw new UsageError(`--${repeated} is given more than once`);
  return true;
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

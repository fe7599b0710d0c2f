import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import yargs, { type Argv } from 'yargs';
import { callAdmin, callAdminJson } from '../admin/client.js';
import { reloadPath, tracePath } from '../admin/protocol.js';
import type { Site } from '../config/site.js';
import { runDaemon } from '../daemon/daemon.js';
import { loadSiteFile } from '../host/site-files.js';
import { runCheck } from './check.js';
import { exitCodes, type CommandOutput, type ExitCode } from './command.js';
import { runDecode } from './decode.js';
import { runLoad } from './load.js';
import { runMailboxExport, runMailboxList, runMailboxRemove, runMailboxShow } from './mailbox.js';
import { writeProblems } from './problems.js';
import { runQueueChange, runQueueList, runQueueShow } from './queue.js';
import { runSchema } from './schema.js';
import { runStatus } from './status.js';
import { runSubmit } from './submit.js';
import { runVerify } from './verify.js';
import { version } from './version.js';

/** A site or usage error whose text has been written already. */
class Ended extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super('ended');
    this.code = code;
  }
}

const output: CommandOutput = { stdout: process.stdout, stderr: process.stderr };

/** Runs one command; the answer is the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  let code: ExitCode = exitCodes.good;
  const ends = (run: () => ExitCode | Promise<ExitCode>) => async (): Promise<void> => {
    code = await run();
  };
  try {
    await parserOf(words, ends).parseAsync();
    return code;
  } catch (error) {
    if (error instanceof Ended) return error.code;
    process.stderr.write(`mta: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

/** The words of the command line are not as the command wants them. */
class UsageError extends Error {}

type Ends = (run: () => ExitCode | Promise<ExitCode>) => () => Promise<void>;

function parserOf(words: readonly string[], ends: Ends): Argv {
  const site = { type: 'string', describe: 'The site file', demandOption: true } as const;
  const json = { type: 'boolean', default: false, describe: 'Machine-readable output' } as const;
  return yargs(words)
    .scriptName('mta')
    .version(version())
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'duplicate-arguments-array': true,
    })
    .option('log-level', {
      choices: ['debug', 'info', 'warn', 'error'] as const,
      default: 'info' as const,
      describe: 'Least severe log lines shown',
    })
    .command(
      '$0',
      'Run the daemon in the foreground',
      (command) => command.option('site', site),
      async (args) => {
        const code = await runDaemon({ sitePath: args.site, logLevel: args['log-level'] }, siteOf(args.site));
        if (code !== 0) throw new Ended(exitCodes.failed);
      },
    )
    .command(
      'check',
      'Validate a site file and show each effective value with its origin',
      (command) => command.option('site', site).option('json', json),
      (args) => ends(() => runCheck({ site: args.site, json: args.json }, output))(),
    )
    .command(
      'verify',
      'Compare the two ends of a connector',
      (command) =>
        command
          .option('site', site)
          .option('with', { ...site, describe: 'The site file of the other end' })
          .option('json', json),
      (args) => ends(() => runVerify({ site: args.site, with: args.with, json: args.json }, output))(),
    )
    .command('schema', 'Print the JSON Schema of the site file', {}, () => ends(() => runSchema(output))())
    .command(
      'submit',
      'Submit a message',
      (command) =>
        command
          .option('site', site)
          .option('from', { type: 'string', demandOption: true, describe: 'Originator, an O/R address' })
          .option('to', {
            type: 'string',
            array: true,
            nargs: 1,
            demandOption: true,
            describe: 'Recipient, an O/R address; may be repeated',
          })
          .option('subject', { type: 'string' })
          .option('priority', { choices: ['urgent', 'normal', 'non-urgent'] as const, default: 'normal' as const })
          .option('reports', {
            choices: ['none', 'non-delivery', 'all'] as const,
            default: 'non-delivery' as const,
            describe: 'Reports that the originator wants',
          })
          .option('attach', {
            type: 'string',
            array: true,
            nargs: 1,
            default: [] as string[],
            describe: 'File to attach; may be repeated',
          })
          .option('text', { type: 'string', describe: 'File with the text, or - for standard input' })
          .option('content', {
            type: 'string',
            describe: 'File with raw content octets',
            conflicts: ['text', 'attach', 'subject'],
          })
          .option('content-type', {
            type: 'string',
            describe: 'Integer or dotted object identifier, with --content',
            implies: 'content',
          })
          .option('wait', {
            type: 'boolean',
            default: false,
            describe: 'Wait until the message has left this agent for every recipient',
          })
          .option('json', json),
      (args) =>
        ends(() =>
          runSubmit(
            {
              socket: socketOf(args.site),
              from: args.from,
              to: args.to,
              priority: args.priority,
              reports: args.reports,
              attach: args.attach,
              ...(args.subject === undefined ? {} : { subject: args.subject }),
              ...(args.text === undefined ? {} : { text: args.text }),
              ...(args.content === undefined ? {} : { content: args.content }),
              ...(args['content-type'] === undefined ? {} : { contentType: args['content-type'] }),
              wait: args.wait ? 'wait' : 'return',
              json: args.json,
            },
            output,
          ),
        )(),
    )
    .command(
      'load',
      'Submit many messages',
      (command) =>
        command
          .option('site', site)
          .option('from', { type: 'string', demandOption: true })
          .option('to', { type: 'string', demandOption: true })
          .option('count', {
            type: 'string',
            demandOption: true,
            describe: 'How many',
            coerce: wholeNumber('count', 1),
          })
          .option('size', {
            type: 'string',
            demandOption: true,
            describe: 'Octets of each content',
            coerce: wholeNumber('size', 0),
          })
          .option('parallel', {
            type: 'string',
            default: '1',
            describe: 'Submissions at once',
            coerce: wholeNumber('parallel', 1),
          })
          .option('json', json),
      (args) =>
        ends(() =>
          runLoad(
            {
              socket: socketOf(args.site),
              from: args.from,
              to: args.to,
              count: args.count,
              size: args.size,
              parallel: args.parallel,
              json: args.json,
            },
            output,
          ),
        )(),
    )
    .command(
      'status',
      'Associations, connectors and queue counts',
      (command) => command.option('site', site).option('json', json),
      (args) => ends(() => runStatus({ socket: socketOf(args.site), json: args.json }, output))(),
    )
    .command('queue', 'Messages in the queue', (command) => queueCommands(command, ends, site, json))
    .command('mailbox', 'Delivered messages and reports', (command) => mailboxCommands(command, ends, site, json))
    .command(
      'trace',
      "Record a connector's traffic as a capture that Wireshark opens, until interrupted",
      (command) =>
        command
          .option('site', site)
          .option('connector', { type: 'string', demandOption: true })
          .option('out', { type: 'string', demandOption: true, describe: 'The pcapng file' })
          .option('seconds', {
            type: 'string',
            describe: 'How long; else until interrupted',
            coerce: wholeNumber('seconds', 1),
          }),
      (args) => ends(() => runTrace(siteOf(args.site), args.connector, args.out, args.seconds))(),
    )
    .command(
      'reload',
      'Apply the site file anew, like SIGHUP',
      (command) => command.option('site', site),
      (args) => ends(() => runReload(socketOf(args.site)))(),
    )
    .command(
      'decode <file>',
      'Print a BER file, an MTS-APDU, a content or a session TSDU in clear',
      (command) =>
        command
          .positional('file', { type: 'string', demandOption: true, describe: 'The file, or - for standard input' })
          .option('as', {
            choices: ['ber', 'apdu', 'content', 'tsdu'] as const,
            describe: 'What it is; else found out',
          })
          .option('json', json),
      (args) =>
        ends(() =>
          runDecode({ file: args.file, json: args.json, ...(args.as === undefined ? {} : { as: args.as }) }, output),
        )(),
    )
    .completion('completion', 'Print a completion script for the shell')
    .strict()
    .demandCommand(0, 0)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageError(`${message ?? 'unknown command'}; see mta --help`);
    })
    .exitProcess(false)
    .help();
}

type SiteOption = { readonly type: 'string'; readonly describe: string; readonly demandOption: true };
type JsonOption = { readonly type: 'boolean'; readonly default: boolean; readonly describe: string };

function queueCommands(command: Argv, ends: Ends, site: SiteOption, json: JsonOption): Argv {
  const listed = command
    .command(
      'ls',
      'List',
      (ls) => ls.option('site', site).option('connector', { type: 'string' }).option('json', json),
      (args) =>
        ends(() =>
          runQueueList(
            {
              socket: socketOf(args.site),
              json: args.json,
              ...(args.connector === undefined ? {} : { connector: args.connector }),
            },
            output,
          ),
        )(),
    )
    .command(
      'show <identifier>',
      'Show one',
      (show) =>
        show
          .positional('identifier', { type: 'string', demandOption: true, describe: 'Copy, message or MTS identifier' })
          .option('site', site)
          .option('json', json),
      (args) =>
        ends(() =>
          runQueueShow({ socket: socketOf(args.site), json: args.json, identifier: args.identifier }, output),
        )(),
    );
  const actions = {
    hold: 'Hold',
    release: 'Release what was held',
    retry: 'Try now',
    rm: 'Remove without a report',
  } as const;
  let changed: Argv = listed;
  for (const [action, describe] of Object.entries(actions)) {
    changed = changed.command(
      `${action} <identifier>`,
      describe,
      (change) =>
        change
          .positional('identifier', { type: 'string', demandOption: true })
          .option('site', site)
          .option('json', json),
      (args) =>
        ends(() =>
          runQueueChange(
            {
              socket: socketOf(args.site),
              json: args.json,
              identifier: args.identifier,
              action: action as keyof typeof actions,
            },
            output,
          ),
        )(),
    );
  }
  return changed.demandCommand(1, 'queue what? ls, show, hold, release, retry or rm').strict();
}

function mailboxCommands(command: Argv, ends: Ends, site: SiteOption, json: JsonOption): Argv {
  const name = { type: 'string', demandOption: true, describe: 'The mailbox' } as const;
  const id = { type: 'string', demandOption: true, describe: 'The entry, as ls shows it' } as const;
  return command
    .command(
      'ls <name>',
      'List',
      (ls) => ls.positional('name', name).option('site', site).option('json', json),
      (args) => ends(() => runMailboxList({ socket: socketOf(args.site), name: args.name, json: args.json }, output))(),
    )
    .command(
      'show <name> <id>',
      'Show one',
      (show) => show.positional('name', name).positional('id', id).option('site', site).option('json', json),
      (args) =>
        ends(() =>
          runMailboxShow({ socket: socketOf(args.site), name: args.name, id: args.id, json: args.json }, output),
        )(),
    )
    .command(
      'export <name> <id>',
      'Write body parts as files, or the content octets',
      (write) =>
        write
          .positional('name', name)
          .positional('id', id)
          .option('site', site)
          .option('raw', { type: 'boolean', default: false, describe: 'The content octets exactly as submitted' })
          .option('out', { type: 'string', describe: 'A folder; with --raw a file' })
          .option('json', json),
      (args) =>
        ends(() =>
          runMailboxExport(
            {
              socket: socketOf(args.site),
              name: args.name,
              id: args.id,
              raw: args.raw,
              json: args.json,
              ...(args.out === undefined ? {} : { out: args.out }),
            },
            output,
          ),
        )(),
    )
    .command(
      'rm <name> <id>',
      'Remove',
      (remove) => remove.positional('name', name).positional('id', id).option('site', site).option('json', json),
      (args) =>
        ends(() =>
          runMailboxRemove({ socket: socketOf(args.site), name: args.name, id: args.id, json: args.json }, output),
        )(),
    )
    .demandCommand(1, 'mailbox what? ls, show, export or rm')
    .strict();
}

function wholeNumber(name: string, min: number): (text: string | undefined) => number {
  return (text) => {
    const value = Number(text);
    if (text === undefined || !/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
      throw new UsageError(`--${name}: "${String(text)}" is not a whole number from ${String(min)} on`);
    }
    return value;
  };
}

function siteOf(path: string): Site {
  const load = loadSiteFile(path);
  writeProblems(output, load.problems);
  if (!load.valid) throw new Ended(exitCodes.usage);
  return load.site;
}

function socketOf(path: string): string {
  const load = loadSiteFile(path);
  if (load.valid) return load.site.admin.socket;
  writeProblems(output, load.problems);
  throw new Ended(exitCodes.usage);
}

async function runTrace(site: Site, connector: string, out: string, seconds: number | undefined): Promise<ExitCode> {
  if (!site.connectors.some(({ name }) => name === connector)) {
    process.stderr.write(`mta: there is no connector ${connector}\n`);
    return exitCodes.usage;
  }
  const path = `${tracePath}?connector=${encodeURIComponent(connector)}`;
  const capture = await callAdmin({ socket: site.admin.socket, method: 'GET', path });
  const end = (): void => {
    capture.push(null);
    capture.socket.destroy();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  if (seconds !== undefined) setTimeout(end, seconds * 1000);
  process.stderr.write(`recording connector ${connector} to ${out}\n`);
  try {
    await pipeline(capture, createWriteStream(out));
  } catch (error) {
    if (
      !(error instanceof Error) ||
      !('code' in error) ||
      (error.code !== 'ECONNRESET' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
    )
      throw error;
  }
  return exitCodes.good;
}

async function runReload(socket: string): Promise<ExitCode> {
  const { changes } = await callAdminJson<{ readonly changes: readonly string[] }>({
    socket,
    method: 'POST',
    path: reloadPath,
  });
  process.stdout.write(changes.length === 0 ? 'nothing changed\n' : `${changes.join('\n')}\n`);
  return exitCodes.good;
}

import yargs, { type Argv } from 'yargs';
import { callAdminJson } from '../admin/client.js';
import { reloadPath } from '../admin/protocol.js';
import { advise, adviseOptions } from './advise-command.js';
import { exitCodes, type ExitCode } from './command.js';
import { conformance, conformanceOptions } from './conformance-command.js';
import { linkfaultCommands } from './linkfault-commands.js';
import { mailboxCommands } from './mailbox-commands.js';
import {
  Ended,
  jsonOption,
  output,
  readableAddress,
  readableContentType,
  refuseRepeated,
  siteOf,
  siteOption,
  socketOf,
  UsageError,
  wholeNumber,
  type Ends,
} from './options.js';
import { quarantineCommands } from './quarantine-commands.js';
import { queueCommands } from './queue-commands.js';
import { verify, verifyOptions } from './verify-command.js';
import { version } from './version.js';

/** Asked for by name before anything else is, so that a misspelt command is not taken for a daemon without a site file. */
const commandNames: ReadonlySet<string> = new Set([
  'check',
  'verify',
  'advise',
  'schema',
  'submit',
  'load',
  'status',
  'quarantine',
  'queue',
  'mailbox',
  'trace',
  'reload',
  'decode',
  'conformance',
  'linkfault',
  'completion',
]);

/** Runs one command; the answer is the exit code. What a command runs is loaded when it is chosen, so that all start fast. */
export async function main(words: readonly string[]): Promise<number> {
  let code: ExitCode = exitCodes.good;
  const ends = (run: () => ExitCode | Promise<ExitCode>) => async (): Promise<void> => {
    code = await run();
  };
  try {
    const [first = '-'] = words;
    if (!first.startsWith('-') && !commandNames.has(first))
      throw new UsageError(`there is no command "${first}"; see mta --help`);
    const parser = parserOf(words, ends);
    if (words[0] === 'completion') parser.showCompletionScript();
    else await parser.parseAsync();
    return code;
  } catch (error) {
    if (error instanceof Ended) return error.code;
    process.stderr.write(`mta: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

function parserOf(words: readonly string[], ends: Ends): Argv {
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
      (command) => command.option('site', { ...siteOption, demandOption: false }),
      async (args) => {
        if (args.site === undefined) throw new UsageError('Missing required argument: site; see mta --help');
        const { runDaemon } = await import('../daemon/daemon.js');
        const code = await runDaemon({ sitePath: args.site, logLevel: args['log-level'] }, siteOf(args.site));
        if (code !== 0) throw new Ended(exitCodes.failed);
      },
    )
    .command(
      'check',
      'Validate a site file and show each effective value with its origin',
      (command) => command.option('site', siteOption).option('json', jsonOption),
      (args) => ends(async () => (await import('./check.js')).runCheck({ site: args.site, json: args.json }, output))(),
    )
    .command('verify', 'Compare the two ends of a connector', verifyOptions, (args) => verify(args, ends))
    .command('advise', 'Recommend checkpoint size, window and recovery timeout for a line', adviseOptions, (args) =>
      advise(args, ends),
    )
    .command('schema', 'Print the JSON Schema of the site file', {}, () =>
      ends(async () => (await import('./schema.js')).runSchema(output))(),
    )
    .command(
      'submit',
      'Submit a message',
      (command) =>
        command
          .option('site', siteOption)
          .option('from', {
            type: 'string',
            nargs: 1,
            demandOption: true,
            describe: 'Originator, an O/R address',
            coerce: readableAddress<string>('from'),
          })
          .option('to', {
            type: 'string',
            array: true,
            nargs: 1,
            demandOption: true,
            describe: 'Recipient, an O/R address; may be repeated',
            coerce: readableAddress<string[]>('to'),
          })
          .option('subject', { type: 'string', nargs: 1 })
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
            describe: 'File to attach; may be repeated',
          })
          .option('text', { type: 'string', nargs: 1, describe: 'File with the text, or - for standard input' })
          .option('content', {
            type: 'string',
            nargs: 1,
            describe: 'File with raw content octets',
            conflicts: ['text', 'attach', 'subject'],
          })
          .option('content-type', {
            type: 'string',
            nargs: 1,
            describe: 'Integer or dotted object identifier, with --content',
            implies: 'content',
            coerce: readableContentType('content-type'),
          })
          .option('wait', {
            type: 'boolean',
            default: false,
            describe: 'Wait until the message has left this agent for every recipient',
          })
          .option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./submit.js')).runSubmit(
            {
              socket: socketOf(args.site),
              from: args.from,
              to: args.to,
              priority: args.priority,
              reports: args.reports,
              attach: args.attach ?? [],
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
          .option('site', siteOption)
          .option('from', {
            type: 'string',
            nargs: 1,
            demandOption: true,
            describe: 'Originator, an O/R address',
            coerce: readableAddress<string>('from'),
          })
          .option('to', {
            type: 'string',
            nargs: 1,
            demandOption: true,
            describe: 'Recipient, an O/R address',
            coerce: readableAddress<string>('to'),
          })
          .option('count', {
            type: 'string',
            nargs: 1,
            demandOption: true,
            describe: 'How many',
            coerce: wholeNumber('count', 1),
          })
          .option('size', {
            type: 'string',
            nargs: 1,
            demandOption: true,
            describe: 'Octets of each content',
            coerce: wholeNumber('size', 0),
          })
          .option('parallel', {
            type: 'string',
            nargs: 1,
            default: '1',
            describe: 'Submissions at once',
            coerce: wholeNumber('parallel', 1),
          })
          .option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./load.js')).runLoad(
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
      (command) => command.option('site', siteOption).option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./status.js')).runStatus({ socket: socketOf(args.site), json: args.json }, output),
        )(),
    )
    .command('queue', 'Messages in the queue', (command) => queueCommands(command, ends))
    .command('quarantine', 'Messages that could not be decoded or processed', (command) =>
      quarantineCommands(command, ends),
    )
    .command('mailbox', 'Delivered messages and reports', (command) => mailboxCommands(command, ends))
    .command(
      'trace',
      "Record a connector's traffic as a capture that Wireshark opens, until interrupted",
      (command) =>
        command
          .option('site', siteOption)
          .option('connector', { type: 'string', nargs: 1, demandOption: true, describe: 'Whose traffic' })
          .option('out', { type: 'string', nargs: 1, demandOption: true, describe: 'The pcapng file' })
          .option('seconds', {
            type: 'string',
            nargs: 1,
            describe: 'How long; else until interrupted',
            coerce: wholeNumber('seconds', 1),
          }),
      (args) =>
        ends(async () =>
          (await import('./trace.js')).runTrace(siteOf(args.site), args.connector, args.out, args.seconds),
        )(),
    )
    .command(
      'reload',
      'Apply the site file anew, like SIGHUP',
      (command) => command.option('site', siteOption),
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
          .option('json', jsonOption),
      // yargs makes nothing of a "-" that stands alone.
      (args) =>
        ends(async () =>
          (await import('./decode.js')).runDecode(
            {
              file: args.file === '' ? '-' : args.file,
              json: args.json,
              ...(args.as === undefined ? {} : { as: args.as }),
            },
            output,
          ),
        )(),
    )
    .command(
      'conformance',
      'Test any implementation against the Recommendations, case by case',
      conformanceOptions,
      (args) => conformance(args, ends),
    )
    .command('linkfault', 'A link that breaks on purpose', (command) => linkfaultCommands(command, ends))
    .completion('completion', 'Print a completion script for the shell')
    .strict()
    .strictCommands()
    .check(refuseRepeated)
    .fail((message: string | null, error: Error | undefined) => {
      // A YError is what yargs itself finds fault with, or makes of an error in reading an option.
      if (error !== undefined && error.name !== 'YError') throw error;
      throw new UsageError(`${message ?? error?.message ?? 'unknown command'}; see mta --help`);
    })
    .exitProcess(false)
    .help();
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

import type { Argv } from 'yargs';
import { jsonOption, output, siteOption, socketOf, type Ends } from './options.js';

/** `mta mailbox ...` */
export function mailboxCommands(command: Argv, ends: Ends): Argv {
  const name = { type: 'string', demandOption: true, describe: 'The mailbox' } as const;
  const id = { type: 'string', demandOption: true, describe: 'The entry, as ls shows it' } as const;
  return command
    .command(
      'ls <name>',
      'List',
      (ls) => ls.positional('name', name).option('site', siteOption).option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./mailbox.js')).runMailboxList(
            { socket: socketOf(args.site), name: args.name, json: args.json },
            output,
          ),
        )(),
    )
    .command(
      'show <name> <id>',
      'Show one',
      (show) =>
        show.positional('name', name).positional('id', id).option('site', siteOption).option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./mailbox.js')).runMailboxShow(
            { socket: socketOf(args.site), name: args.name, id: args.id, json: args.json },
            output,
          ),
        )(),
    )
    .command(
      'export <name> <id>',
      'Write body parts as files, or the content octets',
      (write) =>
        write
          .positional('name', name)
          .positional('id', id)
          .option('site', siteOption)
          .option('raw', { type: 'boolean', default: false, describe: 'The content octets exactly as submitted' })
          .option('out', { type: 'string', nargs: 1, describe: 'A folder; with --raw a file' })
          .option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./mailbox.js')).runMailboxExport(
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
      (remove) =>
        remove.positional('name', name).positional('id', id).option('site', siteOption).option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./mailbox.js')).runMailboxRemove(
            { socket: socketOf(args.site), name: args.name, id: args.id, json: args.json },
            output,
          ),
        )(),
    )
    .demandCommand(1, 'mailbox what? ls, show, export or rm')
    .strict();
}

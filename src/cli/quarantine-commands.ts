import type { Argv } from 'yargs';
import { jsonOption, output, siteOption, socketOf, type Ends } from './options.js';

const idOption = { type: 'string', demandOption: true, describe: 'The entry, as ls shows it' } as const;

/** `mta quarantine ...` */
export function quarantineCommands(command: Argv, ends: Ends): Argv {
  const listed = command
    .command(
      'ls',
      'List',
      (ls) => ls.option('site', siteOption).option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./quarantine.js')).runQuarantineList({ socket: socketOf(args.site), json: args.json }, output),
        )(),
    )
    .command(
      'show <id>',
      'Show one',
      (show) => show.positional('id', idOption).option('site', siteOption).option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./quarantine.js')).runQuarantineShow(
            { socket: socketOf(args.site), json: args.json, id: args.id },
            output,
          ),
        )(),
    )
    .command(
      'export <id>',
      'Write the octets as they are, for mta decode',
      (write) =>
        write
          .positional('id', idOption)
          .option('site', siteOption)
          .option('out', { type: 'string', nargs: 1, describe: 'A file; else standard output' })
          .option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./quarantine.js')).runQuarantineExport(
            {
              socket: socketOf(args.site),
              json: args.json,
              id: args.id,
              ...(args.out === undefined ? {} : { out: args.out }),
            },
            output,
          ),
        )(),
    );
  const actions = { release: 'Process again, as after an upgrade', rm: 'Remove without a report' } as const;
  let changed: Argv = listed;
  for (const action of ['release', 'rm'] as const) {
    changed = changed.command(
      `${action} <id>`,
      actions[action],
      (change) => change.positional('id', idOption).option('site', siteOption).option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./quarantine.js')).runQuarantineChange(
            { socket: socketOf(args.site), json: args.json, id: args.id, action },
            output,
          ),
        )(),
    );
  }
  return changed.demandCommand(1, 'quarantine what? ls, show, export, release or rm').strict();
}

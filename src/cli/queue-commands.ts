import type { Argv } from 'yargs';
import { jsonOption, output, siteOption, socketOf, type Ends } from './options.js';

/** `mta queue ...` */
export function queueCommands(command: Argv, ends: Ends): Argv {
  const listed = command
    .command(
      'ls',
      'List',
      (ls) =>
        ls.option('site', siteOption).option('connector', { type: 'string', nargs: 1 }).option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./queue.js')).runQueueList(
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
          .option('site', siteOption)
          .option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./queue.js')).runQueueShow(
            { socket: socketOf(args.site), json: args.json, identifier: args.identifier },
            output,
          ),
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
          .option('site', siteOption)
          .option('json', jsonOption),
      (args) =>
        ends(async () =>
          (await import('./queue.js')).runQueueChange(
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

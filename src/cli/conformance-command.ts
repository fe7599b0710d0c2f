import type { Argv } from 'yargs';
import { jsonOption, output, type Ends } from './options.js';

const text = { type: 'string', nargs: 1 } as const;
const flag = { type: 'boolean', default: false } as const;

/** Options of `mta conformance`. */
export function conformanceOptions(command: Argv) {
  return command
    .option('peer', { ...text, describe: 'HOST:PORT where it listens: cases in which it responds' })
    .option('listen', { ...text, describe: 'HOST:PORT where it may call us: cases in which it calls' })
    .option('config', { ...text, describe: 'The peer file: who it is, and who we are to it' })
    .option('only', { ...text, default: '', describe: 'Cases whose identifiers begin so' })
    .option('list', { ...flag, describe: 'Only list the cases' })
    .option('schema', { ...flag, describe: 'Only print the JSON Schema of the peer file' })
    .option('report', { ...text, describe: 'Write a report: a file ending in .html, .json or .xml (JUnit)' })
    .option('capture', { ...text, describe: 'Write what passes to this pcapng file' })
    .option('json', jsonOption);
}

type Given = Awaited<ReturnType<typeof conformanceOptions>['argv']>;

export async function conformance(given: Given, ends: Ends): Promise<void> {
  const { runConformance } = await import('./conformance.js'); // the other commands start faster without it
  const { only, list, schema, json, peer, listen, config, report, capture } = given;
  const args = {
    ...{ only, list, schema, json },
    ...(peer === undefined ? {} : { peer }),
    ...(listen === undefined ? {} : { listen }),
    ...(config === undefined ? {} : { config }),
    ...(report === undefined ? {} : { report }),
    ...(capture === undefined ? {} : { capture }),
  };
  await ends(() => runConformance(args, output))();
}

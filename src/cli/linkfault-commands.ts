import type { Argv } from 'yargs';
import { places, streams } from '../faults/pdu-trigger.js';
import { exitCodes, writeJson } from './command.js';
import { jsonOption, output, wholeNumber, type Ends } from './options.js';
import { renderTable } from './table.js';

const text = (describe: string) => ({ type: 'string', nargs: 1, describe }) as const;
const texts = (describe: string) => ({ type: 'string', array: true, nargs: 1, default: [], describe }) as const;

/** `mta linkfault ...` */
export function linkfaultCommands(command: Argv, ends: Ends): Argv {
  return command
    .command('run', 'Carry connections with faults, until interrupted', runOptions, async (args) => {
      const cut =
        args.cut === undefined
          ? {}
          : { cut: { on: args.cut, place: args.place, nth: args.nth, ...given({ stream: args.stream }) } };
      const settings = {
        name: args.name,
        ...given({
          listen: args.listen,
          upstream: args.upstream,
          api: args.api,
          scenario: args.scenario,
          replay: args.replay,
          seed: args.seed,
          repeat: args.repeat,
          capture: args.capture,
          seconds: args.seconds,
          timeline: args.record,
        }),
        ...cut,
        presets: args.preset,
        toxics: args.toxic,
        faults: args.fault,
        view: args.ui ? 'live' : 'none',
        end: args.exit ? 'when-played' : 'when-interrupted',
      } as const;
      await ends(async () => (await import('./linkfault-run.js')).runLinkfault(settings, output))();
    })
    .command('verify', 'Judge a run by its timelines and the tracking logs of both ends', verifyOptions, (args) =>
      ends(async () =>
        (await import('./linkfault-verify.js')).runLinkfaultVerify(
          { timelines: args.timeline, a: args.a, b: args.b, json: args.json },
          output,
        ),
      )(),
    )
    .command(
      'presets',
      'List the lines that a link can be',
      (presets) => presets.option('json', jsonOption),
      (args) =>
        ends(async () => {
          const { preset, presetNames } = await import('../faults/presets.js');
          const rows = presetNames.map((name) => ({ name, ...preset(name) }));
          if (args.json) writeJson(output, rows);
          else
            output.stdout.write(
              renderTable(
                ['PRESET', 'WHAT IT IS'],
                rows.map(({ name, about }) => [name, about]),
              ),
            );
          return exitCodes.good;
        })(),
    )
    .command('schema', 'Print the JSON Schema of a scenario', {}, () =>
      ends(async () => {
        const { scenarioJsonSchema } = await import('../faults/scenario.js');
        writeJson(output, scenarioJsonSchema());
        return exitCodes.good;
      })(),
    )
    .demandCommand(1, 'linkfault what? run, verify, presets or schema')
    .strict();
}

function runOptions(command: Argv) {
  return command
    .option('listen', text('HOST:PORT where connections are taken'))
    .option('upstream', text('HOST:PORT where they are carried to'))
    .option('name', { ...text('Name of the link'), default: 'link' })
    .option('api', text('HOST:PORT of the HTTP API, as clients of Toxiproxy know it'))
    .option('scenario', { ...text('File with a scenario, JSON or YAML'), conflicts: 'replay' })
    .option('replay', text('Timeline of a run that is to be repeated'))
    .option('preset', { ...texts('A line; may be repeated, see mta linkfault presets') })
    .option('toxic', texts('A toxic in JSON, as the API takes it; may be repeated'))
    .option('fault', texts('A fault in JSON, as a scenario holds it; may be repeated'))
    .option('cut', text('PDU at which the connection is cut, such as "MINOR SYNC ACK"'))
    .option('place', { choices: places, default: 'after' as const, describe: 'Where in that PDU' })
    .option('nth', { ...text('Which one'), default: '1', coerce: wholeNumber('nth', 1) })
    .option('stream', { choices: streams, describe: 'In which direction' })
    .option('seed', { ...text('For what is random'), coerce: optionalNumber('seed', 0) })
    .option('repeat', { ...text('Rounds of the faults'), coerce: optionalNumber('repeat', 1) })
    .option('record', text('File for the timeline, JSON lines'))
    .option('capture', text('File for a capture of what arrives, pcapng'))
    .option('seconds', { ...text('How long; else until interrupted'), coerce: optionalNumber('seconds', 1) })
    .option('exit', { type: 'boolean', default: false, describe: 'End when every fault has struck' })
    .option('ui', { type: 'boolean', default: false, describe: 'Show what passes and strikes' });
}

function verifyOptions(command: Argv) {
  return command
    .option('timeline', { ...texts('Timeline of a link; may be repeated'), demandOption: true })
    .option('a', { ...text('Tracking log of one end'), demandOption: true })
    .option('b', { ...text('Tracking log of the other end'), demandOption: true })
    .option('json', jsonOption);
}

function optionalNumber(name: string, min: number): (given: string | undefined) => number | undefined {
  const read = wholeNumber(name, min);
  return (value) => (value === undefined ? undefined : read(value));
}

type Given<Values> = { readonly [Name in keyof Values]?: Exclude<Values[Name], undefined> };

/** The members that have a value. */
function given<Values extends object>(values: Values): Given<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<Values>;
}

/** `mta linkfault run`: a link with faults, until interrupted. */
import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { FieldError } from '../faults/fields.js';
import type { Place, Stream } from '../faults/pdu-trigger.js';
import { checkScenario, type Scenario } from '../faults/scenario.js';
import { linkFaults } from '../faults/schedule-json.js';
import { runLinks } from '../linkfault/host/run.js';
import { placeOf } from '../linkfault/host/tcp-link.js';
import { replayOf } from '../linkfault/replay.js';
import { parseTimeline } from '../linkfault/timeline.js';
import { exitCodes, type CommandOutput, type ExitCode } from './command.js';
import { UsageError } from './options.js';

export interface LinkfaultRunArguments {
  readonly name: string;
  readonly listen?: string;
  readonly upstream?: string;
  readonly api?: string;
  readonly scenario?: string;
  readonly replay?: string;
  readonly presets: readonly string[];
  readonly toxics: readonly string[];
  readonly faults: readonly string[];
  readonly cut?: { readonly on: string; readonly place: Place; readonly nth: number; readonly stream?: Stream };
  readonly seed?: number;
  readonly repeat?: number;
  readonly timeline?: string;
  readonly capture?: string;
  readonly seconds?: number;
  readonly view: 'live' | 'none';
  readonly end: 'when-played' | 'when-interrupted';
}

export async function runLinkfault(args: LinkfaultRunArguments, output: CommandOutput): Promise<ExitCode> {
  const { listen, upstream, api, timeline, capture, seconds } = args;
  if ((listen === undefined) !== (upstream === undefined)) throw new UsageError('--listen and --upstream go together');
  if (listen === undefined && api === undefined) {
    throw new UsageError('nothing to do: give --listen and --upstream, or --api to make links by its clients');
  }
  for (const place of [listen, upstream, api]) if (place !== undefined) checkPlace(place);
  const running = await runLinks({
    scenario: scenarioOf(args),
    ...(listen === undefined || upstream === undefined ? {} : { link: { name: args.name, listen, upstream } }),
    ...(api === undefined ? {} : { api }),
    ...(timeline === undefined ? {} : { timeline }),
    ...(capture === undefined ? {} : { capture }),
    ...(args.view === 'live' ? { view: process.stdout } : {}),
  });
  for (const { settings } of running.links.values()) {
    output.stderr.write(`link ${settings.name}: ${settings.listen} -> ${settings.upstream}\n`);
  }
  if (api !== undefined) output.stderr.write(`API: http://${api}\n`);
  const ends = [interrupted(), ...(seconds === undefined ? [] : [elapsed(seconds)])];
  await Promise.race(args.end === 'when-played' ? [...ends, running.played] : ends);
  for (const { link, settings } of running.links.values()) {
    output.stderr.write(`link ${settings.name}: ${String(link.roundsDone)} rounds of faults\n`);
  }
  await running.close();
  return exitCodes.good;
}

function checkPlace(text: string): void {
  try {
    placeOf(text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What the file says, or the recorded run, and what the words of the command line add to it. */
function scenarioOf(args: LinkfaultRunArguments): Scenario {
  try {
    const base =
      args.replay === undefined
        ? checkScenario(args.scenario === undefined ? {} : parseYaml(readFileSync(args.scenario, 'utf8')))
        : replayOf(parseTimeline(readFileSync(args.replay, 'utf8'), args.replay));
    const added = checkScenario({
      presets: args.presets,
      toxics: args.toxics.map((text) => json(text, '--toxic')),
      faults: [...args.faults.map((text) => json(text, '--fault')), ...cutOf(args)],
    });
    return {
      seed: args.seed ?? base.seed,
      repeat: args.repeat ?? base.repeat,
      presets: [...base.presets, ...added.presets],
      toxics: [...base.toxics, ...added.toxics],
      timeline: base.timeline,
      faults: [...base.faults, ...linkFaults(added.faults)],
    };
  } catch (error) {
    const file = args.replay ?? args.scenario;
    const text = error instanceof Error ? error.message : String(error);
    throw new UsageError(file === undefined || !(error instanceof FieldError) ? text : `${file}: ${text}`);
  }
}

function cutOf({ cut }: LinkfaultRunArguments): readonly object[] {
  return cut === undefined ? [] : [{ kind: 'cut', when: cut }];
}

function json(text: string, option: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${option}: ${text} is not JSON`);
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => {
      resolve();
    });
    process.once('SIGTERM', () => {
      resolve();
    });
  });
}

function elapsed(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}

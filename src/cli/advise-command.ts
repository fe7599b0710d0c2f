/** The words of `mta advise`. */
import type { Argv } from 'yargs';
import type { GivenFigures } from '../advice/figures.js';
import { jsonOption, output, siteOf, siteOption, UsageError, wholeNumber, type Ends } from './options.js';

/** Reads an option that must be a number not below `min`, with or without decimals. */
function number(name: string, min: number): (text: string | undefined) => number | undefined {
  return (text) => {
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value < min) {
      throw new UsageError(`--${name}: "${text}" is not a number from ${min} on`);
    }
    return value;
  };
}

function whole(name: string): (text: string | undefined) => number | undefined {
  return (text) => (text === undefined ? undefined : wholeNumber(name, 1)(text));
}

function figure(name: string, min: number, describe: string) {
  return { type: 'string', nargs: 1, describe, coerce: number(name, min) } as const;
}

export function adviseOptions(command: Argv) {
  return command
    .option('site', siteOption)
    .option('connector', { type: 'string', nargs: 1, demandOption: true, describe: 'Which connector' })
    .option('rtt', figure('rtt', 0, 'Round trip, milliseconds; else measured on an association'))
    .option('goodput', figure('goodput', 1, 'What the line carries, octets a second; else from the log or --exercise'))
    .option('error-rate', figure('error-rate', 0, 'Cuts per hour; else from the log or the running daemon'))
    .option('cut-every', figure('cut-every', 1, 'Seconds between two cuts, in place of --error-rate'))
    .option('disk-sync', figure('disk-sync', 0, "How long the peer's disk takes to make a piece durable, milliseconds"))
    .option('message-octets', figure('message-octets', 1, 'Octets of a usual message'))
    .option('outage', figure('outage', 0, 'The longest outage to be outlasted, seconds; else from --log'))
    .option('log', { type: 'string', nargs: 1, describe: "The daemon's log, where its lines were kept" })
    .option('exercise', {
      type: 'string',
      nargs: 1,
      describe: 'Time a transfer for so many seconds at most, and discard it: the peer has no message',
      coerce: whole('exercise'),
    })
    .option('timeout', {
      type: 'string',
      nargs: 1,
      describe: 'Seconds until the association must stand',
      coerce: whole('timeout'),
    })
    .conflicts('error-rate', 'cut-every')
    .option('json', jsonOption);
}

export interface AdviseWords {
  readonly site: string;
  readonly connector: string;
  readonly rtt: number | undefined;
  readonly goodput: number | undefined;
  readonly 'error-rate': number | undefined;
  readonly 'cut-every': number | undefined;
  readonly 'disk-sync': number | undefined;
  readonly 'message-octets': number | undefined;
  readonly outage: number | undefined;
  readonly log: string | undefined;
  readonly exercise: number | undefined;
  readonly timeout: number | undefined;
  readonly json: boolean;
}

export function advise(words: AdviseWords, ends: Ends): Promise<void> {
  return ends(async () =>
    (await import('./advise.js')).runAdvise(
      {
        site: siteOf(words.site),
        connector: words.connector,
        given: givenOf(words),
        json: words.json,
        ...(words.log === undefined ? {} : { log: words.log }),
        ...(words.exercise === undefined ? {} : { exerciseSeconds: words.exercise }),
        ...(words.timeout === undefined ? {} : { timeoutSeconds: words.timeout }),
      },
      output,
    ),
  )();
}

function givenOf(words: AdviseWords): GivenFigures {
  const { rtt, goodput, outage } = words;
  const { 'cut-every': cutEvery, 'error-rate': errorRate, 'disk-sync': diskSync, 'message-octets': message } = words;
  const cutsPerHour = cutEvery === undefined ? errorRate : 3600 / cutEvery;
  return {
    ...(rtt === undefined ? {} : { roundTripSeconds: rtt / 1000 }),
    ...(goodput === undefined ? {} : { octetsPerSecond: goodput }),
    ...(cutsPerHour === undefined ? {} : { cutsPerHour }),
    ...(diskSync === undefined ? {} : { syncSeconds: diskSync / 1000 }),
    ...(message === undefined ? {} : { messageOctets: message }),
    ...(outage === undefined ? {} : { outageSeconds: outage }),
  };
}

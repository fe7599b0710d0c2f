/** `mta advise`: which checkpoint size, window and recovery timeout suit the line to a peer, and by what model. */
import { existsSync, openSync, closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { callAdmin, AdminFailure, readText } from '../admin/client.js';
import { metricsPath } from '../admin/protocol.js';
import { lineFiguresOf, type GivenFigures, type MeasuredFigures } from '../advice/figures.js';
import { lossesPerHour, observeLog, type Observed } from '../advice/observed.js';
import { recommend, recommendRecoveryTimeout } from '../advice/recommendation.js';
import type { Connector, Site } from '../config/site.js';
import type { ProbeReport } from '../probe/report.js';
import { roundTripMilliseconds } from '../probe/round-trip.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { overrideOf, renderAdvice, type Advice } from './advice-text.js';
import { UsageError } from './options.js';
import { connectorOf, limitsOf, probe } from './verify-live.js';

/** Of a long log only the end is read, octets. */
const logOctetsMax = 64 * 1024 * 1024;

export interface AdviseArguments {
  readonly site: Site;
  readonly connector: string;
  readonly given: GivenFigures;
  /** The daemon's log, where its lines were kept; else its tracking log. */
  readonly log?: string;
  /** How long the timed transfer may take; undefined: none. */
  readonly exerciseSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly json: boolean;
}

export async function runAdvise(args: AdviseArguments, output: CommandOutput): Promise<ExitCode> {
  const { site, given } = args;
  const connector = connectorOf(site, args.connector);
  const report = needsPeer(args) ? await probe(connector, probeLimitsOf(args)) : undefined;
  if (report?.result === 'refused') {
    output.stderr.write(
      `mta: no association with the peer: ${report.refusal.text}; mta verify --live --connector ${connector.name} says more\n`,
    );
    return exitCodes.failed;
  }
  const observed = observe(args.log ?? join(site.dataDirectory, 'tracking.log'), connector, args.log !== undefined);
  const losses = await lossesOf(site, connector);
  const found = lineFiguresOf({
    given,
    measured: report === undefined ? {} : measuredOf(report),
    ...(observed === undefined ? {} : { observed }),
    ...(losses === undefined ? {} : { lossesPerHour: losses }),
    values: connector.rts,
  });
  if ('missing' in found) throw new UsageError(missingText(found.missing, report));
  const { prediction, alternatives, warnings } = recommend(found.line, connector.rts);
  const recoveryTimeoutSeconds = recommendRecoveryTimeout(found.outageSeconds, connector.rts.stallTimeoutSeconds);
  const advice: Advice = {
    figures: found.figures,
    line: found.line,
    exchanges: report?.exchanges ?? [],
    recommended: prediction,
    recoveryTimeoutSeconds,
    alternatives,
    warnings,
  };
  if (args.json) {
    const override = overrideOf(prediction, recoveryTimeoutSeconds);
    writeJson(output, { connector: connector.name, configured: connector.rts, ...advice, override });
  } else output.stdout.write(renderAdvice(advice, connector));
  return exitCodes.good;
}

/** A line of which everything is given is not disturbed. */
function needsPeer({ given, exerciseSeconds }: AdviseArguments): boolean {
  return given.roundTripSeconds === undefined || exerciseSeconds !== undefined;
}

function probeLimitsOf({ timeoutSeconds, exerciseSeconds = 0 }: AdviseArguments) {
  return { ...limitsOf(timeoutSeconds), exerciseMilliseconds: exerciseSeconds * 1000 };
}

function measuredOf(report: Extract<ProbeReport, { readonly result: 'open' }>): MeasuredFigures {
  const roundTrip = roundTripMilliseconds(report.exchanges);
  const { octetsPerSecond, firstConfirmationSeconds } = report.exercise ?? {};
  return {
    ...(roundTrip === undefined ? {} : { roundTripSeconds: roundTrip / 1000 }),
    ...(octetsPerSecond === undefined ? {} : { octetsPerSecond }),
    ...(firstConfirmationSeconds === undefined ? {} : { firstConfirmationSeconds }),
    values: report.answer.negotiated,
  };
}

function missingText(missing: 'round trip' | 'goodput', report: ProbeReport | undefined): string {
  if (missing === 'round trip') return 'the round trip could not be measured: give --rtt MILLISECONDS';
  const timed = report?.result === 'open' ? report.exercise : undefined;
  const why =
    timed === undefined
      ? 'opening an association does not tell it, and there is no longer transfer in the log'
      : `the timed transfer confirmed ${timed.checkpointsConfirmed} checkpoints${timed.text === undefined ? '' : `: ${timed.text}`}`;
  return `the goodput of the line is not known: ${why}; give --goodput OCTETS/S, or --exercise SECONDS to time a transfer that is discarded`;
}

function observe(path: string, connector: Connector, isNamed: boolean): Observed | undefined {
  if (!isNamed && !existsSync(path)) return undefined;
  try {
    return observeLog(endOf(path).split('\n'), connector.name);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function endOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const octets = Buffer.alloc(Math.min(size, logOctetsMax));
    const length = readSync(file, octets, 0, octets.length, size - octets.length);
    return octets.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

/** Of the running daemon; undefined where none runs. */
async function lossesOf(site: Site, connector: Connector): Promise<number | undefined> {
  try {
    const text = await readText(await callAdmin({ socket: site.admin.socket, method: 'GET', path: metricsPath }));
    return lossesPerHour(text, connector.name, Date.now() / 1000);
  } catch (error) {
    if (error instanceof AdminFailure) return undefined;
    throw error;
  }
}

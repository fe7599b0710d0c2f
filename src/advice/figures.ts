/** The figures of a line from all that is known of it: what an operator says before what was measured before what is assumed. */
import { checkpointUnitOctets, windowBound, type CheckpointValues, type Line } from './line-model.js';
import type { Observed } from './observed.js';

/** What an operator says; undefined: nothing. */
export interface GivenFigures {
  readonly roundTripSeconds?: number;
  readonly octetsPerSecond?: number;
  readonly syncSeconds?: number;
  readonly cutsPerHour?: number;
  readonly messageOctets?: number;
  readonly outageSeconds?: number;
}

/** What was measured on an association that was opened for it. */
export interface MeasuredFigures {
  readonly roundTripSeconds?: number;
  /** Of a timed transfer. */
  readonly octetsPerSecond?: number;
  readonly firstConfirmationSeconds?: number;
  /** With which it ran. */
  readonly values?: CheckpointValues;
}

export interface Sources {
  readonly given: GivenFigures;
  readonly measured: MeasuredFigures;
  readonly observed?: Observed;
  /** Of the daemon that runs. */
  readonly lossesPerHour?: number;
  /** As configured: what the observed transfers ran with. */
  readonly values: CheckpointValues;
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'octets/s' | 'per hour' | 'octets' | 's';
  readonly source: string;
}

export interface LineFigures {
  readonly line: Line;
  readonly outageSeconds: readonly number[];
  readonly figures: readonly Figure[];
}

interface Sourced {
  readonly value: number;
  readonly source: string;
}

/** Of a disk that nothing is known of. */
const assumedSyncSeconds = 0.005;
/** A measured goodput above this share of what the window lets through tells of the window, not of the line. */
const windowLimitedShare = 0.7;
/** What such a line is taken to carry: the next measurement, with the larger window, will tell more. */
const assumedGain = 2;

/** Says what is missing where the figures do not suffice. */
export function lineFiguresOf(sources: Sources): LineFigures | { readonly missing: 'round trip' | 'goodput' } {
  const { given, measured, observed } = sources;
  const roundTrip =
    said('--rtt', given.roundTripSeconds) ??
    from('measured: the shortest question and answer on an association', measured.roundTripSeconds);
  if (roundTrip === undefined) return { missing: 'round trip' };
  const goodput = goodputOf(sources, roundTrip.value);
  if (goodput === undefined) return { missing: 'goodput' };
  const sync = said('--disk-sync', given.syncSeconds) ?? syncOf(measured, roundTrip.value, goodput.value);
  const cuts = said('--error-rate or --cut-every', given.cutsPerHour) ??
    from(`${String(observed?.cuts)} in ${hours(observed)} of transfers in the log`, observed?.cutsPerHour) ??
    from('associations lost since the daemon has started', sources.lossesPerHour) ?? { value: 0, source: 'assumed' };
  const message = said('--message-octets', given.messageOctets) ?? {
    value: Infinity,
    source: 'assumed: longer than any window',
  };
  const outageSeconds = given.outageSeconds === undefined ? (observed?.outageSeconds ?? []) : [given.outageSeconds];
  const outageSource = given.outageSeconds === undefined ? `of ${outageSeconds.length} in the log` : '--outage';
  return {
    line: {
      octetsPerSecond: goodput.value,
      roundTripSeconds: roundTrip.value,
      syncSeconds: sync.value,
      cutsPerHour: cuts.value,
      messageOctets: message.value,
    },
    outageSeconds,
    figures: [
      { name: 'round trip', value: roundTrip.value * 1000, unit: 'ms', source: roundTrip.source },
      { name: 'line', value: goodput.value, unit: 'octets/s', source: goodput.source },
      { name: 'disk sync', value: sync.value * 1000, unit: 'ms', source: sync.source },
      { name: 'cuts', value: cuts.value, unit: 'per hour', source: cuts.source },
      { name: 'message', value: message.value, unit: 'octets', source: message.source },
      ...(outageSeconds.length === 0
        ? []
        : [{ name: 'longest outage', value: Math.max(...outageSeconds), unit: 's', source: outageSource } as const]),
    ],
  };
}

function said(option: string, value: number | undefined): Sourced | undefined {
  return from(option, value);
}

function from(source: string, value: number | undefined): Sourced | undefined {
  return value === undefined ? undefined : { value, source };
}

function hours(observed: Observed | undefined): string {
  return `${((observed?.transferSeconds ?? 0) / 3600).toFixed(1)} h`;
}

function goodputOf({ given, measured, observed, values }: Sources, roundTripSeconds: number): Sourced | undefined {
  const stated = said('--goodput', given.octetsPerSecond);
  if (stated !== undefined) return stated;
  const { octetsPerSecond } = measured;
  if (octetsPerSecond !== undefined) {
    const timed = { value: octetsPerSecond, source: 'measured: a timed transfer that was discarded' };
    return notTheWindow(timed, measured.values ?? values, roundTripSeconds, given.syncSeconds);
  }
  const logged = from('the median of the longer transfers in the log', observed?.goodputOctetsPerSecond);
  return logged === undefined ? undefined : notTheWindow(logged, values, roundTripSeconds, given.syncSeconds);
}

function notTheWindow(
  measured: Sourced,
  values: CheckpointValues,
  roundTripSeconds: number,
  syncSeconds = assumedSyncSeconds,
): Sourced {
  const free = { octetsPerSecond: Infinity, roundTripSeconds, syncSeconds, messageOctets: Infinity };
  if (measured.value < windowLimitedShare * windowBound(values, free)) return measured;
  const source = `${measured.source}, held up by the window of ${values.windowSize} x ${values.checkpointSizeK} K: taken twice; measure again afterwards`;
  return { value: assumedGain * measured.value, source };
}

/** What the first confirmation took beyond the line and the round trip. */
function syncOf(
  { firstConfirmationSeconds, values }: MeasuredFigures,
  roundTripSeconds: number,
  octetsPerSecond: number,
): Sourced {
  if (firstConfirmationSeconds === undefined || values === undefined) {
    return { value: assumedSyncSeconds, source: 'assumed' };
  }
  const pieceSeconds = (values.checkpointSizeK * checkpointUnitOctets) / octetsPerSecond;
  const value = Math.max(0, firstConfirmationSeconds - pieceSeconds - roundTripSeconds);
  return { value, source: 'measured: what the first confirmation took beyond line and round trip' };
}

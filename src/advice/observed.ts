/** What a daemon has written about a connector's transfers and losses, as figures of the line. */

/** Shorter transfers say more of the start and the end of an activity than of the line, octets. */
const transferOctetsMin = 256 * 1024;
/** A rate of cuts wants this much of transfers at least, seconds. */
const observedSecondsMin = 60;

export interface Observed {
  /** Outgoing transfers that ended, of any length. */
  readonly transfers: number;
  /** Time in which one ran, interruptions included. */
  readonly transferSeconds: number;
  /** The median of the longer ones that were not interrupted; undefined without one. */
  readonly goodputOctetsPerSecond?: number;
  readonly cuts: number;
  /** Cuts per hour of transfers; undefined where they were too short to tell. */
  readonly cutsPerHour?: number;
  /** From the loss of an association to its recovery; only the daemon's own log tells them, the tracking log does not. */
  readonly outageSeconds: readonly number[];
}

interface LogLine {
  readonly time: number;
  readonly event: string;
  readonly connector?: string;
  readonly direction?: string;
  readonly mts?: string;
  readonly octets?: number;
  readonly association?: string;
  readonly lost?: string;
}

interface Running {
  readonly startedAt: number;
  interrupted: boolean;
}

/** Reads lines of the daemon's log or of its tracking log. Lines that are not JSON, or are about something else, are passed over. */
export function observeLog(lines: Iterable<string>, connector: string): Observed {
  const running = new Map<string, Running>();
  const lostAt = new Map<string, number>();
  const rates: number[] = [];
  const outageSeconds: number[] = [];
  let transfers = 0;
  let cuts = 0;
  let milliseconds = 0;
  for (const text of lines) {
    const line = lineOf(text);
    if (line?.connector !== connector || line.direction === 'incoming') continue;
    const { time, mts = '', octets = 0 } = line;
    const transfer = running.get(mts);
    switch (line.event) {
      case 'transfer.started':
        if (transfer === undefined) running.set(mts, { startedAt: time, interrupted: false });
        break;
      case 'transfer.resumed':
      case 'transfer.restarted':
        cuts += 1;
        if (transfer !== undefined) transfer.interrupted = true;
        break;
      case 'transfer.completed':
        if (transfer === undefined) break;
        running.delete(mts);
        transfers += 1;
        milliseconds += time - transfer.startedAt;
        if (!transfer.interrupted && octets >= transferOctetsMin && time > transfer.startedAt) {
          rates.push((1000 * octets) / (time - transfer.startedAt));
        }
        break;
      case 'association.lost':
        lostAt.set(line.association ?? '', time);
        break;
      case 'association.recovered': {
        const since = lostAt.get(line.lost ?? '');
        if (since !== undefined) outageSeconds.push((time - since) / 1000);
      }
    }
  }
  const transferSeconds = milliseconds / 1000;
  const goodput = rates.sort((one, other) => one - other)[Math.floor(rates.length / 2)];
  return {
    transfers,
    transferSeconds,
    ...(goodput === undefined ? {} : { goodputOctetsPerSecond: goodput }),
    cuts,
    ...(transferSeconds < observedSecondsMin ? {} : { cutsPerHour: (3600 * cuts) / transferSeconds }),
    outageSeconds,
  };
}

function lineOf(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const line = JSON.parse(text) as Partial<LogLine>;
    return typeof line.time === 'number' && typeof line.event === 'string' ? (line as LogLine) : undefined;
  } catch {
    return undefined;
  }
}

/** Associations lost per hour that the daemon has run, from its metrics (Prometheus text); undefined where they do not tell. */
export function lossesPerHour(metrics: string, connector: string, nowSeconds: number): number | undefined {
  const started = /^process_start_time_seconds (\S+)$/m.exec(metrics)?.[1];
  if (started === undefined) return undefined;
  const hours = (nowSeconds - Number(started)) / 3600;
  if (!(hours * 3600 >= observedSecondsMin)) return undefined;
  const counts = Array.from(metrics.matchAll(/^mta_events_total\{([^}]*)\} (\d+)$/gm))
    .filter(
      ([, labels = '']) => labels.includes('event="association.lost"') && labels.includes(`connector="${connector}"`),
    )
    .map(([, , count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0) / hours;
}

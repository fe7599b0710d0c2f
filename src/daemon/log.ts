import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { pino } from 'pino';
import type { Observation } from '../osi/machine.js';
import { LineFile } from './line-file.js';
import { RefusalLines } from './refusal-lines.js';

/** Events of a message's life, which also go to the tracking log. */
const trackedEvents = new Set([
  'message.submitted',
  'message.accepted',
  'message.duplicate',
  'message.delivered',
  'message.reported',
  'message.refused',
  'message.quarantined',
  'message.deferred',
  'transfer.started',
  'transfer.resumed',
  'transfer.restarted',
  'transfer.completed',
  'transfer.failed',
]);

const severities = ['debug', 'info', 'warn', 'error'];

/** Characters of lines that are gathered in one turn of the event loop; they are written before it ends where there are more. */
const gatheredCharactersMax = 64 * 1024;

const standardOutput = 1;

export interface DaemonLog {
  observe(observation: Observation): void;
  /** Writes all that is not written yet. */
  flush(): void;
}

/**
 * JSON lines on standard output, pretty where that is a terminal; lines of a message's life also in `tracking.log` of the data directory. The lines
 * of one turn of the event loop are written together at its end, so that a process that is killed loses at most these.
 */
export async function openLog(dataDirectory: string, level: string): Promise<DaemonLog> {
  mkdirSync(dataDirectory, { recursive: true });
  const trackingDescriptor = openSync(join(dataDirectory, 'tracking.log'), 'a');
  const tracking = new LineFile((octets) => writeSync(trackingDescriptor, octets));
  const shown = new LineFile((octets) => writeSync(standardOutput, octets));
  const serialize = createSerializer();
  const display = await createDisplay();
  let turn: NodeJS.Immediate | undefined;
  let trackingState: 'good' | 'failed' = 'good';
  const write = (): void => {
    clearImmediate(turn);
    turn = undefined;
    // First, so that what is seen on standard output can be found there.
    const text = tracking.write();
    if (text !== undefined && trackingState === 'good') {
      shown.add(display(serialize({ event: 'tracking-log.failed', level: 'error', fields: { text } })));
    }
    trackingState = text === undefined ? 'good' : 'failed';
    shown.write();
  };
  const leastSeverity = severities.indexOf(level);
  const refusals = new RefusalLines({
    write(observation) {
      const isTracked = trackedEvents.has(observation.event);
      const isShown = severities.indexOf(observation.level) >= leastSeverity;
      if (!isTracked && !isShown) return;
      const line = serialize(observation);
      if (isTracked) tracking.add(line);
      if (isShown) shown.add(display(line));
      if (tracking.characters + shown.characters > gatheredCharactersMax) write();
      else turn ??= setImmediate(write);
    },
    later: (milliseconds, run) => setTimeout(run, milliseconds).unref(),
  });
  process.on('exit', write);
  return {
    observe(observation) {
      refusals.observe(observation);
    },
    flush() {
      refusals.flush();
      write();
    },
  };
}

/** The line, with its end, that says what was observed and when. */
function createSerializer(): (observation: Observation) => string {
  let line = '';
  const logger = pino(
    { level: 'debug', base: null, formatters: { level: (label) => ({ level: label }) } },
    { write: (written) => (line = written) },
  );
  return ({ event, level, fields }) => {
    logger[level]({ event, ...fields });
    return line;
  };
}

async function createDisplay(): Promise<(line: string) => string> {
  if (!isatty(standardOutput)) return (line) => line;
  const { prettyFactory } = await import('pino-pretty'); // daemons without a terminal start faster without it
  return prettyFactory({ colorize: process.env['NO_COLOR'] === undefined, messageKey: 'event', ignore: 'time' });
}

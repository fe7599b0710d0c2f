import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino, type DestinationStream, type Logger } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { Observation } from '../osi/machine.js';
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

export interface DaemonLog {
  readonly logger: Logger;
  observe(observation: Observation): void;
  close(): void;
}

/** JSON lines on standard output, pretty where that is a terminal; lines of a message's life also in `tracking.log` of the data directory. */
export function openLog(dataDirectory: string, level: string): DaemonLog {
  mkdirSync(dataDirectory, { recursive: true });
  const logger = pino({ level, base: null, formatters: { level: (label) => ({ level: label }) } }, output());
  const tracking = destination({ dest: join(dataDirectory, 'tracking.log'), append: true, sync: true });
  const tracker = pino({ base: null, formatters: { level: (label) => ({ level: label }) } }, tracking);
  const refusals = new RefusalLines({
    write({ event, level: severity, fields }) {
      logger[severity]({ event, ...fields });
      if (trackedEvents.has(event)) tracker.info({ event, ...fields });
    },
    later: (milliseconds, run) => setTimeout(run, milliseconds).unref(),
  });
  return {
    logger,
    observe(observation) {
      refusals.observe(observation);
    },
    close() {
      refusals.flush();
      tracking.flushSync();
      tracking.end();
      logger.flush();
    },
  };
}

function output(): DestinationStream {
  if (process.stdout.isTTY)
    return PinoPretty({ colorize: process.env['NO_COLOR'] === undefined, messageKey: 'event', ignore: 'time' });
  return destination({ dest: 1, sync: true });
}

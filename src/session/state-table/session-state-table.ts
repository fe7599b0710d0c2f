import { StateTable } from '../../osi/state-table.js';
import { abort } from './abort.js';
import { activityInterruptAndDiscard } from './activity-interrupt-and-discard.js';
import { activityStartAndResume } from './activity-start-and-resume.js';
import { connectionEstablishment } from './connection-establishment.js';
import { dataTransfer } from './data-transfer.js';
import { departures } from './departures.js';
import type { SessionRow } from './names.js';
import { release } from './release.js';
import { synchronization } from './synchronization.js';
import { tokensAndExceptions } from './tokens-and-exceptions.js';

/** The tables of X.225 (1995) Annex A that our functional units use: all their cells, none added. */
export const annexA: Readonly<Record<string, readonly SessionRow[]>> = {
  'A.8 connection establishment': connectionEstablishment,
  'A.9 data transfer': dataTransfer,
  'A.10 synchronization and activity end': synchronization,
  'A.12 activity interrupt and discard': activityInterruptAndDiscard,
  'A.13 activity start and resume': activityStartAndResume,
  'A.14 tokens and exceptions': tokensAndExceptions,
  'A.15 release': release,
  'A.16 abort and transport disconnect': abort,
};

export const sessionStateTable = new StateTable([...departures, ...Object.values(annexA).flat()]);

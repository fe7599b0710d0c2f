import type { TestCase } from '../../script/test-case.js';
import { aborts } from './aborts.js';
import { failures } from './failures.js';
import { negotiation } from './negotiation.js';
import { receiverTrouble } from './receiver-trouble.js';
import { recovery } from './recovery.js';
import { refusals } from './refusals.js';
import { resumption } from './resumption.js';
import { sending } from './sending.js';
import { transfer } from './transfer.js';
import { turn } from './turn.js';

export const reliableTransferCases: readonly TestCase[] = [
  ...transfer,
  ...negotiation,
  ...refusals,
  ...sending,
  ...failures,
  ...aborts,
  ...resumption,
  ...recovery,
  ...turn,
  ...receiverTrouble,
];

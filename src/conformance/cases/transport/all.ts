import type { TestCase } from '../../script/test-case.js';
import { conduct } from './conduct.js';
import { connectionRequests } from './connection-requests.js';
import { dataPhase } from './data-phase.js';
import { malformed } from './malformed.js';
import { packets } from './packets.js';
import { callsOfTheOther } from './calls-of-the-other.js';

export const transportCases: readonly TestCase[] = [
  ...packets,
  ...connectionRequests,
  ...dataPhase,
  ...callsOfTheOther,
  ...conduct,
  ...malformed,
];

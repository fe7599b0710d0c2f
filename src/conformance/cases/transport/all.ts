import type { TestCase } from '../../script/test-case.js';
import { connectionRequests } from './connection-requests.js';
import { dataPhase } from './data-phase.js';
import { packets } from './packets.js';
import { callsOfTheOther } from './calls-of-the-other.js';

export const transportCases: readonly TestCase[] = [
  ...packets,
  ...connectionRequests,
  ...dataPhase,
  ...callsOfTheOther,
];

import type { TestCase } from '../../script/test-case.js';
import { activities } from './activities.js';
import { establishment } from './establishment.js';
import { inopportune } from './inopportune.js';
import { malformed } from './malformed.js';
import { parameters } from './parameters.js';
import { transfer } from './transfer.js';
import { transitions } from './transitions.js';

export const sessionCases: readonly TestCase[] = [
  ...establishment,
  ...parameters,
  ...activities,
  ...transfer,
  ...transitions,
  ...inopportune,
  ...malformed,
];

import type { TestCase } from '../../script/test-case.js';
import { establishment } from './establishment.js';
import { inopportune } from './inopportune.js';
import { transfer } from './transfer.js';

export const sessionCases: readonly TestCase[] = [...establishment, ...transfer, ...inopportune];

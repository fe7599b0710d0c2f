import type { TestCase } from '../../script/test-case.js';
import { answers } from './answers.js';
import { errors } from './errors.js';
import { opening } from './opening.js';

export const associationCases: readonly TestCase[] = [...opening, ...errors, ...answers];

import type { TestCase } from '../../script/test-case.js';
import { answers } from './answers.js';
import { contexts } from './contexts.js';
import { forms } from './forms.js';
import { opening } from './opening.js';
import { userData } from './user-data.js';

export const presentationCases: readonly TestCase[] = [...opening, ...contexts, ...forms, ...answers, ...userData];

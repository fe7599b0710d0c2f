import type { SessionRow } from './names.js';

/** X.225 (1995) table A.13, activity start and resume. */
export const activityStartAndResume: readonly SessionRow[] = [
  { event: 'AR', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'AR', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  {
    event: 'AR',
    states: ['713'],
    predicate: ['p44'],
    actions: ['SACTRind', '[12]', '[27]'],
    next: '=',
    entered: ['[6]'],
  },
  { event: 'AS', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'AS', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  {
    event: 'AS',
    states: ['713'],
    predicate: ['p44'],
    actions: ['SACTSind', '[12]', '[26]'],
    next: '=',
    entered: ['[6]'],
  },
  { event: 'SACTRreq', states: ['713'], predicate: ['p45'], actions: ['AR', '[12]', '[27]'], next: '=' },
  { event: 'SACTSreq', states: ['713'], predicate: ['p45'], actions: ['AS', '[12]', '[26]'], next: '=' },
];

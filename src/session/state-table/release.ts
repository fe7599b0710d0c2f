import type { SessionRow } from './names.js';

/** X.225 (1995) table A.15, release. */
export const release: readonly SessionRow[] = [
  { event: 'DN', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'DN', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  { event: 'DN', states: ['03'], predicate: ['¬p66'], actions: ['SRELcnf+', 'TDISreq'], next: '01' },
  { event: 'DN', states: ['03'], predicate: ['p66'], actions: ['SRELcnf+'], next: '01C' },
  { event: 'DN', states: ['09'], predicate: ['p69', '¬p01'], actions: ['SRELcnf+', '[32]'], next: '=' },
  { event: 'FN-nr', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'FN-nr', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  { event: 'FN-nr', states: ['713'], predicate: ['p68'], actions: ['SRELind', '[8]'], next: '09' },
  { event: 'FN-nr', states: ['19', '20'], predicate: ['p68'], actions: [], next: '=' },
  { event: 'FN-nr', states: ['03'], predicate: ['¬p65'], actions: ['SRELind', '[8]', '[18]'], next: '09' },
  { event: 'FN-r', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'FN-r', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  { event: 'FN-r', states: ['713'], predicate: ['p68', '¬p01', 'p16'], actions: ['SRELind', '[9]'], next: '09' },
  { event: 'FN-r', states: ['19', '20'], predicate: ['p68', '¬p01', 'p16'], actions: [], next: '=' },
  {
    event: 'FN-r',
    states: ['03'],
    predicate: ['¬p65', '¬p01', 'p16'],
    actions: ['SRELind', '[8]', '[18]'],
    next: '09',
  },
  { event: 'SRELreq', states: ['713'], predicate: ['p63', '¬p64'], actions: ['FN-nr', '[8]'], next: '03' },
  { event: 'SRELreq', states: ['713'], predicate: ['p63', 'p64'], actions: ['FN-r', '[7]'], next: '03' },
  { event: 'SRELreq', states: ['09'], predicate: ['¬p65'], actions: ['FN-nr', '[8]', '[18]'], next: '=' },
  { event: 'SRELrsp+', states: ['09'], predicate: ['¬p66', 'p75'], actions: ['DN', '[4]'], next: '16' },
  { event: 'SRELrsp+', states: ['09'], predicate: ['p66'], actions: ['DN'], next: '01C' },
  { event: 'SRELrsp+', states: ['09'], predicate: ['p69', 'p01'], actions: ['DN'], next: '03' },
];

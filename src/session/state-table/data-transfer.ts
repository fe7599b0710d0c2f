import type { SessionRow } from './names.js';

/** X.225 (1995) table A.9, data transfer. */
export const dataTransfer: readonly SessionRow[] = [
  { event: 'DT', states: ['01A', '19', '16'], actions: [], next: '=' },
  { event: 'DT', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  { event: 'DT', states: ['713', '04B'], predicate: ['p05'], actions: ['SDTind'], next: '=' },
  { event: 'DT', states: ['05B', '05C', '20'], predicate: ['p05'], actions: [], next: '=' },
  { event: 'DT', states: ['18'], predicate: ['p70'], actions: ['SDTind'], next: '=' },
  { event: 'DT', states: ['03'], predicate: ['p05', 'p10'], actions: ['SDTind'], next: '=' },
  { event: 'SDTreq', states: ['713', '10B'], predicate: ['p03'], actions: ['DT'], next: '=' },
  { event: 'SDTreq', states: ['18'], predicate: ['p70'], actions: ['DT'], next: '=' },
  { event: 'SDTreq', states: ['09'], predicate: ['p04'], actions: ['DT'], next: '=' },
];

import type { SessionRow } from './names.js';

/** X.225 (1995) table A.12, activity interrupt and discard. */
export const activityInterruptAndDiscard: readonly SessionRow[] = [
  { event: 'AD', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'AD', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  {
    event: 'AD',
    states: ['713', '10B', '19', '20'],
    predicate: ['p38', 'p40'],
    actions: ['SACTDind', '[16]'],
    next: '11C',
  },
  { event: 'ADA', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'ADA', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  { event: 'ADA', states: ['05C'], predicate: ['p38'], actions: ['SACTDcnf', '[29]'], next: '713' },
  { event: 'AI', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'AI', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  {
    event: 'AI',
    states: ['713', '10B', '19', '20'],
    predicate: ['p38', 'p40'],
    actions: ['SACTIind', '[16]'],
    next: '11B',
  },
  { event: 'AIA', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'AIA', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  { event: 'AIA', states: ['05B'], predicate: ['p38'], actions: ['SACTIcnf', '[29]'], next: '713' },
  { event: 'SACTDreq', states: ['713'], predicate: ['p34', 'p39'], actions: ['AD', '[16]'], next: '05C' },
  { event: 'SACTDreq', states: ['04B'], predicate: ['p39'], actions: ['AD', '[16]'], next: '05C' },
  { event: 'SACTDreq', states: ['20'], predicate: ['p34', 'p11'], actions: ['AD', '[16]'], next: '05C' },
  { event: 'SACTIreq', states: ['713'], predicate: ['p34', 'p39'], actions: ['AI', '[16]'], next: '05B' },
  { event: 'SACTIreq', states: ['04B'], predicate: ['p39'], actions: ['AI', '[16]'], next: '05B' },
  { event: 'SACTIreq', states: ['20'], predicate: ['p34', 'p11'], actions: ['AI', '[16]'], next: '05B' },
  { event: 'SACTDrsp', states: ['11C'], actions: ['ADA', '[30]'], next: '713' },
  { event: 'SACTIrsp', states: ['11B'], actions: ['AIA', '[30]'], next: '713' },
];

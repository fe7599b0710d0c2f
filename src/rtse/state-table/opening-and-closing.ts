import type { Row } from './rtpm-state-table.js';

/** X.228 §7.1 association establishment, §7.2 release. */
export const openingAndClosing: readonly Row[] = [
  { event: 'RT-OPEN.request', states: ['0'], predicate: ['p11'], actions: ['RTORQ'], next: '1' },
  { event: 'RTORQ', states: ['0'], predicate: ['¬p11', 'protocol unknown'], actions: ['RTORJ 2'], next: 'E' },
  { event: 'RTORQ', states: ['0'], predicate: ['¬p11', 'dialogue mode unknown'], actions: ['RTORJ 3'], next: 'E' },
  { event: 'RTORQ', states: ['0'], predicate: ['¬p11'], actions: ['RT-OPEN.ind'], next: '2' },
  {
    event: 'RT-OPEN.response',
    states: ['2'],
    predicate: ['accepted', 'initial turn ours'],
    actions: ['RTOAC'],
    next: 'S0',
  },
  { event: 'RT-OPEN.response', states: ['2'], predicate: ['accepted'], actions: ['RTOAC'], next: 'R0' },
  { event: 'RT-OPEN.response', states: ['2'], actions: ['RTORJ'], next: 'E' },
  {
    event: 'RTOAC',
    states: ['1'],
    predicate: ['same connection data', 'initial turn ours'],
    actions: ['RT-OPEN.cnf+'],
    next: 'S0',
  },
  { event: 'RTOAC', states: ['1'], predicate: ['same connection data'], actions: ['RT-OPEN.cnf+'], next: 'R0' },
  { event: 'refusal', states: ['1'], actions: ['RT-OPEN.cnf-'], next: 'E' },

  { event: 'RT-CLOSE.request', states: ['S0'], predicate: ['p11'], actions: ['RLRQ'], next: 'S6' },
  { event: 'RLRE', states: ['S6'], actions: ['RT-CLOSE.cnf'], next: 'E' },
  { event: 'RLRQ', states: ['R0'], actions: ['RT-CLOSE.ind'], next: 'R3' }, // from either side: it has the turn
  { event: 'RT-CLOSE.response', states: ['R3'], actions: ['RLRE'], next: 'E' },
];

import type { Row } from './rtpm-state-table.js';

/** X.228 §7.3 transfer, §7.6 to 7.8, on the side without the turn. */
export const receiving: readonly Row[] = [
  { event: 'AS', states: ['R0'], actions: ['ACTIVITY-START.ind'], next: 'R1' },
  { event: 'AR', states: ['R0'], actions: ['ACTIVITY-LOOKUP.ind'], next: 'R5' },

  { event: 'RTTR', states: ['R1'], predicate: ['¬APDU too large'], actions: ['APDU-WRITE.ind'], next: '=' },
  { event: 'RTTR', states: ['R1'], actions: ['ED 0', 'ACTIVITY-DISCARD.ind'], next: 'R2' },
  { event: 'MIP', states: ['R1'], actions: ['APDU-SECURE.ind'], next: '=' },
  { event: 'APDU-SECURE.response', states: ['R1', 'R4'], actions: ['MIA'], next: '=' },
  { event: 'AE', states: ['R1'], actions: ['RT-TRANSFER.ind'], next: 'R4' },
  { event: 'AI', states: ['R1'], actions: ['AIA', 'ACTIVITY-INTERRUPT.ind'], next: 'R0' },
  { event: 'AD', states: ['R1'], actions: ['ADA', 'ACTIVITY-DISCARD.ind'], next: 'R0' },
  { event: 'RECEIVE-TROUBLE.request', states: ['R1', 'R4'], actions: ['ED'], next: 'R2' },

  // The user is about to make the APDU its own: what AI and AD mean depends on whether it does.
  { event: 'RT-TRANSFER.response', states: ['R4'], predicate: ['secured'], actions: ['AEA'], next: 'R0' },
  { event: 'RT-TRANSFER.response', states: ['R4'], actions: ['ED'], next: 'R2' },
  { event: 'AI', states: ['R4'], actions: [], next: 'R6' },
  { event: 'AD', states: ['R4'], actions: [], next: 'R7' },
  {
    event: 'RT-TRANSFER.response',
    states: ['R6'],
    predicate: ['secured'],
    actions: ['AIA'],
    next: 'R0',
    entered: ['send kept PT'],
  },
  {
    event: 'RT-TRANSFER.response',
    states: ['R6'],
    actions: ['AIA', 'ACTIVITY-INTERRUPT.ind'],
    next: 'R0',
    entered: ['send kept PT'],
  },
  {
    event: 'RT-TRANSFER.response',
    states: ['R7'],
    predicate: ['secured'],
    actions: ['RTAB 7', 'RT-P-ABORT.ind'],
    next: 'E',
  },
  {
    event: 'RT-TRANSFER.response',
    states: ['R7'],
    actions: ['ADA', 'ACTIVITY-DISCARD.ind'],
    next: 'R0',
    entered: ['send kept PT'],
  },

  // AI and AD that crossed ACTIVITY END ACK.
  { event: 'AI', states: ['R0'], actions: ['AIA'], next: '=' },
  { event: 'AD', states: ['R0'], predicate: ['last completed'], actions: ['RTAB 7', 'RT-P-ABORT.ind'], next: 'E' },
  { event: 'AD', states: ['R0'], actions: ['ADA'], next: '=' },

  // Behind our exception report data, checkpoints and the end are dropped.
  { event: 'RTTR', states: ['R2'], actions: [], next: '=' },
  { event: 'MIP', states: ['R2'], actions: [], next: '=' },
  { event: 'AE', states: ['R2'], actions: [], next: '=' },
  { event: 'AI', states: ['R2'], predicate: ['deleted'], actions: ['AIA'], next: 'R0', entered: ['send kept PT'] },
  {
    event: 'AI',
    states: ['R2'],
    actions: ['AIA', 'ACTIVITY-INTERRUPT.ind'],
    next: 'R0',
    entered: ['send kept PT'],
  },
  { event: 'AD', states: ['R2'], predicate: ['deleted'], actions: ['ADA'], next: 'R0', entered: ['send kept PT'] },
  { event: 'AD', states: ['R2'], actions: ['ADA', 'ACTIVITY-DISCARD.ind'], next: 'R0', entered: ['send kept PT'] },

  // A resumed activity: what follows AR waits until the user has found what it kept.
  { event: 'RTTR', states: ['R5'], actions: ['defer'], next: '=' },
  { event: 'MIP', states: ['R5'], actions: ['defer'], next: '=' },
  { event: 'AE', states: ['R5'], actions: ['defer'], next: '=' },
  { event: 'AI', states: ['R5'], actions: ['defer'], next: '=' },
  { event: 'AD', states: ['R5'], actions: ['defer'], next: '=' },
  {
    event: 'ACTIVITY-LOOKUP.response',
    states: ['R5'],
    predicate: ['partial'],
    actions: ['continue activity'],
    next: 'R1',
    entered: ['replay deferred'],
  },
  {
    event: 'ACTIVITY-LOOKUP.response',
    states: ['R5'],
    predicate: ['completed'],
    actions: ['continue activity'],
    next: 'R8',
    entered: ['replay deferred'],
  },
  { event: 'ACTIVITY-LOOKUP.response', states: ['R5'], actions: ['RTAB 2', 'RT-P-ABORT.ind'], next: 'E' },

  // The APDU is here already, only its confirmation was lost: nothing is given to the user a second time.
  { event: 'RTTR', states: ['R8'], actions: [], next: '=' },
  { event: 'MIP', states: ['R8'], actions: ['MIA at once'], next: '=' },
  { event: 'AE', states: ['R8'], actions: ['AEA'], next: 'R0' },
  { event: 'AI', states: ['R8'], actions: ['AIA'], next: 'R0' },
  { event: 'AD', states: ['R8'], actions: ['RTAB 7', 'RT-P-ABORT.ind'], next: 'E' },

  // Answers and complaints that crossed the end of what they are about.
  {
    event: 'APDU-SECURE.response',
    states: ['S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'R0', 'R2', 'R3', 'R5', 'R6', 'R7', 'R8'],
    actions: [],
    next: '=',
  },
  {
    event: 'APDU-READ.response',
    states: ['S0', 'S5', 'S6', 'R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8'],
    actions: [],
    next: '=',
  },
  { event: 'RT-TRANSFER.response', states: ['R2'], actions: [], next: '=' },
  { event: 'RECEIVE-TROUBLE.request', states: ['S0', 'R0', 'R2', 'R6', 'R7', 'R8'], actions: [], next: '=' },
];

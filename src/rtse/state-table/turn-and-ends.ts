import type { Row } from './rtpm-state-table.js';
import type { State } from './names.js';

/** Associated, with a user that knows of the association. */
const open: readonly State[] = [
  ...(['S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6'] as const),
  ...(['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8'] as const),
];

/** X.228 §7.4 turn-please, §7.5 turn-give. */
const turn: readonly Row[] = [
  { event: 'RT-TURN-GIVE.request', states: ['S0'], actions: ['GTC'], next: 'S5' },
  { event: 'GTA', states: ['S5'], actions: [], next: 'R0', entered: ['send kept PT'] },
  { event: 'RTTP', states: ['S0', 'S1', 'S2', 'S3', 'S4'], actions: ['RT-TURN-PLEASE.ind'], next: '=' },
  // A request for the turn may cross the turn itself, or the release.
  {
    event: 'RTTP',
    states: ['S5', 'S6', 'R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8'],
    actions: [],
    next: '=',
  },
  { event: 'RT-TURN-PLEASE.request', states: ['R0', 'R1', 'R4', 'R5', 'R8'], actions: ['PT'], next: '=' },
  // Session takes no PLEASE TOKENS then (X.225 Annex A, SPTreq in STA 18, 19, 11B, 11C).
  { event: 'RT-TURN-PLEASE.request', states: ['S5', 'R2', 'R6', 'R7'], actions: ['keep PT'], next: '=' },
  { event: 'RT-TURN-PLEASE.request', states: ['S0', 'R3'], actions: [], next: '=' },
  { event: 'GTC', states: ['R0'], actions: ['RT-TURN-GIVE.ind'], next: 'S0' },
  { event: 'GT', states: ['R0'], predicate: ['all tokens ours'], actions: ['RT-TURN-GIVE.ind'], next: 'S0' },
  { event: 'GT', states: ['R0'], actions: ['take tokens'], next: '=' },
];

/** X.228 §7.7.3, 7.7.4, 7.9: aborts of either side and of the provider. */
const ends: readonly Row[] = [
  { event: 'RTAB', states: ['0'], actions: [], next: 'E' },
  { event: 'RTAB', states: ['1'], actions: ['note end', 'RT-OPEN.cnf- aborted'], next: 'E' },
  {
    event: 'RTAB',
    states: ['S2', 'S1', 'S3', 'S4'],
    predicate: ['abort reason 7', 'end sent'],
    actions: ['note end', 'RT-TRANSFER.cnf transferred', 'RT-P-ABORT.ind'],
    next: 'E',
  },
  {
    event: 'RTAB',
    states: ['2', ...open],
    predicate: ['abort reason 6', 'normal mode'],
    actions: ['note end', 'RT-TRANSFER.cnf lost', 'RT-U-ABORT.ind'],
    next: 'E',
  },
  {
    event: 'RTAB',
    states: ['2', ...open],
    actions: ['note end', 'RT-TRANSFER.cnf lost', 'RT-P-ABORT.ind'],
    next: 'E',
  },
  { event: 'A-P-ABORT', states: ['0'], actions: [], next: 'E' },
  { event: 'A-P-ABORT', states: ['1'], actions: ['note end', 'RT-OPEN.cnf- aborted'], next: 'E' },
  {
    event: 'A-P-ABORT',
    states: ['2', ...open],
    actions: ['note end', 'RT-TRANSFER.cnf lost', 'RT-P-ABORT.ind'],
    next: 'E',
  },
  {
    event: 'RT-U-ABORT.request',
    states: ['1', '2', ...open],
    predicate: ['normal mode'],
    actions: ['RTAB 6', 'RT-TRANSFER.cnf lost'],
    next: 'E',
  },
  { event: 'RT-P-ABORT.request', states: ['1'], actions: ['RTAB', 'RT-OPEN.cnf- aborted'], next: 'E' },
  {
    event: 'RT-P-ABORT.request',
    states: ['2', ...open],
    actions: ['RTAB', 'RT-TRANSFER.cnf lost', 'RT-P-ABORT.ind'],
    next: 'E',
  },
  {
    event: 'acknowledgement timer',
    states: ['S3', 'S4'],
    predicate: ['to give up and abort'],
    actions: ['RTAB 3', 'RT-TRANSFER.cnf lost', 'RT-P-ABORT.ind'],
    next: 'E',
  },
  {
    event: 'acknowledgement timer',
    states: ['S2', 'S3', 'S4', 'S5', 'R2'],
    actions: ['RTAB 0', 'RT-TRANSFER.cnf lost', 'RT-P-ABORT.ind'],
    next: 'E',
  },
  { event: 'protocol error', states: ['0'], actions: ['RTAB 4'], next: 'E' },
  { event: 'protocol error', states: ['1'], actions: ['RTAB 4', 'RT-OPEN.cnf- aborted'], next: 'E' },
  {
    event: 'protocol error',
    states: ['2', ...open],
    actions: ['RTAB 4', 'RT-TRANSFER.cnf lost', 'RT-P-ABORT.ind'],
    next: 'E',
  },
  { event: 'close timer', states: ['S6'], actions: ['RTAB 0', 'RT-P-ABORT.ind'], next: 'E' },
];

export const turnAndEnds: readonly Row[] = [...turn, ...ends];

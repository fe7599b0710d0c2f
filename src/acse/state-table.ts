/**
 * The state table of X.227 Annex A, with its names of states and events, without the release collision: only the side that has all tokens may
 * release. Primitives of the presentation service that pass through are one event in each direction.
 *
 * A machine serves one association, so there is one state more: over, where STA0 has been reached again. What still comes there from either
 * side has crossed the end and means nothing. A blank cell elsewhere is: of an APDU or a presentation primitive, the protocol error
 * (X.227 §7.3); of a request, a mistake of ours.
 */
import { StateTable, type StateTableRow } from '../osi/state-table.js';

/** Idle; awaiting AARE; awaiting A-ASSOCIATE response; awaiting RLRE; awaiting A-RELEASE response; associated; idle again. */
export type State = 'STA0' | 'STA1' | 'STA2' | 'STA3' | 'STA4' | 'STA5' | 'over';

export type RequestEvent =
  | 'A-ASCreq'
  | 'A-ASCrsp+'
  | 'A-ASCrsp-'
  | 'A-RLSreq'
  | 'A-RLSrsp+'
  | 'A-ABRreq'
  /** A request or response of the presentation service. */
  | 'P-req';

export type IndicationEvent =
  | 'AARQ'
  | 'AARE+'
  /** P-CONNECT.confirm negative, with or without an AARE. */
  | 'P-CONcnf-'
  | 'RLRQ'
  | 'RLRE+'
  /** P-U-ABORT.indication, with or without an ABRT. */
  | 'ABRT'
  | 'P-PABind'
  /** An indication or confirm of the presentation service. */
  | 'P-ind'
  /** An APDU that cannot be read, or that says what it may not. */
  | 'invalid AARQ'
  | 'invalid APDU';

export type Event = RequestEvent | IndicationEvent;

export type Predicate =
  | 'no common version'
  | 'application context not supported'
  | 'presentation contexts missing'
  | 'user information missing';

export type Action =
  | 'AARQ'
  | 'AARE+'
  | 'AARE-'
  | 'AARE- no common version'
  | 'AARE- application context not supported'
  | 'AARE- no reason'
  | 'RLRQ'
  | 'RLRE'
  | 'ABRT'
  | 'ABRT user'
  | 'ABRT provider'
  | 'P-req'
  | 'A-ASCind'
  | 'A-ASCcnf+'
  | 'A-ASCcnf-'
  | 'A-ASCcnf- contexts missing'
  | 'A-ASCcnf- invalid'
  | 'A-RLSind'
  | 'A-RLScnf+'
  | 'A-ABRind'
  | 'A-ABRind provider'
  | 'A-PABind'
  | 'P-ind';

const open: readonly State[] = ['STA1', 'STA2', 'STA3', 'STA4', 'STA5'];
const associated: readonly State[] = ['STA3', 'STA4', 'STA5'];

const rows: readonly StateTableRow<State, Event, Predicate, Action>[] = [
  { event: 'A-ASCreq', states: ['STA0'], actions: ['AARQ'], next: 'STA1' },
  {
    event: 'AARE+',
    states: ['STA1'],
    predicate: ['presentation contexts missing'],
    actions: ['ABRT user', 'A-ASCcnf- contexts missing'],
    next: 'over',
  },
  { event: 'AARE+', states: ['STA1'], actions: ['A-ASCcnf+'], next: 'STA5' },
  { event: 'P-CONcnf-', states: ['STA1'], actions: ['A-ASCcnf-'], next: 'over' },
  { event: 'invalid APDU', states: ['STA1'], actions: ['ABRT provider', 'A-ASCcnf- invalid'], next: 'over' },

  {
    event: 'AARQ',
    states: ['STA0'],
    predicate: ['no common version'],
    actions: ['AARE- no common version'],
    next: 'over',
  },
  {
    event: 'AARQ',
    states: ['STA0'],
    predicate: ['application context not supported'],
    actions: ['AARE- application context not supported'],
    next: 'over',
  },
  {
    event: 'AARQ',
    states: ['STA0'],
    predicate: ['presentation contexts missing'],
    actions: ['AARE- no reason'],
    next: 'over',
  },
  {
    event: 'AARQ',
    states: ['STA0'],
    predicate: ['user information missing'],
    actions: ['AARE- no reason'],
    next: 'over',
  },
  { event: 'AARQ', states: ['STA0'], actions: ['A-ASCind'], next: 'STA2' },
  { event: 'invalid AARQ', states: ['STA0'], actions: ['ABRT provider'], next: 'over' },
  { event: 'A-ASCrsp+', states: ['STA2'], actions: ['AARE+'], next: 'STA5' },
  { event: 'A-ASCrsp-', states: ['STA2'], actions: ['AARE-'], next: 'over' },

  { event: 'P-req', states: associated, actions: ['P-req'], next: '=' },
  { event: 'P-ind', states: associated, actions: ['P-ind'], next: '=' },

  { event: 'A-RLSreq', states: ['STA5'], actions: ['RLRQ'], next: 'STA3' },
  { event: 'RLRE+', states: ['STA3'], actions: ['A-RLScnf+'], next: 'over' },
  { event: 'RLRQ', states: ['STA5'], actions: ['A-RLSind'], next: 'STA4' },
  { event: 'A-RLSrsp+', states: ['STA4'], actions: ['RLRE'], next: 'over' },

  { event: 'A-ABRreq', states: open, actions: ['ABRT'], next: 'over' },
  { event: 'ABRT', states: open, actions: ['A-ABRind'], next: 'over' },
  { event: 'P-PABind', states: open, actions: ['A-PABind'], next: 'over' },
  {
    event: 'invalid APDU',
    states: ['STA2', ...associated],
    actions: ['ABRT provider', 'A-ABRind provider'],
    next: 'over',
  },
];

export const stateTable = new StateTable(rows);

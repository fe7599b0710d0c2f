/**
 * The state table of X.226 Annex A for the kernel functional unit, with its names of states and events. S-primitives that the kernel passes
 * through are one event in each direction.
 *
 * A machine serves one connection, so there is one state more: over, where I0 has been reached again. What still comes there from either side
 * has crossed the end and means nothing. A blank cell elsewhere is: of a PPDU or a session primitive, the procedure for unexpected ones
 * (X.226 §6.4); of a request, a mistake of ours.
 */
import { StateTable, type StateTableRow } from '../osi/state-table.js';

/** Idle; awaiting CPA; awaiting the response of our user; connected; idle again. */
export type State = 'I0' | 'I1' | 'I2' | 't0' | 'over';

export type RequestEvent =
  | 'P-CONreq'
  | 'P-CONrsp+'
  | 'P-CONrsp-'
  | 'P-DTreq'
  | 'P-TPreq'
  | 'P-RELreq'
  | 'P-RELrsp'
  | 'P-UABreq'
  /** Any other request or response of the session service. */
  | 'S-req';

export type IndicationEvent =
  | 'CP'
  | 'CPA'
  /** S-CONNECT.confirm negative, with or without a CPR. */
  | 'CPR'
  | 'TD'
  | 'S-TPind'
  | 'S-RELind'
  | 'S-RELcnf'
  | 'ARU'
  | 'ARP'
  | 'S-PABind'
  /** Any other indication or confirm of the session service. */
  | 'S-ind'
  /** A PPDU that cannot be read, or that says what it may not. */
  | 'invalid CP'
  | 'invalid PPDU';

export type Event = RequestEvent | IndicationEvent;

export type Predicate = 'mode not taken' | 'no common version' | 'called selector unknown' | 'user data not readable';

export type Action =
  | 'CP'
  | 'CPA'
  | 'CPR'
  | 'CPR 0'
  | 'CPR 3'
  | 'CPR 4'
  | 'CPR 6'
  | 'TD'
  | 'S-TPreq'
  | 'S-RELreq'
  | 'S-RELrsp'
  | 'ARU'
  | 'ARP'
  | 'S-req'
  | 'P-CONind'
  | 'P-CONcnf+'
  | 'P-CONcnf-'
  | 'P-DTind'
  | 'P-TPind'
  | 'P-RELind'
  | 'P-RELcnf'
  | 'P-UABind'
  | 'P-PABind'
  | 'S-ind';

const rows: readonly StateTableRow<State, Event, Predicate, Action>[] = [
  { event: 'P-CONreq', states: ['I0'], actions: ['CP'], next: 'I1' },
  { event: 'CPA', states: ['I1'], actions: ['P-CONcnf+'], next: 't0' },
  { event: 'CPR', states: ['I1'], actions: ['P-CONcnf-'], next: 'over' },

  { event: 'invalid CP', states: ['I0'], actions: ['CPR 0'], next: 'over' },
  { event: 'CP', states: ['I0'], predicate: ['mode not taken'], actions: ['CPR 0'], next: 'over' },
  { event: 'CP', states: ['I0'], predicate: ['no common version'], actions: ['CPR 4'], next: 'over' },
  { event: 'CP', states: ['I0'], predicate: ['called selector unknown'], actions: ['CPR 3'], next: 'over' },
  { event: 'CP', states: ['I0'], predicate: ['user data not readable'], actions: ['CPR 6'], next: 'over' },
  { event: 'CP', states: ['I0'], actions: ['P-CONind'], next: 'I2' },
  { event: 'P-CONrsp+', states: ['I2'], actions: ['CPA'], next: 't0' },
  { event: 'P-CONrsp-', states: ['I2'], actions: ['CPR'], next: 'over' },

  { event: 'P-DTreq', states: ['t0'], actions: ['TD'], next: 't0' },
  { event: 'TD', states: ['t0'], actions: ['P-DTind'], next: 't0' },
  { event: 'P-TPreq', states: ['t0'], actions: ['S-TPreq'], next: 't0' },
  { event: 'S-TPind', states: ['t0'], actions: ['P-TPind'], next: 't0' },
  { event: 'S-req', states: ['t0'], actions: ['S-req'], next: 't0' },
  { event: 'S-ind', states: ['t0'], actions: ['S-ind'], next: 't0' },

  { event: 'P-RELreq', states: ['t0'], actions: ['S-RELreq'], next: 't0' },
  { event: 'S-RELind', states: ['t0'], actions: ['P-RELind'], next: 't0' },
  { event: 'P-RELrsp', states: ['t0'], actions: ['S-RELrsp'], next: 'over' },
  { event: 'S-RELcnf', states: ['t0'], actions: ['P-RELcnf'], next: 'over' },

  { event: 'P-UABreq', states: ['I1', 'I2', 't0'], actions: ['ARU'], next: 'over' },
  { event: 'ARU', states: ['I1', 'I2', 't0'], actions: ['P-UABind'], next: 'over' },
  { event: 'ARP', states: ['I1', 'I2', 't0'], actions: ['P-PABind'], next: 'over' },
  { event: 'S-PABind', states: ['I1', 'I2', 't0'], actions: ['P-PABind'], next: 'over' },
  { event: 'invalid PPDU', states: ['I1', 'I2', 't0'], actions: ['ARP', 'P-PABind'], next: 'over' },
];

export const stateTable = new StateTable(rows);

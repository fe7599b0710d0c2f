/**
 * The state table of X.226 Annex A for the kernel functional unit, with its names of states and events. S-primitives that the kernel passes
 * through are one event in each direction.
 *
 * A blank cell is: of a PPDU or a session primitive, the procedure for unexpected ones (X.226 §6.4.4.2); of a request, a mistake of ours.
 * A machine serves one connection: back in I0, what still comes from either side has crossed the end and means nothing.
 */
import { StateTable, type StateTableRow } from '../osi/state-table.js';

/** Idle; awaiting CPA; awaiting the response of our user; connected. */
export type State = 'I0' | 'I1' | 'I2' | 't0';

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

const requests: readonly RequestEvent[] = [
  'P-CONrsp+',
  'P-CONrsp-',
  'P-DTreq',
  'P-TPreq',
  'P-RELreq',
  'P-RELrsp',
  'P-UABreq',
  'S-req',
];

const indications: readonly IndicationEvent[] = [
  'CPA',
  'CPR',
  'TD',
  'S-TPind',
  'S-RELind',
  'S-RELcnf',
  'ARU',
  'ARP',
  'S-PABind',
  'S-ind',
  'invalid PPDU',
];

const rows: readonly StateTableRow<State, Event, Predicate, Action>[] = [
  { event: 'P-CONreq', states: ['I0'], actions: ['CP'], next: 'I1' },
  { event: 'CPA', states: ['I1'], actions: ['P-CONcnf+'], next: 't0' },
  { event: 'CPR', states: ['I1'], actions: ['P-CONcnf-'], next: 'I0' },

  { event: 'invalid CP', states: ['I0'], actions: ['CPR 0'], next: 'I0' },
  { event: 'CP', states: ['I0'], predicate: ['mode not taken'], actions: ['CPR 0'], next: 'I0' },
  { event: 'CP', states: ['I0'], predicate: ['no common version'], actions: ['CPR 4'], next: 'I0' },
  { event: 'CP', states: ['I0'], predicate: ['called selector unknown'], actions: ['CPR 3'], next: 'I0' },
  { event: 'CP', states: ['I0'], predicate: ['user data not readable'], actions: ['CPR 6'], next: 'I0' },
  { event: 'CP', states: ['I0'], actions: ['P-CONind'], next: 'I2' },
  { event: 'P-CONrsp+', states: ['I2'], actions: ['CPA'], next: 't0' },
  { event: 'P-CONrsp-', states: ['I2'], actions: ['CPR'], next: 'I0' },

  { event: 'P-DTreq', states: ['t0'], actions: ['TD'], next: 't0' },
  { event: 'TD', states: ['t0'], actions: ['P-DTind'], next: 't0' },
  { event: 'P-TPreq', states: ['t0'], actions: ['S-TPreq'], next: 't0' },
  { event: 'S-TPind', states: ['t0'], actions: ['P-TPind'], next: 't0' },
  { event: 'S-req', states: ['t0'], actions: ['S-req'], next: 't0' },
  { event: 'S-ind', states: ['t0'], actions: ['S-ind'], next: 't0' },

  { event: 'P-RELreq', states: ['t0'], actions: ['S-RELreq'], next: 't0' },
  { event: 'S-RELind', states: ['t0'], actions: ['P-RELind'], next: 't0' },
  { event: 'P-RELrsp', states: ['t0'], actions: ['S-RELrsp'], next: 'I0' },
  { event: 'S-RELcnf', states: ['t0'], actions: ['P-RELcnf'], next: 'I0' },

  { event: 'P-UABreq', states: ['I1', 'I2', 't0'], actions: ['ARU'], next: 'I0' },
  { event: 'ARU', states: ['I1', 'I2', 't0'], actions: ['P-UABind'], next: 'I0' },
  { event: 'ARP', states: ['I1', 'I2', 't0'], actions: ['P-PABind'], next: 'I0' },
  { event: 'S-PABind', states: ['I1', 'I2', 't0'], actions: ['P-PABind'], next: 'I0' },
  { event: 'invalid PPDU', states: ['I1', 'I2', 't0'], actions: ['ARP', 'P-PABind'], next: 'I0' },

  ...[...requests, ...indications].map((event) => ({ event, states: ['I0'], actions: [], next: 'I0' }) as const),
];

export const stateTable = new StateTable(rows);

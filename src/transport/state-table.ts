/**
 * The state table of X.224 Annex A for class 0, with its names of states and events. One machine serves one TCP connection, so there are two
 * states more: WFCR, a responder whose TCP connection is there but has brought no CR, and RELEASED, where CLOSED has been reached again.
 * CLOSING is the wait for the peer's close after an ER. TS1 supervises CR and CC, TS2 the wait in CLOSING.
 *
 * A missing cell is: of a TPDU, the protocol error (it is taken as an invalid TPDU); of a request or a network event, a mistake of ours; of
 * a timer, nothing.
 */
import { StateTable, type StateTableRow } from '../osi/state-table.js';
import type { TpduType } from './pdu.js';

export type State = 'CLOSED' | 'WFNC' | 'WFCC' | 'WFCR' | 'WFTRESP' | 'OPEN' | 'CLOSING' | 'RELEASED';

export type EventName =
  | 'TCONreq'
  | 'TCONresp'
  | 'TDTreq'
  | 'TDISreq'
  | 'NCONind'
  | 'NCONconf'
  | 'NDISind'
  | TpduType
  /** Octets in a TPKT that are no TPDU, or a TPDU that has no cell. */
  | 'invalid TPDU'
  /** Octets that are no TPKT: nothing that follows can be understood. */
  | 'invalid TPKT'
  | 'TS1'
  | 'TS2';

export type Predicate =
  'initiator' | 'class 0 allowed' | 'called selector known' | 'acceptable CC' | 'TSDU within limit';

export type Action =
  | 'NCONreq'
  /** Closes when everything has left. */
  | 'NDISreq'
  /** Closes at once. */
  | 'NDISreq at once'
  | 'CR'
  | 'CC'
  | 'DR 0'
  | 'DR 3'
  | 'DR 130'
  | 'ER'
  /** Where a CR prefers another class, a DR instead of the ER of class 0. */
  | 'ER or DR 133'
  | 'DT'
  | 'TCONind'
  | 'TCONconf'
  /** Collects, and gives T-DATA.indication at EOT. */
  | 'TDTind'
  | 'TDISind'
  | 'start TS1'
  | 'stop TS1'
  | 'start TS2'
  | 'stop TS2';

export const stateTableRows: readonly StateTableRow<State, EventName, Predicate, Action>[] = [
  // Opening, as initiator
  {
    event: 'TCONreq',
    states: ['CLOSED'],
    predicate: ['initiator'],
    actions: ['NCONreq', 'start TS1'],
    next: 'WFNC',
  },
  { event: 'NCONconf', states: ['WFNC'], actions: ['CR', 'start TS1'], next: 'WFCC' },
  {
    event: 'CC',
    states: ['WFCC'],
    predicate: ['acceptable CC'],
    actions: ['stop TS1', 'TCONconf'],
    next: 'OPEN',
  },

  // Opening, as responder
  { event: 'NCONind', states: ['CLOSED'], predicate: ['¬initiator'], actions: ['start TS1'], next: 'WFCR' },
  {
    event: 'CR',
    states: ['WFCR'],
    predicate: ['¬class 0 allowed'],
    actions: ['stop TS1', 'DR 130', 'NDISreq'],
    next: 'RELEASED',
  },
  {
    event: 'CR',
    states: ['WFCR'],
    predicate: ['¬called selector known'],
    actions: ['stop TS1', 'DR 3', 'NDISreq'],
    next: 'RELEASED',
  },
  { event: 'CR', states: ['WFCR'], actions: ['stop TS1', 'TCONind'], next: 'WFTRESP' },
  { event: 'TCONresp', states: ['WFTRESP'], actions: ['CC'], next: 'OPEN' },
  { event: 'TDISreq', states: ['WFTRESP'], actions: ['DR 0', 'NDISreq'], next: 'RELEASED' },

  // Data
  { event: 'TDTreq', states: ['OPEN'], actions: ['DT'], next: '=' },
  { event: 'DT', states: ['OPEN'], predicate: ['TSDU within limit'], actions: ['TDTind'], next: '=' },
  { event: 'DT', states: ['OPEN'], actions: ['TDISind', 'NDISreq at once'], next: 'RELEASED' },

  // The user's end: the end of the network connection, no DR (X.224 §6.7)
  { event: 'TDISreq', states: ['OPEN'], actions: ['NDISreq'], next: 'RELEASED' },
  { event: 'TDISreq', states: ['WFCC'], actions: ['stop TS1', 'NDISreq'], next: 'RELEASED' },
  { event: 'TDISreq', states: ['WFNC'], actions: ['stop TS1', 'NDISreq at once'], next: 'RELEASED' },

  // The peer's end
  { event: 'DR', states: ['WFTRESP', 'OPEN'], actions: ['TDISind', 'NDISreq'], next: 'RELEASED' },
  { event: 'ER', states: ['WFTRESP', 'OPEN'], actions: ['TDISind', 'NDISreq'], next: 'RELEASED' },
  { event: 'DR', states: ['WFCC'], actions: ['stop TS1', 'TDISind', 'NDISreq'], next: 'RELEASED' },
  { event: 'ER', states: ['WFCC'], actions: ['stop TS1', 'TDISind', 'NDISreq'], next: 'RELEASED' },
  { event: 'DR', states: ['WFCR'], actions: ['stop TS1', 'NDISreq at once'], next: 'RELEASED' },
  { event: 'ER', states: ['WFCR'], actions: ['stop TS1', 'NDISreq at once'], next: 'RELEASED' },
  { event: 'CC', states: ['WFCR'], actions: ['stop TS1', 'NDISreq at once'], next: 'RELEASED' },
  { event: 'DT', states: ['WFCR'], actions: ['stop TS1', 'NDISreq at once'], next: 'RELEASED' },

  // The network's end
  { event: 'NDISind', states: ['WFNC', 'WFCC'], actions: ['stop TS1', 'TDISind'], next: 'RELEASED' },
  { event: 'NDISind', states: ['WFCR'], actions: ['stop TS1'], next: 'RELEASED' },
  { event: 'NDISind', states: ['WFTRESP', 'OPEN'], actions: ['TDISind'], next: 'RELEASED' },
  { event: 'NDISind', states: ['CLOSING'], actions: ['stop TS2'], next: 'RELEASED' },

  // Errors (X.224 §6.22)
  { event: 'invalid TPDU', states: ['WFTRESP', 'OPEN'], actions: ['ER', 'TDISind', 'start TS2'], next: 'CLOSING' },
  { event: 'invalid TPDU', states: ['WFCC'], actions: ['stop TS1', 'ER', 'TDISind', 'NDISreq'], next: 'RELEASED' },
  { event: 'invalid TPDU', states: ['WFCR'], actions: ['stop TS1', 'ER or DR 133', 'NDISreq'], next: 'RELEASED' },
  { event: 'invalid TPKT', states: ['WFTRESP', 'OPEN'], actions: ['TDISind', 'NDISreq at once'], next: 'RELEASED' },
  { event: 'invalid TPKT', states: ['WFCC'], actions: ['stop TS1', 'TDISind', 'NDISreq at once'], next: 'RELEASED' },
  { event: 'invalid TPKT', states: ['WFCR'], actions: ['stop TS1', 'NDISreq at once'], next: 'RELEASED' },

  // Time is up
  { event: 'TS1', states: ['WFNC', 'WFCC'], actions: ['TDISind', 'NDISreq at once'], next: 'RELEASED' },
  { event: 'TS1', states: ['WFCR'], actions: ['NDISreq at once'], next: 'RELEASED' },
  { event: 'TS2', states: ['CLOSING'], actions: ['NDISreq at once'], next: 'RELEASED' },

  // Requests and network events that crossed the end
  { event: 'TCONresp', states: ['CLOSING', 'RELEASED'], actions: [], next: '=' },
  { event: 'TDTreq', states: ['CLOSING', 'RELEASED'], actions: [], next: '=' },
  { event: 'TDISreq', states: ['CLOSING', 'RELEASED'], actions: [], next: '=' },
  { event: 'NCONconf', states: ['RELEASED'], actions: [], next: '=' },
  { event: 'NDISind', states: ['RELEASED'], actions: [], next: '=' },
];

export const stateTable = new StateTable(stateTableRows);

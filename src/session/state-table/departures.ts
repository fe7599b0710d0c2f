import type { SessionRow } from './names.js';

/** Rows that X.225 has not, consulted before its own: what Annex A leaves to an implementation, and where we are more patient than it. */
export const departures: readonly SessionRow[] = [
  // Invalid cells: of the two answers that Annex A offers we always give ABORT, as EXCEPTION REPORT can dead-lock.
  { event: 'invalid', states: ['16'], actions: [], next: '=' },
  { event: 'invalid', states: ['01C', '01D'], actions: ['AB-nr', '[4]'], next: '16' },
  {
    event: 'invalid',
    states: ['02A', '02B', '08', '713', '04B', '10B', '05B', '05C', '11B', '11C', '18', '19', '20', '03', '09'],
    actions: ['SPABind', 'AB-nr', '[4]'],
    next: '16',
  },

  // SPDUs of functional units that are not selected: so in all tables of Annex A, blank elsewhere. Malformed ones alike.
  { event: 'unselected', states: ['01A', '16'], actions: [], next: '=' },
  { event: 'unselected', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },

  // Supervision of what the peer owes: some never acknowledge a discard or an interrupt.
  { event: 'overdue', states: ['01C', '01D'], actions: ['TDISreq'], next: '01' },
  {
    event: 'overdue',
    states: ['02A', '02B', '03', '05B', '05C', '18'],
    actions: ['SPABind', 'AB-nr', '[4]'],
    next: '16',
  },

  // The service tells its user that the tokens have arrived; X.215 has no such confirm.
  { event: 'GTA', states: ['18'], actions: ['SCGcnf'], next: '713', entered: ['[6]'] },

  // A second exception report: Annex A has no cell, the prose discards it; an abort would end a recovery under way. X.225 §7.27, §7.28
  { event: 'ED', states: ['20'], actions: [], next: '=' },
  { event: 'ER', states: ['20'], actions: [], next: '=' },

  // Annex A lets these pass under predicates, the prose drops all that was under way when we stopped the activity. X.225 §7.31.2
  { event: 'DT', states: ['05B', '05C'], actions: [], next: '=' },
  { event: 'MIP', states: ['05B', '05C'], actions: [], next: '=' },
  { event: 'MIA', states: ['05B', '05C'], actions: [], next: '=' },
  { event: 'GT', states: ['05B', '05C'], actions: [], next: '=' },
];

import type { Row } from './rtpm-state-table.js';

/** X.228 §7.3 transfer, §7.6 to 7.8 error reporting, interrupt, discard, resumption and retry, on the side with the turn. */
export const sending: readonly Row[] = [
  {
    event: 'RT-TRANSFER.request',
    states: ['S0'],
    predicate: ['resumption'],
    actions: ['start transfer timer', 'AR'],
    next: 'S1',
  },
  { event: 'RT-TRANSFER.request', states: ['S0'], actions: ['start transfer timer', 'AS'], next: 'S1' },
  { event: 'APDU-READ.response', states: ['S1'], actions: ['take octets'], next: '=' },
  { event: 'APDU-READ.response', states: ['S3', 'S4'], actions: ['drop octets'], next: '=' },
  { event: 'MIA', states: ['S1'], predicate: ['checkpoint outstanding'], actions: ['advance window'], next: '=' },
  {
    event: 'MIA',
    states: ['S2'],
    predicate: ['checkpoint outstanding'],
    actions: ['advance window', 'restart acknowledgement timer'],
    next: '=',
  },
  { event: 'last piece sent', states: ['S1'], actions: ['AE'], next: 'S2' },
  { event: 'AEA', states: ['S2'], actions: ['RT-TRANSFER.cnf transferred'], next: 'S0' },

  // Exception reports; the reason of AI and AD is 0 when the receiver or the provider told of the trouble, 5 when it is ours.
  { event: 'ED', states: ['S1', 'S2'], predicate: ['p36-1'], actions: ['give up and abort', 'AD 0'], next: 'S4' },
  {
    event: 'ED',
    states: ['S1', 'S2'],
    predicate: ['p36-5', 'resumption promising'],
    actions: ['count retry', 'AI 0'],
    next: 'S3',
  },
  {
    event: 'ED',
    states: ['S1', 'S2'],
    predicate: ['p36-3 or 6', 'retry left'],
    actions: ['forbid resumption', 'count retry', 'AD 0'],
    next: 'S4',
  },
  {
    event: 'ED',
    states: ['S1', 'S2'],
    predicate: ['p36-3 or 6'],
    actions: ['forbid resumption', 'give up', 'AD 0'],
    next: 'S4',
  },
  {
    event: 'ED',
    states: ['S1', 'S2'],
    predicate: ['retry left'],
    actions: ['count retry', 'AD 0'],
    next: 'S4',
  },
  { event: 'ED', states: ['S1', 'S2'], actions: ['give up', 'AD 0'], next: 'S4' },
  {
    event: 'ER',
    states: ['S1', 'S2'],
    predicate: ['resumption promising'],
    actions: ['count retry', 'AI 0'],
    next: 'S3',
  },
  {
    event: 'ER',
    states: ['S1', 'S2'],
    predicate: ['retry left'],
    actions: ['count retry', 'AD 0'],
    next: 'S4',
  },
  { event: 'ER', states: ['S1', 'S2'], actions: ['give up', 'AD 0'], next: 'S4' },

  // Our own reasons to stop.
  { event: 'transfer timer', states: ['S1', 'S2'], actions: ['give up', 'AD 5'], next: 'S4' },
  { event: 'transfer timer', states: ['S3', 'S4'], actions: ['give up'], next: '=' },
  { event: 'TRANSFER-DISCARD.request', states: ['S1', 'S2'], actions: ['give up', 'AD 5'], next: 'S4' },
  { event: 'TRANSFER-DISCARD.request', states: ['S3', 'S4'], actions: ['give up'], next: '=' },
  { event: 'TRANSFER-DISCARD.request', states: ['S0'], actions: [], next: '=' }, // crossed the confirm
  { event: 'TRANSFER-INTERRUPT.request', states: ['S1'], predicate: ['p35'], actions: ['stop', 'AI 5'], next: 'S3' },
  { event: 'TRANSFER-INTERRUPT.request', states: ['S1'], actions: ['stop', 'AD 5'], next: 'S4' },
  // Nothing is left to send: the answer to ACTIVITY END is worth waiting for, an interruption could only make a duplicate.
  { event: 'TRANSFER-INTERRUPT.request', states: ['S2', 'S3', 'S4'], actions: ['stop'], next: '=' },
  { event: 'TRANSFER-INTERRUPT.request', states: ['S0'], actions: [], next: '=' },

  { event: 'AIA', states: ['S3'], predicate: ['to give up'], actions: ['AR', 'AD 5'], next: 'S4' },
  { event: 'AIA', states: ['S3'], predicate: ['to stop'], actions: ['RT-TRANSFER.cnf interrupted'], next: 'S0' },
  { event: 'AIA', states: ['S3'], actions: ['AR'], next: 'S1' },
  {
    event: 'ADA',
    states: ['S4'],
    predicate: ['to give up and abort'],
    actions: ['RTAB 3', 'RT-TRANSFER.cnf lost', 'RT-P-ABORT.ind'],
    next: 'E',
  },
  { event: 'ADA', states: ['S4'], predicate: ['to give up'], actions: ['RT-TRANSFER.cnf failed'], next: 'S0' },
  { event: 'ADA', states: ['S4'], predicate: ['to stop'], actions: ['RT-TRANSFER.cnf interrupted'], next: 'S0' },
  { event: 'ADA', states: ['S4'], actions: ['AS'], next: 'S1' },

  // Behind AI and AD everything but the answer is dropped, as session does.
  { event: 'MIA', states: ['S3', 'S4'], actions: [], next: '=' },
  { event: 'AEA', states: ['S3', 'S4'], actions: [], next: '=' },
  { event: 'ED', states: ['S3', 'S4'], actions: [], next: '=' },
  { event: 'ER', states: ['S3', 'S4'], actions: [], next: '=' },
];

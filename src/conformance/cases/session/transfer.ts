/** Activities, synchronization points and tokens (X.225 §7.11 to §7.31). */
import { fromHex } from '../../../bytes/octets.js';
import { messageApdu } from '../../octets/message.js';
import {
  activityDiscard,
  activityEnd,
  activityInterrupt,
  activityStart,
  allTokens,
  dataTransfer,
  finish,
  minorSyncPoint,
  pleaseTokens,
  unit,
  units,
} from '../../octets/spdu.js';
import { pieceData } from '../../octets/upper-layers.js';
import { ended, serialSpdu, sessionProtocolError, spdu } from '../../script/patterns.js';
import { activityIdentifier, activityOpen, bound, released, transferred } from '../../script/preambles.js';
import { close, expect, observe, send, silence } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'session', role: 'responder', modes: bothModes } as const;
const piece = send('DATA TRANSFER', (c) => dataTransfer(pieceData(c, fromHex('00'))));

const endings = [
  { tsdu: activityInterrupt(5), what: 'ACTIVITY INTERRUPT', event: 'AI', answer: 'AIA', number: 21 },
  {
    tsdu: activityInterrupt('none'),
    what: 'ACTIVITY INTERRUPT without a reason',
    event: 'AI',
    answer: 'AIA',
    number: 22,
  },
  { tsdu: activityDiscard(5), what: 'ACTIVITY DISCARD', event: 'AD', answer: 'ADA', number: 23 },
  { tsdu: activityDiscard('none'), what: 'ACTIVITY DISCARD without a reason', event: 'AD', answer: 'ADA', number: 24 },
] as const;

const wrongSerials = [
  { tsdu: minorSyncPoint(2), what: 'MINOR SYNC POINT 2 instead of 1', point: 'S-021', cell: '713 MIP invalid' },
  { tsdu: minorSyncPoint(0), what: 'MINOR SYNC POINT 0 instead of 1', point: 'S-021', cell: '713 MIP invalid' },
  { tsdu: activityEnd(3), what: 'ACTIVITY END 3 instead of 1', point: 'S-024', cell: '713 AE invalid' },
] as const;

export const transfer: readonly TestCase[] = [
  {
    ...common,
    id: 'SES-R-VA-020',
    clause: 'X.225 §7.11',
    points: ['S-019', 'S-024', 'S-047'],
    cells: ['713 AS', '713 DT', '713 AE'],
    purpose: 'Takes an activity and answers its end with the same number.',
    preamble: bound(),
    steps: [...transferred((c) => messageApdu(c, 'one')), observe('delivered', 'one'), ...released],
  },
  ...endings.map(({ tsdu, what, event, answer, number }): TestCase => ({
    ...common,
    id: `SES-R-VA-0${String(number)}`,
    clause: 'X.225 §7.30',
    points: ['S-026'],
    cells: [`713 ${event}`],
    purpose: `Acknowledges ${what} in an activity, and takes another activity afterwards.`,
    preamble: [...bound(), ...activityOpen, piece],
    steps: [send(what, tsdu), expect(spdu(answer)), ...transferred((c) => messageApdu(c, 'next'), 2), ...released],
  })),
  {
    ...common,
    id: 'SES-R-VA-025',
    clause: 'X.225 §7.28',
    points: ['S-023'],
    cells: ['713 MIP'],
    purpose: 'Acknowledges a synchronization point of an activity.',
    preamble: [...bound(), ...activityOpen, piece],
    steps: [send('MINOR SYNC POINT 1', minorSyncPoint(1)), expect(serialSpdu('MIA', 1))],
  },
  ...wrongSerials.map(({ tsdu, what, point, cell }, index): TestCase => ({
    ...common,
    id: `SES-R-IV-02${String(index)}`,
    clause: 'X.225 §7.28',
    points: [point],
    cells: [cell],
    purpose: `Aborts on ${what}.`,
    octets: 'malformed',
    preamble: [...bound(), ...activityOpen, piece],
    steps: [send(what, tsdu), expect(sessionProtocolError), close],
  })),
  {
    ...common,
    id: 'SES-R-IV-023',
    clause: 'X.225 §6.3.7',
    points: ['S-005'],
    purpose: 'Aborts on a MINOR SYNC POINT without its prefix.',
    preamble: [...bound(), ...activityOpen, piece],
    steps: [send('MINOR SYNC POINT 1, bare', minorSyncPoint(1).subarray(2)), expect(sessionProtocolError), close],
    octets: 'malformed',
  },
  {
    ...common,
    id: 'SES-R-VA-026',
    clause: 'X.225 §7.13',
    points: ['S-034'],
    cells: ['713 PT'],
    purpose: 'Bears PLEASE TOKENS for tokens that are ours already.',
    preamble: bound(),
    steps: [send('PLEASE TOKENS', pleaseTokens(allTokens)), silence(), ...transferred((c) => messageApdu(c, 'one'))],
  },
  {
    ...common,
    id: 'SES-R-IV-024',
    clause: 'X.225 §7.7',
    points: ['S-035'],
    cells: ['713 FN-nr invalid'],
    purpose: 'Aborts on a FINISH in an activity.',
    preamble: [...bound(), ...activityOpen],
    steps: [send('FINISH', finish()), expect(sessionProtocolError), close],
  },
  {
    ...common,
    id: 'SES-R-VA-027',
    clause: 'X.225 §7.9',
    points: ['S-036'],
    cells: ['713 FN-nr', '16 AB-nr'],
    purpose: 'Answers FINISH by DISCONNECT, and ends the connection when an ABORT follows.',
    preamble: bound(),
    steps: [
      send('FINISH without user data', finish()),
      expect(spdu('DN')),
      send('ABORT', unit(25, unit(units.transportDisconnect, 0x09))),
      expect(ended),
    ],
  },
  {
    ...common,
    id: 'SES-R-VA-028',
    clause: 'X.225 §8.3.15',
    points: ['S-047'],
    cells: ['713 AS'],
    purpose: 'Takes an activity identifier of six octets.',
    preamble: bound(),
    steps: [
      send('ACTIVITY START', activityStart(fromHex('fffefdfcfbfa'))),
      send('ACTIVITY DISCARD', activityDiscard(0)),
      expect(spdu('ADA')),
      ...transferred((c) => messageApdu(c, 'one'), Number(activityIdentifier(2)[2])),
    ],
  },
];

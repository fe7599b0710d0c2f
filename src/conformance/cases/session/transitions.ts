/** What X.225 Annex A lets pass: SPDUs in states where they are right, dropped, or the end of the connection. */
import { StateTable } from '../../../osi/state-table.js';
import type { SessionEvent } from '../../../session/state-table/names.js';
import { annexA } from '../../../session/state-table/session-state-table.js';
import { acceptSpdu } from '../../octets/answer.js';
import {
  abort,
  abortedBy,
  activityDiscardAck,
  activityEndAck,
  activityInterruptAck,
  disconnect,
  minorSyncAck,
} from '../../octets/spdu.js';
import { anyOf, ended, serialSpdu, sessionProtocolError, spdu } from '../../script/patterns.js';
import {
  accepted,
  bound,
  called,
  confirmedTransfer,
  lastSerial,
  openedByIt,
  tookTransfer,
} from '../../script/preambles.js';
import { holdsIn, situations, type Situation } from '../../script/situations.js';
import { close, expect, expectPassing, repeat, reset, send, silence } from '../../script/steps.js';
import { spduEvents } from '../../traceability/cells.js';
import type { Step, TestCase } from '../../script/test-case.js';
import { tsduOf } from './event-tsdus.js';

const table = new StateTable(Object.values(annexA).flat());

const goesOn = expect(anyOf('ACTIVITY START, RESUME or FINISH', spdu('AS'), spdu('AR'), spdu('FN')));
const stops = expectPassing([spdu('DT')], anyOf('ACTIVITY INTERRUPT or DISCARD', spdu('AI'), spdu('AD')));
const ends = [expectPassing([spdu('DT')], ended)];
const completed: readonly Step[] = [...confirmedTransfer, goesOn];
/** One that was asked for the turn may give it then. */
const completedAsked: readonly Step[] = [
  ...confirmedTransfer,
  expect(anyOf('ACTIVITY START, FINISH or GIVE TOKENS CONFIRM', spdu('AS'), spdu('FN'), spdu('GTC'))),
  close,
];
const interruptAcknowledged = [send('ACTIVITY INTERRUPT ACK', activityInterruptAck), goesOn];
const discardAcknowledged = [send('ACTIVITY DISCARD ACK', activityDiscardAck), goesOn];

type Name = keyof typeof situations;

interface Row {
  readonly situation: Name;
  readonly events: readonly SessionEvent[];
  readonly points: readonly string[];
  readonly does: string;
  /** What follows the SPDU. */
  readonly then: readonly Step[];
}

const dropped: readonly SessionEvent[] = ['DT', 'MAA/AEA', 'MIA', 'MIP', 'ED', 'ER', 'GT', 'PT'];
const aborts: readonly SessionEvent[] = ['AB-nr', 'AB-r'];

const rows: readonly Row[] = [
  ...(['idle', 'calling', 'sending', 'ending', 'interrupting', 'discarding', 'finishing'] as const).map(
    (situation): Row => ({
      situation,
      events: aborts,
      points: ['S-037', 'S-038'],
      does: 'ends the connection',
      then: ends,
    }),
  ),
  {
    situation: 'calling',
    events: ['RF-nr', 'RF-r'],
    points: ['S-016'],
    does: 'is a refusal: it ends the connection, and calls again',
    then: [...ends, ...openedByIt],
  },
  {
    situation: 'interrupting',
    events: dropped,
    points: ['S-027'],
    does: 'is dropped',
    then: interruptAcknowledged,
  },
  { situation: 'discarding', events: dropped, points: ['S-027'], does: 'is dropped', then: discardAcknowledged },
  { situation: 'interrupting', events: ['AIA'], points: ['S-026'], does: 'ends the activity', then: [goesOn] },
  {
    situation: 'sending',
    events: ['MIA'],
    points: ['S-022'],
    does: 'opens its window',
    then: [expectPassing([spdu('DT')], serialSpdu('MIP', 2))],
  },
  {
    situation: 'sending',
    events: ['ER'],
    points: ['S-031'],
    does: 'makes it stop the activity, whatever it reflects',
    then: [stops],
  },
  {
    situation: 'ending',
    events: ['ED', 'ER'],
    points: ['S-029', 'S-031'],
    does: 'makes it stop the activity though its end is outstanding',
    then: [stops],
  },
  {
    situation: 'ending',
    events: ['PT'],
    points: ['S-034'],
    does: 'does not keep it from completing its activity',
    then: completedAsked,
  },
  {
    situation: 'finishing',
    events: ['PT'],
    points: ['S-034'],
    does: 'changes nothing',
    then: [send('DISCONNECT', disconnect()), expect(ended)],
  },
  {
    situation: 'finishing',
    events: ['DN'],
    points: ['S-036', 'T-032'],
    does: 'makes it end the transport connection, without a DR',
    then: [expect(ended)],
  },
  { situation: 'idle', events: ['FN-r'], points: ['S-036'], does: 'is answered', then: [expect(spdu('DN')), close] },
  {
    situation: 'idle',
    events: ['GT'],
    points: ['S-006'],
    does: 'is no session protocol error',
    then: [silence(), send('ABORT', abort(abortedBy.noReason)), expect(ended)],
  },
  { situation: 'idle', events: ['GTC'], points: ['S-032'], does: 'is answered', then: [expect(spdu('GTA')), close] },
];

function caseOf(
  number: number,
  name: Name,
  event: SessionEvent,
  { points, does, then }: Pick<Row, 'points' | 'does' | 'then'>,
): TestCase {
  const situation: Situation = situations[name];
  const tsdu = tsduOf(event, situation.nextSerial);
  if (tsdu === undefined) throw new RangeError(`there are no octets for ${event}`);
  return {
    id: `SES-${situation.role === 'responder' ? 'R' : 'I'}-VA-${String(number)}`,
    subject: 'session',
    clause: 'X.225 Annex A',
    points,
    cells: [`${situation.state} ${event}`],
    role: situation.role,
    modes: situation.state === '01D' ? ['normal'] : ['normal', 'x410-1984'],
    purpose: `${event} ${situation.describe} (state ${situation.state}) ${does}.`,
    preamble: situation.preamble,
    steps: [send(event, tsdu), ...then],
  };
}

const tabled = rows
  .flatMap((row) => row.events.map((event) => ({ row, event })))
  .map(({ row, event }, index) => caseOf(100 + index, row.situation, event, row));

/** After its DISCONNECT it only waits for the end: most SPDUs are dropped, some are that end. X.225 §7.8 */
const abortedThere: readonly Step[] = [silence(), send('ABORT', abort(abortedBy.noReason)), expect(ended)];
const releasing = spduEvents.flatMap((event, index): readonly TestCase[] => {
  const transition = table.transition('16', event, (predicate) => holdsIn(situations.releasing, predicate));
  if (transition === undefined) return [];
  const disconnects = transition.actions.includes('TDISreq');
  const does = disconnects ? 'ends the transport connection' : 'is dropped';
  const then = disconnects ? [expect(ended)] : abortedThere;
  return [caseOf(200 + index, 'releasing', event, { points: ['S-036', 'S-037'], does, then })];
});

const lost = (Object.keys(situations) as readonly Name[]).map((name, index): TestCase => {
  const situation: Situation = situations[name];
  // One that has said FINISH has nothing to send again until it is given something.
  const next: Readonly<Record<Situation['role'], readonly Step[]>> = {
    responder: bound(),
    initiator: name === 'finishing' ? called() : openedByIt,
    exchange: bound(),
  };
  return {
    id: `SES-${situation.role === 'responder' ? 'R' : 'I'}-VA-${String(240 + index)}`,
    subject: 'session',
    clause: 'X.225 §7.36',
    points: ['S-043'],
    role: situation.role,
    modes: situation.state === '01D' ? ['normal'] : ['normal', 'x410-1984'],
    purpose: `Bears the loss of the transport connection ${situation.describe} (state ${situation.state})${situation.role === 'initiator' ? ', and calls again' : ''}.`,
    preamble: situation.preamble,
    steps: [reset, ...next[situation.role]],
  };
});

/** A message of which all but the last synchronization point is acknowledged, up to its ACTIVITY END. */
const endingWithOpenPoint: readonly Step[] = [
  ...accepted({ checkpointSizeK: 1, windowSize: 3 }, 'long'),
  expect(spdu('AS')),
  expect(spdu('DT')),
  expect(serialSpdu('MIP', 1)),
  repeat(
    { pattern: spdu('DT'), next: 'again' },
    {
      pattern: spdu('MIP'),
      then: [send('MINOR SYNC ACK of the one before', (c) => minorSyncAck(Number(lastSerial(c, 'MIP')) - 1))],
      next: 'again',
    },
    { pattern: spdu('AE'), next: 'leave' },
  ),
];

const common = {
  subject: 'session',
  clause: 'X.225 §7.28',
  role: 'initiator',
  modes: ['normal', 'x410-1984'],
} as const;

const single: readonly TestCase[] = [
  {
    ...common,
    id: 'SES-I-VA-260',
    points: ['S-024'],
    cells: ['02A AC', '04B MAA/AEA'],
    purpose: 'Transfers its message when it is accepted, and goes on when the end is acknowledged.',
    preamble: situations.calling.preamble,
    steps: [send('ACCEPT', (c) => acceptSpdu(c)), tookTransfer, ...completed],
  },
  {
    ...common,
    id: 'SES-I-VA-261',
    points: ['S-025'],
    cells: ['04B MIA'],
    needs: ['checkpoints'],
    purpose: 'Takes the acknowledgement of a point while that of its ACTIVITY END is outstanding.',
    preamble: endingWithOpenPoint,
    steps: [
      send('MINOR SYNC ACK of the last point', (c) => minorSyncAck(Number(lastSerial(c, 'AE')) - 1)),
      silence(),
      ...completed,
    ],
  },
  {
    ...common,
    id: 'SES-I-IV-260',
    points: ['S-025'],
    cells: ['04B MIA invalid'],
    needs: ['checkpoints'],
    purpose: 'Aborts on a MINOR SYNC ACK with the number of its ACTIVITY END.',
    preamble: endingWithOpenPoint,
    steps: [
      send("MINOR SYNC ACK of the end's number", (c) => minorSyncAck(lastSerial(c, 'AE'))),
      expect(sessionProtocolError),
      close,
    ],
  },
  {
    ...common,
    id: 'SES-I-IV-261',
    points: ['S-024'],
    cells: ['04B MAA/AEA invalid'],
    purpose: 'Aborts on an ACTIVITY END ACK of another number.',
    preamble: situations.ending.preamble,
    steps: [
      send('ACTIVITY END ACK of another number', (c) => activityEndAck(Number(lastSerial(c, 'AE')) + 1)),
      expect(sessionProtocolError),
      close,
    ],
  },
  {
    ...common,
    id: 'SES-I-VA-262',
    clause: 'X.225 §7.27',
    points: ['S-031'],
    purpose: 'Drops a second EXCEPTION REPORT, and stops the activity once.',
    needs: ['checkpoints'],
    preamble: situations.sending.preamble,
    steps: [
      send('EXCEPTION REPORT twice', tsduTwice('ER')[0], tsduTwice('ER')[1]),
      expectPassing([spdu('DT')], anyOf('ACTIVITY INTERRUPT or DISCARD', spdu('AI'), spdu('AD'))),
      silence(),
      close,
    ],
  },
  {
    ...common,
    id: 'SES-I-VA-263',
    clause: 'X.225 §6.3.7',
    points: ['S-006'],
    purpose: 'Takes a MINOR SYNC ACK behind a PLEASE TOKENS that has a Token Item of its own.',
    needs: ['checkpoints'],
    preamble: situations.sending.preamble,
    steps: [
      send(
        'PLEASE TOKENS and MINOR SYNC ACK 1 in one TSDU',
        Uint8Array.of(2, 3, 16, 1, 1, ...minorSyncAck(1).subarray(2)),
      ),
      expectPassing([spdu('DT')], serialSpdu('MIP', 2)),
    ],
  },
];

function tsduTwice(event: SessionEvent): readonly [Uint8Array, Uint8Array] {
  const tsdu = tsduOf(event, 1);
  if (!(tsdu instanceof Uint8Array)) throw new RangeError(`${event} depends on what was said`);
  return [tsdu, tsdu];
}

export const transitions: readonly TestCase[] = [...tabled, ...releasing, ...lost, ...single];

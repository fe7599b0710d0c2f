/**
 * Every SPDU in every state that a peer can hold, where X.225 Annex A has a blank cell or predicates that do not hold. The expected answer is
 * that of Annex A.4.1.2: ABORT by the provider, or EXCEPTION REPORT. Before a CONNECT it is the end of the transport connection.
 */
import { StateTable } from '../../../osi/state-table.js';
import { annexA } from '../../../session/state-table/session-state-table.js';
import type { SessionEvent } from '../../../session/state-table/names.js';
import { spduEvents } from '../../traceability/cells.js';
import { abort, abortedBy } from '../../octets/spdu.js';
import { sessionProtocolError, ended, spdu } from '../../script/patterns.js';
import { holdsIn, situations, type Situation } from '../../script/situations.js';
import { close, expect, expectPassing, send } from '../../script/steps.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';
import { tsduOf } from './event-tsdus.js';

const table = new StateTable(Object.values(annexA).flat());

/** In 05B and 05C the prose (§7.31.2) drops these, where Annex A asks for tokens and numbers. */
const droppedByProse: ReadonlySet<SessionEvent> = new Set(['DT', 'MIP', 'MIA', 'GT']);

/** In 16 the one who sent DISCONNECT only waits for the end: what is invalid there it may drop, but it answers nothing else, and goes when aborted. */
function invalidHere({ state }: Situation, passing: readonly Pattern[]): readonly Step[] {
  return state === '16'
    ? [send('ABORT', abort(abortedBy.noReason)), expectPassing([sessionProtocolError], ended)]
    : [expectPassing(passing, sessionProtocolError), close];
}

const numbers: Readonly<Record<keyof typeof situations, number>> = {
  connected: 100,
  idle: 140,
  receiving: 180,
  releasing: 220,
  calling: 260,
  sending: 300,
  ending: 340,
  interrupting: 380,
  discarding: 420,
  finishing: 460,
  overflowing: 500,
};

function casesOf(name: keyof typeof situations): readonly TestCase[] {
  const situation: Situation = situations[name];
  return spduEvents.flatMap((event, index): readonly TestCase[] => {
    const tsdu = tsduOf(event, situation.nextSerial);
    if (tsdu === undefined) return [];
    if ((situation.state === '05B' || situation.state === '05C') && droppedByProse.has(event)) return [];
    const transition = table.transition(situation.state, event, (predicate) => holdsIn(situation, predicate));
    const early = situation.state === '01C' || situation.state === '01D';
    const disconnects = early && transition?.actions[0] === 'TDISreq';
    if (transition !== undefined && !disconnects) return [];
    const passing = situation.passing === undefined ? [] : [spdu('DT')];
    return [
      {
        id: `SES-${situation.role === 'responder' ? 'R' : 'I'}-TI-${String(numbers[name] + index)}`,
        subject: 'session',
        clause: 'X.225 Annex A',
        points: ['S-045', 'S-046'],
        cells: [`${situation.state} ${event}${disconnects ? '' : ' invalid'}`],
        role: situation.role,
        modes: situation.state === '01D' ? ['normal'] : ['normal', 'x410-1984'],
        purpose: `${event} ${situation.describe} (state ${situation.state}) ${disconnects ? 'ends the transport connection' : 'is a protocol error'}.`,
        preamble: situation.preamble,
        steps: [send(event, tsdu), ...(disconnects ? [expect(ended)] : invalidHere(situation, passing))],
      },
    ];
  });
}

export const inopportune: readonly TestCase[] = (Object.keys(situations) as (keyof typeof situations)[]).flatMap(
  casesOf,
);

/**
 * Every SPDU in every state that a peer can hold, where X.225 Annex A has a blank cell or predicates that do not hold. The expected answer is
 * that of Annex A.4.1.2: ABORT by the provider, or EXCEPTION REPORT. Before a CONNECT it is the end of the transport connection.
 */
import { StateTable } from '../../../osi/state-table.js';
import { annexA } from '../../../session/state-table/session-state-table.js';
import type { SessionEvent } from '../../../session/state-table/names.js';
import { fromHex } from '../../../bytes/octets.js';
import { spduEvents } from '../../traceability/cells.js';
import { connectSpdu } from '../../octets/opening.js';
import * as spdus from '../../octets/spdu.js';
import { unit, units } from '../../octets/spdu.js';
import { pieceData } from '../../octets/upper-layers.js';
import { sessionProtocolError, ended, spdu } from '../../script/patterns.js';
import { activityIdentifier } from '../../script/preambles.js';
import { holdsIn, situations, type Situation } from '../../script/situations.js';
import { close, expect, expectPassing, send, type Octets } from '../../script/steps.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';

const table = new StateTable(Object.values(annexA).flat());

/** A TSDU for each event of the tables; `serial` is the number that is due. */
function tsduOf(event: SessionEvent, serial: number): Octets | undefined {
  const made: Partial<Record<SessionEvent, Octets>> = {
    AA: spdus.abortAccept,
    AC: unit(14, unit(units.connectAcceptItem, unit(units.protocolOptions, 0), unit(units.version, 2))),
    AD: spdus.activityDiscard(0),
    ADA: spdus.activityDiscardAck,
    AE: spdus.activityEnd(serial),
    AI: spdus.activityInterrupt(0),
    AIA: spdus.activityInterruptAck,
    AR: spdus.activityResume({
      oldIdentifier: activityIdentifier(1),
      newIdentifier: activityIdentifier(9),
      serialNumber: 1,
    }),
    AS: spdus.activityStart(activityIdentifier(9)),
    CDO: spdus.connectDataOverflow(2, fromHex('00')),
    CN: (conversation) => connectSpdu(conversation),
    DN: spdus.disconnect(),
    DT: (conversation) => spdus.dataTransfer(pieceData(conversation, fromHex('00'))),
    ED: spdus.exceptionData(0),
    ER: spdus.exceptionReport(fromHex('00')),
    'FN-nr': spdus.finish(),
    'FN-r': unit(9, unit(units.transportDisconnect, 0)),
    GT: spdus.giveTokens(spdus.allTokens),
    GTA: spdus.giveTokensAck,
    GTC: spdus.giveTokensConfirm,
    'MAA/AEA': spdus.activityEndAck(Math.max(serial - 1, 1)),
    MIA: spdus.minorSyncAck(Math.max(serial - 1, 1)),
    MIP: spdus.minorSyncPoint(serial),
    OA: spdus.overflowAccept,
    PT: spdus.pleaseTokens(spdus.dataToken),
    'RF-nr': spdus.refuse(1),
    'RF-r': unit(12, unit(units.transportDisconnect, 0), unit(units.reason, 1)),
  };
  return made[event];
}

/** In 05B and 05C the prose (§7.31.2) drops these, where Annex A asks for tokens and numbers. */
const droppedByProse: ReadonlySet<SessionEvent> = new Set(['DT', 'MIP', 'MIA', 'GT']);

/** In 16 there is nobody left to be told: an SPDU that is invalid there may as well be dropped. */
function invalidHere({ state }: Situation, passing: readonly Pattern[]): readonly Step[] {
  return state === '16' ? [close] : [expectPassing(passing, sessionProtocolError), close];
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
};

function casesOf(name: keyof typeof situations): readonly TestCase[] {
  const situation: Situation = situations[name];
  return spduEvents.flatMap((event, index): readonly TestCase[] => {
    const tsdu = tsduOf(event, situation.nextSerial);
    if (tsdu === undefined) return [];
    if ((situation.state === '05B' || situation.state === '05C') && droppedByProse.has(event)) return [];
    const transition = table.transition(situation.state, event, (predicate) => holdsIn(situation, predicate));
    const disconnects = situation.state === '01C' && transition?.actions[0] === 'TDISreq';
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
        modes: ['normal', 'x410-1984'],
        purpose: `${event} ${situation.describe} (state ${situation.state}) is a protocol error.`,
        preamble: situation.preamble,
        steps: [send(event, tsdu), ...(disconnects ? [expect(ended)] : invalidHere(situation, passing))],
      },
    ];
  });
}

export const inopportune: readonly TestCase[] = (Object.keys(situations) as (keyof typeof situations)[]).flatMap(
  casesOf,
);

/** A TSDU for each SPDU event of X.225 Annex A, right in itself: whether it is in place is the matter of the cases. */
import { fromHex } from '../../../bytes/octets.js';
import type { SessionEvent } from '../../../session/state-table/names.js';
import { connectSpdu } from '../../octets/opening.js';
import * as spdus from '../../octets/spdu.js';
import { unit, units } from '../../octets/spdu.js';
import { pieceData } from '../../octets/upper-layers.js';
import { activityIdentifier } from '../../script/preambles.js';
import type { Octets } from '../../script/steps.js';

/** Transport Disconnect of an ABORT that would keep the transport connection: no reason. X.225 §8.3.9 */
const keptAbort = 0x08;

/** `serial` is the number of the synchronization point that is due. */
export function tsduOf(event: SessionEvent, serial: number): Octets | undefined {
  const made: Partial<Record<SessionEvent, Octets>> = {
    AA: spdus.abortAccept,
    'AB-nr': spdus.abort(spdus.abortedBy.noReason),
    'AB-r': spdus.abort(keptAbort),
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

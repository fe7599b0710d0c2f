import { assert } from '../osi/machine.js';
import type { SessionContext } from './context.js';
import { acceptSpdu, connectSpdu, overflowSpdus, proposedTokens, refusal } from './establishment.js';
import {
  ABORT_BY_USER,
  refuseReason,
  SESSION_USER_REQUIREMENTS,
  tokenItemOf,
  TRANSPORT_RELEASE,
  VERSION_2,
} from './field-values.js';
import type { SpduOf } from './pdu.js';
import type { SendingAction } from './state-table/names.js';

/** User data of an ABORT in version 1. X.225 §8.3.9 */
const VERSION_1_ABORT_OCTETS_MAX = 9;
/** The reason of REFUSE that has user data behind it. X.225 §8.3.5 */
const REFUSED_WITH_USER_DATA = 2;

/** Actions that send an SPDU. */
export const sendingActions: Readonly<Record<SendingAction, (context: SessionContext) => void>> = {
  CN(context) {
    const { connectRequest, options } = context;
    assert(connectRequest !== undefined, 'no S-CONNECT.request to send a CONNECT for');
    context.connect = connectSpdu(connectRequest, options.versions);
    context.overflow = overflowSpdus(connectRequest);
    context.send(context.connect);
  },
  OA: (context) => {
    context.send({ spdu: 'OA', versionNumber: VERSION_2 });
  },
  CDO(context) {
    const [first, ...rest] = context.overflow;
    assert(first !== undefined, 'no user data left for CONNECT DATA OVERFLOW');
    context.overflow = rest;
    context.send(first);
  },
  AC(context) {
    const response = context.requested('S-CONNECT.response');
    assert(response.result === 'accept', 'ACCEPT for a rejection');
    assert(context.connect !== undefined, 'ACCEPT without a CONNECT');
    const proposed = proposedTokens(context.connect);
    context.initialTokens = proposed === 'initiator' || proposed === 'responder' ? proposed : response.initialTokens;
    context.send(acceptSpdu(response, context.version, context.initialTokens));
  },
  'RF-nr': (context) => {
    const reason = ownRefusal(context);
    if (reason !== undefined) {
      const { text } = refuseReason(reason);
      context.observe({ event: 'session.refused', level: 'info', fields: { reason, text } });
    }
    context.send(refuseSpdu(context));
  },
  DT: (context) => {
    context.send({ spdu: 'DT', userInformation: context.requested('S-DATA.request').userData });
  },
  MIP: (context) => {
    context.send({ spdu: 'MIP', serialNumber: context.variables.vm });
  },
  MIA: (context) => {
    context.send({ spdu: 'MIA', serialNumber: context.serialNumber() });
  },
  AS(context) {
    const { activityIdentifier } = context.requested('S-ACTIVITY-START.request');
    context.send({ spdu: 'AS', activityIdentifier });
  },
  AR(context) {
    const { activityIdentifier, link } = context.requested('S-ACTIVITY-RESUME.request');
    const { oldActivityIdentifier, serialNumber, oldSessionConnection } = link;
    const linkingInformation = { ...oldSessionConnection, oldActivityIdentifier, serialNumber };
    context.send({ spdu: 'AR', linkingInformation, activityIdentifier });
  },
  AI(context) {
    context.send({ spdu: 'AI', reason: context.requested('S-ACTIVITY-INTERRUPT.request').reason });
  },
  AIA: (context) => {
    context.send({ spdu: 'AIA' });
  },
  AD(context) {
    context.send({ spdu: 'AD', reason: context.requested('S-ACTIVITY-DISCARD.request').reason });
  },
  ADA: (context) => {
    context.send({ spdu: 'ADA' });
  },
  AE: (context) => {
    context.send({ spdu: 'AE', serialNumber: context.variables.vm });
  },
  AEA: (context) => {
    context.send({ spdu: 'AEA', serialNumber: context.variables.vm - 1 });
  },
  GT(context) {
    const { tokens } = context.requested('S-TOKEN-GIVE.request');
    assert(tokens.length > 0, 'S-TOKEN-GIVE.request without tokens');
    context.send({ spdu: 'GT', tokenItem: tokenItemOf(tokens) });
  },
  PT(context) {
    const { tokens, userData } = context.requested('S-TOKEN-PLEASE.request');
    assert(tokens.length > 0, 'S-TOKEN-PLEASE.request without tokens');
    context.send({ spdu: 'PT', tokenItem: tokenItemOf(tokens), userData });
  },
  GTC: (context) => {
    context.send({ spdu: 'GTC' });
  },
  GTA: (context) => {
    context.send({ spdu: 'GTA' });
  },
  ED: (context) => {
    context.send({ spdu: 'ED', reason: context.requested('S-U-EXCEPTION-REPORT.request').reason });
  },
  'FN-nr': (context) => {
    const { userData } = context.requested('S-RELEASE.request');
    context.send({ spdu: 'FN', transportDisconnect: TRANSPORT_RELEASE, userData });
  },
  DN: (context) => {
    context.send({ spdu: 'DN', userData: context.requested('S-RELEASE.response').userData });
  },
  'AB-nr': (context) => {
    context.send(abortSpdu(context));
  },
  'RF-r': neverTaken,
  'FN-r': neverTaken,
  'AB-r': neverTaken,
  AA: neverTaken,
};

function refuseSpdu(context: SessionContext): SpduOf<'RF'> {
  const own = ownRefusal(context);
  if (own !== undefined) {
    return { spdu: 'RF', transportDisconnect: TRANSPORT_RELEASE, reasonCode: Uint8Array.of(own) };
  }
  const response = context.requested('S-CONNECT.response');
  assert(response.result === 'reject', 'REFUSE for an acceptance');
  const { reason, userData = new Uint8Array(0) } = response;
  const withUserData = reason === REFUSED_WITH_USER_DATA;
  return {
    spdu: 'RF',
    transportDisconnect: TRANSPORT_RELEASE,
    // Its absence would claim capability data, too. X.225 §8.3.5
    sessionUserRequirements: withUserData ? SESSION_USER_REQUIREMENTS : undefined,
    reasonCode: withUserData ? Uint8Array.of(reason, ...userData) : Uint8Array.of(reason),
  };
}

function ownRefusal({ occurrence, options }: SessionContext): number | undefined {
  if (occurrence.spdu?.spdu === 'CN') return refusal(occurrence.spdu, options);
  return occurrence.refusal;
}

function abortSpdu({ occurrence, version }: SessionContext): SpduOf<'AB'> {
  const { request, fault } = occurrence;
  if (request?.type !== 'S-U-ABORT.request') {
    assert(fault !== undefined, 'ABORT without a reason');
    return { spdu: 'AB', transportDisconnect: TRANSPORT_RELEASE | fault.abortReason };
  }
  const { userData = new Uint8Array(0) } = request;
  const tooLong = version === 1 && userData.length > VERSION_1_ABORT_OCTETS_MAX;
  return {
    spdu: 'AB',
    transportDisconnect: TRANSPORT_RELEASE | ABORT_BY_USER,
    userData: tooLong ? undefined : userData,
  };
}

/** p02, p64 and p66 are false for us: rows with these actions are in the table for completeness. */
function neverTaken({ occurrence }: SessionContext): void {
  assert(false, `${occurrence.event} would keep the transport connection`);
}

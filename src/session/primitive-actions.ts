import { assert } from '../osi/machine.js';
import type { SessionContext } from './context.js';
import { agreement, connectUserData, proposedTokens, proposedVersion } from './establishment.js';
import { ABORT_BY_USER, ABORT_PROTOCOL_ERROR, refuseReason, SYNC_NO_EXPLICIT_CONFIRMATION } from './field-values.js';
import type { SpduOf } from './pdu.js';
import type { ActivityLink, SessionConnectionIdentifier } from './service.js';
import type { PrimitiveAction } from './state-table/names.js';

/** Actions that issue a service primitive: indications and confirms to the user, requests and responses to transport. */
export const primitiveActions: Readonly<Record<PrimitiveAction, (context: SessionContext) => void>> = {
  TCONreq(context) {
    const request = context.requested('S-CONNECT.request');
    assert(context.options.role === 'initiator', 'S-CONNECT.request of a responder');
    context.connectRequest = request;
    context.below({
      type: 'T-CONNECT.request',
      ...present({
        calledSelector: request.calledTransportSelector,
        callingSelector: request.callingTransportSelector,
      }),
    });
  },
  TCONrsp: (context) => {
    context.below({ type: 'T-CONNECT.response' });
  },
  TDISreq: (context) => {
    context.below({ type: 'T-DISCONNECT.request' });
  },

  SCONind(context) {
    keepConnectData(context);
    const { connect } = context;
    assert(connect !== undefined, 'S-CONNECT.indication without a CONNECT');
    const { calledSelector, callingSelector } = context.transportSelectors;
    const initialTokens = proposedTokens(connect);
    assert(initialTokens !== undefined, 'a CONNECT that should have been refused');
    context.above({
      type: 'S-CONNECT.indication',
      identifier: present({ ...connect.identifier }),
      ...present({
        calledTransportSelector: calledSelector,
        callingTransportSelector: callingSelector,
        calledSessionSelector: connect.calledSelector,
        callingSessionSelector: connect.callingSelector,
      }),
      version: context.version,
      initialTokens,
      userData: context.connectUserData.joined().toUint8Array(),
    });
  },
  'SCONcnf+': (context) => {
    const accept = context.received('AC');
    assert(context.connect !== undefined, 'ACCEPT without a CONNECT');
    const settled = agreement(context.connect, accept);
    assert(!('fault' in settled), 'an ACCEPT that should have been found invalid');
    context.version = settled.version;
    context.initialTokens = settled.initialTokens;
    context.above({
      type: 'S-CONNECT.confirm',
      result: 'accept',
      identifier: present({ ...accept.identifier }),
      ...settled,
      userData: accept.userData ?? new Uint8Array(0),
    });
  },
  'SCONcnf-': (context) => {
    const [reason = 0, ...userData] = context.received('RF').reasonCode ?? [];
    context.above({
      type: 'S-CONNECT.confirm',
      result: 'reject',
      refusal: { reason, ...refuseReason(reason) },
      ...(userData.length === 0 ? {} : { userData: Uint8Array.from(userData) }),
    });
  },

  SDTind: (context) => {
    context.above({ type: 'S-DATA.indication', userData: context.received('DT').userInformation });
  },
  SSYNmind(context) {
    const { serialNumber, syncTypeItem = 0 } = context.received('MIP');
    const explicitConfirmation = (syncTypeItem & SYNC_NO_EXPLICIT_CONFIRMATION) === 0;
    context.above({ type: 'S-SYNC-MINOR.indication', serialNumber, explicitConfirmation });
  },
  SSYNmcnf: (context) => {
    context.above({ type: 'S-SYNC-MINOR.confirm', serialNumber: context.serialNumber() });
  },

  SACTSind(context) {
    const { activityIdentifier } = context.received('AS');
    context.above({ type: 'S-ACTIVITY-START.indication', activityIdentifier });
  },
  SACTRind(context) {
    const { activityIdentifier, linkingInformation } = context.received('AR');
    context.above({ type: 'S-ACTIVITY-RESUME.indication', activityIdentifier, link: linkOf(linkingInformation) });
  },
  SACTEind: (context) => {
    context.above({ type: 'S-ACTIVITY-END.indication', serialNumber: context.serialNumber() });
  },
  SACTEcnf: (context) => {
    context.above({ type: 'S-ACTIVITY-END.confirm' });
  },
  SACTIind: (context) => {
    const activityInProgress = context.variables.vact;
    const { reason } = context.received('AI');
    context.above({ type: 'S-ACTIVITY-INTERRUPT.indication', ...present({ reason }), activityInProgress });
  },
  SACTIcnf: (context) => {
    context.above({ type: 'S-ACTIVITY-INTERRUPT.confirm' });
  },
  SACTDind: (context) => {
    const activityInProgress = context.variables.vact;
    const { reason } = context.received('AD');
    context.above({ type: 'S-ACTIVITY-DISCARD.indication', ...present({ reason }), activityInProgress });
  },
  SACTDcnf: (context) => {
    context.above({ type: 'S-ACTIVITY-DISCARD.confirm' });
  },

  SUERind: (context) => {
    context.above({ type: 'S-U-EXCEPTION-REPORT.indication', reason: context.received('ED').reason });
  },
  SPERind: (context) => {
    context.above({ type: 'S-P-EXCEPTION-REPORT.indication' });
  },
  SGTind: (context) => {
    context.above({ type: 'S-TOKEN-GIVE.indication', tokens: context.occurrence.tokens ?? [] });
  },
  SPTind: (context) => {
    const { userData } = context.received('PT');
    const tokens = context.occurrence.tokens ?? [];
    context.above({ type: 'S-TOKEN-PLEASE.indication', tokens, ...present({ userData }) });
  },
  SCGind: (context) => {
    context.above({ type: 'S-CONTROL-GIVE.indication' });
  },
  SCGcnf: (context) => {
    context.above({ type: 'S-CONTROL-GIVE.confirm' });
  },

  SRELind: (context) => {
    const { userData } = context.received('FN');
    context.above({ type: 'S-RELEASE.indication', ...present({ userData }) });
  },
  'SRELcnf+': (context) => {
    const { userData } = context.received('DN');
    context.above({ type: 'S-RELEASE.confirm', ...present({ userData }) });
  },
  SxABind(context) {
    const { transportDisconnect, userData } = context.received('AB');
    if ((transportDisconnect & ABORT_BY_USER) !== 0) {
      context.above({ type: 'S-U-ABORT.indication', ...present({ userData }) });
      return;
    }
    const protocolError = (transportDisconnect & ABORT_PROTOCOL_ERROR) !== 0;
    context.above({
      type: 'S-P-ABORT.indication',
      cause: protocolError ? 'protocol-error' : 'unspecified',
      origin: 'peer',
      text: protocolError ? 'the peer found a session protocol error of ours' : 'the peer aborts without a reason',
    });
  },
  SPABind(context) {
    const { fault } = context.occurrence;
    assert(fault !== undefined, 'S-P-ABORT without a cause');
    const { cause, origin, text, transient } = fault;
    // Departs from X.225 Annex A, which aborts: the user should know whether to try again.
    if (context.state === '01B') {
      context.above({ type: 'S-CONNECT.confirm', result: 'reject', refusal: { transient, text } });
    } else {
      context.above({ type: 'S-P-ABORT.indication', cause, origin, text });
    }
  },
};

/** [50] What came with CONNECT or CONNECT DATA OVERFLOW. */
export function keepConnectData(context: SessionContext): void {
  const { spdu } = context.occurrence;
  if (spdu?.spdu === 'CDO' && spdu.userData !== undefined) context.connectUserData.add(spdu.userData);
  if (spdu?.spdu !== 'CN') return;
  context.connect = spdu;
  context.version = proposedVersion(spdu, context.options.versions) ?? context.version;
  context.connectUserData.add(connectUserData(spdu));
}

function linkOf({
  oldActivityIdentifier,
  serialNumber,
  ...references
}: SpduOf<'AR'>['linkingInformation']): ActivityLink {
  const oldSessionConnection: SessionConnectionIdentifier = present(references);
  const link = { oldActivityIdentifier, serialNumber };
  return Object.keys(oldSessionConnection).length === 0 ? link : { ...link, oldSessionConnection };
}

type Present<Members> = { readonly [Key in keyof Members]?: Exclude<Members[Key], undefined> };

/** Members that have a value: primitives leave an absent parameter out. */
function present<Members extends object>(members: Members): Present<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<Members>;
}

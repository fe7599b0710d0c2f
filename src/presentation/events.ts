/** Primitives as events of the state table, their PPDUs decoded. */
import type { ByteList } from '../bytes/byte-list.js';
import { assert } from '../osi/machine.js';
import type { SessionIndication } from '../session/service.js';
import type { Connection } from './connection.js';
import type { AbortEvent, AbortReason } from './reasons.js';
import {
  abortIn,
  answerIn,
  lastWord,
  offerIn,
  refusalIn,
  valueIn,
  type Answer,
  type Offer,
  type Refusal,
} from './received.js';
import {
  rtseAbstractSyntax,
  type PresentationData,
  type PresentationIndication,
  type PresentationRequest,
} from './service.js';
import type { Event } from './state-table.js';
import { unwrapValues, type DataValue } from './user-data.js';

type Request<T extends PresentationRequest['type']> = Extract<PresentationRequest, { type: T }>;
type Indication<T extends SessionIndication['type']> = Extract<SessionIndication, { type: T }>;
type AcceptConfirm = Extract<Indication<'S-CONNECT.confirm'>, { result: 'accept' }>;

/** What is wrong with a PPDU, in the terms of ARP. */
export interface Fault {
  readonly reason: AbortReason;
  readonly at: AbortEvent | undefined;
  readonly text: string;
}

type FromAbove =
  | { readonly name: 'P-CONreq'; readonly request: Request<'P-CONNECT.request'> }
  | { readonly name: 'P-CONrsp+'; readonly response: Extract<Request<'P-CONNECT.response'>, { result: 'accept' }> }
  | { readonly name: 'P-CONrsp-'; readonly response: Extract<Request<'P-CONNECT.response'>, { result: 'reject' }> }
  | { readonly name: 'P-DTreq'; readonly request: Request<'P-DATA.request'> }
  | { readonly name: 'P-TPreq'; readonly request: Request<'P-TOKEN-PLEASE.request'> }
  | { readonly name: 'P-RELreq'; readonly userData: PresentationData | undefined }
  | { readonly name: 'P-RELrsp'; readonly userData: PresentationData | undefined }
  | { readonly name: 'P-UABreq'; readonly request: Request<'P-U-ABORT.request'> }
  | { readonly name: 'S-req'; readonly request: Extract<PresentationRequest, { type: `S-${string}` }> };

type FromBelow =
  | { readonly name: 'CP'; readonly indication: Indication<'S-CONNECT.indication'>; readonly offer: Offer }
  | { readonly name: 'invalid CP'; readonly text: string }
  | { readonly name: 'CPA'; readonly confirm: AcceptConfirm; readonly answer: Answer }
  | { readonly name: 'CPR'; readonly refusal: Refusal }
  | { readonly name: 'TD'; readonly values: readonly DataValue[] }
  | {
      readonly name: 'S-TPind';
      readonly indication: Indication<'S-TOKEN-PLEASE.indication'>;
      readonly userData: PresentationData | undefined;
    }
  | { readonly name: 'S-RELind'; readonly userData: PresentationData | undefined }
  | { readonly name: 'S-RELcnf'; readonly userData: PresentationData | undefined }
  | { readonly name: 'ARU'; readonly userData: PresentationData | undefined }
  | { readonly name: 'ARP'; readonly text: string }
  | { readonly name: 'S-PABind'; readonly indication: Indication<'S-P-ABORT.indication'> }
  | { readonly name: 'S-ind'; readonly indication: Extract<PresentationIndication, { type: `S-${string}` }> }
  | { readonly name: 'invalid PPDU'; readonly fault: Fault };

export type PresentationEvent = FromAbove | FromBelow;

/** An action or a predicate stands only in cells of the event that it needs; this tells the compiler. */
export function as<Name extends Event>(
  event: PresentationEvent,
  ...names: readonly Name[]
): Extract<PresentationEvent, { name: Name }> {
  assert(names.includes(event.name as Name), () => `${event.name} in a cell that needs ${names.join(' or ')}`);
  return event as Extract<PresentationEvent, { name: Name }>;
}

export function eventOfRequest(request: PresentationRequest): FromAbove {
  switch (request.type) {
    case 'P-CONNECT.request':
      return { name: 'P-CONreq', request };
    case 'P-CONNECT.response':
      return request.result === 'accept'
        ? { name: 'P-CONrsp+', response: request }
        : { name: 'P-CONrsp-', response: request };
    case 'P-DATA.request':
      return { name: 'P-DTreq', request };
    case 'P-TOKEN-PLEASE.request':
      return { name: 'P-TPreq', request };
    case 'P-RELEASE.request':
      return { name: 'P-RELreq', userData: request.userData };
    case 'P-RELEASE.response':
      return { name: 'P-RELrsp', userData: request.userData };
    case 'P-U-ABORT.request':
      return { name: 'P-UABreq', request };
    default:
      return { name: 'S-req', request };
  }
}

/** Throws DecodeError where a PPDU cannot be read, or says what it may not. */
export function eventOfIndication(indication: SessionIndication, connection: Connection): FromBelow {
  switch (indication.type) {
    case 'S-CONNECT.indication':
      return { name: 'CP', indication, offer: offerIn(indication.userData, connection.options) };
    case 'S-CONNECT.confirm':
      return indication.result === 'accept'
        ? { name: 'CPA', confirm: indication, answer: answerIn(indication.userData, connection) }
        : { name: 'CPR', refusal: refusalIn(indication, connection) };
    case 'S-DATA.indication':
      return { name: 'TD', values: dataValues(indication.userData, connection) };
    case 'S-TOKEN-PLEASE.indication':
      return { name: 'S-TPind', indication, userData: valueIn(indication.userData, connection) };
    case 'S-RELEASE.indication':
      return { name: 'S-RELind', userData: releaseData(indication.userData, connection) };
    case 'S-RELEASE.confirm':
      return { name: 'S-RELcnf', userData: lastWord(() => releaseData(indication.userData, connection)) };
    case 'S-U-ABORT.indication': {
      const abort = abortIn(indication.userData, connection);
      return abort.kind === 'provider' ? { name: 'ARP', text: abort.text } : { name: 'ARU', userData: abort.userData };
    }
    case 'S-P-ABORT.indication':
      return { name: 'S-PABind', indication };
    default:
      return { name: 'S-ind', indication };
  }
}

function dataValues(octets: ByteList, { mode, contexts }: Connection): readonly DataValue[] {
  return mode === 'normal' ? unwrapValues(contexts, octets) : [{ abstractSyntax: rtseAbstractSyntax, octets }];
}

/** X.410-1984 mode knows no data on release: what a peer sends there is ignored. */
function releaseData(octets: Uint8Array | undefined, connection: Connection): PresentationData | undefined {
  return connection.mode === 'normal' ? valueIn(octets, connection) : undefined;
}

/** Session primitives whose user data are a PPDU; those that carry other data or none are themselves the event. */
export const ppduPrimitives: readonly SessionIndication['type'][] = [
  'S-CONNECT.indication',
  'S-CONNECT.confirm',
  'S-DATA.indication',
  'S-U-ABORT.indication',
];

const abortEventOf: Readonly<Partial<Record<SessionIndication['type'], AbortEvent>>> = {
  'S-CONNECT.indication': 'CP',
  'S-CONNECT.confirm': 'CPA',
  'S-DATA.indication': 'TD',
  'S-RELEASE.indication': 'release indication',
  'S-RELEASE.confirm': 'release confirm',
  'S-TOKEN-GIVE.indication': 'token give indication',
  'S-TOKEN-PLEASE.indication': 'token please indication',
  'S-CONTROL-GIVE.indication': 'control give indication',
  'S-SYNC-MINOR.indication': 'minor synchronize indication',
  'S-SYNC-MINOR.confirm': 'minor synchronize confirm',
  'S-P-EXCEPTION-REPORT.indication': 'provider exception report indication',
  'S-U-EXCEPTION-REPORT.indication': 'user exception report indication',
  'S-ACTIVITY-START.indication': 'activity start indication',
  'S-ACTIVITY-RESUME.indication': 'activity resume indication',
  'S-ACTIVITY-INTERRUPT.indication': 'activity interrupt indication',
  'S-ACTIVITY-INTERRUPT.confirm': 'activity interrupt confirm',
  'S-ACTIVITY-DISCARD.indication': 'activity discard indication',
  'S-ACTIVITY-DISCARD.confirm': 'activity discard confirm',
  'S-ACTIVITY-END.indication': 'activity end indication',
  'S-ACTIVITY-END.confirm': 'activity end confirm',
};

export function faultAt(indication: SessionIndication, reason: AbortReason, text: string): Fault {
  return { reason, at: abortEventOf[indication.type], text };
}

/** Primitives as events of the state table, their APDUs decoded. In X.410-1984 mode there are none: the same events come without. */
import { DecodeError } from '../bytes/decode-error.js';
import { assert } from '../osi/machine.js';
import { acseAbstractSyntax, type PresentationData, type PresentationIndication } from '../presentation/service.js';
import type { Association } from './association.js';
import { decodeAare, decodeAarq, decodeAbrt, expectRelease, informationIn } from './codec.js';
import { refusalByAare, refusalBelow } from './diagnostics.js';
import { abortByUser, accepted, versionOne } from './pdu.js';
import type { AcseIndication, AcseRequest, ApplicationEntityTitle, AssociationRefusal } from './service.js';
import type { Event } from './state-table.js';

type Request<T extends AcseRequest['type']> = Extract<AcseRequest, { type: T }>;
type Indication<T extends PresentationIndication['type']> = Extract<PresentationIndication, { type: T }>;
type AcceptConfirm = Extract<Indication<'P-CONNECT.confirm'>, { result: 'accept' }>;
type RejectConfirm = Extract<Indication<'P-CONNECT.confirm'>, { result: 'reject' }>;
type Passed<Primitive extends { readonly type: string }> = Extract<
  Primitive,
  { type: `S-${string}` | `P-DATA.${string}` | `P-TOKEN-PLEASE.${string}` }
>;

/** What the caller asks for. */
export interface Offer {
  readonly hasCommonVersion: boolean;
  /** Undefined in X.410-1984 mode. */
  readonly applicationContext?: string;
  readonly callingTitle?: ApplicationEntityTitle;
  readonly userInformation: Uint8Array | undefined;
}

export interface Answer {
  readonly respondingTitle?: ApplicationEntityTitle;
  readonly userInformation: Uint8Array;
}

type FromAbove =
  | { readonly name: 'A-ASCreq'; readonly request: Request<'A-ASSOCIATE.request'> }
  | { readonly name: 'A-ASCrsp+'; readonly response: Extract<Request<'A-ASSOCIATE.response'>, { result: 'accept' }> }
  | { readonly name: 'A-ASCrsp-'; readonly response: Extract<Request<'A-ASSOCIATE.response'>, { result: 'reject' }> }
  | { readonly name: 'A-RLSreq' }
  | { readonly name: 'A-RLSrsp+' }
  | { readonly name: 'A-ABRreq'; readonly userInformation: Uint8Array | undefined }
  | { readonly name: 'P-req'; readonly request: Passed<AcseRequest> };

type FromBelow =
  | { readonly name: 'AARQ'; readonly indication: Indication<'P-CONNECT.indication'>; readonly offer: Offer }
  | { readonly name: 'invalid AARQ'; readonly text: string }
  | { readonly name: 'AARE+'; readonly confirm: AcceptConfirm; readonly answer: Answer }
  | {
      readonly name: 'P-CONcnf-';
      readonly refusal: AssociationRefusal;
      readonly userInformation: Uint8Array | undefined;
    }
  | { readonly name: 'RLRQ' }
  | { readonly name: 'RLRE+' }
  | { readonly name: 'ABRT'; readonly source: 'user' | 'provider'; readonly userInformation: Uint8Array | undefined }
  | { readonly name: 'P-PABind'; readonly indication: Indication<'P-P-ABORT.indication'> }
  | { readonly name: 'P-ind'; readonly indication: Passed<AcseIndication> }
  | { readonly name: 'invalid APDU'; readonly text: string };

export type AcseEvent = FromAbove | FromBelow;

/** An action or a predicate stands only in cells of the event that it needs; this tells the compiler. */
export function as<Name extends Event>(
  event: AcseEvent,
  ...names: readonly Name[]
): Extract<AcseEvent, { name: Name }> {
  assert(names.includes(event.name as Name), () => `${event.name} in a cell that needs ${names.join(' or ')}`);
  return event as Extract<AcseEvent, { name: Name }>;
}

export function eventOfRequest(request: AcseRequest): FromAbove {
  switch (request.type) {
    case 'A-ASSOCIATE.request':
      return { name: 'A-ASCreq', request };
    case 'A-ASSOCIATE.response':
      return request.result === 'accept'
        ? { name: 'A-ASCrsp+', response: request }
        : { name: 'A-ASCrsp-', response: request };
    case 'A-RELEASE.request':
      return { name: 'A-RLSreq' };
    case 'A-RELEASE.response':
      return { name: 'A-RLSrsp+' };
    case 'A-ABORT.request':
      return { name: 'A-ABRreq', userInformation: request.userInformation };
    default:
      return { name: 'P-req', request };
  }
}

/** Throws DecodeError where an APDU cannot be read, or says what it may not. */
export function eventOfIndication(indication: PresentationIndication, association: Association): FromBelow {
  switch (indication.type) {
    case 'P-CONNECT.indication':
      return { name: 'AARQ', indication, offer: offerIn(indication) };
    case 'P-CONNECT.confirm':
      return indication.result === 'accept'
        ? { name: 'AARE+', confirm: indication, answer: answerIn(indication, association) }
        : { name: 'P-CONcnf-', ...refusalIn(indication, association) };
    case 'P-RELEASE.indication':
      if (indication.userData !== undefined) expectRelease('RLRQ', acseOctets(indication.userData));
      return { name: 'RLRQ' };
    case 'P-RELEASE.confirm':
      return { name: 'RLRE+' }; // whatever it carries, the association is over
    case 'P-U-ABORT.indication':
      return { name: 'ABRT', ...abortIn(indication.userData, association) };
    case 'P-P-ABORT.indication':
      return { name: 'P-PABind', indication };
    default:
      return { name: 'P-ind', indication };
  }
}

function acseOctets({ abstractSyntax, octets }: PresentationData): Uint8Array {
  if (abstractSyntax === acseAbstractSyntax) return octets;
  throw new DecodeError(`an APDU of abstract syntax ${abstractSyntax}`, 'X.227 §7', 0);
}

/** What refuses or ends an association does so whatever it carries: data that cannot be read count as absent. */
function lastWord<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function titleOf(
  apTitle: Uint8Array | undefined,
  aeQualifier: Uint8Array | undefined,
): ApplicationEntityTitle | undefined {
  if (apTitle === undefined && aeQualifier === undefined) return undefined;
  return { ...(apTitle && { apTitle }), ...(aeQualifier && { aeQualifier }) };
}

function offerIn({ mode, userData, contexts }: Indication<'P-CONNECT.indication'>): Offer {
  if (mode === 'x410-1984') return { hasCommonVersion: true, userInformation: userData.octets };
  const aarq = decodeAarq(acseOctets(userData));
  const callingTitle = titleOf(aarq.callingApTitle, aarq.callingAeQualifier);
  return {
    hasCommonVersion: aarq.protocolVersion.has(versionOne),
    applicationContext: aarq.applicationContextName,
    ...(callingTitle && { callingTitle }),
    userInformation: informationIn(contexts, aarq.userInformation),
  };
}

function answerIn({ userData, contexts }: AcceptConfirm, association: Association): Answer {
  if (association.mode === 'x410-1984') return { userInformation: userData.octets };
  const aare = decodeAare(acseOctets(userData));
  if (aare.result !== accepted) throw new DecodeError('a rejection that accepts', 'X.227 §7.1', 0);
  if (aare.applicationContextName !== association.applicationContext) {
    throw new DecodeError(`application context ${aare.applicationContextName} was not proposed`, 'X.227 §7.1', 0);
  }
  const userInformation = informationIn(contexts, aare.userInformation);
  if (userInformation === undefined) throw new DecodeError('an acceptance without RTOAC', 'X.228 §7.1', 0);
  const respondingTitle = titleOf(aare.respondingApTitle, aare.respondingAeQualifier);
  return { ...(respondingTitle && { respondingTitle }), userInformation };
}

function refusalIn(
  { refusal, userData }: RejectConfirm,
  { mode, contexts }: Association,
): { readonly refusal: AssociationRefusal; readonly userInformation: Uint8Array | undefined } {
  if (mode === 'x410-1984') {
    return { refusal: refusalBelow(refusal, userData ? 'user' : 'nobody'), userInformation: userData?.octets };
  }
  const aare = userData && lastWord(() => decodeAare(acseOctets(userData)));
  if (aare === undefined) return { refusal: refusalBelow(refusal, 'nobody'), userInformation: undefined };
  const userInformation = lastWord(() => informationIn(contexts, aare.userInformation));
  return { refusal: refusalByAare(aare), userInformation };
}

function abortIn(
  userData: PresentationData | undefined,
  { mode, contexts }: Association,
): { readonly source: 'user' | 'provider'; readonly userInformation: Uint8Array | undefined } {
  if (userData === undefined) return { source: 'user', userInformation: undefined };
  if (mode === 'x410-1984' || userData.abstractSyntax !== acseAbstractSyntax) {
    return { source: 'user', userInformation: userData.octets };
  }
  const abrt = lastWord(() => decodeAbrt(userData.octets));
  if (abrt === undefined) return { source: 'user', userInformation: undefined };
  return {
    source: abrt.source === abortByUser ? 'user' : 'provider',
    userInformation: lastWord(() => informationIn(contexts, abrt.userInformation)),
  };
}

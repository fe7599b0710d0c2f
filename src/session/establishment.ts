/** What CONNECT and ACCEPT settle: version, functional units, tokens, user data. X.225 §7.1 to §7.5 */
import {
  commonVersion,
  DATA_OVERFLOW,
  REFUSE_IMPLEMENTATION_RESTRICTION,
  REFUSE_SELECTOR_UNKNOWN,
  REFUSE_VERSIONS_NOT_SUPPORTED,
  SESSION_USER_REQUIREMENTS,
  SESSION_USER_REQUIREMENTS_DEFAULT,
  tokenSettingOf,
  tokenSideOf,
  VERSION_1,
  VERSION_2,
  versionMask,
} from './field-values.js';
import { equalOctets } from '../bytes/octets.js';
import { assert } from '../osi/machine.js';
import { CONTINUATION_OCTETS_MAX, EXTENDED_USER_DATA_OCTETS_MAX, USER_DATA_OCTETS_MAX, type SpduOf } from './pdu.js';
import { ENCLOSURE_END } from './codec.js';
import type { SessionOptions, SessionRequest, TokenSide } from './service.js';

type Request<Type extends SessionRequest['type']> = Extract<SessionRequest, { readonly type: Type }>;
export type ConnectRequest = Request<'S-CONNECT.request'>;
export type AcceptResponse = Extract<Request<'S-CONNECT.response'>, { readonly result: 'accept' }>;

const NO_OCTETS = new Uint8Array(0);

/** p204, of what we send: the user data goes on in CONNECT DATA OVERFLOW. */
export function overflows(request: ConnectRequest): boolean {
  return request.userData.length > EXTENDED_USER_DATA_OCTETS_MAX;
}

/** More user data than version 1 can carry is offered to version 2 only. X.225 §8.3.1 */
export function connectSpdu(request: ConnectRequest, versions: SessionOptions['versions']): SpduOf<'CN'> {
  const { identifier, userData } = request;
  const extended = userData.length > USER_DATA_OCTETS_MAX;
  assert(!extended || versions.includes(2), 'S-CONNECT.request with more user data than version 1 can carry');
  return {
    spdu: 'CN',
    identifier: { calling: identifier.calling, common: identifier.common, additional: identifier.additional },
    connectAcceptItem: {
      protocolOptions: 0,
      versionNumber: extended ? VERSION_2 : versionMask(versions),
      tokenSettingItem: tokenSettingOf(request.initialTokens),
    },
    sessionUserRequirements: SESSION_USER_REQUIREMENTS,
    callingSelector: request.callingSessionSelector,
    calledSelector: request.calledSessionSelector,
    dataOverflow: overflows(request) ? DATA_OVERFLOW : undefined,
    userData: extended ? undefined : userData,
    extendedUserData: extended ? userData.subarray(0, EXTENDED_USER_DATA_OCTETS_MAX) : undefined,
  };
}

/** What did not fit CONNECT. X.225 §7.3 */
export function overflowSpdus({ userData }: ConnectRequest): SpduOf<'CDO'>[] {
  const spdus: SpduOf<'CDO'>[] = [];
  for (let start = EXTENDED_USER_DATA_OCTETS_MAX; start < userData.length; start += CONTINUATION_OCTETS_MAX) {
    const piece = userData.subarray(start, start + CONTINUATION_OCTETS_MAX);
    const last = start + piece.length === userData.length;
    spdus.push({ spdu: 'CDO', enclosureItem: last ? ENCLOSURE_END : 0, userData: piece });
  }
  return spdus;
}

export function connectUserData({ userData, extendedUserData }: SpduOf<'CN'>): Uint8Array {
  return userData ?? extendedUserData ?? NO_OCTETS;
}

/** p204, of what we receive. */
export function announcesOverflow({ dataOverflow = 0 }: SpduOf<'CN'>): boolean {
  return (dataOverflow & DATA_OVERFLOW) !== 0;
}

/** What a CONNECT proposes; parameters that are absent have their defaults. */
export function proposedTokens(connect: SpduOf<'CN'>): TokenSide | 'called-user' | undefined {
  return tokenSideOf(connect.connectAcceptItem?.tokenSettingItem ?? tokenSettingOf('initiator'));
}

export function proposedVersion(connect: SpduOf<'CN'>, versions: SessionOptions['versions']): 1 | 2 | undefined {
  const version = commonVersion(connect.connectAcceptItem?.versionNumber ?? VERSION_1, versionMask(versions));
  const needsVersion2 = connect.extendedUserData !== undefined || announcesOverflow(connect);
  return version === 1 && needsVersion2 ? undefined : version;
}

/** p76: the reason why a CONNECT cannot be accepted, undefined if it can. X.225 §7.1 */
export function refusal(connect: SpduOf<'CN'>, options: SessionOptions): number | undefined {
  if (proposedVersion(connect, options.versions) === undefined) return REFUSE_VERSIONS_NOT_SUPPORTED;
  if (isUnknown(connect.calledSelector, options.acceptedSelectors)) return REFUSE_SELECTOR_UNKNOWN;
  const usable =
    suffices(connect.sessionUserRequirements) &&
    proposedTokens(connect) !== undefined &&
    connectUserData(connect).length <= options.userDataOctetsMax;
  return usable ? undefined : REFUSE_IMPLEMENTATION_RESTRICTION;
}

/** One who calls no selector is not for us to refuse: callers of X.410-1984 mode call none, and the mode stands in the user data. */
function isUnknown(called: Uint8Array | undefined, accepted: SessionOptions['acceptedSelectors']): boolean {
  if (called === undefined || called.length === 0 || accepted === undefined) return false;
  return !accepted.some((selector) => equalOctets(selector, called));
}

export function acceptSpdu(response: AcceptResponse, version: 1 | 2, tokens: TokenSide): SpduOf<'AC'> {
  const { identifier = {}, userData } = response;
  return {
    spdu: 'AC',
    identifier: { called: identifier.called, common: identifier.common, additional: identifier.additional },
    connectAcceptItem: {
      protocolOptions: 0,
      versionNumber: version === 2 ? VERSION_2 : VERSION_1,
      tokenSettingItem: tokenSettingOf(tokens),
    },
    sessionUserRequirements: SESSION_USER_REQUIREMENTS,
    userData,
  };
}

/** What an ACCEPT settles. `fault` is the rule that it breaks. */
export type Agreement = { readonly version: 1 | 2; readonly initialTokens: TokenSide } | { readonly fault: string };

/**
 * Holds an ACCEPT against our CONNECT. With both version bits set the highest that we offered counts; a missing Token Setting Item follows
 * the proposal. X.225 §7.4
 */
export function agreement(connect: SpduOf<'CN'>, accept: SpduOf<'AC'>): Agreement {
  const offered = connect.connectAcceptItem?.versionNumber ?? VERSION_1;
  const version = commonVersion(offered, accept.connectAcceptItem?.versionNumber ?? VERSION_1);
  if (version === undefined) return { fault: 'AC selects a version that was not proposed' };
  if (!suffices(accept.sessionUserRequirements)) return { fault: 'AC leaves out functional units that we need' };
  const proposed = proposedTokens(connect);
  const { tokenSettingItem } = accept.connectAcceptItem ?? {};
  const initialTokens = tokenSettingItem === undefined ? proposed : tokenSideOf(tokenSettingItem);
  if (initialTokens === undefined || initialTokens === 'called-user' || initialTokens !== proposed) {
    return { fault: 'AC gives the tokens to another side than proposed' };
  }
  return { version, initialTokens };
}

function suffices(requirements = SESSION_USER_REQUIREMENTS_DEFAULT): boolean {
  return (requirements & SESSION_USER_REQUIREMENTS) === SESSION_USER_REQUIREMENTS;
}

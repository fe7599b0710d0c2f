/**
 * What the PPDUs of a peer say, in the terms of the service. In X.410-1984 mode the members of an APDU of reliable transfer get the tag that
 * they have in normal mode.
 */
import { DecodeError } from '../bytes/decode-error.js';
import type { SessionIndication } from '../session/service.js';
import {
  decodeAbort,
  decodeCp,
  decodeCpa,
  decodeCpr,
  readableUserData,
  rtabTag,
  rtoacTag,
  rtorjTag,
  rtorqTag,
  unrecognizedCount,
  withTag,
} from './codec.js';
import type { Connection } from './connection.js';
import { answerContexts, contextsAnswered, DefinedContextSet, expectDistinct, type ContextAnswer } from './contexts.js';
import { normalMode, versionOne, x410Mode, type UserData } from './pdu.js';
import { abortText, refusalMeaning } from './reasons.js';
import {
  rtseAbstractSyntax,
  type PresentationData,
  type PresentationOptions,
  type PresentationRefusal,
  type ReliableTransferMode,
} from './service.js';
import { embeddedValue, unwrapValue } from './user-data.js';

type Rejection = Extract<SessionIndication, { type: 'S-CONNECT.confirm'; result: 'reject' }>;

/** What a CP asks for, and how we would answer. */
export interface Offer {
  readonly mode: ReliableTransferMode;
  readonly hasCommonVersion: boolean;
  readonly calledSelector?: Uint8Array;
  readonly callingSelector?: Uint8Array;
  readonly contextAnswer: ContextAnswer;
  /** Undefined: not readable. */
  readonly userData: PresentationData | undefined;
}

export interface Answer {
  readonly contexts: DefinedContextSet;
  readonly userData: PresentationData;
  readonly unrecognizedCount: number;
}

export interface Refusal {
  readonly refusal: PresentationRefusal;
  readonly userData: PresentationData | undefined;
}

export type ReceivedAbort =
  | { readonly kind: 'user'; readonly userData: PresentationData | undefined }
  | { readonly kind: 'provider'; readonly text: string };

/** An APDU of reliable transfer out of a PPDU of X.410-1984 mode. */
function reliableTransfer(octets: Uint8Array): PresentationData {
  return { abstractSyntax: rtseAbstractSyntax, octets };
}

/** What ends or refuses a connection does so whatever it carries: data that cannot be read count as absent. */
export function lastWord<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function modeOf(modeValue: number): ReliableTransferMode {
  if (modeValue === normalMode) return 'normal';
  if (modeValue === x410Mode) return 'x410-1984';
  throw new DecodeError(`mode-selector ${modeValue}`, 'X.226 §8.2', 0);
}

/** The CP of a caller. Throws DecodeError. */
export function offerIn(octets: Uint8Array, options: PresentationOptions): Offer {
  const { cp, copies } = decodeCp(octets);
  const mode = modeOf(cp.modeSelector.modeValue);
  if (mode === 'x410-1984') {
    const { x410Parameters } = cp;
    return {
      mode,
      hasCommonVersion: true,
      contextAnswer: { accepted: DefinedContextSet.empty, results: [] },
      userData: x410Parameters && reliableTransfer(withTag(rtorqTag, x410Parameters)),
    };
  }
  const parameters = cp.normalParameters;
  if (parameters === undefined) throw new DecodeError('CP lacks its parameters', 'X.226 §8.2', 0);
  const { calledSelector, callingSelector, contextDefinitions, userData } = parameters;
  expectDistinct(contextDefinitions);
  const contextAnswer = answerContexts(contextDefinitions, options.abstractSyntaxes);
  return {
    mode,
    hasCommonVersion: parameters.protocolVersion.has(versionOne),
    ...(calledSelector && { calledSelector }),
    ...(callingSelector && { callingSelector }),
    contextAnswer,
    userData: userData && lastWord(() => embeddedValue(contextAnswer.accepted, readableUserData(userData, copies))),
  };
}

/** The CPA that answers our CP. Throws DecodeError. */
export function answerIn(octets: Uint8Array, connection: Connection): Answer {
  const cpa = decodeCpa(octets);
  if (modeOf(cpa.modeSelector.modeValue) !== connection.mode) {
    throw new DecodeError('CPA of the other mode', 'X.226 §6.2', 0);
  }
  const { x410Parameters, normalParameters } = cpa;
  if (connection.mode === 'x410-1984') {
    if (x410Parameters === undefined) throw new DecodeError('CPA without RTOAC', 'X.226 §8.2', 0);
    return {
      contexts: DefinedContextSet.empty,
      userData: reliableTransfer(withTag(rtoacTag, x410Parameters)),
      unrecognizedCount: unrecognizedCount(cpa),
    };
  }
  if (normalParameters?.userData === undefined) throw new DecodeError('CPA without user data', 'X.226 §8.2', 0);
  if (!normalParameters.protocolVersion.has(versionOne)) {
    throw new DecodeError('CPA of a version that was not offered', 'X.226 §6.2', 0);
  }
  const contexts = contextsAnswered(connection.contexts.members, normalParameters.contextResults);
  return {
    contexts,
    userData: embeddedValue(contexts, normalParameters.userData),
    unrecognizedCount: unrecognizedCount(cpa, normalParameters),
  };
}

/** Why our CP was refused: by a CPR, by the session, or without a reason that can be read. */
export function refusalIn({ refusal, userData }: Rejection, connection: Connection): Refusal {
  const cpr = userData && lastWord(() => decodeCpr(userData));
  if (cpr === undefined) return { refusal: sessionRefusal(refusal, connection.mode), userData: undefined };
  const byUser = { source: 'presentation-user', transient: false, text: 'refused by the called user' } as const;
  if (cpr.kind === 'x410Mode') {
    return { refusal: byUser, userData: reliableTransfer(withTag(rtorjTag, cpr.value)) };
  }
  const { providerReason, userData: data } = cpr.value;
  if (providerReason === undefined) return { refusal: byUser, userData: embeddedLastWord(data, connection) };
  const meaning = refusalMeaning(providerReason);
  return {
    refusal: { source: 'presentation-provider', code: providerReason, ...meaning },
    userData: undefined,
  };
}

/** Without a CPR. Of a 1984 peer both reasons that a called user can give without data mean that it is busy. */
function sessionRefusal(
  { reason, transient, text }: Rejection['refusal'],
  mode: ReliableTransferMode,
): PresentationRefusal {
  if (reason === undefined) return { source: 'transport', transient, text };
  const isBusy = mode === 'x410-1984' && (reason === 0 || reason === 1);
  return { source: 'session', transient: transient || isBusy, code: reason, text };
}

/** The data of a session user abort: ARU or ARP. */
export function abortIn(octets: Uint8Array | undefined, connection: Connection): ReceivedAbort {
  const abort = octets && lastWord(() => decodeAbort(octets));
  switch (abort?.kind) {
    case undefined:
      return { kind: 'user', userData: undefined };
    case 'aruX410Mode':
      return { kind: 'user', userData: reliableTransfer(withTag(rtabTag, abort.value)) };
    case 'aru':
      return { kind: 'user', userData: embeddedLastWord(abort.value.userData, connection) };
    case 'arp':
      return { kind: 'provider', text: abortText(abort.value.providerReason, abort.value.eventIdentifier) };
  }
}

function embeddedLastWord(data: UserData | undefined, { contexts }: Connection): PresentationData | undefined {
  return data && lastWord(() => embeddedValue(contexts, data));
}

/** The value that a session primitive of the data phase carries, if it carries one. Throws DecodeError. */
export function valueIn(octets: Uint8Array | undefined, connection: Connection): PresentationData | undefined {
  if (octets === undefined || octets.length === 0) return undefined;
  return connection.mode === 'normal' ? unwrapValue(connection.contexts, octets) : reliableTransfer(octets);
}

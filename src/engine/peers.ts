import { messageContextOf } from '../association/contexts.js';
import { DecodeError } from '../bytes/decode-error.js';
import { matchPeer, type IncomingPeer } from '../config/match.js';
import type { Secret } from '../config/secret.js';
import type { Connector, PasswordType } from '../config/site.js';
import {
  decodeBindArgument,
  decodeBindError,
  decodeBindResult,
  encodeBindArgument,
  encodeBindError,
  encodeBindResult,
  passwordOf,
  refuseReasonOf,
  type BindMode,
  type MtaBind,
} from '../p1/bind.js';
import { bindErrors } from '../p1/codes.js';
import type { ConnectionData, NegotiatedValues, RefuseReason, RtseIndication } from '../rtse/service.js';
import type { OpenDecision, OpenFailure } from './association-owner.js';

type OpenIndication = Extract<RtseIndication, { type: 'RT-OPEN.indication' }>;
type OpenConfirm = Extract<RtseIndication, { type: 'RT-OPEN.confirm' }>;

/** What we say of ourselves on a connector, as initiator and as responder alike. */
function ownBind(connector: Connector): MtaBind {
  const { mtaName, password } = connector.local;
  if (password === undefined) return { kind: 'unauthenticated' };
  return {
    kind: 'authenticated',
    mtaName,
    credentials: { kind: 'password', octets: passwordOctets(password), type: connector.passwordType },
  };
}

export function bindArgumentOf(connector: Connector): Uint8Array {
  return encodeBindArgument(ownBind(connector), connector.mode);
}

/** An authenticated bind is answered with an authenticated result, in the string type that the peer used (X.411 §12.1). */
function bindResultOf(connector: Connector, received: MtaBind): Uint8Array {
  const own = ownBind(connector);
  const type: PasswordType | undefined =
    received.kind === 'authenticated' && received.credentials.kind === 'password'
      ? received.credentials.type
      : undefined;
  if (own.kind === 'unauthenticated' || own.credentials.kind === 'unsupported' || type === undefined) {
    return encodeBindResult(own, connector.mode);
  }
  return encodeBindResult({ ...own, credentials: { ...own.credentials, type } }, connector.mode);
}

/** Why the answer to our bind does not come from whom we called, if so (P1-007). */
export function bindResultFault(connector: Connector, answer: ConnectionData): string | undefined {
  if (answer.kind !== 'open') return 'the peer answered an open with a recovery';
  let bind: MtaBind;
  try {
    bind = decodeBindResult(answer.userData);
  } catch (error) {
    if (error instanceof DecodeError) return `the bind result is malformed: ${error.message}`;
    throw error;
  }
  const { remote } = connector;
  if (bind.kind === 'unauthenticated') {
    return remote.password === undefined ? undefined : 'the peer answered the bind without its name and password';
  }
  if (bind.mtaName !== remote.mtaName) {
    return `the peer names itself ${JSON.stringify(bind.mtaName)}, connector ${connector.name} expects ${JSON.stringify(remote.mtaName)}`;
  }
  return passwordMatches(remote.password, bind) ? undefined : 'the peer answered the bind with a wrong password';
}

/** Who the peer is, and whether it may open this association. */
export function decideOpen(connectors: readonly Connector[], request: OpenIndication): OpenDecision {
  const { mode } = request;
  if (request.connectionData.kind !== 'open')
    return reject(mode, 'cannot-recover', 'unknown-association', 'no such association');
  let bind: MtaBind;
  try {
    bind = decodeBindArgument(request.connectionData.userData);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return reject(mode, 'validation-failure', 'malformed-bind', error.message);
  }
  const peer: IncomingPeer = {
    ...(bind.kind === 'authenticated' ? { mtaName: bind.mtaName } : {}),
    mode,
    p1: request.applicationProtocol === 1 ? '1984' : '1988',
    called: request.called,
    calling: request.calling,
  };
  const match = matchPeer(connectors, peer);
  if (match.result === 'refused') return reject(mode, 'validation-failure', match.cause, match.text);
  const { connector } = match;
  if (!passwordMatches(connector.remote.password, bind) && !mayComeWithout(connector, bind)) {
    const text = bind.kind === 'unauthenticated' ? 'a bind without a password' : 'a wrong password';
    return reject(mode, 'validation-failure', 'bad-password', `connector ${connector.name}: ${text}`);
  }
  if (request.dialogueMode !== connector.dialogue) {
    const text = `connector ${connector.name}: the peer proposes dialogue ${request.dialogueMode}, configured is ${connector.dialogue}`;
    return reject(mode, 'unacceptable-dialogue-mode', 'wrong-dialogue', text);
  }
  if (mode === 'normal' && messageContextOf(request.contexts) === undefined) {
    return reject(mode, 'validation-failure', 'no-message-context', 'no presentation context for MTS-APDUs');
  }
  const { checkpointSizeK, windowSize } = connector.rts;
  return {
    result: 'accept',
    connector,
    limits: { checkpointSizeK, windowSize },
    userData: bindResultOf(connector, bind),
  };
}

/** What a refusal says of itself: the reason of reliable transfer, or in normal mode the bind error (X.411 §12.1). */
export function openFailureOf(answer: Extract<OpenConfirm, { readonly result: 'reject' }>): OpenFailure {
  const { text, transient } = answer.refusal;
  const bindError = answer.userData === undefined ? undefined : bindErrorIn(answer.userData);
  const reason = answer.reason ?? (bindError === undefined ? undefined : refuseReasonOf(bindError));
  return {
    text: bindError === undefined ? text : `${text}, bind error ${bindErrors.name(bindError)}`,
    outlook: transient || reason === 'busy' ? 'unreachable' : 'refused',
    ...(reason === undefined ? {} : { reason }),
  };
}

function bindErrorIn(octets: Uint8Array): number | undefined {
  try {
    return decodeBindError(octets);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The peer gets the standard's code, our log the cause. */
export function reject(mode: BindMode, reason: RefuseReason, cause: string, text: string): OpenDecision {
  const code = bindErrorOf[reason];
  return {
    result: 'reject',
    reason,
    cause,
    text,
    ...(mode === 'normal' && code !== undefined ? { userData: encodeBindError(code) } : {}),
  };
}

const bindErrorOf: Readonly<Record<RefuseReason, number | undefined>> = {
  busy: bindErrors.code('busy'),
  'validation-failure': bindErrors.code('authentication-error'),
  'unacceptable-dialogue-mode': bindErrors.code('unacceptable-dialogue-mode'),
  'cannot-recover': undefined,
};

export interface Mismatch {
  readonly field: 'checkpointSizeK' | 'windowSize';
  readonly ours: number;
  readonly theirs: number;
}

/** Where a peer's proposal or answer differs from what we have configured; a proposal of 0 leaves the checkpoint size to us. */
export function mismatchesOf(
  connector: Connector,
  theirs: NegotiatedValues,
  said: 'proposal' | 'answer',
): readonly Mismatch[] {
  const { checkpointSizeK, windowSize } = connector.rts;
  const mismatches: Mismatch[] = [];
  const left = said === 'proposal' ? theirs.checkpointSizeK === 0 : checkpointSizeK === 0;
  if (theirs.checkpointSizeK !== checkpointSizeK && !left) {
    mismatches.push({ field: 'checkpointSizeK', ours: checkpointSizeK, theirs: theirs.checkpointSizeK });
  }
  if (theirs.windowSize !== windowSize)
    mismatches.push({ field: 'windowSize', ours: windowSize, theirs: theirs.windowSize });
  return mismatches;
}

function mayComeWithout(connector: Connector, bind: MtaBind): boolean {
  return connector.allowUnauthenticated && (bind.kind === 'unauthenticated' || connector.remote.password === undefined);
}

function passwordOctets(password: Secret): Uint8Array {
  return new TextEncoder().encode(password.reveal());
}

/** Octet by octet, nothing stripped, in a time that tells nothing. No password configured: none matches but by `allowUnauthenticated`. */
function passwordMatches(expected: Secret | undefined, bind: MtaBind): boolean {
  const octets = passwordOf(bind);
  if (expected === undefined || octets === undefined) return false;
  const wanted = passwordOctets(expected);
  let difference = wanted.length ^ octets.length;
  wanted.forEach((octet, i) => {
    difference |= octet ^ (octets[i] ?? 0);
  });
  return difference === 0;
}

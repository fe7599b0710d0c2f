/**
 * What two MTAs say to each other when an association opens: names and passwords (X.411 MTABind, X.419). One form serves 1984 and 1988; in normal
 * mode a tag of the reliable transfer stands around it, in X.410 mode none.
 */
import { latin1Octets, latin1Text } from '../bytes/octets.js';
import { readWholeBerNode, type BerLimits } from '../asn1/ber-node.js';
import { explicit } from '../asn1/structured-types.js';
import type { Tag } from '../asn1/tag.js';
import { decode, encode, type Type } from '../asn1/type.js';
import {
  bindArgumentTag,
  bindErrorTag,
  bindResultTag,
  mtaBindArgument,
  mtaBindError,
  mtaBindResult,
  type Credentials,
} from './bind-pdu.js';

export type BindMode = 'normal' | 'x410-1984';

/** As which string type a password is sent: 1984 peers know IA5String only. */
export type PasswordType = 'ia5' | 'octets';

type BindCredentials =
  /** Compared as octets, nothing stripped, whichever type they came in. */
  | { readonly kind: 'password'; readonly octets: Uint8Array; readonly type: PasswordType }
  /** Strong, protected, or of no known form: never accepted as proof. */
  | { readonly kind: 'unsupported' };

/** Argument and result say the same: who speaks, and the proof. */
export type MtaBind =
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'authenticated'; readonly mtaName: string; readonly credentials: BindCredentials };

/** A bind is a name and a password: anything beyond this is no bind. */
const bindLimits: BerLimits = { depthMax: 32, nodesMax: 4096 };

const wrapped = { argument: [bindArgumentTag, mtaBindArgument], result: [bindResultTag, mtaBindResult] } as const;

function encodeBind<Value>(mode: BindMode, [tag, type]: readonly [Tag, Type<Value>], value: Value): Uint8Array {
  return encode(mode === 'normal' ? explicit(tag, type) : type, value);
}

/** Accepts the value with and without its tag in either mode, and the NULL of an absent value. Throws DecodeError. */
function decodeBind<Value>([tag, type]: readonly [Tag, Type<Value>], octets: Uint8Array): Value {
  const node = readWholeBerNode(octets, bindLimits);
  return decode(node.tag === tag ? explicit(tag, type) : type, octets, bindLimits);
}

function credentialsOf(credentials: Credentials): BindCredentials {
  if (credentials.kind === 'ia5') return { kind: 'password', octets: latin1Octets(credentials.value), type: 'ia5' };
  if (credentials.kind === 'octets') return { kind: 'password', octets: credentials.value, type: 'octets' };
  return { kind: 'unsupported' };
}

function sentCredentials(credentials: BindCredentials): Credentials {
  if (credentials.kind === 'unsupported') throw new RangeError('only passwords are sent');
  return credentials.type === 'ia5'
    ? { kind: 'ia5', value: latin1Text(credentials.octets) }
    : { kind: 'octets', value: credentials.octets };
}

export function encodeBindArgument(bind: MtaBind, mode: BindMode): Uint8Array {
  if (bind.kind === 'unauthenticated') return encodeBind(mode, wrapped.argument, { kind: bind.kind, value: null });
  const initiatorCredentials = sentCredentials(bind.credentials);
  const value = { initiatorName: bind.mtaName, initiatorCredentials };
  return encodeBind(mode, wrapped.argument, { kind: bind.kind, value });
}

/** No octets at all are the unauthenticated bind. Throws DecodeError. */
export function decodeBindArgument(octets: Uint8Array | undefined): MtaBind {
  if (octets === undefined) return { kind: 'unauthenticated' };
  const bind = decodeBind(wrapped.argument, octets);
  if (bind.kind === 'unauthenticated') return { kind: bind.kind };
  const { initiatorName, initiatorCredentials } = bind.value;
  return { kind: bind.kind, mtaName: initiatorName, credentials: credentialsOf(initiatorCredentials) };
}

export function encodeBindResult(bind: MtaBind, mode: BindMode): Uint8Array {
  if (bind.kind === 'unauthenticated') return encodeBind(mode, wrapped.result, { kind: bind.kind, value: null });
  const responderCredentials = sentCredentials(bind.credentials);
  const value = { responderName: bind.mtaName, responderCredentials };
  return encodeBind(mode, wrapped.result, { kind: bind.kind, value });
}

/** No octets at all are the unauthenticated result. Throws DecodeError. */
export function decodeBindResult(octets: Uint8Array | undefined): MtaBind {
  if (octets === undefined) return { kind: 'unauthenticated' };
  const bind = decodeBind(wrapped.result, octets);
  if (bind.kind === 'unauthenticated') return { kind: bind.kind };
  const { responderName, responderCredentials } = bind.value;
  return { kind: bind.kind, mtaName: responderName, credentials: credentialsOf(responderCredentials) };
}

/** Number of a bind error (codes.ts, bindErrors). Only normal mode carries it. */
export function encodeBindError(code: number): Uint8Array {
  return encode(explicit(bindErrorTag, mtaBindError), code);
}

/** Accepts `B2 03 02 01 02` and the bare `02 01 02` that is met as well. Throws DecodeError. */
export function decodeBindError(octets: Uint8Array): number {
  return decodeBind([bindErrorTag, mtaBindError], octets);
}

/** What X.410 mode says instead of a bind error: the refuse reason of the reliable transfer (X.419). */
export function refuseReasonOf(bindError: number): 'busy' | 'unacceptable-dialogue-mode' | 'validation-failure' {
  if (bindError === 0) return 'busy';
  return bindError === 3 ? 'unacceptable-dialogue-mode' : 'validation-failure';
}

/** The password octets of a bind, or undefined where it proves nothing. */
export function passwordOf(bind: MtaBind): Uint8Array | undefined {
  return bind.kind === 'authenticated' && bind.credentials.kind === 'password' ? bind.credentials.octets : undefined;
}

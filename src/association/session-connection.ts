import { fromHex, toHex } from '../bytes/octets.js';
import type { RecoverIdentifier } from '../rtse/service.js';
import type { SessionConnectionIdentifier } from '../session/service.js';

/** Longest reference text; X.225 table 11 allows 64 octets with the header that older peers put around it. */
const referenceOctetsMax = 60;

/**
 * Strips a well-formed string header: some implementations put the BER encoding of a T61String or UTCTime into the session references,
 * others the bare characters, and both ends of a recovery must find them equal.
 */
function bare(octets: Uint8Array): Uint8Array {
  const [tag, length] = octets;
  const wrapped = (tag === 0x14 || tag === 0x04 || tag === 0x17 || tag === 0x16) && length === octets.length - 2;
  return wrapped ? octets.subarray(2) : octets;
}

function wrap(tag: number, octets: Uint8Array): Uint8Array {
  return Uint8Array.of(tag, octets.length, ...octets);
}

/**
 * The name of a session connection that both ends know it by: the caller's reference, the common reference and the additional information,
 * in hexadecimal without string headers.
 */
export function sessionConnectionName(identifier: SessionConnectionIdentifier): string {
  const { calling, common, additional } = identifier;
  return [calling, common, additional].map((part) => (part === undefined ? '' : toHex(bare(part)))).join('.');
}

/** The session connection of that name, as far as the name tells. */
export function sessionConnectionOf(name: string): SessionConnectionIdentifier {
  const [calling = '', common = '', additional = ''] = name.split('.');
  return {
    calling: fromHex(calling),
    common: fromHex(common),
    ...(additional === '' ? {} : { additional: fromHex(additional) }),
  };
}

/** The same name for the identifier inside a recover exchange (X.228 §7.8.3). */
export function recoverName(identifier: RecoverIdentifier): string {
  const { callingReference, commonReference, additionalReference } = identifier;
  return sessionConnectionName({
    calling: callingReference,
    common: commonReference,
    ...(additionalReference === undefined ? {} : { additional: additionalReference }),
  });
}

export function recoverIdentifier(identifier: SessionConnectionIdentifier): RecoverIdentifier {
  const { calling, common, additional } = identifier;
  return {
    callingReference: bare(calling ?? new Uint8Array(0)),
    commonReference: bare(common ?? new Uint8Array(0)),
    ...(additional === undefined ? {} : { additionalReference: bare(additional) }),
  };
}

/**
 * References for a new session connection (X.225 §8.3.1.2): a reference of the caller that was never used before, whatever the clock does, and
 * the time. In X.410-1984 mode the strings carry their headers, as the implementations of that time do.
 */
export function newSessionConnection(
  reference: string,
  utcTime: string,
  mode: 'normal' | 'x410-1984',
): SessionConnectionIdentifier {
  const text = new TextEncoder();
  const calling = text.encode(reference.slice(0, referenceOctetsMax));
  const common = text.encode(utcTime);
  return mode === 'normal' ? { calling, common } : { calling: wrap(0x14, calling), common: wrap(0x17, common) };
}

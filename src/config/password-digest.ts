/**
 * A password as it may leave the site: a salted, slow digest (scrypt, RFC 7914), from which one can see whether a password at hand is the
 * same. It does not hide a password that can be guessed: whoever has the digest can try words, at the price of one computation each.
 */
import { scryptSync, timingSafeEqual } from 'node:crypto';
import { Secret } from './secret.js';

export interface DigestParameters {
  /** N of RFC 7914: a power of two. The memory taken is 128 x N x r octets. */
  readonly cost: number;
  /** r. */
  readonly blockSize: number;
  /** p. */
  readonly parallelization: number;
}

/** 128 MiB and some tenths of a second for each guess. */
const digestParameters: DigestParameters = { cost: 2 ** 17, blockSize: 8, parallelization: 1 };
/** A foreign profile may not cost us more memory and time than this: four times ours. */
const workMax = 4 * 2 ** 17 * 8;
export const digestSaltOctets = 16;
export const digestKeyOctets = 32;

export class PasswordDigest {
  readonly parameters: DigestParameters;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;

  constructor(parameters: DigestParameters, salt: Uint8Array, key: Uint8Array) {
    this.parameters = parameters;
    this.salt = salt;
    this.key = key;
  }

  /** Whether it was made of this password, octet by octet. Takes some tenths of a second. */
  matches(secret: Secret): boolean {
    return timingSafeEqual(derive(secret, this.salt, this.parameters), this.key);
  }
}

/** `salt`: octets that were never used before, as many as `digestSaltOctets`. */
export function digestOf(secret: Secret, salt: Uint8Array, parameters = digestParameters): PasswordDigest {
  return new PasswordDigest(parameters, salt, derive(secret, salt, parameters));
}

/** Whether scrypt takes them, and at a price that we are ready to pay. */
export function isAcceptable({ cost, blockSize, parallelization }: DigestParameters): boolean {
  const isPowerOfTwo = cost >= 2 && Number.isInteger(Math.log2(cost));
  return isPowerOfTwo && blockSize >= 1 && parallelization >= 1 && cost * blockSize * parallelization <= workMax;
}

function derive(secret: Secret, salt: Uint8Array, parameters: DigestParameters): Uint8Array {
  const { cost, blockSize, parallelization } = parameters;
  const memoryOctets = 128 * blockSize * (cost + parallelization + 2); // RFC 7914 §2, and what the library adds
  return scryptSync(secret.reveal(), salt, digestKeyOctets, {
    cost,
    blockSize,
    parallelization,
    maxmem: 2 * memoryOctets,
  });
}

export type ComparedPassword = Secret | PasswordDigest;

/** Of two digests nothing can be said: at least one of the two must be the password itself. */
export function passwordsMatch(one: ComparedPassword, other: ComparedPassword): boolean {
  if (one instanceof Secret) return other instanceof Secret ? one.equals(other) : other.matches(one);
  return other instanceof Secret && one.matches(other);
}

/** The APDUs of pdu.ts to and from octets, over the nodes that asn1js reads. Decoding throws DecodeError and nothing else. */
import { decodeWithAsn1js } from '../asn1/asn1js-node.js';
import { encode } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import { assert } from '../osi/machine.js';
import { rtseAbstractSyntax, type PresentationContext } from '../presentation/service.js';
import { aare, aarq, abrt, releaseNormal, rlre, rlrq, type Aare, type Aarq, type Abrt, type External } from './pdu.js';

export const encodeAarq = (value: Aarq): Uint8Array => encode(aarq, value);
export const encodeAare = (value: Aare): Uint8Array => encode(aare, value);
export const encodeAbrt = (value: Abrt): Uint8Array => encode(abrt, value);
export const encodeRlrq = (): Uint8Array => encode(rlrq, { reason: releaseNormal });
export const encodeRlre = (): Uint8Array => encode(rlre, { reason: releaseNormal });

export const decodeAarq = (octets: Uint8Array): Aarq => decodeWithAsn1js(aarq, octets);
export const decodeAare = (octets: Uint8Array): Aare => decodeWithAsn1js(aare, octets);
export const decodeAbrt = (octets: Uint8Array): Abrt => decodeWithAsn1js(abrt, octets);

/** Throws DecodeError if the octets are no release APDU of that kind; what it says makes no difference. */
export function expectRelease(kind: 'RLRQ' | 'RLRE', octets: Uint8Array): void {
  decodeWithAsn1js(kind === 'RLRQ' ? rlrq : rlre, octets);
}

/** User information that holds one APDU of reliable transfer (X.227 §7.1). */
export function informationOf(contexts: readonly PresentationContext[], octets: Uint8Array): readonly External[] {
  const context = contexts.find(({ abstractSyntax }) => abstractSyntax === rtseAbstractSyntax);
  assert(context !== undefined, 'no presentation context for reliable transfer');
  return [{ indirectReference: context.identifier, encoding: { kind: 'singleAsn1Type', value: octets } }];
}

/**
 * The APDU of reliable transfer in user information, undefined if there is none. A direct reference is not looked at: the context says it all.
 * Throws DecodeError.
 */
export function informationIn(
  contexts: readonly PresentationContext[],
  externals: readonly External[] = [],
): Uint8Array | undefined {
  const external = externals.find(
    ({ indirectReference }) => indirectReference === undefined || isReliableTransfer(contexts, indirectReference),
  );
  if (external === undefined) return undefined;
  const { encoding } = external;
  if (encoding.kind !== 'arbitrary') return encoding.value;
  if (encoding.value.unusedBits !== 0) throw new DecodeError('bits that are no whole octets', 'X.208 §34', 0);
  return encoding.value.octets;
}

function isReliableTransfer(contexts: readonly PresentationContext[], identifier: number): boolean {
  return contexts.some((context) => context.identifier === identifier && context.abstractSyntax === rtseAbstractSyntax);
}

/** Extension fields (X.411, ExtensionField) for messages, probes and reports. */
import { BitString } from '../../asn1/bit-string.js';
import { fromHex } from '../../bytes/octets.js';
import type { ExtensionField } from '../../p1/extension-field.js';
import { ber, berHex, berText } from './ber.js';

/** Bits of criticality. */
export const critical = { notAtAll: [], forTransfer: [1], forDelivery: [2] } as const;
type Criticality = (typeof critical)[keyof typeof critical];

/** A number of X.411, or an object identifier of anybody. */
export function extension(
  type: number | string,
  value: Uint8Array,
  criticality: Criticality = critical.notAtAll,
  tagging: 'standard' | 'draft' = 'standard',
): ExtensionField {
  return {
    type:
      typeof type === 'number' ? { kind: 'standard', value: type, tagging } : { kind: 'private', value: type, tagging },
    criticality: BitString.of(criticality),
    value,
  };
}

/** A number that X.411 gives to no extension. */
export const unknownNumber = 201;
/** An object identifier under the arc for examples. */
export const privateType = '2.999.411.1';

export const nullValue = fromHex('0500');
export const prohibited = fromHex('0a0101');

/** An UTCTime. */
export function timeValue(text: string): Uint8Array {
  return berText(0x17, text);
}

const algorithm = ber(0x30, fromHex('06052b0e03020f'), nullValue);
const signature = ber(0x30, algorithm, fromHex('03050001020304'));
const certificates = ber(0x30, ber(0x30, ber(0x30, fromHex('020101')), algorithm, fromHex('0302005a')));

/** Extensions of security that a relay only carries: on the message (X.411 §8.2.1.1.1). */
export const securityOfMessage: readonly ExtensionField[] = [
  extension(15, certificates),
  extension(17, algorithm, critical.forDelivery),
  extension(19, signature, critical.forDelivery),
  extension(20, ber(0x31, fromHex('06032a0304'), fromHex('020101')), critical.forDelivery),
];

/** An asymmetric-token for an MTA: algorithm, name, time; signed (X.411 §8.5.8). */
const token = ber(
  0x30,
  ber(0x30, algorithm, ber(0xa3, berText(0x16, 'MTA')), timeValue('261122073000Z')),
  algorithm,
  fromHex('0302005a'),
);

/** And for one recipient. */
export const securityOfRecipient: readonly ExtensionField[] = [
  extension(16, ber(0x30, berHex(0x80, '56030600'), ber(0xa1, token)), critical.forDelivery),
  extension(18, signature, critical.forDelivery),
  extension(22, prohibited, critical.forDelivery),
  extension(28, certificates),
];

import { any, bitString, graphicString, integer, objectIdentifier, octetString } from '../asn1/simple-types.js';
import { choice, explicit, implicit, optional, sequence } from '../asn1/structured-types.js';
import { context, universal } from '../asn1/tag.js';
import type { Type, ValueOf } from '../asn1/type.js';

/**
 * EXTERNAL (X.690 §8.18). In a body part `directReference` names the type and `single` holds the value; the data of a file stand
 * octet-aligned. The other forms are accepted (X.420, RFC 2157 §5.5).
 */
export const external = implicit(
  universal(8),
  sequence('EXTERNAL', {
    directReference: optional(objectIdentifier),
    indirectReference: optional(integer()),
    dataValueDescriptor: optional(implicit(universal(7), graphicString())),
    encoding: choice('encoding', {
      singleASN1Type: explicit(context(0), any),
      octetAligned: implicit(context(1), octetString()),
      arbitrary: implicit(context(2), bitString()),
    }),
  }),
);
export type External = ValueOf<typeof external>;

export const externalTag = universal(8);

/** An encoding with a certain tag whose inside is nobody's business here: kept octet for octet. */
export function opaque(name: string, tag: number): Type<Uint8Array> {
  return { ...any, name, tags: [tag] };
}

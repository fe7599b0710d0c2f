/** Content types as text: the integer of a built-in one, the dotted object identifier of any other. */
import { faultsOf } from '../asn1/type.js';
import { AddressTextError } from './address-text-error.js';
import { contentType, type ContentType } from './common-types.js';
import { toHex } from '../bytes/octets.js';

/** A relative object identifier, which has no text of its own, is written as `relative:` and its octets. */
export function printContentType(type: ContentType): string {
  return type.kind === 'relative' ? `relative:${toHex(type.value)}` : String(type.value);
}

/** Throws AddressTextError. */
export function parseContentType(text: string): ContentType {
  const type: ContentType = /^\d{1,5}$/.test(text)
    ? { kind: 'builtIn', value: Number(text) }
    : { kind: 'extended', value: text };
  if (faultsOf(contentType, type).length > 0) {
    throw new AddressTextError(text, 0, text, 'an integer 0 to 32767 or an object identifier such as 2.6.1.10.1');
  }
  return type;
}

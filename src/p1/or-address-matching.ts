/**
 * When two O/R addresses name the same user. Case and surplus spaces do not matter, nor whether a
 * domain is spelt in NumericString or PrintableString; an ADMD that is absent, empty or blank is any ADMD; of a printable and a teletex text the
 * printable one decides (RFC 2156 §4.3.5).
 */
import { attributesOf, type AddressAttribute, type AttributeText } from './or-address-attributes.js';
import { normalizedText, type ORAddress } from './or-address.js';

function decisiveText(text: AttributeText): string {
  return normalizedText(text.printable ?? text.teletex ?? '');
}

export function comparedAttribute({ label, type, value }: AddressAttribute): string {
  return type === undefined ? `${label}=${decisiveText(value)}` : `DDA:${decisiveText(type)}=${decisiveText(value)}`;
}

const anyAdmdItem = 'ADMD=';

/** An address in the form in which it is compared: its attributes, normalized, in canonical order. Made once, compared often. */
export interface AddressKey {
  /** Equal for equal addresses. */
  readonly text: string;
  readonly items: ReadonlySet<string>;
}

export function addressKey(address: ORAddress): AddressKey {
  const items = attributesOf(address).map(comparedAttribute);
  const text = items.filter((candidate) => candidate !== anyAdmdItem).join('\n');
  return {
    text,
    items: new Set(items.some((candidate) => candidate.startsWith(anyAdmdItem)) ? items : [...items, anyAdmdItem]),
  };
}

export function sameAddress(a: ORAddress, b: ORAddress): boolean {
  return addressKey(a).text === addressKey(b).text;
}

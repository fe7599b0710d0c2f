/** Patterns of O/R addresses: for address spaces and local domains. */
import { comparedAttribute, type AddressKey } from './or-address-matching.js';
import { readAttributes } from './or-address-text-reader.js';
import { printAttributes } from './or-address-text.js';

/** A set of attributes that must all match. */
export interface AddressPattern {
  /** In the labelled form. */
  readonly text: string;
  /** Number of attributes: of two patterns that match, the one with more is the longer match. */
  readonly specificity: number;
  readonly items: readonly string[];
}

/** A pattern from either written form; an attribute that is not named is not asked for. Throws AddressTextError. */
export function parseAddressPattern(text: string): AddressPattern {
  const attributes = readAttributes(text);
  return {
    text: printAttributes(attributes),
    specificity: attributes.length,
    items: attributes.map(comparedAttribute),
  };
}

export function matchesPattern(pattern: AddressPattern, key: AddressKey): boolean {
  return pattern.items.every((candidate) => key.items.has(candidate));
}

/**
 * O/R addresses as text. Two written forms, told apart by the leading slash: the labelled form (F.401 Annex F, RFC 1685)
 * `C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna`, which is the one we print, and the slash form (RFC 2156 §4.1)
 * `/G=Anna/S=Smith/PRMD=ALPHA/ADMD= /C=GB/`. The labels are in or-address-labels.ts, the reading in or-address-text-reader.ts.
 */
import { RecentMap } from '../asn1/recent-map.js';
import { cameOnce, rememberingShared, sharedValue } from '../asn1/shared-values.js';
import { addressFrom } from './or-address-assembly.js';
import { attributesOf, type AddressAttribute, type AttributeText } from './or-address-attributes.js';
import { attributeLabel } from './or-address-labels.js';
import { readAttributes } from './or-address-text-reader.js';
import { orName, type ORAddress } from './or-address.js';
import { isPrintable } from './printable-string.js';

/** Longer texts are read anew each time. */
const rememberedCharactersMax = 256;
const rememberedTextsMax = 1024;

/** The addresses of the last texts that came more than once. */
const remembered = new RecentMap<string, ORAddress | typeof cameOnce>(rememberedTextsMax);

/**
 * The address that a text in either form names. A country without an ADMD gets the ADMD of one space (RFC 2156 §4.1).
 * Throws AddressTextError.
 */
export function parseORAddress(text: string): ORAddress {
  const known = remembered.get(text);
  if (known !== undefined && known !== cameOnce) return known;
  const read = readORAddress(text);
  const address = known === undefined ? read : sharedValue(orName, read);
  if (text.length <= rememberedCharactersMax) remembered.set(text, known === undefined ? cameOnce : address);
  return address;
}

function readORAddress(text: string): ORAddress {
  const attributes = readAttributes(text);
  const labels = new Set(attributes.map(({ label }) => label));
  const anyAdmd: readonly AddressAttribute[] =
    labels.has('C') && !labels.has('ADMD') ? [{ label: 'ADMD', value: { printable: ' ' } }] : [];
  return addressFrom([...attributes, ...anyAdmd]);
}

/** The labelled form, most significant attribute first: the one form of logs, listings and the command line. */
export const printORAddress = rememberingShared((address: ORAddress) => printAttributes(attributesOf(address)));

export function printAttributes(attributes: readonly AddressAttribute[]): string {
  return attributes
    .map(({ label, type, value }) => {
      const text = writtenText(label, value, labelledCharacter);
      if (type === undefined) return `${label}=${text}`;
      const typeText = writtenText(label, type, labelledCharacter).replaceAll('=', '==');
      return `DDA:${typeText}=${text.replace(/^=/, '{061}')}`;
    })
    .join(';');
}

/** The slash form, country last; domain-defined attributes first, in their order. */
export function printORAddressWithSlashes(address: ORAddress): string {
  return printAttributesWithSlashes(attributesOf(address));
}

export function printAttributesWithSlashes(attributes: readonly AddressAttribute[]): string {
  const defined = attributes.filter(({ type }) => type !== undefined);
  const others = attributes.filter(({ type }) => type === undefined).toReversed();
  const parts = [...defined, ...others].map(({ label, type, value }) => {
    const text = writtenText(label, value, slashCharacter);
    const slashLabel = attributeLabel(label)?.slashLabel ?? label;
    return type === undefined ? `${slashLabel}=${text}` : `DD.${writtenText(label, type, slashCharacter)}=${text}`;
  });
  return `/${parts.join('/')}/`;
}

function codeText(character: string): string {
  return `{${String(character.charCodeAt(0)).padStart(3, '0')}}`;
}

function labelledCharacter(character: string): string {
  if (character === ';') return ';;';
  return isPrintable(character) ? character : codeText(character);
}

function slashCharacter(character: string): string {
  if ('/=$;'.includes(character)) return `$${character}`;
  return isPrintable(character) ? character : codeText(character);
}

function writtenText(label: string, text: AttributeText, written: (character: string) => string): string {
  const { printable, teletex } = text;
  const free = attributeLabel(label)?.repertoire === 'presentation-address';
  const write = (part: string) =>
    Array.from(part, (character) => {
      if (label === 'PD-ADDRESS' && character === '\n') return '|';
      return free && !'/=$;'.includes(character) ? character : written(character);
    }).join('');
  const printed = label === 'ADMD' && printable === '' ? ' ' : write(printable ?? '');
  return teletex === undefined || teletex === printable ? printed : `${printed}*${write(teletex)}`;
}

/** What labelled texts must not do together, whatever each of them says (X.402 §18, X.411 bounds). */
import { AddressTextError } from './address-text-error.js';
import type { AddressAttribute } from './or-address-attributes.js';
import { organizationalUnitLabels } from './or-address-labels.js';
import { domainDefinedAttributesMax } from './or-address.js';

/** An attribute and where its label stands in the whole text. */
export interface PlacedAttribute extends AddressAttribute {
  readonly position: number;
}

const postalLinesMax = 6;
const postalLineCharactersMax = 30;

/** The attributes, postal lines joined; throws AddressTextError at the first that cannot stand beside the others. */
export function checkAttributes(whole: string, written: readonly PlacedAttribute[]): readonly AddressAttribute[] {
  const attributes = joinPostalLines(written);
  const byLabel = new Map<string, PlacedAttribute>();
  for (const attribute of attributes) {
    const { label, position } = attribute;
    if (label === 'DDA') continue;
    if (byLabel.has(label)) throw new AddressTextError(whole, position, label, `${label} only once`);
    byLabel.set(label, attribute);
  }
  const needs = (label: string, other: string) => {
    const attribute = byLabel.get(label);
    if (attribute !== undefined && !byLabel.has(other)) {
      throw new AddressTextError(whole, attribute.position, label, `${other} as well`);
    }
  };
  for (const label of ['G', 'I', 'Q']) needs(label, 'S');
  needs('OU2', 'OU1');
  needs('OU3', 'OU2');
  needs('OU4', 'OU3');
  needs('NET-SUB', 'NET-NUM');
  const both = byLabel.get('NET-PSAP');
  if (both !== undefined && byLabel.has('NET-NUM')) {
    throw new AddressTextError(whole, both.position, 'NET-PSAP', 'either NET-NUM or NET-PSAP');
  }
  const surplus = attributes.filter(({ label }) => label === 'DDA')[domainDefinedAttributesMax];
  if (surplus !== undefined) {
    throw new AddressTextError(whole, surplus.position, 'DDA', 'at most four domain-defined attributes');
  }
  checkRepertoires(
    whole,
    organizationalUnitLabels.flatMap((label) => byLabel.get(label) ?? []),
  );
  checkRepertoires(
    whole,
    attributes.filter(({ label }) => label === 'DDA'),
  );
  checkPostalAddress(whole, byLabel.get('PD-ADDRESS'));
  return attributes.map(({ label, type, value }) => ({ label, ...(type === undefined ? {} : { type }), value }));
}

/** Members of a list have a printable text up to some place and only teletex behind it, since the two lists are counted alike. */
function checkRepertoires(whole: string, list: readonly PlacedAttribute[]): void {
  const lacks = ({ type, value }: PlacedAttribute) =>
    value.printable === undefined || (type !== undefined && type.printable === undefined);
  const first = list.findIndex(lacks);
  const behind = first < 0 ? undefined : list.slice(first).find((attribute) => !lacks(attribute));
  if (behind !== undefined) {
    throw new AddressTextError(whole, behind.position, behind.label, 'a printable text in the ones before as well');
  }
}

function joinPostalLines(written: readonly PlacedAttribute[]): readonly PlacedAttribute[] {
  const lines = written
    .filter(({ label }) => /^PD-A[1-6]$/.test(label))
    .toSorted((a, b) => (a.label < b.label ? -1 : 1));
  const [first] = lines;
  if (first === undefined) return written;
  const printable = lines.map(({ value }) => value.printable ?? '').join('\n');
  return [
    ...written.filter((attribute) => !lines.includes(attribute)),
    { label: 'PD-ADDRESS', value: { printable }, position: first.position },
  ];
}

function checkPostalAddress(whole: string, address: PlacedAttribute | undefined): void {
  const lines = address?.value.printable?.split('\n') ?? [];
  if (address === undefined || (lines.length <= postalLinesMax && lines.every(isLine))) return;
  throw new AddressTextError(whole, address.position, 'PD-ADDRESS', 'at most six lines of 1 to 30 characters');
}

function isLine(line: string): boolean {
  return line.length > 0 && line.length <= postalLineCharactersMax;
}

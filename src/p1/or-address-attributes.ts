/**
 * An O/R address as a flat list of labelled texts: what is printed, compared and matched with patterns. A printable and a teletex text of one
 * attribute make one entry, for they name the same thing (X.402 §18).
 */
import { toHex } from '../bytes/octets.js';
import {
  commonName,
  extendedNetwork,
  physicalDeliveryCountry,
  physicalDeliveryParameters,
  physicalDeliveryPostalCode,
  physicalDeliveryServiceName,
  readExtensionAttribute,
  teletexCommonName,
  teletexDomainDefinedAttributes,
  teletexOrganizationalUnitNames,
  teletexOrganizationName,
  teletexPersonalNameAttribute,
  terminalType,
  unformattedPostal,
  unreadExtensionAttributes,
  type ExtensionAttributeKind,
} from './extension-attributes.js';
import {
  attributeLabels,
  organizationalUnitLabels,
  parameterLabel,
  personalNameLabels,
  terminalTypes,
} from './or-address-labels.js';
import type { ExtensionAttribute, ORAddress, PersonalName } from './or-address.js';
import { printPresentationAddress } from './presentation-address-text.js';
import { isPrintable } from './printable-string.js';

/** One text in PrintableString, in TeletexString, or in both. */
export interface AttributeText {
  readonly printable?: string;
  readonly teletex?: string;
}

export interface AddressAttribute {
  /** A label of attributeLabels, `EXTn`, or `DDA`. */
  readonly label: string;
  /** Of a domain-defined attribute. The lines of PD-ADDRESS are joined by line feeds. */
  readonly type?: AttributeText;
  readonly value: AttributeText;
}

type Texts = readonly (string | undefined)[];

/** Pairs texts up; what is in teletex alone and would fit PrintableString is taken as printable (RFC 2156 §4.1). */
function pair(printables: Texts, teletexes: Texts): (AttributeText | undefined)[] {
  const noPrintable = printables.every((text) => text === undefined);
  const [first, second]: readonly [Texts, Texts] =
    noPrintable && teletexes.every((text) => text === undefined || isPrintable(text))
      ? [teletexes, []]
      : [printables, teletexes];
  return Array.from({ length: Math.max(first.length, second.length) }, (_, i) => attributeText(first[i], second[i]));
}

function attributeText(printable: string | undefined, teletex: string | undefined): AttributeText | undefined {
  if (printable === undefined && teletex === undefined) return undefined;
  return { ...(printable === undefined ? {} : { printable }), ...(teletex === undefined ? {} : { teletex }) };
}

function partsOf(name: PersonalName | undefined): Texts {
  return [name?.surname, name?.givenName, name?.initials, name?.generationQualifier];
}

function namedFrom(labels: readonly string[], texts: readonly (AttributeText | undefined)[]): AddressAttribute[] {
  return texts.flatMap((value, i) => {
    const label = labels[i];
    return value === undefined || label === undefined ? [] : [{ label, value }];
  });
}

/** In the order of attributeLabels, then what has no label, then the domain-defined attributes in their own order. */
export function attributesOf(address: ORAddress): readonly AddressAttribute[] {
  const standard = address.standardAttributes;
  const read = <Value>(kind: ExtensionAttributeKind<Value>) => readExtensionAttribute(address, kind);
  const network = read(extendedNetwork);
  const terminal = read(terminalType);
  const postal = read(unformattedPostal);
  const plain: [string, string | undefined][] = [
    ['C', standard.countryName?.value],
    ['ADMD', standard.administrationDomainName?.value],
    ['PRMD', standard.privateDomainName?.value],
    ['X121', standard.networkAddress],
    ['T-ID', standard.terminalIdentifier],
    ['UA-ID', standard.numericUserIdentifier],
    ['T-TY', terminal === undefined ? undefined : (terminalTypes.get(terminal) ?? String(terminal))],
    ['NET-NUM', network?.kind === 'e164' ? network.value.number : undefined],
    ['NET-SUB', network?.kind === 'e164' ? network.value.subAddress : undefined],
    ['NET-PSAP', network?.kind === 'psap' ? printPresentationAddress(network.value) : undefined],
    ['PD-SERVICE', read(physicalDeliveryServiceName)],
    ['PD-C', read(physicalDeliveryCountry)?.value],
    ['PD-CODE', read(physicalDeliveryPostalCode)?.value],
  ];
  const labelled = [
    ...plain.flatMap(([label, printable]) => (printable === undefined ? [] : [{ label, value: { printable } }])),
    ...namedFrom(['O'], pair([standard.organizationName], [read(teletexOrganizationName)])),
    ...namedFrom(
      organizationalUnitLabels,
      pair(standard.organizationalUnitNames ?? [], read(teletexOrganizationalUnitNames) ?? []),
    ),
    ...namedFrom(personalNameLabels, pair(partsOf(standard.personalName), partsOf(read(teletexPersonalNameAttribute)))),
    ...namedFrom(['CN'], pair([read(commonName)], [read(teletexCommonName)])),
    ...namedFrom(['PD-ADDRESS'], pair([postal?.printableLines?.join('\n')], [postal?.teletex])),
    ...physicalDeliveryParameters.flatMap((kind) => {
      const value = read(kind);
      return namedFrom([parameterLabel(kind.number)], pair([value?.printable], [value?.teletex]));
    }),
  ];
  return [
    ...labelled.toSorted((a, b) => rank(a.label) - rank(b.label)),
    ...unreadExtensionAttributes(address)
      .toSorted((a, b) => a.type - b.type)
      .map(opaqueAttribute),
    ...domainDefinedAttributesOf(address),
  ];
}

const ranks = new Map(attributeLabels.map((row, i) => [row.label, i]));
const rank = (label: string): number => ranks.get(label) ?? attributeLabels.length;

function opaqueAttribute(attribute: ExtensionAttribute): AddressAttribute {
  return { label: `EXT${String(attribute.type)}`, value: { printable: toHex(attribute.value) } };
}

function domainDefinedAttributesOf(address: ORAddress): AddressAttribute[] {
  const printables = address.domainDefinedAttributes ?? [];
  const teletexes = readExtensionAttribute(address, teletexDomainDefinedAttributes) ?? [];
  const texts = pair(
    printables.flatMap(({ type, value }) => [type, value]),
    teletexes.flatMap(({ type, value }) => [type, value]),
  );
  return Array.from({ length: texts.length / 2 }, (_, i) => ({
    label: 'DDA',
    type: texts[2 * i] ?? {},
    value: texts[2 * i + 1] ?? {},
  }));
}

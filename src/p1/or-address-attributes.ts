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
import { organizationalUnitLabels, parameterLabel, personalNameLabels, terminalTypes } from './or-address-labels.js';
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

const noTexts: Texts = [];

/** Pairs texts up; what is in teletex alone and would fit PrintableString is taken as printable (RFC 2156 §4.1). */
function pair(printables: Texts, teletexes: Texts): (AttributeText | undefined)[] {
  const noPrintable = printables.every((text) => text === undefined);
  const [first, second]: readonly [Texts, Texts] =
    noPrintable && teletexes.every((text) => text === undefined || isPrintable(text))
      ? [teletexes, noTexts]
      : [printables, teletexes];
  return Array.from({ length: Math.max(first.length, second.length) }, (_, i) => attributeText(first[i], second[i]));
}

function attributeText(printable: string | undefined, teletex: string | undefined): AttributeText | undefined {
  if (printable === undefined && teletex === undefined) return undefined;
  return { ...(printable === undefined ? {} : { printable }), ...(teletex === undefined ? {} : { teletex }) };
}

function partsOf(name: PersonalName | undefined): Texts {
  return name === undefined ? noTexts : [name.surname, name.givenName, name.initials, name.generationQualifier];
}

/** Attributes in the making. */
class AttributeList {
  readonly attributes: AddressAttribute[] = [];

  plain(label: string, printable: string | undefined): void {
    if (printable !== undefined) this.attributes.push({ label, value: { printable } });
  }

  /** The text of one attribute in both repertoires. */
  both(label: string, printable: string | undefined, teletex: string | undefined): void {
    if (teletex === undefined) this.plain(label, printable);
    else this.paired([label], [printable], [teletex]);
  }

  /** Texts that belong together, each with its label. */
  paired(labels: readonly string[], printables: Texts, teletexes: Texts): void {
    if (teletexes.length === 0) {
      labels.forEach((label, i) => {
        this.plain(label, printables[i]);
      });
      return;
    }
    const texts = pair(printables, teletexes);
    labels.forEach((label, i) => {
      const value = texts[i];
      if (value !== undefined) this.attributes.push({ label, value });
    });
  }
}

/** In the order of attributeLabels, then what has no label, then the domain-defined attributes in their own order. */
export function attributesOf(address: ORAddress): readonly AddressAttribute[] {
  const standard = address.standardAttributes;
  const read = <Value>(kind: ExtensionAttributeKind<Value>) => readExtensionAttribute(address, kind);
  const list = new AttributeList();
  list.plain('C', standard.countryName?.value);
  list.plain('ADMD', standard.administrationDomainName?.value);
  list.plain('PRMD', standard.privateDomainName?.value);
  list.both('O', standard.organizationName, read(teletexOrganizationName));
  list.paired(
    organizationalUnitLabels,
    standard.organizationalUnitNames ?? noTexts,
    read(teletexOrganizationalUnitNames) ?? noTexts,
  );
  list.paired(personalNameLabels, partsOf(standard.personalName), partsOf(read(teletexPersonalNameAttribute)));
  list.both('CN', read(commonName), read(teletexCommonName));
  list.plain('X121', standard.networkAddress);
  list.plain('T-ID', standard.terminalIdentifier);
  list.plain('UA-ID', standard.numericUserIdentifier);
  if (address.extensionAttributes !== undefined) addFurther(list, address);
  list.attributes.push(...domainDefinedAttributesOf(address));
  return list.attributes;
}

/** What only extension attributes hold, behind the attributes that are also elsewhere. */
function addFurther(list: AttributeList, address: ORAddress): void {
  const read = <Value>(kind: ExtensionAttributeKind<Value>) => readExtensionAttribute(address, kind);
  const terminal = read(terminalType);
  list.plain('T-TY', terminal === undefined ? undefined : (terminalTypes.get(terminal) ?? String(terminal)));
  const network = read(extendedNetwork);
  list.plain('NET-NUM', network?.kind === 'e164' ? network.value.number : undefined);
  list.plain('NET-SUB', network?.kind === 'e164' ? network.value.subAddress : undefined);
  list.plain('NET-PSAP', network?.kind === 'psap' ? printPresentationAddress(network.value) : undefined);
  list.plain('PD-SERVICE', read(physicalDeliveryServiceName));
  list.plain('PD-C', read(physicalDeliveryCountry)?.value);
  list.plain('PD-CODE', read(physicalDeliveryPostalCode)?.value);
  const addParameters = (kinds: typeof physicalDeliveryParameters) => {
    for (const kind of kinds) {
      const value = read(kind);
      list.both(parameterLabel(kind.number), value?.printable, value?.teletex);
    }
  };
  addParameters(physicalDeliveryParameters.filter(({ number }) => number < unformattedPostal.number));
  const postal = read(unformattedPostal);
  list.both('PD-ADDRESS', postal?.printableLines?.join('\n'), postal?.teletex);
  addParameters(physicalDeliveryParameters.filter(({ number }) => number > unformattedPostal.number));
  const unread = unreadExtensionAttributes(address).toSorted((a, b) => a.type - b.type);
  list.attributes.push(...unread.map(opaqueAttribute));
}

function opaqueAttribute(attribute: ExtensionAttribute): AddressAttribute {
  return { label: `EXT${String(attribute.type)}`, value: { printable: toHex(attribute.value) } };
}

function domainDefinedAttributesOf(address: ORAddress): AddressAttribute[] {
  const printables = address.domainDefinedAttributes ?? [];
  const teletexes = readExtensionAttribute(address, teletexDomainDefinedAttributes) ?? [];
  if (printables.length === 0 && teletexes.length === 0) return [];
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

/** An O/R address from a flat list of labelled texts, the inverse of or-address-attributes.ts. */
import { fromHex } from '../bytes/octets.js';
import {
  commonName,
  extendedNetwork,
  physicalDeliveryCountry,
  physicalDeliveryParameters,
  physicalDeliveryPostalCode,
  physicalDeliveryServiceName,
  teletexCommonName,
  teletexDomainDefinedAttributes,
  teletexOrganizationalUnitNames,
  teletexOrganizationName,
  teletexPersonalNameAttribute,
  terminalType,
  unformattedPostal,
  writeExtensionAttribute,
  type ExtensionAttributeKind,
} from './extension-attributes.js';
import type { AddressAttribute, AttributeText } from './or-address-attributes.js';
import {
  opaqueAttributeNumber,
  organizationalUnitLabels,
  parameterLabel,
  personalNameLabels,
  terminalTypeNumber,
} from './or-address-labels.js';
import {
  numericOrPrintable,
  type ExtensionAttribute,
  type NumericOrPrintable,
  type ORAddress,
  type PersonalName,
  type StandardAttributes,
} from './or-address.js';
import { parsePresentationAddress } from './presentation-address-text.js';

type Texts = ReadonlyMap<string, AttributeText>;

/** The members that have a value. */
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}

function nonEmpty<Value>(list: readonly Value[]): readonly Value[] | undefined {
  return list.length === 0 ? undefined : list;
}

function domain(text: string | undefined): NumericOrPrintable | undefined {
  return text === undefined ? undefined : numericOrPrintable(text);
}

function personalNameFrom(texts: readonly (string | undefined)[]): PersonalName | undefined {
  const [surname, givenName, initials, generationQualifier] = texts;
  const name = present({ surname, givenName, initials, generationQualifier });
  return Object.keys(name).length === 0 ? undefined : name;
}

/** A list in teletex stands beside the printable one entry by entry: up to its last teletex text, printable ones fill the gaps. */
function teletexList(list: readonly AttributeText[]): readonly string[] {
  const length = list.findLastIndex(({ teletex }) => teletex !== undefined) + 1;
  return list.slice(0, length).map(({ teletex, printable }) => teletex ?? printable ?? '');
}

function printableList(list: readonly AttributeText[]): readonly string[] {
  return list.flatMap(({ printable }) => (printable === undefined ? [] : [printable]));
}

/** The address that has just these attributes. Labels, texts and their combination have been checked by the caller. */
export function addressFrom(attributes: readonly AddressAttribute[]): ORAddress {
  const texts: Texts = new Map(attributes.map(({ label, value }) => [label, value]));
  const domainDefined = attributes.flatMap(({ type, value }) => (type === undefined ? [] : [{ type, value }]));
  return {
    standardAttributes: standardAttributesFrom(texts),
    ...present({
      domainDefinedAttributes: nonEmpty(
        domainDefined.flatMap(({ type: { printable: type }, value: { printable: value } }) =>
          type === undefined || value === undefined ? [] : [{ type, value }],
        ),
      ),
      extensionAttributes: nonEmpty([
        ...extensionAttributesFrom(texts, domainDefined),
        ...attributes.flatMap(({ label, value }) => {
          const number = opaqueAttributeNumber(label);
          return number === undefined ? [] : [{ type: number, value: fromHex(value.printable ?? '') }];
        }),
      ]),
    }),
  };
}

function standardAttributesFrom(texts: Texts): StandardAttributes {
  const printable = (label: string) => texts.get(label)?.printable;
  return present({
    countryName: domain(printable('C')),
    administrationDomainName: domain(printable('ADMD')),
    networkAddress: printable('X121'),
    terminalIdentifier: printable('T-ID'),
    privateDomainName: domain(printable('PRMD')),
    organizationName: printable('O'),
    numericUserIdentifier: printable('UA-ID'),
    personalName: personalNameFrom(personalNameLabels.map(printable)),
    organizationalUnitNames: nonEmpty(printableList(organizationalUnits(texts))),
  });
}

function organizationalUnits(texts: Texts): AttributeText[] {
  return organizationalUnitLabels.flatMap((label) => texts.get(label) ?? []);
}

function extensionAttributesFrom(
  texts: Texts,
  domainDefined: readonly { readonly type: AttributeText; readonly value: AttributeText }[],
): ExtensionAttribute[] {
  const made: ExtensionAttribute[] = [];
  const put = <Value>(kind: ExtensionAttributeKind<Value>, value: Value | undefined) => {
    if (value !== undefined) made.push(writeExtensionAttribute(kind, value));
  };
  const printable = (label: string) => texts.get(label)?.printable;
  const teletex = (label: string) => texts.get(label)?.teletex;
  put(commonName, printable('CN'));
  put(teletexCommonName, teletex('CN'));
  put(teletexOrganizationName, teletex('O'));
  put(teletexPersonalNameAttribute, personalNameFrom(teletexNameTexts(texts)));
  put(teletexOrganizationalUnitNames, nonEmpty(teletexList(organizationalUnits(texts))));
  put(teletexDomainDefinedAttributes, nonEmpty(teletexDomainDefined(domainDefined)));
  put(physicalDeliveryServiceName, printable('PD-SERVICE'));
  put(physicalDeliveryCountry, domain(printable('PD-C')));
  put(physicalDeliveryPostalCode, domain(printable('PD-CODE')));
  for (const kind of physicalDeliveryParameters) put(kind, texts.get(parameterLabel(kind.number)));
  const postal = texts.get('PD-ADDRESS');
  put(unformattedPostal, postal && present({ printableLines: postal.printable?.split('\n'), teletex: postal.teletex }));
  const number = printable('NET-NUM');
  const subAddress = printable('NET-SUB');
  put(
    extendedNetwork,
    number === undefined ? undefined : { kind: 'e164', value: { number, ...present({ subAddress }) } },
  );
  const presentationAddress = parsePresentationAddress(printable('NET-PSAP') ?? ' ');
  put(extendedNetwork, presentationAddress && { kind: 'psap', value: presentationAddress });
  put(terminalType, terminalTypeNumber(printable('T-TY') ?? ''));
  return made;
}

/** A teletex name has a surname: where only other parts are in teletex, the printable one (X.411 TeletexPersonalName). */
function teletexNameTexts(texts: Texts): readonly (string | undefined)[] {
  const teletexes = personalNameLabels.map((label) => texts.get(label)?.teletex);
  if (teletexes.every((text) => text === undefined)) return teletexes;
  const [surname, ...others] = teletexes;
  return [surname ?? texts.get('S')?.printable, ...others];
}

function teletexDomainDefined(
  list: readonly { readonly type: AttributeText; readonly value: AttributeText }[],
): { type: string; value: string }[] {
  const length = list.findLastIndex(({ type, value }) => type.teletex !== undefined || value.teletex !== undefined) + 1;
  return list.slice(0, length).map(({ type, value }) => ({
    type: type.teletex ?? type.printable ?? '',
    value: value.teletex ?? value.printable ?? '',
  }));
}

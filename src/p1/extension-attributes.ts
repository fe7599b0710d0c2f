/**
 * The values of the extension attributes of an O/R address (X.411, MTSAbstractService). They travel as they came and are read here when
 * somebody asks. The universal-* attributes 24..40 and unknown ones are not read: they are carried and compared as octets.
 */
import { DecodeError } from '../bytes/decode-error.js';
import { integer, numericString, octetString, printableString, teletexString } from '../asn1/simple-types.js';
import { choice, explicit, implicit, optional, sequence, sequenceOf, set, setOf } from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import { decode, encode, type Type, type ValueOf } from '../asn1/type.js';
import { physicalDeliveryCountryName, postalCode, type ExtensionAttribute, type ORAddress } from './or-address.js';

const teletexPersonalName = set('TeletexPersonalName', {
  surname: optional(implicit(context(0), teletexString({ min: 1, max: 40 }))),
  givenName: optional(implicit(context(1), teletexString({ min: 1, max: 16 }))),
  initials: optional(implicit(context(2), teletexString({ min: 1, max: 5 }))),
  generationQualifier: optional(implicit(context(3), teletexString({ min: 1, max: 3 }))),
});

const teletexDomainDefinedAttribute = sequence('TeletexDomainDefinedAttribute', {
  type: teletexString({ min: 1, max: 8 }),
  value: teletexString({ min: 1, max: 128 }),
});

const physicalDeliveryParameter = set('PDSParameter', {
  printable: optional(printableString({ min: 1, max: 30 })),
  teletex: optional(teletexString({ min: 1, max: 30 })),
});

const unformattedPostalAddress = set('UnformattedPostalAddress', {
  printableLines: optional(sequenceOf(printableString({ min: 1, max: 30 }), { min: 1, max: 6 })),
  teletex: optional(teletexString({ min: 1, max: 180 })),
});

const presentationAddress = sequence('PresentationAddress', {
  presentationSelector: optional(explicit(context(0), octetString())),
  sessionSelector: optional(explicit(context(1), octetString())),
  transportSelector: optional(explicit(context(2), octetString())),
  networkAddresses: explicit(context(3), setOf(octetString(), { min: 1 })),
});
export type PresentationAddress = ValueOf<typeof presentationAddress>;

const extendedNetworkAddress = choice('ExtendedNetworkAddress', {
  e164: sequence('E163-4Address', {
    number: implicit(context(0), numericString({ min: 1, max: 15 })),
    subAddress: optional(implicit(context(1), numericString({ min: 1, max: 40 }))),
  }),
  psap: implicit(context(0), presentationAddress),
});

/** One extension attribute that can be read: its number in X.411 and the type of its value. */
export interface ExtensionAttributeKind<Value> {
  readonly number: number;
  readonly type: Type<Value>;
}

function kind<Value>(number: number, type: Type<Value>): ExtensionAttributeKind<Value> {
  return { number, type };
}

export const commonName = kind(1, printableString({ min: 1, max: 64 }));
export const teletexCommonName = kind(2, teletexString({ min: 1, max: 64 }));
export const teletexOrganizationName = kind(3, teletexString({ min: 1, max: 64 }));
export const teletexPersonalNameAttribute = kind(4, teletexPersonalName);
export const teletexOrganizationalUnitNames = kind(
  5,
  sequenceOf(teletexString({ min: 1, max: 32 }), { min: 1, max: 4 }),
);
export const teletexDomainDefinedAttributes = kind(6, sequenceOf(teletexDomainDefinedAttribute, { min: 1, max: 4 }));
export const physicalDeliveryServiceName = kind(7, printableString({ min: 1, max: 16 }));
export const physicalDeliveryCountry = kind(8, physicalDeliveryCountryName);
export const physicalDeliveryPostalCode = kind(9, postalCode);
/** Attributes 10..15 and 17..21 are all one text in one or both repertoires. */
export const physicalDeliveryParameters: readonly ExtensionAttributeKind<ValueOf<typeof physicalDeliveryParameter>>[] =
  [10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21].map((number) => kind(number, physicalDeliveryParameter));
export const unformattedPostal = kind(16, unformattedPostalAddress);
export const extendedNetwork = kind(22, extendedNetworkAddress);
export const terminalType = kind(23, integer({ min: 0, max: 256 }));

const kinds: readonly ExtensionAttributeKind<unknown>[] = [
  commonName,
  teletexCommonName,
  teletexOrganizationName,
  teletexPersonalNameAttribute,
  teletexOrganizationalUnitNames,
  teletexDomainDefinedAttributes,
  physicalDeliveryServiceName,
  physicalDeliveryCountry,
  physicalDeliveryPostalCode,
  ...physicalDeliveryParameters,
  unformattedPostal,
  extendedNetwork,
  terminalType,
];
const kindsByNumber = new Map(kinds.map((entry) => [entry.number, entry]));

/** The value of an attribute, or undefined where the address has none, or one that is not as X.411 has it. */
export function readExtensionAttribute<Value>(
  address: ORAddress,
  { number, type }: ExtensionAttributeKind<Value>,
): Value | undefined {
  const attribute = address.extensionAttributes?.find((candidate) => candidate.type === number);
  return attribute === undefined ? undefined : valueOf(attribute, type);
}

function valueOf<Value>(attribute: ExtensionAttribute, type: Type<Value>): Value | undefined {
  try {
    return decode(type, attribute.value);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The attributes that readExtensionAttribute has no value for: unknown, universal-*, malformed, or a second one of its number. */
export function unreadExtensionAttributes(address: ORAddress): readonly ExtensionAttribute[] {
  const seen = new Set<number>();
  return (address.extensionAttributes ?? []).filter((attribute) => {
    const known = kindsByNumber.get(attribute.type);
    const first = !seen.has(attribute.type);
    seen.add(attribute.type);
    return known === undefined || !first || valueOf(attribute, known.type) === undefined;
  });
}

export function writeExtensionAttribute<Value>(
  { number, type }: ExtensionAttributeKind<Value>,
  value: Value,
): ExtensionAttribute {
  return { type: number, value: encode(type, value) };
}

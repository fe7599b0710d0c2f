/**
 * O/R addresses and O/R names (X.402 §18; X.411, MTSAbstractService): the types, which are also the values. Texts are held as they came, one
 * character an octet, PrintableString and TeletexString alike.
 */
import { any, numericString, integer, printableString } from '../asn1/simple-types.js';
import { sharing } from '../asn1/shared-values.js';
import {
  choice,
  explicit,
  implicit,
  optional,
  sequence,
  sequenceOf,
  set,
  setOf,
  type ChoiceValue,
} from '../asn1/structured-types.js';
import { application, context } from '../asn1/tag.js';
import type { Type, ValueOf } from '../asn1/type.js';

const domainNameOctetsMax = 16;

const countryChoice = choice('CountryName', {
  numeric: numericString({ min: 3, max: 3 }),
  printable: printableString({ min: 2, max: 2 }),
});
/** Before its tag is put on. */
export const administrationDomainChoice = choice('AdministrationDomainName', {
  numeric: numericString({ max: domainNameOctetsMax }),
  printable: printableString({ max: domainNameOctetsMax }),
});

export const countryName = explicit(application(1), countryChoice);
export const administrationDomainName = explicit(application(2), administrationDomainChoice);
/** Its tag differs with the place: none in a global domain identifier, [2] in an address. */
export const privateDomainName = choice('PrivateDomainName', {
  numeric: numericString({ min: 1, max: domainNameOctetsMax }),
  printable: printableString({ min: 1, max: domainNameOctetsMax }),
});
export const postalCode = choice('PostalCode', {
  numeric: numericString({ min: 1, max: 16 }),
  printable: printableString({ min: 1, max: 16 }),
});
/** Without the [APPLICATION 1] of countryName. */
export const physicalDeliveryCountryName = countryChoice;

/** `kind` numeric or printable: two spellings that are equal in every comparison. */
export type NumericOrPrintable = ChoiceValue<{ numeric: Type<string>; printable: Type<string> }>;

/** X.411 demands a surname; names without one are met in the field and carried. */
const personalName = set('PersonalName', {
  surname: optional(implicit(context(0), printableString({ min: 1, max: 40 }))),
  givenName: optional(implicit(context(1), printableString({ min: 1, max: 16 }))),
  initials: optional(implicit(context(2), printableString({ min: 1, max: 5 }))),
  generationQualifier: optional(implicit(context(3), printableString({ min: 1, max: 3 }))),
});
export type PersonalName = ValueOf<typeof personalName>;

const standardAttributes = sequence('BuiltInStandardAttributes', {
  countryName: optional(countryName),
  /** Empty and one space are the same: any ADMD. */
  administrationDomainName: optional(administrationDomainName),
  /** X.121. */
  networkAddress: optional(implicit(context(0), numericString({ min: 1, max: 16 }))),
  terminalIdentifier: optional(implicit(context(1), printableString({ min: 1, max: 24 }))),
  privateDomainName: optional(explicit(context(2), privateDomainName)),
  organizationName: optional(implicit(context(3), printableString({ min: 1, max: 64 }))),
  numericUserIdentifier: optional(implicit(context(4), numericString({ min: 1, max: 32 }))),
  personalName: optional(implicit(context(5), personalName)),
  /** Most significant first. */
  organizationalUnitNames: optional(
    implicit(context(6), sequenceOf(printableString({ min: 1, max: 32 }), { min: 1, max: 4 })),
  ),
});
export type StandardAttributes = ValueOf<typeof standardAttributes>;

const domainDefinedAttribute = sequence('BuiltInDomainDefinedAttribute', {
  type: printableString({ min: 1, max: 8 }),
  value: printableString({ min: 1, max: 128 }),
});
export type DomainDefinedAttribute = ValueOf<typeof domainDefinedAttribute>;

export const domainDefinedAttributesMax = 4;

const domainDefinedAttributes = sequenceOf(domainDefinedAttribute, { min: 1, max: domainDefinedAttributesMax });

/** The value stays a complete encoding; extension-attributes.ts reads it. */
const extensionAttribute = sequence('ExtensionAttribute', {
  type: implicit(context(0), integer({ min: 0, max: 256 })),
  value: explicit(context(1), any),
});
export type ExtensionAttribute = ValueOf<typeof extensionAttribute>;

const extensionAttributes = setOf(extensionAttribute, { min: 1, max: 256 });

/** Tag SEQUENCE: extension 13 has it so (X.411 ORAddress). */
export const orAddress = sequence('ORAddress', {
  standardAttributes,
  domainDefinedAttributes: optional(domainDefinedAttributes),
  extensionAttributes: optional(extensionAttributes),
});
export type ORAddress = ValueOf<typeof orAddress>;

/** An O/R name before its tag is put on; some places replace it (X.411 PerRecipientReportTransferFields). */
export const orNameMembers = sharing(
  sequence('ORName', {
    standardAttributes,
    domainDefinedAttributes: optional(domainDefinedAttributes),
    extensionAttributes: optional(extensionAttributes),
    /** The complete encoding of an X.501 Name. */
    directoryName: optional(explicit(context(0), any)),
  }),
);

export const orName = implicit(application(0), orNameMembers);
/** An address, a directory name, or both. */
export type ORName = ValueOf<typeof orName>;

/** Whether a name has an O/R address at all, as every name in a report must. */
export function hasAddress(name: ORAddress): boolean {
  return (
    Object.keys(name.standardAttributes).length > 0 ||
    (name.domainDefinedAttributes ?? []).length > 0 ||
    (name.extensionAttributes ?? []).length > 0
  );
}

/** Text for comparison: no spaces at the ends, one between words, one case (RFC 2156 §4.3.5). */
export function normalizedText(text: string): string {
  return text.replace(/ +/g, ' ').replace(/^ | $/g, '').toUpperCase();
}

/** NumericString where the text is all digits, PrintableString otherwise. */
export function numericOrPrintable(text: string): NumericOrPrintable {
  return { kind: /^\d+$/.test(text) ? 'numeric' : 'printable', value: text };
}

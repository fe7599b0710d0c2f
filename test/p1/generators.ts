import fc from 'fast-check';
import { encode } from '../../src/asn1/type.js';
import { universalString } from '../../src/asn1/simple-types.js';
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
} from '../../src/p1/extension-attributes.js';
import { numericOrPrintable, type ORAddress, type StandardAttributes } from '../../src/p1/or-address.js';

const printableUnit = fc.constantFrom(...Array.from(`ABYZabyz0189'()+,-./:=?`));
const numericUnit = fc.constantFrom(...Array.from('0123456789'));
/** Letters and what escapes must be made for. */
const teletexUnit = fc.constantFrom(...Array.from('Az9*{}/;=$|\u00a5\u00fc'));

/** Words of one repertoire with single spaces between, so that comparison keeps them apart. */
function words(unit: fc.Arbitrary<string>, max: number): fc.Arbitrary<string> {
  return fc
    .tuple(unit, fc.string({ unit: fc.oneof(unit, fc.constant(' ')), maxLength: max - 1 }))
    .map(([first, rest]) => (first + rest).replace(/ +/g, ' ').trimEnd());
}

export const printable = (max: number) => words(printableUnit, max);
export const numeric = (max: number) => fc.string({ unit: numericUnit, minLength: 1, maxLength: max });
const teletex = (max: number) => words(teletexUnit, max);

/** All members optional, none present as undefined. */
function some<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

const domainName = (max: number) => fc.oneof(numeric(max), printable(max)).map(numericOrPrintable);

const personalNames = (text: (max: number) => fc.Arbitrary<string>) =>
  fc.record(
    { surname: text(40), givenName: text(16), initials: text(5), generationQualifier: text(3) },
    { requiredKeys: ['surname'] },
  );

const standardAttributesArbitrary: fc.Arbitrary<StandardAttributes> = some({
  countryName: fc.oneof(
    fc.string({ unit: numericUnit, minLength: 3, maxLength: 3 }).map(numericOrPrintable),
    fc.constantFrom('GB', 'DE', 'us').map(numericOrPrintable),
  ),
  administrationDomainName: fc.oneof(fc.constant(numericOrPrintable(' ')), domainName(16)),
  networkAddress: numeric(16),
  terminalIdentifier: printable(24),
  privateDomainName: domainName(16),
  organizationName: printable(64),
  numericUserIdentifier: numeric(32),
  personalName: personalNames(printable),
  organizationalUnitNames: fc.array(printable(32), { minLength: 1, maxLength: 4 }),
});

function attribute<Value>(kind: ExtensionAttributeKind<Value>, value: fc.Arbitrary<Value>) {
  return value.map((drawn) => writeExtensionAttribute(kind, drawn));
}

const texts = fc.oneof(
  fc.record({ printable: printable(30) }),
  fc.record({ teletex: teletex(30) }),
  fc.record({ printable: printable(30), teletex: teletex(30) }),
);

const extensionAttributeArbitrary = fc.oneof(
  attribute(commonName, printable(64)),
  attribute(teletexCommonName, teletex(64)),
  attribute(teletexOrganizationName, teletex(64)),
  attribute(teletexPersonalNameAttribute, personalNames(teletex)),
  attribute(teletexOrganizationalUnitNames, fc.array(teletex(32), { minLength: 1, maxLength: 4 })),
  attribute(
    teletexDomainDefinedAttributes,
    fc.array(fc.record({ type: teletex(8), value: teletex(128) }), { minLength: 1, maxLength: 4 }),
  ),
  attribute(physicalDeliveryServiceName, printable(16)),
  attribute(physicalDeliveryCountry, fc.constantFrom('GB', 'FR').map(numericOrPrintable)),
  attribute(physicalDeliveryPostalCode, domainName(16)),
  fc.constantFrom(...physicalDeliveryParameters).chain((kind) => attribute(kind, texts)),
  attribute(
    unformattedPostal,
    fc.oneof(
      fc.record({ printableLines: fc.array(printable(30), { minLength: 1, maxLength: 6 }) }),
      fc.record({ teletex: teletex(180) }),
    ),
  ),
  attribute(
    extendedNetwork,
    fc.oneof(
      fc
        .record({ number: numeric(15), subAddress: numeric(40) }, { requiredKeys: ['number'] })
        .map((value) => ({ kind: 'e164' as const, value })),
      fc
        .record({ transportSelector: fc.uint8Array({ minLength: 1, maxLength: 4 }) }, { requiredKeys: [] })
        .map((selector) => ({
          kind: 'psap' as const,
          value: { ...selector, networkAddresses: [Uint8Array.of(0x49, 1)] },
        })),
    ),
  ),
  attribute(terminalType, fc.integer({ min: 0, max: 256 })),
  fc.record({ type: fc.integer({ min: 24, max: 40 }), value: fc.constant(encode(universalString(), '\u4e2d')) }),
);

const extensionAttributesArbitrary = fc.uniqueArray(extensionAttributeArbitrary, {
  minLength: 1,
  maxLength: 5,
  selector: ({ type }) => type,
});

const domainDefinedArbitrary = fc.array(fc.record({ type: printable(8), value: printable(128) }), {
  minLength: 1,
  maxLength: 4,
});

/** Addresses with at least one attribute, within the bounds of X.411. */
export function addresses(): fc.Arbitrary<ORAddress> {
  return fc
    .record(
      {
        standardAttributes: standardAttributesArbitrary,
        domainDefinedAttributes: domainDefinedArbitrary,
        extensionAttributes: extensionAttributesArbitrary,
      },
      { requiredKeys: ['standardAttributes'] },
    )
    .map((address) =>
      Object.keys(address.standardAttributes).length > 0
        ? address
        : { ...address, standardAttributes: { countryName: numericOrPrintable('GB') } },
    );
}

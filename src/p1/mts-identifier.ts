/** MTS identifiers as text (RFC 2156): `[/PRMD=ALPHA/ADMD= /C=GB/;local-identifier]`. */
import { rememberingShared } from '../asn1/shared-values.js';
import { AddressTextError } from './address-text-error.js';
import type { GlobalDomainIdentifier, MTSIdentifier } from './common-types.js';
import { normalizedText, type ORAddress } from './or-address.js';
import { parseORAddress, printORAddressWithSlashes } from './or-address-text.js';

function domainAddress(domain: GlobalDomainIdentifier): ORAddress {
  const { countryName, administrationDomainName, privateDomainIdentifier } = domain;
  return {
    standardAttributes: {
      countryName,
      administrationDomainName,
      ...(privateDomainIdentifier === undefined ? {} : { privateDomainName: privateDomainIdentifier }),
    },
  };
}

export const printGlobalDomainIdentifier = rememberingShared((domain: GlobalDomainIdentifier) =>
  printORAddressWithSlashes(domainAddress(domain)),
);

export function printMtsIdentifier(identifier: MTSIdentifier): string {
  return `[${printGlobalDomainIdentifier(identifier.globalDomainIdentifier)};${identifier.localIdentifier}]`;
}

/** The domain part ends with the first slash before a `;`; a slash or `;` behind `$` is part of a value. */
const domainAndLocal = /^\[((?:\/(?:[^$/]|\$.)*)+?\/);(.*)\]$/s;

/** Throws AddressTextError. */
export function parseMtsIdentifier(text: string): MTSIdentifier {
  const [, domain, localIdentifier] = domainAndLocal.exec(text.trim()) ?? [];
  if (domain === undefined || localIdentifier === undefined || localIdentifier === '') {
    throw new AddressTextError(text, 0, text, 'an identifier such as [/PRMD=ALPHA/ADMD= /C=GB/;local-identifier]');
  }
  return { globalDomainIdentifier: parseGlobalDomainIdentifier(domain), localIdentifier };
}

/** From either written form of an address that has nothing but C, ADMD and PRMD. Throws AddressTextError. */
export function parseGlobalDomainIdentifier(text: string): GlobalDomainIdentifier {
  const address = parseORAddress(text);
  const { countryName, administrationDomainName, privateDomainName, ...others } = address.standardAttributes;
  const surplus =
    Object.keys(others).length > 0 ||
    address.domainDefinedAttributes !== undefined ||
    address.extensionAttributes !== undefined;
  if (countryName === undefined || administrationDomainName === undefined || surplus) {
    throw new AddressTextError(text, 0, text, 'C, ADMD and perhaps PRMD, nothing else');
  }
  return {
    countryName,
    administrationDomainName,
    ...(privateDomainName === undefined ? {} : { privateDomainIdentifier: privateDomainName }),
  };
}

/** Equal for equal domains: numeric and printable spellings, case and surplus spaces do not count. */
export const globalDomainKey = rememberingShared((domain: GlobalDomainIdentifier) => {
  const { countryName, administrationDomainName, privateDomainIdentifier } = domain;
  return [countryName, administrationDomainName, privateDomainIdentifier]
    .map((name) => normalizedText(name?.value ?? ''))
    .join('\n');
});

export function sameGlobalDomain(a: GlobalDomainIdentifier, b: GlobalDomainIdentifier): boolean {
  return globalDomainKey(a) === globalDomainKey(b);
}

/** Equal for equal identifiers; local identifiers are compared exactly, no relay changes them (P1-020). */
export function mtsIdentifierKey(identifier: MTSIdentifier): string {
  return `${globalDomainKey(identifier.globalDomainIdentifier)}\n${identifier.localIdentifier}`;
}

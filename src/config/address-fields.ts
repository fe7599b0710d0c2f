/** O/R addresses and patterns of them as members of a site file: read where they stand, so that a fault is reported there. */
import { z } from 'zod';
import { AddressTextError } from '../p1/address-text-error.js';
import { parseAddressPattern } from '../p1/or-address-pattern.js';
import type { AddressPattern } from '../p1/or-address-pattern.js';
import { parseORAddress, printAttributes } from '../p1/or-address-text.js';
import type { GlobalDomain } from './site.js';

function addressText<Value>(expected: string, read: (text: string) => Value, description: string) {
  return z
    .string(expected)
    .transform((text, context): Value => {
      try {
        return read(text);
      } catch (error) {
        if (!(error instanceof AddressTextError)) throw error;
        const { position, found, expected: wanted } = error;
        context.addIssue(
          `${expected}: at character ${position + 1} ${wanted} instead of ${found === '' ? 'the end' : JSON.stringify(found)}`,
        );
        return z.NEVER;
      }
    })
    .describe(description);
}

export function address(description: string) {
  return addressText('an O/R address such as C=GB;ADMD= ;PRMD=ACME;S=Smith;G=Jane', parseORAddress, description);
}

export function addressPattern(description: string) {
  return addressText('attributes of an O/R address such as C=GB;ADMD= ;PRMD=ACME', parseAddressPattern, description);
}

/** Every address in the domain. */
export function globalDomainPattern({ country, admd, prmd }: GlobalDomain): AddressPattern {
  return parseAddressPattern(
    printAttributes([
      { label: 'C', value: { printable: country } },
      { label: 'ADMD', value: { printable: admd } },
      ...(prmd === undefined ? [] : [{ label: 'PRMD', value: { printable: prmd } }]),
    ]),
  );
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressTextError } from '../../src/p1/address-text-error.js';
import {
  mtsIdentifierKey,
  parseGlobalDomainIdentifier,
  parseMtsIdentifier,
  printGlobalDomainIdentifier,
  printMtsIdentifier,
  sameGlobalDomain,
} from '../../src/p1/mts-identifier.js';
import { mtsIdentifiers } from './envelope-generators.js';

describe('MTS identifiers as text', () => {
  it('writes and reads the form of RFC 2156', () => {
    const text = '[/PRMD=ALPHA/ADMD= /C=GB/;a.test.068:22.10.26]';
    const identifier = parseMtsIdentifier(text);
    expect(identifier).toEqual({
      globalDomainIdentifier: {
        countryName: { kind: 'printable', value: 'GB' },
        administrationDomainName: { kind: 'printable', value: ' ' },
        privateDomainIdentifier: { kind: 'printable', value: 'ALPHA' },
      },
      localIdentifier: 'a.test.068:22.10.26',
    });
    expect(printMtsIdentifier(identifier)).toBe(text);
  });

  it.each(['', '[]', '[/C=GB/;]', '/C=GB/;x', '[/C=GB/x]', '[/S=x/C=GB/;x]', '[/P=x/;x]'])('refuses "%s"', (text) => {
    expect(() => parseMtsIdentifier(text)).toThrow(AddressTextError);
  });

  it('takes the local identifier from the first end of the domain on, whatever it holds', () => {
    expect(parseMtsIdentifier('[/ADMD=A/C=GB/;/;!]').localIdentifier).toBe('/;!');
  });

  it('reads back whatever it writes, and keys are equal for equal identifiers only (P1-020)', () => {
    fc.assert(
      fc.property(mtsIdentifiers, mtsIdentifiers, (a, b) => {
        const again = parseMtsIdentifier(printMtsIdentifier(a));
        expect(mtsIdentifierKey(again)).toBe(mtsIdentifierKey(a));
        expect(printMtsIdentifier(again)).toBe(printMtsIdentifier(a));
        const equal =
          a.localIdentifier === b.localIdentifier &&
          sameGlobalDomain(a.globalDomainIdentifier, b.globalDomainIdentifier);
        expect(mtsIdentifierKey(a) === mtsIdentifierKey(b)).toBe(equal);
      }),
      { numRuns: 100 },
    );
  });

  it('tells domains from addresses and compares them like addresses', () => {
    const alpha = parseGlobalDomainIdentifier('C=GB;ADMD= ;PRMD=ALPHA');
    expect(printGlobalDomainIdentifier(alpha)).toBe('/PRMD=ALPHA/ADMD= /C=GB/');
    expect(sameGlobalDomain(alpha, parseGlobalDomainIdentifier('/P=alpha/C=gb/'))).toBe(true);
    expect(sameGlobalDomain(alpha, parseGlobalDomainIdentifier('C=GB;PRMD=BETA'))).toBe(false);
    expect(() => parseGlobalDomainIdentifier('C=GB;A= ;P=ALPHA;O=x')).toThrow(/nothing else/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressTextError } from '../../src/p1/address-text-error.js';
import { addressKey, sameAddress } from '../../src/p1/or-address-matching.js';
import { matchesPattern, parseAddressPattern } from '../../src/p1/or-address-pattern.js';
import { parseORAddress, printORAddress } from '../../src/p1/or-address-text.js';
import { hasAddress, type ORAddress } from '../../src/p1/or-address.js';
import { addresses } from './generators.js';

function same(a: string, b: string): boolean {
  return sameAddress(parseORAddress(a), parseORAddress(b));
}

describe('comparison of O/R addresses', () => {
  it('ignores case, spaces at the ends and runs of spaces (P1-033)', () => {
    expect(same('C=GB;A=x;P=ACME Ltd;S=Smith', 'c=gb;a=X;p= acme   LTD ;s=SMITH')).toBe(true);
    expect(same('C=GB;S=Smith', 'C=GB;S=Smyth')).toBe(false);
    expect(same('C=GB;S=Smith', 'C=GB;S=Smith;G=Anna')).toBe(false);
  });

  it('takes numeric and printable spellings of a domain for equal (P1-033)', () => {
    const printable: ORAddress = { standardAttributes: { countryName: { kind: 'printable', value: '234' } } };
    const numeric: ORAddress = { standardAttributes: { countryName: { kind: 'numeric', value: '234' } } };
    expect(sameAddress(printable, numeric)).toBe(true);
  });

  it.each(['', ' ', '  '])('takes the ADMD "%s" and an absent one for equal (P1-034)', (value) => {
    const blank: ORAddress = {
      standardAttributes: { administrationDomainName: { kind: 'printable', value }, organizationName: 'x' },
    };
    expect(sameAddress(blank, { standardAttributes: { organizationName: 'x' } })).toBe(true);
    expect(sameAddress(blank, parseORAddress('ADMD=TELE;O=x'))).toBe(false);
  });

  it('lets the printable text decide where there is a teletex one as well', () => {
    expect(same('C=GB;CN=a*{228}', 'C=GB;CN=a')).toBe(true);
    expect(same('C=GB;CN=*{228}', 'C=GB;CN=*{229}')).toBe(false);
  });

  it('minds the order of units and domain-defined attributes', () => {
    expect(same('C=GB;OU1=a;OU2=b', 'C=GB;OU1=b;OU2=a')).toBe(false);
    expect(same('C=GB;DDA:a=1;DDA:b=2', 'C=GB;DDA:b=2;DDA:a=1')).toBe(false);
  });

  it('says whether a name has an address at all', () => {
    expect(hasAddress({ standardAttributes: {} })).toBe(false);
    expect(hasAddress(parseORAddress('DDA:a=1'))).toBe(true);
  });
});

describe('address patterns', () => {
  const anna = addressKey(parseORAddress('C=GB;ADMD= ;PRMD=ALPHA;O=Sales;OU1=North;S=Smith;G=Anna;DDA:x=1;DDA:y=2'));

  it.each([
    ['C=GB;ADMD= ;PRMD=ALPHA', 3, true],
    ['c=gb;a=;p=alpha', 3, true],
    ['C=GB;P=ALPHA', 2, true],
    ['C=GB', 1, true],
    ['/OU=North/O=Sales/P=ALPHA/C=GB/', 4, true],
    ['DDA:y=2', 1, true],
    ['C=GB;ADMD=TELE', 2, false],
    ['C=GB;P=ALPHA;O=Sales;OU1=South', 4, false],
    ['DDA:y=1', 1, false],
  ])('asks for every attribute of %s and no other (P1-033)', (text, specificity, expected) => {
    const pattern = parseAddressPattern(text);
    expect(pattern.specificity).toBe(specificity);
    expect(matchesPattern(pattern, anna)).toBe(expected);
  });

  it('adds no ADMD of its own', () => {
    expect(parseAddressPattern('C=GB;PRMD=ALPHA').text).toBe('C=GB;PRMD=ALPHA');
    expect(matchesPattern(parseAddressPattern('C=GB'), addressKey(parseORAddress('C=GB;A=TELE;S=x')))).toBe(true);
    expect(matchesPattern(parseAddressPattern('C=GB;A= '), addressKey(parseORAddress('C=GB;A=TELE;S=x')))).toBe(false);
  });

  it('refuses what is no set of attributes', () => {
    for (const text of ['', 'beta', 'C=GB;XX=1']) expect(() => parseAddressPattern(text)).toThrow(AddressTextError);
  });

  it('finds every address with its own attributes as the pattern', () => {
    fc.assert(
      fc.property(addresses(), (address) => {
        const pattern = parseAddressPattern(printORAddress(address));
        expect(matchesPattern(pattern, addressKey(address))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

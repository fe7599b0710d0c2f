import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, faultsOf } from '../../src/asn1/type.js';
import { AddressTextError } from '../../src/p1/address-text-error.js';
import { sameAddress } from '../../src/p1/or-address-matching.js';
import { parseORAddress, printORAddress, printORAddressWithSlashes } from '../../src/p1/or-address-text.js';
import { orAddress, type ORAddress } from '../../src/p1/or-address.js';
import { addresses } from './generators.js';

function standard(text: string) {
  return parseORAddress(text).standardAttributes;
}

function failure(text: string): AddressTextError {
  try {
    parseORAddress(text);
  } catch (error) {
    if (error instanceof AddressTextError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}

describe('O/R addresses as text', () => {
  it('reads the labelled form with the ADMD of one space intact (P1-034)', () => {
    expect(parseORAddress('C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna')).toEqual({
      standardAttributes: {
        countryName: { kind: 'printable', value: 'GB' },
        administrationDomainName: { kind: 'printable', value: ' ' },
        privateDomainName: { kind: 'printable', value: 'ALPHA' },
        personalName: { surname: 'Smith', givenName: 'Anna' },
      },
    });
  });

  it('prints the labelled form most significant first, whatever the order it was read in', () => {
    const text = 'C=GB;ADMD= ;PRMD=ALPHA;O=Sales;OU1=North;OU2=York;S=Smith;G=Anna;I=BC;Q=II;CN=Anna Smith;DDA:T=v';
    expect(printORAddress(parseORAddress(text))).toBe(text);
    expect(
      printORAddress(
        parseORAddress(
          'DDA:T=v; cn=Anna Smith; Q=II; I=BC; G=Anna; S=Smith; OU2=York; OU1=North; O=Sales; P=ALPHA; A= ; C=GB',
        ),
      ),
    ).toBe(text);
  });

  it('reads the slash form, repeated OU most significant at the right (RFC 2156 §4.1)', () => {
    const address = parseORAddress('/G=Jane/S=Smith/OU=York/OU=North/O=Sales/PRMD=ACME/ADMD= /C=GB/');
    expect(printORAddress(address)).toBe('C=GB;ADMD= ;PRMD=ACME;O=Sales;OU1=North;OU2=York;S=Smith;G=Jane');
    expect(printORAddressWithSlashes(address)).toBe('/G=Jane/S=Smith/OU=York/OU=North/O=Sales/PRMD=ACME/ADMD= /C=GB/');
  });

  it('takes A for ADMD, P for PRMD, OU for the only unit, Q for GQ, in any case', () => {
    expect(
      sameAddress(parseORAddress('c=GB;a=X;p=Y;ou=Z;s=S;gq=II'), parseORAddress('C=GB;ADMD=X;PRMD=Y;OU1=Z;S=S;Q=II')),
    ).toBe(true);
  });

  it.each(['C=GB;P=X;S=Y', 'C=GB;A=;P=X;S=Y', 'C=GB;A= ;P=X;S=Y', '/S=Y/P=X/C=GB/', 'C=GB;ADMD=   ;P=X;S=Y'])(
    'gives %j the ADMD of one space (P1-034)',
    (text) => {
      expect(standard(text).administrationDomainName).toEqual({ kind: 'printable', value: ' ' });
    },
  );

  it('makes domain names of digits NumericString', () => {
    expect(standard('C=234;ADMD=9;PRMD=5X;S=Y')).toMatchObject({
      countryName: { kind: 'numeric', value: '234' },
      administrationDomainName: { kind: 'numeric', value: '9' },
      privateDomainName: { kind: 'printable', value: '5X' },
    });
  });

  it('undoes doubled separators and dollar escapes', () => {
    expect(standard('C=GB;O=a/b=c').organizationName).toBe('a/b=c');
    expect(standard('/O=a$/b$=c/C=GB/').organizationName).toBe('a/b=c');
    expect(standard('/O=a//b/C=GB').organizationName).toBe('a/b');
    expect(standard('C=GB;O=a;;b').organizationName).toBe('a;b');
    expect(printORAddressWithSlashes(parseORAddress('C=GB;O=a/b=c'))).toBe('/O=a$/b$=c/ADMD= /C=GB/');
  });

  it('mixes slashes and semicolons in the slash form (RFC 2156 §4.1)', () => {
    expect(printORAddress(parseORAddress('/S=Y;P=X/A=T;C=GB/'))).toBe('C=GB;ADMD=T;PRMD=X;S=Y');
  });

  it.each([
    'DDA:RFC-822=tom(u)h(a)cs.example.org',
    'DD:RFC-822=tom(u)h(a)cs.example.org',
    'DD1.RFC-822=tom(u)h(a)cs.example.org',
  ])('reads the domain-defined attribute %s', (text) => {
    expect(parseORAddress(`C=GB;A= ;P=ACME;O=gw;${text}`).domainDefinedAttributes).toEqual([
      { type: 'RFC-822', value: 'tom(u)h(a)cs.example.org' },
    ]);
  });

  it('reads /RFC-822=…/ and doubled or escaped = in the type of a domain-defined attribute', () => {
    expect(parseORAddress('/RFC-822=x(a)y/C=GB/').domainDefinedAttributes).toEqual([
      { type: 'RFC-822', value: 'x(a)y' },
    ]);
    expect(parseORAddress('C=GB;DDA:a==b=c').domainDefinedAttributes).toEqual([{ type: 'a=b', value: 'c' }]);
    expect(parseORAddress('/DD.a$=b=c/C=GB/').domainDefinedAttributes).toEqual([{ type: 'a=b', value: 'c' }]);
    const awkward: ORAddress = { standardAttributes: {}, domainDefinedAttributes: [{ type: 'a=', value: '=c' }] };
    expect(parseORAddress(printORAddress(awkward))).toEqual(awkward);
    expect(parseORAddress(printORAddressWithSlashes(awkward))).toEqual(awkward);
  });

  it.each([
    ['Ann.B.C.Lee', { givenName: 'Ann', initials: 'BC', surname: 'Lee' }],
    ['A.Lee', { initials: 'A', surname: 'Lee' }],
    ['Lee', { surname: 'Lee' }],
    ['Ann.Mc.Donald', { givenName: 'Ann', surname: 'Mc.Donald' }],
  ])('splits the personal name PN=%s', (text, name) => {
    expect(standard(`C=GB;PN=${text}`).personalName).toEqual(name);
  });

  it('reads and writes teletex texts beside printable ones and alone', () => {
    const address = parseORAddress('C=GB;CN=yen*{165};O=*M{252}ller;S=Mueller*M{252}ller;G=Jo');
    expect(address.extensionAttributes?.map(({ type }) => type)).toEqual([1, 2, 3, 4]);
    expect(printORAddress(address)).toBe('C=GB;ADMD= ;O=*M{252}ller;S=Mueller*M{252}ller;G=Jo;CN=yen*{165}');
    expect(printORAddress(parseORAddress('C=GB;CN=*plain'))).toBe('C=GB;ADMD= ;CN=plain');
    expect(standard('C=GB;O={064065}B').organizationName).toBe('@AB');
  });

  it('reads every further label of RFC 2156', () => {
    const text =
      'C=GB;ADMD= ;X121=23421920;T-ID=ab;UA-ID=77;T-TY=g3fax;NET-NUM=441223;NET-SUB=9;PD-SERVICE=svc;PD-C=GB;PD-CODE=CB2;' +
      'PD-OFFICE=a;PD-OFFICE-NUM=b;PD-EXT-ADDRESS=c;PD-PN=d;PD-O=e;PD-EXT-DELIVERY=f;PD-ADDRESS=g|h;PD-STREET=i;PD-BOX=j;' +
      'PD-RESTANTE=k;PD-UNIQUE=l;PD-LOCAL=m';
    const address = parseORAddress(text);
    expect(printORAddress(address)).toBe(text);
    expect(address.extensionAttributes?.map(({ type }) => type)).toEqual([
      7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 16, 22, 23,
    ]);
    const aliases =
      'C=GB;X.121=23421920;T-ID=ab;N-ID=77;T-TY=5;ISDN=441223;NET-SUB=9;PD-SN=svc;PD-C=GB;PD-PC=CB2;PD-OF=a;PD-OFN=b;' +
      'PD-EA=c;PD-PN=d;PD-O=e;PD-ED=f;PD-A2=h;PD-A1=g;PD-S=i;PD-B=j;PD-R=k;PD-U=l;PD-L=m';
    expect(sameAddress(parseORAddress(aliases), address)).toBe(true);
  });

  it('reads and writes a presentation address', () => {
    expect(printORAddress(parseORAddress('C=GB;ADMD= ;NET-PSAP=/'))).toBe('C=GB;ADMD= ;NET-PSAP=/');
    const text = `C=GB;ADMD= ;NET-PSAP="P"/'00ff'H/NS+490011_NS+3600`;
    expect(printORAddress(parseORAddress(text))).toBe(text);
  });

  it.each([
    ['C=GB;XX=1;S=Y', 5, 'XX', /one of C, ADMD/],
    ['C=GB;S', 5, 'S', /"=" and a value/],
    ['C=GB;S=', 7, '', /a value/],
    ['C=GB;O=a_b;S=Y', 8, '_', /PrintableString/],
    ['C=GB;UA-ID=12a', 11, '12a', /digits/],
    ['C=GB;G=Anna', 5, 'G', /S as well/],
    ['C=GB;C=DE', 5, 'C', /only once/],
    ['C=GB;OU2=x', 5, 'OU2', /OU1 as well/],
    ['C=GB;OU=x;OU=y', 10, 'OU', /OU1 to OU4/],
    ['C=GB;OU1=x;OU=y', 11, 'OU', /throughout/],
    ['C=GB;Q=VIII;S=x', 7, 'VIII', /at most 3 characters/],
    ['C=GB;T-TY=fax', 10, 'fax', /g3fax/],
    ['C=GB;PN=.x', 8, '.x', /Anna/],
    [`C=GB;PN=${'S'.repeat(41)}`, 8, 'S'.repeat(41), /S has at most 40 characters/],
    [`C=GB;PN=${'G'.repeat(17)}.Smith`, 8, `${'G'.repeat(17)}.Smith`, /G has at most 16 characters/],
    ['C=GB;PN=Anna.a.b.c.d.e.f.Smith', 8, 'Anna.a.b.c.d.e.f.Smith', /I has at most 5 characters/],
    ['C=GB;EXT24=30', 11, '30', /BER encoding/],
    ['C=GB;CN={999}', 8, '{999}', /000 to 255/],
    ['C=GB;NET-SUB=1', 5, 'NET-SUB', /NET-NUM as well/],
    ['C=GB;NET-PSAP=x', 14, 'x', /NS\+/],
    ['C=GB;OU1=*{252};OU2=x', 16, 'OU2', /printable text in the ones before/],
    ['C=GB;PD-ADDRESS=a||b', 5, 'PD-ADDRESS', /six lines/],
    ['C=GB;DDA:a=1;DDA:b=1;DDA:c=1;DDA:d=1;DDA:e=1', 37, 'DDA', /at most four/],
    ['', 0, '', /an address such as/],
  ])('says of %j where it goes wrong and what was expected', (text, position, found, expected) => {
    expect(failure(text)).toMatchObject({ position, found });
    expect(failure(text).expected).toMatch(expected);
    expect(failure(text).message).toContain(`"${text}"`);
  });

  it('reads back whatever it prints, in both forms (P1-035)', () => {
    fc.assert(
      fc.property(addresses(), (address) => {
        for (const print of [printORAddress, printORAddressWithSlashes]) {
          const again = parseORAddress(print(address));
          expect(sameAddress(again, address)).toBe(true);
          expect(print(parseORAddress(print(again)))).toBe(print(again));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('makes addresses that keep the bounds of X.411, and reads nothing but addresses out of any text', () => {
    fc.assert(
      fc.property(addresses(), (address) => {
        const made = parseORAddress(printORAddress(address));
        expect(faultsOf(orAddress, made)).toEqual([]);
        expect(decode(orAddress, encode(orAddress, made))).toEqual(made);
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('C=GB;/ADMPOUSN*{}0$|"\'+_: ')), maxLength: 40 }),
        (text) => {
          try {
            parseORAddress(text);
          } catch (error) {
            expect(error).toBeInstanceOf(AddressTextError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

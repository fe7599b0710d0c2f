import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitString } from '../../src/asn1/bit-string.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex } from '../../src/bytes/octets.js';
import {
  decodeAbort,
  decodeCp,
  decodeCpa,
  decodeCpr,
  encodeAbort,
  encodeCp,
  encodeCpa,
  encodeCpr,
} from '../../src/presentation/codec.js';
import type { Abort, Cp, Cpa, Cpr, PdvList, UserData } from '../../src/presentation/pdu.js';
import { abortEvents, abortReasons, abortText } from '../../src/presentation/reasons.js';
import { arbitraryDamage, arbitraryTree, berTreeOctets } from '../asn1/arbitrary-ber.js';

const encoding = arbitraryTree.map(berTreeOctets);
const number = fc.integer({ min: 1, max: 70_000 });
const syntax = fc.constantFrom('2.1.1', '2.2.1.0.1', '2.6.0.2.12', '1.3.6.1.4.1');
const selector = fc.uint8Array({ maxLength: 16 });
const protocolVersion = fc.uniqueArray(fc.nat(3)).map((bits) => BitString.of(bits));

const pdvList: fc.Arbitrary<PdvList> = fc.record(
  {
    transferSyntax: syntax,
    contextIdentifier: number,
    values: fc.oneof(
      fc.record({ kind: fc.constant('singleAsn1Type' as const), value: encoding }),
      fc.record({ kind: fc.constant('octetAligned' as const), value: encoding }),
      fc.record({ kind: fc.constant('arbitrary' as const), value: encoding.map((octets) => new BitString(octets, 0)) }),
    ),
  },
  { requiredKeys: ['contextIdentifier', 'values'] },
);
const userData: fc.Arbitrary<UserData> = fc.oneof(
  fc.record({ kind: fc.constant('simplyEncoded' as const), value: encoding }),
  fc.record({ kind: fc.constant('fullyEncoded' as const), value: fc.array(pdvList, { maxLength: 2 }) }),
);
const contextResults = fc.array(
  fc.record({ result: fc.nat(2), transferSyntax: syntax, providerReason: fc.nat(3) }, { requiredKeys: ['result'] }),
  { maxLength: 4 },
);
const contextDefinitions = fc.array(
  fc.record({ identifier: number, abstractSyntax: syntax, transferSyntaxes: fc.array(syntax, { maxLength: 3 }) }),
  { maxLength: 4 },
);

const cps: fc.Arbitrary<Cp> = fc.record(
  {
    modeSelector: fc.record({ modeValue: fc.nat(1) }),
    x410Parameters: encoding,
    normalParameters: fc.record(
      { protocolVersion, callingSelector: selector, calledSelector: selector, contextDefinitions, userData },
      { requiredKeys: ['protocolVersion', 'contextDefinitions'] },
    ),
  },
  { requiredKeys: ['modeSelector'] },
);
const cpas: fc.Arbitrary<Cpa> = fc.record(
  {
    modeSelector: fc.record({ modeValue: fc.nat(1) }),
    x410Parameters: encoding,
    normalParameters: fc.record(
      { protocolVersion, respondingSelector: selector, contextResults, userData },
      { requiredKeys: ['protocolVersion', 'contextResults'] },
    ),
  },
  { requiredKeys: ['modeSelector'] },
);
const cprs: fc.Arbitrary<Cpr> = fc.oneof(
  fc.record({ kind: fc.constant('x410Mode' as const), value: encoding }),
  fc.record({
    kind: fc.constant('normalMode' as const),
    value: fc.record(
      { protocolVersion, respondingSelector: selector, contextResults, providerReason: fc.nat(7), userData },
      { requiredKeys: ['protocolVersion', 'contextResults'] },
    ),
  }),
);
const aborts: fc.Arbitrary<Abort> = fc.oneof(
  fc.record({ kind: fc.constant('aruX410Mode' as const), value: encoding }),
  fc.record({
    kind: fc.constant('aru' as const),
    value: fc.record(
      { contextIdentifiers: fc.array(fc.record({ identifier: number, transferSyntax: syntax })), userData },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    kind: fc.constant('arp' as const),
    value: fc.record({ providerReason: fc.nat(6), eventIdentifier: fc.nat(32) }, { requiredKeys: [] }),
  }),
);

describe('every PPDU', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(cps, cpas, cprs, aborts, (cp, cpa, cpr, abort) => {
        expect(decodeCp(encodeCp(cp)).cp).toEqual(cp);
        expect(decodeCpa(encodeCpa(cpa))).toEqual(cpa);
        expect(decodeCpr(encodeCpr(cpr))).toEqual(cpr);
        expect(decodeAbort(encodeAbort(abort))).toEqual(abort);
      }),
    );
  });

  it('is not read from the members of an APDU in a primitive encoding (X.410-1984 mode)', () => {
    expect(() => decodeCpr(fromHex('31 03 800101'))).not.toThrow();
    expect(() => decodeCpr(fromHex('11 03 800101'))).toThrow(DecodeError);
  });

  it('throws nothing but DecodeError on octets that are none', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryDamage, fc.uint8Array({ maxLength: 30 })), (octets) => {
        for (const decode of [decodeCp, decodeCpa, decodeCpr, decodeAbort]) {
          try {
            decode(octets);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('the codes of ARP', () => {
  it('stand where the Recommendation numbers them (X.226 §8.2)', () => {
    expect(abortReasons.indexOf('invalid PPDU parameter value')).toBe(6);
    expect(abortEvents.indexOf('TD')).toBe(7);
    expect(abortEvents.indexOf('release indication')).toBe(14);
    expect(abortEvents.indexOf('minor synchronize confirm')).toBe(20);
    expect(abortEvents.indexOf('activity end confirm')).toBe(32);
    expect(abortText(undefined, undefined)).toBe('reason not specified');
  });
});

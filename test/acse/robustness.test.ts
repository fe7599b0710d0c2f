import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAare, decodeAarq, decodeAbrt, encodeAare, encodeAarq, encodeAbrt } from '../../src/acse/codec.js';
import { createAcseMachine } from '../../src/acse/machine.js';
import type { Aare, Aarq, Abrt, External } from '../../src/acse/pdu.js';
import type { AcseMachine } from '../../src/acse/service.js';
import { BitString } from '../../src/asn1/bit-string.js';
import type { PresentationIndication } from '../../src/presentation/service.js';
import { arbitraryDamage, arbitraryTree, berTreeOctets } from '../asn1/arbitrary-ber.js';
import { aare, aareRejected, aarq, abrt, rlre, rlrq } from '../presentation/samples.js';
import { caller, connectConfirm, connectIndication, identifier, inAcse, inRtse, responderOptions } from './samples.js';

const encoding = arbitraryTree.map(berTreeOctets);
const external: fc.Arbitrary<External> = fc.record(
  {
    directReference: fc.constantFrom('2.1.1', '2.6.0.2.12'),
    indirectReference: fc.integer({ min: 1, max: 300 }),
    encoding: fc.oneof(
      fc.record({ kind: fc.constant('singleAsn1Type' as const), value: encoding }),
      fc.record({ kind: fc.constant('octetAligned' as const), value: encoding }),
      fc.record({ kind: fc.constant('arbitrary' as const), value: encoding.map((octets) => new BitString(octets, 0)) }),
    ),
  },
  { requiredKeys: ['encoding'] },
);
const userInformation = fc.array(external, { maxLength: 2 });
const protocolVersion = fc.uniqueArray(fc.nat(3)).map((bits) => BitString.of(bits));
const applicationContextName = fc.constantFrom('2.6.0.1.6', '2.6.0.1.7', '1.3.4');

const aarqs: fc.Arbitrary<Aarq> = fc.record(
  {
    protocolVersion,
    applicationContextName,
    calledApTitle: encoding,
    calledAeQualifier: encoding,
    callingApTitle: encoding,
    callingAeQualifier: encoding,
    userInformation,
  },
  { requiredKeys: ['protocolVersion', 'applicationContextName'] },
);
const aares: fc.Arbitrary<Aare> = fc.record(
  {
    protocolVersion,
    applicationContextName,
    result: fc.nat(2),
    diagnostic: fc.record({ kind: fc.constantFrom('user' as const, 'provider' as const), value: fc.nat(14) }),
    respondingApTitle: encoding,
    respondingAeQualifier: encoding,
    userInformation,
  },
  { requiredKeys: ['protocolVersion', 'applicationContextName', 'result', 'diagnostic'] },
);
const abrts: fc.Arbitrary<Abrt> = fc.record(
  { source: fc.nat(1), diagnostic: fc.integer({ min: 1, max: 6 }), userInformation },
  { requiredKeys: ['source'] },
);

describe('every APDU', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(aarqs, aares, abrts, (request, response, abort) => {
        expect(decodeAarq(encodeAarq(request))).toEqual(request);
        expect(decodeAare(encodeAare(response))).toEqual(response);
        expect(decodeAbrt(encodeAbrt(abort))).toEqual(abort);
      }),
    );
  });
});

/** Good APDUs with a few octets changed, or octets that were never good. */
const octets = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(aarq, aare, aareRejected, abrt, rlrq, rlre),
      fc.array(fc.tuple(fc.nat(50), fc.nat(255)), { maxLength: 3 }),
      fc.nat(70),
    )
    .map(([good, changes, cut]) => {
      const damaged = Uint8Array.from(good);
      for (const [position, octet] of changes) if (position < damaged.length) damaged[position] = octet;
      return damaged.subarray(0, cut);
    }),
  arbitraryDamage,
  fc.uint8Array({ maxLength: 20 }),
);

const indications: fc.Arbitrary<PresentationIndication> = fc
  .tuple(octets, fc.nat(7), fc.boolean())
  .map(([content, kind, isOurs]): PresentationIndication => {
    const userData = isOurs ? inAcse(content) : inRtse(content);
    const refusal = { source: 'presentation-user', transient: false, text: '' } as const;
    const all: readonly PresentationIndication[] = [
      connectIndication(content, { userData }),
      connectIndication(content, { userData, mode: 'x410-1984', identifier }),
      connectConfirm(content, { userData }),
      { type: 'P-CONNECT.confirm', result: 'reject', refusal, userData },
      { type: 'P-RELEASE.indication', userData },
      { type: 'P-RELEASE.confirm', userData },
      { type: 'P-U-ABORT.indication', userData },
    ];
    return all[kind] ?? { type: 'S-ACTIVITY-END.confirm' };
  });

const machines: Record<string, () => AcseMachine> = {
  'an idle responder': () => createAcseMachine(responderOptions),
  'an initiator that awaits its answer': caller,
  'an association': () => {
    const machine = caller();
    machine.fromBelow(connectConfirm(aare));
    return machine;
  },
};

describe('whatever a peer sends', () => {
  it.each(Object.keys(machines))('%s neither throws nor tells its user of more than one end', (kind) => {
    fc.assert(
      fc.property(fc.array(indications, { minLength: 1, maxLength: 5 }), (sequence) => {
        const machine = machines[kind]?.() ?? caller();
        let isOver = false;
        for (const indication of sequence) {
          for (const effect of machine.fromBelow(indication)) {
            if (effect.to !== 'above') continue;
            expect(isOver).toBe(false);
            const { primitive } = effect;
            isOver =
              primitive.type === 'A-ABORT.indication' ||
              primitive.type === 'A-P-ABORT.indication' ||
              primitive.type === 'A-RELEASE.confirm' ||
              (primitive.type === 'A-ASSOCIATE.confirm' && primitive.result === 'reject');
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

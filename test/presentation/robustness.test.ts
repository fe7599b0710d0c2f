import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex } from '../../src/bytes/octets.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import type { PresentationMachine } from '../../src/presentation/service.js';
import type { SessionIndication } from '../../src/session/service.js';
import { arbitraryDamage } from '../asn1/arbitrary-ber.js';
import {
  connectedInitiator,
  connectedX410Initiator,
  connectRequest,
  cp,
  cpa,
  cpr,
  identifier,
  initiatorOptions,
  responderOptions,
  x410Cp,
  x410Cpa,
} from './samples.js';

/** Good PPDUs with a few octets changed, or octets that were never good. */
const octets = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        cp,
        cpa,
        cpr,
        x410Cp,
        x410Cpa,
        fromHex('61123010020103A00B04092807020105A002A200'),
        fromHex('A000'),
        fromHex('300680010281011F'),
      ),
      fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 3 }),
      fc.nat(130),
    )
    .map(([good, changes, cut]) => {
      const damaged = Uint8Array.from(good);
      for (const [position, octet] of changes) if (position < damaged.length) damaged[position] = octet;
      return damaged.subarray(0, cut);
    }),
  arbitraryDamage,
  fc.uint8Array({ maxLength: 30 }),
);

const indications: fc.Arbitrary<SessionIndication> = fc
  .tuple(octets, fc.nat(8), fc.constantFrom(1 as const, 2 as const))
  .map(([userData, kind, version]): SessionIndication => {
    const all: readonly SessionIndication[] = [
      { type: 'S-CONNECT.indication', identifier, version, initialTokens: 'initiator', userData },
      { type: 'S-CONNECT.confirm', result: 'accept', identifier, version, initialTokens: 'initiator', userData },
      { type: 'S-CONNECT.confirm', result: 'reject', refusal: { reason: 2, transient: false, text: '' }, userData },
      { type: 'S-DATA.indication', userData: ByteList.of(userData) },
      { type: 'S-TOKEN-PLEASE.indication', tokens: ['data'], userData },
      { type: 'S-RELEASE.indication', userData },
      { type: 'S-RELEASE.confirm', userData },
      { type: 'S-U-ABORT.indication', userData },
      { type: 'S-SYNC-MINOR.indication', serialNumber: 1, explicitConfirmation: true },
    ];
    return all[kind] ?? { type: 'S-ACTIVITY-END.confirm' };
  });

const machines: Record<string, () => PresentationMachine> = {
  'an idle responder': () => createPresentationMachine(responderOptions),
  'an initiator that awaits its answer': () => {
    const machine = createPresentationMachine(initiatorOptions);
    machine.fromAbove(connectRequest);
    return machine;
  },
  'a connection of normal mode': () => connectedInitiator(),
  'a connection of X.410-1984 mode': () => connectedX410Initiator(),
};

describe('whatever a peer sends', () => {
  it.each(Object.keys(machines))('%s neither throws nor tells its user of more than one end', (kind) => {
    fc.assert(
      fc.property(fc.array(indications, { minLength: 1, maxLength: 6 }), (sequence) => {
        const machine = machines[kind]?.() ?? connectedInitiator();
        let isOver = false;
        for (const indication of sequence) {
          const effects = machine.fromBelow(indication);
          for (const effect of effects) {
            if (effect.to !== 'above') continue;
            expect(isOver).toBe(false);
            const { primitive } = effect;
            isOver =
              primitive.type === 'P-U-ABORT.indication' ||
              primitive.type === 'P-P-ABORT.indication' ||
              primitive.type === 'P-RELEASE.confirm' ||
              (primitive.type === 'P-CONNECT.confirm' && primitive.result === 'reject');
          }
          if (isOver && kind !== 'an idle responder')
            expect(machine.fromAbove({ type: 'S-SYNC-MINOR.request' })).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

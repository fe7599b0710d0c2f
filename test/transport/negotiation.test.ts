import { describe, expect, it } from 'vitest';
import { allowsClass0, answerSize, isIrregular, proposeSize, sizeConfirmed } from '../../src/transport/negotiation.js';
import type { TpduOf } from '../../src/transport/pdu.js';

const request = (preferred: number, alternatives?: readonly number[]): TpduOf<'CR'> => ({
  type: 'CR',
  destinationReference: 0,
  sourceReference: 1,
  class: preferred,
  ...(alternatives && { alternativeClasses: Uint8Array.from(alternatives) }),
});

describe('class negotiation (X.224 §6.5.4)', () => {
  it.each([
    [0, undefined, true],
    [0, [2], true],
    [1, undefined, true],
    [1, [2], true],
    [2, [0], true],
    [2, undefined, false],
    [2, [1], false],
    [3, [0], true],
    [3, [1], true],
    [3, [2], false],
    [3, undefined, false],
    [4, [0], true],
    [4, [1], true],
    [4, [3, 2], false],
    [4, undefined, false],
  ])(
    'prefers class %j with alternatives %j: class 0 possible %j (T-011, T-012)',
    (preferred, alternatives, possible) => {
      expect(allowsClass0(request(preferred, alternatives))).toBe(possible);
    },
  );
});

describe('the size of TPDUs', () => {
  it('is proposed as C0 and F0, as C0 alone, or not at all (T-021)', () => {
    expect(proposeSize('preferred')).toEqual({ tpduSizeExponent: 11, preferredTpduSize: 511 });
    expect(proposeSize(9)).toEqual({ tpduSizeExponent: 9 });
    expect(proposeSize('none')).toEqual({});
  });

  it.each([
    [{}, 'preferred', {}, 65531],
    [{}, 9, {}, 65531],
    [{}, 'none', {}, 65531],
    [{ tpduSizeExponent: 7 }, 'preferred', { tpduSizeExponent: 7 }, 128],
    [{ tpduSizeExponent: 11 }, 'preferred', { tpduSizeExponent: 11 }, 2048],
    [{ tpduSizeExponent: 16 }, 'preferred', { tpduSizeExponent: 11 }, 2048],
    [{ tpduSizeExponent: 11 }, 8, { tpduSizeExponent: 8 }, 256],
    [{ tpduSizeExponent: 8 }, 'none', { tpduSizeExponent: 8 }, 256],
    [{ tpduSizeExponent: 11, preferredTpduSize: 511 }, 'preferred', { preferredTpduSize: 511 }, 65408],
    [{ tpduSizeExponent: 11, preferredTpduSize: 3 }, 'preferred', { preferredTpduSize: 3 }, 384],
    [{ preferredTpduSize: 70_000 }, 'preferred', { preferredTpduSize: 511 }, 65408],
    [{ tpduSizeExponent: 11, preferredTpduSize: 511 }, 'none', { tpduSizeExponent: 11 }, 2048],
    [{ tpduSizeExponent: 11, preferredTpduSize: 511 }, 10, { tpduSizeExponent: 10 }, 1024],
    [{ preferredTpduSize: 511 }, 10, {}, 65531],
  ] as const)(
    'proposed as %j to a side that offers %j is answered %j: %i octets (T-018, T-019, T-022)',
    (proposal, offer, answer, octets) => {
      expect(answerSize(proposal, offer)).toEqual({ answer, octets });
    },
  );

  it.each([
    ['preferred', {}, 2048, false],
    ['none', {}, 65531, false],
    [9, {}, 512, false],
    ['preferred', { preferredTpduSize: 511 }, 65408, false],
    ['preferred', { preferredTpduSize: 1 }, 128, false],
    ['preferred', { tpduSizeExponent: 10 }, 1024, false],
    ['none', { tpduSizeExponent: 10 }, 1024, false],
    ['none', { tpduSizeExponent: 16 }, 65531, false],
    ['preferred', { tpduSizeExponent: 8, preferredTpduSize: 511 }, 256, true],
    ['preferred', { tpduSizeExponent: 11, preferredTpduSize: 2 }, 256, true],
    [9, { preferredTpduSize: 511 }, 512, true],
    ['none', { preferredTpduSize: 4 }, 512, true],
  ] as const)(
    'offered as %j and confirmed as %j is %i octets, irregular %j (T-020, T-021)',
    (offer, answer, octets, irregular) => {
      expect(sizeConfirmed(answer, offer)).toBe(octets);
      expect(isIrregular(answer, offer)).toBe(irregular);
    },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBerNode } from '../../src/asn1/ber-node.js';
import { RecentMap } from '../../src/asn1/recent-map.js';
import { rememberingShared, sharedOctetsMax, sharedValue, sharing } from '../../src/asn1/shared-values.js';
import { any, integer, printableString } from '../../src/asn1/simple-types.js';
import { explicit, implicit, optional, sequence } from '../../src/asn1/structured-types.js';
import { context } from '../../src/asn1/tag.js';
import { decode, decodeWith, encode } from '../../src/asn1/type.js';
import { fromHex } from '../../src/bytes/octets.js';

const members = sequence('Pair', {
  number: implicit(context(0), integer()),
  text: optional(printableString()),
  further: optional(explicit(context(1), any)),
});
const pairs = () => sharing(members);

describe('shared values', () => {
  it('are one value from the second coming of the same octets on', () => {
    const type = pairs();
    const octets = fromHex('3006 800105 130141');
    const [first, second, third] = [decode(type, octets), decode(type, octets), decode(type, octets)];
    expect(third).toBe(second);
    expect(third).toEqual(first);
    expect(decode(type, fromHex('3006 800106 130141'))).toEqual({ number: 6, text: 'A' });
  });

  it('are what the type itself decodes and encodes, whatever comes again', () => {
    const type = pairs();
    const values = fc.record(
      {
        number: fc.integer({ min: -2, max: 2 }),
        text: fc.constantFrom('', 'A', 'B'),
        further: fc.constant(fromHex('0500')),
      },
      { requiredKeys: ['number'] },
    );
    fc.assert(
      fc.property(values, (value) => {
        const octets = encode(members, value);
        expect(decode(type, octets)).toEqual(decode(members, octets));
        expect(encode(type, decode(type, octets))).toEqual(octets);
      }),
    );
  });

  it('keep unknown members and long lengths as they came', () => {
    const type = pairs();
    const octets = fromHex('3081 0a 800105 82020000 130141');
    for (let coming = 0; coming < 3; coming++)
      expect(encode(type, decode(type, octets)).subarray(2)).toEqual(octets.subarray(3));
  });

  // The slice of a Buffer is no copy.
  it.each([
    ['an array', (octets: Uint8Array) => octets],
    ['a Buffer', (octets: Uint8Array) => Buffer.from(octets)],
  ])('stay when the octets that they came in are written over: %s', (_what, held) => {
    const type = pairs();
    const whole = held(fromHex('ffff 300a 800105 130141 a1020500'));
    const decoded = () => decodeWith(type, readBerNode(whole, 2));
    decoded();
    const value = decoded();
    whole.fill(0);
    expect(value.further).toEqual(fromHex('0500'));
    expect(encode(type, value)).toEqual(fromHex('300a 800105 130141 a1020500'));
  });

  it('are not made of a content above the limit, nor of one that is malformed', () => {
    const type = pairs();
    const long = encode(members, { number: 1, text: 'A'.repeat(sharedOctetsMax) });
    expect(decode(type, long)).not.toBe((decode(type, long), decode(type, long)));
    for (let coming = 0; coming < 3; coming++)
      expect(() => decode(type, fromHex('3003 130141'))).toThrow('lacks number');
  });

  it('have what is worked out from them worked out once', () => {
    let worked = 0;
    const text = rememberingShared((value: object) => `${JSON.stringify(value)} ${String(++worked)}`);
    const shared = sharedValue(members, { number: 5 });
    expect([text(shared), text(shared)]).toEqual(['{"number":5} 1', '{"number":5} 1']);
    const other = { number: 5 };
    expect([text(other), text(other)]).toEqual(['{"number":5} 2', '{"number":5} 3']);
  });
});

describe('a map of recent keys', () => {
  it('keeps the last keys that were asked for, and forgets the others', () => {
    const map = new RecentMap<number, string>(2);
    map.set(0, 'kept');
    for (let key = 1; key < 10; key++) {
      map.set(key, String(key));
      expect(map.get(0)).toBe('kept');
    }
    expect([map.get(1), map.get(9)]).toEqual([undefined, '9']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatOctets } from '../../src/bytes/octets.js';
import { decodeRecordHead, encodeRecord, recordHeadOctets } from '../../src/queue/apdu-record.js';
import { RecordIndex, recordsOf } from '../../src/queue/record-index.js';
import { SimulatedDisk } from './support/simulated-disk.js';

const record = fc.record({
  type: fc.constantFrom('start', 'data', 'checkpoint', 'interrupted'),
  serialNumber: fc.nat(0xffffffff),
  offset: fc.maxSafeNat(),
  syncedOctets: fc.maxSafeNat(),
  payload: fc.uint8Array({ maxLength: 60 }),
});

describe('records of an incoming APDU', () => {
  it('decode to what was encoded', () => {
    fc.assert(
      fc.property(record, ({ type, payload, ...position }) => {
        const octets = concatOctets(...encodeRecord(type, position, [payload]));
        expect(decodeRecordHead(octets)).toMatchObject({ type, ...position, payloadOctets: payload.length });
        expect(octets.subarray(recordHeadOctets)).toEqual(payload);
      }),
    );
  });

  it('are not taken for whole where any bit of the head differs or an octet is missing', () => {
    const head = concatOctets(...encodeRecord('checkpoint', { serialNumber: 7, offset: 1234, syncedOctets: 99 }));
    for (let bit = 0; bit < head.length * 8; bit++) {
      const damaged = head.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeRecordHead(damaged)).toBeUndefined();
    }
    expect(decodeRecordHead(head.subarray(1))).toBeUndefined();
    expect(decodeRecordHead(head.subarray(0, -1))).toBeUndefined();
  });

  it('are found one after the other up to the first that is cut', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.nat(), (records, cut) => {
        const disk = new SimulatedDisk();
        const encoded = records.map(({ type, payload, ...position }) => encodeRecord(type, position, [payload]));
        disk.append('f', encoded.flat());
        const size = disk.size('f') ?? 0;
        const kept = cut % (size + 1);
        disk.truncate('f', kept);
        let end = 0;
        const whole = encoded.filter((parts) => {
          end += concatOctets(...parts).length;
          return end <= kept;
        });
        expect([...recordsOf(disk, 'f')]).toHaveLength(whole.length);
      }),
    );
  });
});

describe('the index of records', () => {
  it('reads any part of the APDU as if it lay in one piece', () => {
    const octets = fc.oneof(
      fc.uint8Array({ minLength: 5, maxLength: 5 }),
      fc.uint8Array({ minLength: 1, maxLength: 30 }),
    );
    const pieces = fc.array(fc.record({ gap: fc.oneof(fc.constant(3), fc.nat(9)), octets }), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, pieces, fc.nat(400), fc.nat(400), fc.nat(12), (parts, later, offset, length, kept) => {
        const disk = new SimulatedDisk();
        const index = new RecordIndex();
        disk.append('f', []);
        const add = (part: { readonly gap: number; readonly octets: Uint8Array }): void => {
          disk.append('f', [new Uint8Array(part.gap).fill(0xee)]);
          index.add(disk.size('f') ?? 0, part.octets.length);
          disk.append('f', [part.octets]);
        };
        parts.forEach(add);
        const before = parts.slice(0, kept);
        index.truncate(before.reduce((sum, part) => sum + part.octets.length, 0));
        later.forEach(add);
        const all = concatOctets(...[...before, ...later].map((part) => part.octets));
        expect(index.octets).toBe(all.length);
        expect(index.read(disk, 'f', offset, length)).toEqual(all.slice(offset, offset + length));
      }),
    );
  });
});

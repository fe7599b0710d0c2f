import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { concatOctets, fromHex, toHex } from '../../src/bytes/octets.js';
import { OctetCollector } from '../../src/transport/octet-collector.js';
import { packetHead, TpktReader, tpktOctetsMax } from '../../src/transport/tpkt.js';

function read(reader: TpktReader, ...chunks: readonly Uint8Array[]): string[] {
  return chunks.flatMap((chunk) =>
    [...reader.read(chunk, () => tpktOctetsMax)].map((tpdu) => toHex(tpdu.toUint8Array())),
  );
}

const tpdu = fc.uint8Array({ minLength: 3, maxLength: 40 });
const cuts = fc.array(fc.nat(), { maxLength: 12 });

function split(octets: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [0, ...at.map((place) => place % (octets.length + 1)), octets.length].sort((a, b) => a - b);
  return places.slice(1).map((end, i) => octets.subarray(places[i], end));
}

describe('TPKT', () => {
  it('sends version 3, a zero octet and the whole length in front of each TPDU (T-001)', () => {
    expect(toHex(packetHead(fromHex('02f080'), 2))).toBe('0300000902f080');
    expect(toHex(packetHead(fromHex('02f080'), 65528)).slice(0, 8)).toBe('0300ffff');
    expect(() => packetHead(fromHex('02f080'), 65529)).toThrow('TPKT of 65536 octets');
  });

  it('takes any value of the reserved octet (T-002)', () => {
    for (let reserved = 0; reserved < 256; reserved++) {
      expect(read(new TpktReader(), Uint8Array.of(3, reserved, 0, 7, 2, 0xf0, 0x80))).toEqual(['02f080']);
    }
  });

  it('finds no packet behind another version (T-003)', () => {
    for (const version of [0, 1, 2, 4, 0x47, 255]) {
      expect(() => read(new TpktReader(), Uint8Array.of(version, 0, 0, 7))).toThrow(DecodeError);
    }
  });

  it('finds no packet in a length below 7, and does in 7 (T-004)', () => {
    for (let length = 0; length < 7; length++) {
      expect(() => read(new TpktReader(), Uint8Array.of(3, 0, 0, length))).toThrow(DecodeError);
    }
    expect(read(new TpktReader(), fromHex('03000007 02f080'))).toEqual(['02f080']);
  });

  it('takes the largest packet, and one octet less than the limit allows no more', () => {
    const whole = concatOctets(packetHead(fromHex('02f080'), 65528), new Uint8Array(65528));
    expect([...new TpktReader().read(whole, () => tpktOctetsMax)].map((octets) => octets.length)).toEqual([65531]);
    expect(() => [...new TpktReader().read(whole, () => tpktOctetsMax - 1)]).toThrow(DecodeError);
  });

  it('gives the same TPDUs however TCP cuts the octets (T-005)', () => {
    fc.assert(
      fc.property(fc.array(tpdu, { maxLength: 6 }), cuts, (tpdus, at) => {
        const octets = concatOctets(...tpdus.map((one) => packetHead(one, 0)));
        const reader = new TpktReader();
        expect(read(reader, ...split(octets, at))).toEqual(tpdus.map((one) => toHex(one)));
        expect(reader.atBoundary).toBe(true);
      }),
    );
  });

  it('gives views on the chunks, not copies', () => {
    const chunk = fromHex('03000009 02f0804142 03000009 02f0804344');
    const chunks = [...new TpktReader().read(chunk, () => tpktOctetsMax)].flatMap((octets) => octets.chunks);
    expect(chunks.map((octets) => octets.buffer)).toEqual([chunk.buffer, chunk.buffer]);
  });

  it('knows whether a packet has begun', () => {
    const reader = new TpktReader();
    read(reader, fromHex('0300'));
    expect(reader.atBoundary).toBe(false);
    read(reader, fromHex('000702f0'));
    expect(reader.atBoundary).toBe(false);
    read(reader, fromHex('80'));
    expect(reader.atBoundary).toBe(true);
  });
});

describe('the collector of octets', () => {
  it('gives back what was appended, in order, and is empty then', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 300 }), (pieces) => {
        const collector = new OctetCollector();
        for (const piece of pieces) collector.append(piece);
        expect(collector.length).toBe(concatOctets(...pieces).length);
        expect(toHex(collector.take().toUint8Array())).toBe(toHex(concatOctets(...pieces)));
        expect(collector.take()).toEqual(ByteList.empty);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps 100,000 single octets in few chunks, and what it gave stays as it was', () => {
    const collector = new OctetCollector();
    for (let i = 0; i < 100_000; i++) collector.append(Uint8Array.of(i & 0xff));
    const list = collector.take();
    expect(list.chunks.length).toBeLessThan(100);
    for (let i = 0; i < 1000; i++) collector.append(Uint8Array.of(0xee));
    expect(list.toUint8Array().every((octet, i) => octet === (i & 0xff))).toBe(true);
  });

  it('leaves large pieces as views', () => {
    const collector = new OctetCollector();
    const pieces = Array.from({ length: 100 }, () => new Uint8Array(200));
    for (const piece of pieces) collector.append(piece);
    expect(collector.take().chunks).toEqual(pieces);
  });
});

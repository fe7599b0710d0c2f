import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { concatOctets, fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import { decodeTpdu } from '../../src/transport/codec.js';
import { TpktReader, tpktOctetsMax } from '../../src/transport/tpkt.js';
import { segmentTsdu, TsduReassembly } from '../../src/transport/tsdu.js';

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 8 });

/** The DTs in a list of packets. */
function dataOf(packets: ByteList): { endOfTsdu: boolean; userData: ByteList }[] {
  return [...new TpktReader().read(packets.toUint8Array(), () => tpktOctetsMax)].map((octets) => {
    const { tpdu } = decodeTpdu(octets);
    if (tpdu.type !== 'DT') throw new Error(tpdu.type);
    return tpdu;
  });
}

describe('segmenting', () => {
  it('cuts "AAAABB" at four octets as RFC 1006 and X.224 say (T-024)', () => {
    const packets = segmentTsdu(ByteList.of(latin1Octets('AAAABB')), 7);
    expect(toHex(packets.toUint8Array())).toBe('0300000b02f00041414141' + '0300000902f0804242');
  });

  it('fills every TPDU but the last, and marks only the last with EOT (T-024)', () => {
    fc.assert(
      fc.property(chunks, fc.integer({ min: 4, max: 128 }), (parts, tpduOctets) => {
        const data = dataOf(segmentTsdu(ByteList.of(...parts), tpduOctets));
        expect(data.map(({ endOfTsdu }) => endOfTsdu)).toEqual(data.map((_, i) => i === data.length - 1));
        expect(data.slice(0, -1).every(({ userData }) => userData.length === tpduOctets - 3)).toBe(true);
        expect(data.at(-1)?.userData.length).toBeGreaterThan(0);
        expect(toHex(concatOctets(...data.map(({ userData }) => userData.toUint8Array())))).toBe(
          toHex(concatOctets(...parts)),
        );
      }),
    );
  });

  it('fits the limit exactly in one TPDU, and needs two for one octet more', () => {
    expect(dataOf(segmentTsdu(ByteList.of(new Uint8Array(125)), 128))).toHaveLength(1);
    expect(dataOf(segmentTsdu(ByteList.of(new Uint8Array(126)), 128))).toHaveLength(2);
    expect(dataOf(segmentTsdu(ByteList.of(new Uint8Array(65528)), 65531))).toHaveLength(1);
  });

  it('copies no user data', () => {
    const chunk = new Uint8Array(1000);
    const packets = segmentTsdu(ByteList.of(chunk.subarray(0, 400), chunk.subarray(400)), 303);
    const copied = packets.chunks.filter((octets) => octets.buffer !== chunk.buffer);
    expect(copied.map((octets) => octets.length)).toEqual([7, 7, 7, 7]);
  });

  it('cuts a TSDU into more segments than a call can have arguments', () => {
    const packets = segmentTsdu(ByteList.of(new Uint8Array(200_000)), 4);
    expect(packets.length).toBe(200_000 * 8);
  });

  it('does not send a TSDU without octets', () => {
    expect(() => segmentTsdu(ByteList.empty, 128)).toThrow('at least one octet');
  });
});

describe('reassembling', () => {
  const dt = (hex: string, endOfTsdu: boolean): Parameters<TsduReassembly['append']>[0] => ({
    type: 'DT',
    endOfTsdu,
    userData: ByteList.of(fromHex(hex)),
  });

  it('joins DTs of any size, single octets and an empty last one (T-025)', () => {
    const reassembly = new TsduReassembly(100);
    expect(reassembly.append(dt('01', false))).toBeUndefined();
    expect(reassembly.append(dt('', false))).toBeUndefined();
    expect(reassembly.append(dt('0203', false))).toBeUndefined();
    expect(reassembly.length).toBe(3);
    expect(toHex(reassembly.append(dt('', true))?.toUint8Array() ?? new Uint8Array(0))).toBe('010203');
    expect(toHex(reassembly.append(dt('04', true))?.toUint8Array() ?? new Uint8Array(0))).toBe('04');
  });

  it('gives back what was segmented, whatever the size (T-025)', () => {
    fc.assert(
      fc.property(chunks, fc.integer({ min: 4, max: 128 }), (parts, tpduOctets) => {
        const reassembly = new TsduReassembly(1000);
        const data = dataOf(segmentTsdu(ByteList.of(...parts), tpduOctets));
        const tsdus = data.flatMap((one) => reassembly.append({ type: 'DT', ...one }) ?? []);
        expect(tsdus.map((tsdu) => toHex(tsdu.toUint8Array()))).toEqual([toHex(concatOctets(...parts))]);
      }),
    );
  });

  it('takes a TSDU of just the limit and not one octet more (T-027)', () => {
    const reassembly = new TsduReassembly(4);
    expect(reassembly.accepts(dt('01020304', true))).toBe(true);
    expect(reassembly.accepts(dt('0102030405', true))).toBe(false);
    reassembly.append(dt('010203', false));
    expect(reassembly.accepts(dt('04', true))).toBe(true);
    expect(reassembly.accepts(dt('0405', true))).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import { decodeSpdu, encodeSpdu } from '../../src/session/codec.js';
import { decodeTsdu, encodeTsdu } from '../../src/session/concatenation.js';
import type { GroupRow, Rows } from '../../src/session/parameter.js';
import { spduTable, spduTables, type SpduName } from '../../src/session/pdu.js';
import { anySpdu } from './support/spdus.js';

const list = (hex: string): ByteList => ByteList.of(fromHex(hex));
const hexOf = (octets: ByteList): string => toHex(octets.toUint8Array());
const first = (hex: string): unknown => decodeTsdu(list(hex))[0];

describe('the SPDU tables', () => {
  const groups = (rows: Rows): readonly Rows[] => [
    rows,
    ...Object.values(rows).flatMap((row) => ('rows' in row ? groups((row as GroupRow<Rows, 'optional'>).rows) : [])),
  ];

  it('hold their units in ascending order, each code once (S-003)', () => {
    for (const name of Object.keys(spduTables) as SpduName[]) {
      for (const rows of groups(spduTable(name).parameters)) {
        const codes = Object.values(rows).map(({ code }) => code);
        expect(codes, name).toEqual([...new Set(codes)].sort((a, b) => a - b));
      }
    }
  });

  it('share no code among SPDUs of one position (S-008)', () => {
    for (const behindPrefix of [false, true]) {
      const codes = (Object.keys(spduTables) as SpduName[])
        .filter((name) => (spduTable(name).category === 2) === behindPrefix)
        .map((name) => spduTable(name).code);
      expect(new Set(codes).size).toBe(codes.length);
    }
  });
});

describe('the SPDU codec', () => {
  it('writes lengths up to 254 in one octet and from 255 in three (S-001)', () => {
    const disconnect = (octets: number): string =>
      hexOf(encodeSpdu({ spdu: 'DN', userData: new Uint8Array(octets) })).slice(0, 16);
    expect(disconnect(252)).toBe('0afec1fc00000000');
    expect(disconnect(253)).toBe('0aff00ffc1fd0000');
    expect(disconnect(254)).toBe('0aff0100c1fe0000');
    expect(disconnect(255)).toBe('0aff0103c1ff00ff');
  });

  it('reads the three-octet length form for short fields too (S-001)', () => {
    expect(first('0a ff0007 c1ff0003 616263')).toEqual(first('0a05 c103 616263'));
  });

  it('skips unknown PGI and PI units and ignores reserved bits (S-002)', () => {
    expect(first('09 0f 1101ff 3603aabbcc c102 6162 ff01 00')).toEqual({
      spdu: 'FN',
      transportDisconnect: 0xff,
      userData: fromHex('6162'),
    });
  });

  it('takes units in any order (S-003)', () => {
    expect(first('0d 16 c102 6162 14020249 0509 1a0100 160102 130100 340153')).toEqual({
      spdu: 'CN',
      connectAcceptItem: { protocolOptions: 0, versionNumber: 2, tokenSettingItem: 0 },
      sessionUserRequirements: 0x0249,
      calledSelector: fromHex('53'),
      userData: fromHex('6162'),
    });
  });

  it('counts a unit of length 0 as absent (S-004)', () => {
    expect(first('0e 06 3300 3400 c100')).toEqual({ spdu: 'AC' });
    expect(() => first('01002d02 2900')).toThrow(DecodeError);
  });

  it.each([
    ['', 'an empty TSDU'],
    ['0d', 'a TSDU that ends before the length indicator'],
    ['0dff00', 'a length indicator cut off'],
    ['0a05c103', 'an SPDU cut off'],
    ['0a04c103 6162', 'a unit that ends behind its SPDU'],
    ['0a03 c1ff01', 'a length indicator cut off inside'],
    ['0a06 c10161 c10162', 'a unit that comes twice'],
    ['1900', 'ABORT without its mandatory unit'],
    ['01003100', 'MINOR SYNC POINT without a serial number'],
    ['010031032a0141', 'a serial number that is no digit'],
    ['010031092a0731323334353637', 'a serial number of seven digits'],
    ['01002d09290701020304050607', 'an activity identifier of seven octets'],
    ['01001d05 2903 020101', 'ACTIVITY RESUME without linking information'],
    ['0d03 140100', 'requirements of one octet'],
    ['6b00', 'an unknown code (S-045)'],
    ['01006b00', 'an unknown code behind a prefix (S-045)'],
  ])('refuses %s: %s', (hex) => {
    expect(() => decodeTsdu(list(hex))).toThrow(DecodeError);
  });

  it('names where the fault stands', () => {
    const fault = (hex: string): unknown => {
      try {
        return decodeTsdu(list(hex));
      } catch (error) {
        return error instanceof DecodeError ? error.offset : error;
      }
    };
    expect(fault('010031032a0141')).toBe(6);
    expect(fault('0a06 c10161 c10162')).toBe(5);
  });

  it('never writes a unit beyond its bounds: that would be a mistake of ours', () => {
    expect(() => encodeSpdu({ spdu: 'AS', activityIdentifier: new Uint8Array(7) })).toThrow(AssertionError);
    expect(() => encodeSpdu({ spdu: 'MIP', serialNumber: 1_000_000 })).toThrow(AssertionError);
    expect(() => encodeSpdu({ spdu: 'CN', userData: new Uint8Array(513) })).toThrow(AssertionError);
    expect(() => encodeSpdu({ spdu: 'DN', userData: new Uint8Array(65_535) })).toThrow(AssertionError);
  });

  it('leaves empty parameters out', () => {
    expect(hexOf(encodeSpdu({ spdu: 'CN', identifier: {}, callingSelector: new Uint8Array(0) }))).toBe('0d00');
  });

  it('gives back what it wrote, whatever the parameters', () => {
    fc.assert(
      fc.property(anySpdu, (spdu) => {
        const octets = encodeSpdu(spdu);
        const { spdu: decoded, end } = decodeSpdu(octets, 0, spdu.spdu);
        expect(end).toBe(octets.length);
        if (spdu.spdu !== 'DT') expect(decoded).toEqual(spdu);
        else {
          const { userInformation, ...rest } = spdu;
          if (!('userInformation' in decoded)) throw new Error('no user information');
          const { userInformation: decodedInformation, ...decodedRest } = decoded;
          expect(decodedRest).toEqual(rest);
          expect(hexOf(decodedInformation)).toBe(hexOf(userInformation));
        }
      }),
    );
  });

  it('decodes the same however the TSDU is cut into chunks', () => {
    fc.assert(
      fc.property(anySpdu, fc.array(fc.nat(400), { maxLength: 6 }), (spdu, cuts) => {
        const whole = encodeTsdu(spdu);
        const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const pieces = places.slice(1).map((end, i) =>
          ByteList.of(
            whole
              .slice(places[i] ?? 0, end)
              .toUint8Array()
              .slice(),
          ),
        );
        const flat = (tsdu: ByteList): unknown =>
          decodeTsdu(tsdu).map((unit) =>
            'userInformation' in unit ? { ...unit, userInformation: hexOf(unit.userInformation) } : unit,
          );
        expect(flat(ByteList.from(pieces))).toEqual(flat(whole));
      }),
    );
  });

  it('decodes any octets or throws DecodeError, and copies no data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        try {
          expect(decodeTsdu(ByteList.of(octets)).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 1_000 },
    );
    const tsdu = fromHex('01000100 616263');
    const [data] = decodeTsdu(ByteList.of(tsdu));
    if (data === undefined || !('userInformation' in data)) throw new Error('no DATA TRANSFER');
    expect(data.userInformation.chunks[0]?.buffer).toBe(tsdu.buffer);
  });
});

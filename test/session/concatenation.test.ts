import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { DecodeError } from '../../src/bytes/decode-error.js';
import { fromHex } from '../../src/bytes/octets.js';
import { decodeTsdu, spduNameOf } from '../../src/session/concatenation.js';

const decode = (hex: string): ReturnType<typeof decodeTsdu> => decodeTsdu(ByteList.of(fromHex(hex)));
const names = (hex: string): readonly string[] => decode(hex).map(spduNameOf);

describe('a TSDU of several SPDUs', () => {
  it('tells SPDUs of one code apart by where they stand (S-008)', () => {
    expect(names('0100')).toEqual(['GT']);
    expect(names('01000100')).toEqual(['DT', 'GT']);
    expect(names('1903110103')).toEqual(['AB']);
    expect(names('01001900')).toEqual(['AI', 'GT']);
    expect(names('01001903320105')).toEqual(['AI', 'GT']);
    expect(names('1a00')).toEqual(['AA']);
    expect(names('02001a00')).toEqual(['AIA', 'PT']);
  });

  it.each([
    ['31032a0131', 'MINOR SYNC POINT without a prefix'],
    ['2a032a0131', 'ACTIVITY END ACK without a prefix'],
    ['2903 2a0131', 'ACTIVITY END without a prefix'],
    ['0200 31032a0131', 'MINOR SYNC POINT behind PLEASE TOKENS'],
    ['0100 2a032a0131', 'ACTIVITY END ACK behind GIVE TOKENS'],
    ['0200 0100 61', 'DATA TRANSFER behind PLEASE TOKENS'],
  ])('refuses %s: %s (S-005)', (hex) => {
    expect(() => decode(hex)).toThrow(DecodeError);
  });

  it('takes ACTIVITY RESUME behind either prefix', () => {
    expect(names('01001d0f210829030201012a01322903020102')).toEqual(['AR', 'GT']);
    expect(names('02001d0f210829030201012a01322903020102')).toEqual(['AR', 'PT']);
  });

  it('gives the prefix last, with its tokens (S-006)', () => {
    expect(decode('0103100115 31032a0131')).toEqual([
      { spdu: 'MIP', serialNumber: 1 },
      { spdu: 'GT', tokenItem: 0x15 },
    ]);
  });

  it.each([
    ['0100 2d03290101 0100 61', ['AS', 'DT', 'GT']],
    ['0100 31032a0131 0100 61', ['DT', 'MIP', 'GT']],
    ['0100 29032a0131 0100 61', ['DT', 'AE', 'GT']],
    ['0100 2d03290101 31032a0131 0100 61', undefined],
    ['0100 32032a0131', ['MIA', 'GT']],
    ['0100 32032a0131 0100 61', ['DT', 'MIA', 'GT']],
    ['0100 31032a0131 2d03290101 0100 61', ['AS', 'DT', 'MIP', 'GT']],
  ])('reads extended concatenation, in the order of processing: %s (S-007)', (hex, expected) => {
    expect(names(hex)).toEqual(expected ?? ['AS', 'DT', 'MIP', 'GT']);
  });

  it.each([
    ['0100 31032a0131 31032a0132', 'two SPDUs of one kind'],
    ['0100 1900 0100 61', 'an interrupt and data'],
    ['0100 2d03290101 31032a0131 29032a0132 0100', 'four SPDUs behind a prefix'],
    ['0a00 0100', 'an SPDU behind one that stands alone'],
    ['0100 31032a0131 00', 'a stray octet behind an SPDU'],
    ['0208100101c1030201 01 32032a0131', 'a prefix that has user data'],
    ['0103100115 0103190101 61', 'tokens in front of an SSDU that is not complete'],
  ])('refuses %s: %s', (hex) => {
    expect(() => decode(hex)).toThrow(DecodeError);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalOctets, joinOctets } from '../../src/bytes/octets.js';
import { pduNames } from '../../src/faults/pdu-trigger.js';
import { heldTsduOctetsMax, Recogniser, type Passage } from '../../src/linkfault/recogniser.js';
import { spduTables } from '../../src/session/pdu.js';
import { acknowledgement, checkpoint, cutAt, data, packets, transfer } from './octets.js';

/** A packet is at most so long; a TSDU that is held grows by one packet beyond its limit. */
const packetOctetsMax = 65_535;

function readAll(recogniser: Recogniser, chunks: readonly Uint8Array[]): readonly Passage[] {
  const passages = chunks.flatMap((chunk) => [...recogniser.read(chunk)]);
  return [...passages, ...recogniser.release('the end')];
}

function octetsOf(passages: readonly Passage[]): Uint8Array {
  return joinOctets(passages.map(({ octets }) => octets.toUint8Array()));
}

function namesOf(passages: readonly Passage[]): readonly string[] {
  return passages.flatMap(({ pdus }) => pdus.map(({ name }) => name));
}

const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
/** Octets that begin as packets do, so that not everything is given up at the first. */
const packetLike = fc.array(
  fc
    .tuple(fc.uint8Array({ minLength: 3, maxLength: 60 }), fc.constantFrom([2, 0xf0, 0x80], [2, 0xf0, 0], []))
    .map(([body, head]) => {
      const octets = Uint8Array.of(...head, ...body);
      return Uint8Array.of(3, 0, (octets.length + 4) >> 8, (octets.length + 4) & 0xff, ...octets);
    }),
  { maxLength: 30 },
);

describe('what follows a connection', () => {
  it('gives back every octet of anything, in order, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.oneof(chunks, packetLike), (pieces) => {
        const passages = readAll(new Recogniser(), pieces);
        expect(equalOctets(octetsOf(passages), joinOctets(pieces))).toBe(true);
        let expected = 0;
        for (const { from, octets } of passages) {
          expect(from).toBe(expected);
          expected += octets.length;
        }
      }),
    );
  });

  it('sees the same PDUs whatever the pieces in which they come', () => {
    const whole = namesOf(readAll(new Recogniser(), [transfer]));
    expect(whole).toEqual([
      'CR TPDU',
      'ACTIVITY START',
      'DATA TRANSFER',
      'MINOR SYNC POINT',
      'DATA TRANSFER', // its first packet of three
      'DATA TRANSFER', // its last
      'MINOR SYNC POINT',
      'ACTIVITY END',
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat()), (places) => {
        const passages = readAll(new Recogniser(), cutAt(transfer, places));
        expect(namesOf(passages)).toEqual(whole);
        expect(equalOctets(octetsOf(passages), transfer)).toBe(true);
      }),
    );
  });

  it('never holds more than one TSDU of limited length and one packet', () => {
    fc.assert(
      fc.property(fc.oneof(chunks, packetLike), (pieces) => {
        const recogniser = new Recogniser();
        for (const piece of pieces) {
          for (const { octets } of recogniser.read(piece)) expect(octets.length).toBeGreaterThan(0);
          expect(recogniser.heldOctets).toBeLessThanOrEqual(heldTsduOctetsMax + packetOctetsMax);
        }
      }),
    );
    const recogniser = new Recogniser();
    const endless = packets({ spdu: 'AC', userData: new Uint8Array(60_000) }, 8192);
    const withoutEnd = cutAt(endless, [8196])[0] ?? endless;
    for (let i = 0; i < 100; i++) {
      for (const { octets } of recogniser.read(withoutEnd)) expect(octets.length).toBeGreaterThan(0);
      expect(recogniser.heldOctets).toBeLessThanOrEqual(heldTsduOctetsMax + packetOctetsMax);
    }
  });

  it('names the octets of each PDU from its first packet to its last', () => {
    const [first, second] = [packets(checkpoint(1)), packets(acknowledgement(12))];
    const [one, two] = readAll(new Recogniser(), [joinOctets([first, second])]);
    expect([one?.from, one?.octets.length, two?.from]).toEqual([0, first.length, first.length]);
    expect(one?.pdus).toEqual([{ name: 'MINOR SYNC POINT', facts: { serialNumber: 1 } }]);
    expect(two?.pdus).toEqual([{ name: 'MINOR SYNC ACK', facts: { serialNumber: 12 } }]);
  });

  it('counts the octets of an APDU in a DATA TRANSFER of several packets', () => {
    const passages = readAll(new Recogniser(), [packets(data(5000))]);
    expect(passages.map(({ part }) => part)).toEqual(['first', 'next', 'last']);
    expect(passages.at(-1)?.pdus).toEqual([{ name: 'DATA TRANSFER', facts: { apduOctets: 5000 } }]);
  });

  it('lets a malformed TSDU pass, and sees what comes behind it', () => {
    const malformed = Uint8Array.of(3, 0, 0, 9, 2, 0xf0, 0x80, 0x99, 0x99);
    const passages = readAll(new Recogniser(), [joinOctets([malformed, packets(checkpoint(5))])]);
    expect(passages.map(({ pdus }) => pdus.map(({ name }) => name))).toEqual([[], ['MINOR SYNC POINT']]);
  });

  it('knows every SPDU of X.225 by the name that triggers have for it', () => {
    const names: readonly string[] = pduNames;
    for (const { name } of Object.values(spduTables)) expect(names).toContain(name);
  });
});

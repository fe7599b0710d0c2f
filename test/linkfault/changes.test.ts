import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalOctets, fromHex, joinOctets } from '../../src/bytes/octets.js';
import { changed } from '../../src/linkfault/changes.js';
import { Recogniser, type Passage } from '../../src/linkfault/recogniser.js';
import { acknowledgement, checkpoint, packets } from './octets.js';

function passageOf(octets: Uint8Array): Passage {
  const [passage] = new Recogniser().read(octets);
  if (passage === undefined) throw new Error('nothing passed');
  return passage;
}

function again(passage: Passage, field: Parameters<typeof changed>[1], value: number): Passage {
  const octets = changed(passage, field, value);
  if (octets === undefined) throw new Error(`no ${field}`);
  return passageOf(octets.toUint8Array());
}

const references = { calling: fromHex('1401 61'), common: fromHex('170d 323431313232313534323236 5a') };

/** RTORQ in X.410-1984 mode: checkpoint size 30, window 5, an empty bind (X.228 §9, X.226 §8.2). */
const x410UserData = fromHex('31 16 a0 03 80 01 00 a1 0f 80 01 1e 81 01 05 a3 04 a0 02 05 00 84 01 01');

/** The same in normal mode, within AARQ and CP (X.227 §9, X.226 §8.2). */
const normalUserData = (() => {
  const wrap = (tag: string, ...content: readonly Uint8Array[]): Uint8Array => {
    const inner = joinOctets(content);
    return joinOctets([fromHex(tag), Uint8Array.of(inner.length), inner]);
  };
  const rtorq = wrap('b0', fromHex('80 01 1e 81 01 05 a3 04 a0 02 05 00'));
  const external = wrap('28', fromHex('02 01 03'), wrap('a0', rtorq));
  const aarq = wrap('60', wrap('a1', fromHex('06 04 56 00 01 06')), wrap('be', external));
  const pdv = wrap('30', fromHex('02 01 01'), wrap('a0', aarq));
  const parameters = wrap('a2', wrap('61', pdv));
  return wrap('31', fromHex('a0 03 80 01 01'), parameters);
})();

describe('a field of a PDU that is changed on its way', () => {
  for (const [mode, userData] of [
    ['X.410-1984', x410UserData],
    ['normal', normalUserData],
  ] as const) {
    it(`is the checkpoint size or window of an RTORQ in ${mode} mode, and nothing else changes`, () => {
      const passage = passageOf(packets({ spdu: 'CN', identifier: references, userData }));
      expect(passage.pdus.map(({ name }) => name)).toEqual(['CONNECT', 'RTORQ']);
      expect(passage.pdus[1]?.facts).toMatchObject({ checkpointSizeK: 30, windowSize: 5, association: 'new' });
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 1, max: 255 }), (size, window) => {
          const both = again(again(passage, 'checkpointSize', size), 'windowSize', window);
          expect(both.pdus[1]?.facts).toMatchObject({ checkpointSizeK: size, windowSize: window });
          const back = again(again(both, 'windowSize', 5), 'checkpointSize', 30);
          expect(equalOctets(back.octets.toUint8Array(), passage.octets.toUint8Array())).toBe(true);
        }),
      );
    });
  }

  it('is the serial number of a checkpoint, its acknowledgement, the end of an activity, a resumption', () => {
    const resumption = packets({
      spdu: 'AR',
      linkingInformation: { ...references, oldActivityIdentifier: Uint8Array.of(2, 1, 1), serialNumber: 12 },
      activityIdentifier: Uint8Array.of(2, 1, 2),
    });
    const all = [
      packets(checkpoint(9)),
      packets(acknowledgement(9)),
      packets({ spdu: 'AE', serialNumber: 10 }),
      resumption,
    ];
    for (const octets of all) {
      const before = passageOf(octets);
      for (const serialNumber of [1, 9, 10, 123_456]) {
        const after = again(before, 'serialNumber', serialNumber);
        expect(after.pdus).toEqual(before.pdus.map(({ name, facts }) => ({ name, facts: { ...facts, serialNumber } })));
      }
    }
  });

  it('is the reserved octet of the TPKT (RFC 1006 §6)', () => {
    const octets = changed(passageOf(packets(checkpoint(1))), 'reservedOctet', 17)?.toUint8Array();
    expect(octets?.subarray(0, 2)).toEqual(Uint8Array.of(3, 17));
    expect(octets?.subarray(2)).toEqual(packets(checkpoint(1)).subarray(2));
  });

  it('is not there in every PDU', () => {
    expect(changed(passageOf(packets(checkpoint(1))), 'windowSize', 1)).toBeUndefined();
    expect(changed(passageOf(packets({ spdu: 'FN' })), 'serialNumber', 1)).toBeUndefined();
  });
});

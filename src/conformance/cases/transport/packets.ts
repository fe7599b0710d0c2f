/** TPKT (RFC 1006 §6). */
import { concatOctets, fromHex } from '../../../bytes/octets.js';
import { connectionRequest, connectSpdu } from '../../octets/opening.js';
import { dataTpdu, tpkt, tsduPackets } from '../../octets/tpdu.js';
import { ended, spdu, tpdu } from '../../script/patterns.js';
import { transportOpen } from '../../script/preambles.js';
import { connect, expect, send, sendRaw } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';

const common = {
  subject: 'transport',
  clause: 'RFC 1006 §6',
  role: 'responder',
  modes: ['normal'],
} as const;

export const packets: readonly TestCase[] = [
  {
    ...common,
    id: 'TRA-R-VA-001',
    points: ['T-001', 'T-002'],
    purpose: 'Takes a CR and a CONNECT in TPKTs whose reserved octet is not zero.',
    preamble: [connect],
    steps: [
      sendRaw('CR, reserved octet 11', (c) => tpkt(connectionRequest(c), { reserved: 0x11 })),
      expect(tpdu('CC')),
      sendRaw('CONNECT, reserved octet ff', (c) => tpkt(dataTpdu(connectSpdu(c)), { reserved: 0xff })),
      expect(spdu('AC')),
    ],
  },
  {
    ...common,
    id: 'TRA-R-IV-001',
    points: ['T-003'],
    purpose: 'Closes TCP on a TPKT of version 2, without an answer.',
    preamble: [connect],
    steps: [sendRaw('CR, version 2', (c) => tpkt(connectionRequest(c), { version: 2 })), expect(ended)],
    octets: 'malformed',
  },
  {
    ...common,
    id: 'TRA-R-IV-002',
    points: ['T-003'],
    purpose: 'Closes TCP on a TPKT of another version on an open connection.',
    preamble: transportOpen,
    steps: [sendRaw('CONNECT, version 4', (c) => tpkt(dataTpdu(connectSpdu(c)), { version: 4 })), expect(ended)],
    octets: 'malformed',
  },
  ...[0, 3, 4, 6].map((length, index): TestCase => ({
    ...common,
    id: `TRA-R-IV-${String(3 + index).padStart(3, '0')}`,
    points: ['T-004'],
    purpose: `Closes TCP on a TPKT whose length is ${String(length)}, less than any TPDU needs.`,
    preamble: [connect],
    steps: [sendRaw(`TPKT of length ${String(length)}`, tpkt(fromHex('02f080'), { length })), expect(ended)],
    octets: 'malformed',
  })),
  {
    ...common,
    id: 'TRA-R-VA-002',
    points: ['T-005'],
    purpose: 'Takes two TPKTs in one TCP segment, a CR and what follows its CC aside.',
    preamble: transportOpen,
    steps: [
      sendRaw('CONNECT in two DTs, both TPKTs at once', (c) => tsduPackets(connectSpdu(c), 100)),
      expect(spdu('AC')),
    ],
  },
  {
    ...common,
    id: 'TRA-R-VA-003',
    points: ['T-005'],
    purpose: 'Takes a CR whose octets come one by one.',
    preamble: [connect],
    steps: [
      ...Array.from({ length: 6 }, (_, index) =>
        sendRaw(`octet ${String(index)} of the CR`, (c) => tpkt(connectionRequest(c)).subarray(index, index + 1)),
      ),
      sendRaw('the rest of the CR', (c) => tpkt(connectionRequest(c)).subarray(6)),
      expect(tpdu('CC')),
      send('CONNECT', (c) => concatOctets(connectSpdu(c))),
      expect(spdu('AC')),
    ],
  },
];

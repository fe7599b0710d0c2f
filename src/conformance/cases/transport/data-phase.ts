/** The open transport connection (X.224 §6.3, §6.8, §6.22). */
import { fromHex } from '../../../bytes/octets.js';
import { connectionRequest, connectSpdu, testerReference } from '../../octets/opening.js';
import { dataTpdu, disconnectRequest, errorTpdu, tsduPackets } from '../../octets/tpdu.js';
import { concatOctets } from '../../../bytes/octets.js';
import { ended, errorTpduHeard, spdu } from '../../script/patterns.js';
import { bound, transportOpen } from '../../script/preambles.js';
import { close, expect, expectOneOf, sendRaw, sendTpdu } from '../../script/steps.js';
import type { Step, TestCase } from '../../script/test-case.js';

const common = { subject: 'transport', role: 'responder', modes: ['normal'], preamble: transportOpen } as const;

/** An ER and then the end of TCP, or the end of TCP at once (X.224 §6.22). */
const rejected: Step = expectOneOf({ pattern: errorTpduHeard, then: [close] }, { pattern: ended });

const wrongTpdus = [
  { what: 'a DT with a length indicator of 3', tpdu: '03f080', point: 'T-026' },
  { what: 'a DT with a TPDU number of 1', tpdu: '02f081', point: 'T-026' },
  { what: 'a DT with code F1', tpdu: '02f180', point: 'T-026' },
  { what: 'an AK', tpdu: '0460000100', point: 'T-031' },
  { what: 'expedited data', tpdu: '021080ff', point: 'T-038' },
  { what: 'a TPDU with a length indicator of 255', tpdu: 'fff080', point: 'T-031' },
  { what: 'a TPDU with a length indicator of 0', tpdu: '00f080', point: 'T-031' },
] as const;

export const dataPhase: readonly TestCase[] = [
  {
    ...common,
    id: 'TRA-R-VA-030',
    clause: 'X.224 §6.3',
    points: ['T-025'],
    purpose: 'Joins a TSDU from DTs of one octet each.',
    steps: [sendRaw('CONNECT, an octet a DT', (c) => tsduPackets(connectSpdu(c), 4)), expect(spdu('AC'))],
  },
  {
    ...common,
    id: 'TRA-R-VA-031',
    clause: 'X.224 §6.3',
    points: ['T-025'],
    purpose: 'Joins a TSDU whose last DT is empty.',
    steps: [
      sendTpdu('all of the CONNECT', (c) => dataTpdu(connectSpdu(c), 'more')),
      sendTpdu('an empty DT with EOT', dataTpdu(new Uint8Array(0))),
      expect(spdu('AC')),
    ],
  },
  ...wrongTpdus.map(({ what, tpdu, point }, index): TestCase => ({
    ...common,
    id: `TRA-R-IV-${String(30 + index).padStart(3, '0')}`,
    clause: 'X.224 §6.22',
    points: [point, 'T-031'],
    purpose: `Rejects ${what} on an open connection.`,
    steps: [sendTpdu(what, fromHex(tpdu)), rejected],
    octets: 'malformed',
  })),
  {
    ...common,
    id: 'TRA-R-TI-001',
    clause: 'X.224 Annex A',
    points: ['T-036'],
    purpose: 'Takes a second CR on an open connection for a protocol error.',
    steps: [sendTpdu('CR once more', (c) => connectionRequest(c)), rejected],
  },
  {
    ...common,
    id: 'TRA-R-VA-032',
    clause: 'X.224 §6.7',
    points: ['T-030'],
    purpose: 'Is released by a DR on an open connection.',
    preamble: bound(),
    steps: [sendTpdu('DR', disconnectRequest(testerReference, testerReference, 128)), expect(ended)],
  },
  {
    ...common,
    id: 'TRA-R-VA-033',
    clause: 'X.224 §6.22',
    points: ['T-030'],
    purpose: 'Is released by an ER on an open connection.',
    preamble: bound(),
    steps: [sendTpdu('ER', errorTpdu(testerReference, 0, fromHex('02f080'))), expect(ended)],
  },
  {
    ...common,
    id: 'TRA-R-VA-034',
    clause: 'X.224 §6.3',
    points: ['T-025', 'T-005'],
    purpose: 'Takes an empty DT in the middle of a TSDU as filler.',
    steps: [
      sendRaw('CONNECT with an empty DT in it', (c) =>
        concatOctets(
          tsduPackets(new Uint8Array(0), 4).map((octet, index) => (index === 6 ? 0 : octet)),
          tsduPackets(connectSpdu(c), 300),
        ),
      ),
      expect(spdu('AC')),
    ],
  },
];

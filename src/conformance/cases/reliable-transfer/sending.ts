/** What the implementation under test does as the sender of an APDU (X.228 §7.3). */
import { toHex } from '../../../bytes/octets.js';
import { unitOf } from '../../listening/heard.js';
import { valuesIn } from '../../listening/upper-layers.js';
import { minorSyncAck, units, activityDiscardAck, exceptionData } from '../../octets/spdu.js';
import { serialSpdu, spdu, tpdu } from '../../script/patterns.js';
import { accepted, confirmedTransfer, lastSerial, tookTransfer } from '../../script/preambles.js';
import { situations } from '../../script/situations.js';
import { check, connect, expect, expectPassing, repeat, reset, send, silence } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { TestCase } from '../../script/test-case.js';
import { transferFault, wholeFault } from './transfer-rules.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = {
  subject: 'reliable-transfer',
  role: 'initiator',
  clause: 'X.228 §7.3',
  modes: bothModes,
} as const;

export const sending: readonly TestCase[] = [
  {
    ...common,
    id: 'RTS-I-VA-010',
    points: ['R-015', 'R-048', 'R-049'],
    purpose: 'Sends a message that is smaller than a checkpoint without any, as the octets that X.228 wants.',
    preamble: accepted({ checkpointSizeK: 'absent', windowSize: 1 }),
    steps: [tookTransfer, check('one piece', (c) => transferFault(c, 0)), ...confirmedTransfer],
  },
  {
    ...common,
    id: 'RTS-I-VA-011',
    points: ['R-015'],
    needs: ['checkpoints'],
    purpose: 'Sets no checkpoint in a message that is smaller than what was agreed.',
    preamble: accepted({ checkpointSizeK: 4 }),
    steps: [
      tookTransfer,
      check('checkpoints', (c) => (c.spdus('MIP').length === 0 ? transferFault(c, 4) : 'there is one')),
      ...confirmedTransfer,
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-012',
    points: ['R-014', 'R-013', 'R-048', 'R-049'],
    needs: ['checkpoints'],
    purpose: 'Sets a checkpoint behind each piece but the last, and ends the activity there.',
    preamble: accepted({ checkpointSizeK: 1 }, 'long'),
    steps: [tookTransfer, check('pieces and checkpoints', (c) => transferFault(c, 1)), ...confirmedTransfer],
  },
  {
    ...common,
    id: 'RTS-I-VA-013',
    points: ['R-012'],
    purpose: 'Without checkpoints sends a long message with none, and ends the activity with serial number 1.',
    preamble: accepted({ checkpointSizeK: 0 }, 'long'),
    steps: [
      expect(spdu('AS')),
      repeat({ pattern: spdu('DT'), next: 'again' }, { pattern: serialSpdu('AE', 1), next: 'leave' }),
      check('the APDU', wholeFault),
      ...confirmedTransfer,
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-014',
    points: ['R-017', 'R-016'],
    needs: ['checkpoints'],
    purpose: 'Takes one MINOR SYNC ACK for several checkpoints, and goes on by as many.',
    preamble: [
      ...accepted({ checkpointSizeK: 1, windowSize: 2 }, 'long'),
      expect(spdu('AS')),
      expect(spdu('DT')),
      expect(serialSpdu('MIP', 1)),
      expect(spdu('DT')),
      expect(serialSpdu('MIP', 2)),
    ],
    steps: [
      send('MINOR SYNC ACK 2', minorSyncAck(2)),
      expectPassing([spdu('DT')], serialSpdu('MIP', 3)),
      expectPassing([spdu('DT')], serialSpdu('MIP', 4)),
      repeat({ pattern: spdu('DT'), then: [silence()], next: 'leave' }),
      send('MINOR SYNC ACK 4', minorSyncAck(4)),
      tookTransfer,
      check('pieces and checkpoints', (c) => transferFault(c, 1)),
      ...confirmedTransfer,
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-015',
    points: ['R-020', 'R-037'],
    purpose: 'Sends a message again whose end was not confirmed before the connection was lost.',
    preamble: situations.ending.preamble,
    steps: [reset, connect, expect(tpdu('CR'))],
  },
  {
    ...common,
    id: 'RTS-I-VA-016',
    points: ['R-020', 'R-021', 'R-022'],
    purpose: 'Starts and releases nothing while the end of an activity is not confirmed.',
    preamble: situations.ending.preamble,
    steps: [silence(), ...confirmedTransfer, expect(spdu('FN'))],
  },
  {
    ...common,
    id: 'RTS-I-VA-017',
    points: ['R-051', 'R-054'],
    clause: 'X.228 §7.7.2',
    needs: ['checkpoints'],
    purpose:
      'Gives the activity that takes the place of a discarded one an identifier that this association has not had.',
    preamble: [
      ...situations.sending.preamble,
      send('EXCEPTION DATA 6', exceptionData(6)),
      expectPassing([spdu('DT')], spdu('AD')),
      send('ACTIVITY DISCARD ACK', activityDiscardAck),
      expect(spdu('AS')),
    ],
    steps: [
      check('the identifiers of the activities', (c) => {
        const identifiers = c
          .spdus('AS')
          .map((start) => toHex(unitOf(start, units.activityIdentifier) ?? Uint8Array.of()));
        return new Set(identifiers).size === identifiers.length ? undefined : `they are ${identifiers.join(' ')}`;
      }),
      tookTransfer,
      check('the APDU from its first octet', (c) => transferFault(c, 1)),
      ...confirmedTransfer,
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-018',
    points: ['R-016', 'R-009'],
    needs: ['checkpoints'],
    purpose: 'Has no more checkpoints unconfirmed than the window that it offered.',
    preamble: accepted({ checkpointSizeK: 1 }, 'long'),
    steps: [
      expect(spdu('AS')),
      repeat(
        { pattern: spdu('DT'), next: 'again' },
        {
          pattern: spdu('MIP', 'MIP within the window', (_, c) => {
            const { windowSize } = valuesIn(c.spdu('CN'), c.peer.mode);
            return c.spdus('MIP').length + 1 < windowSize ? undefined : 'it goes beyond the window';
          }),
          next: 'again',
        },
        {
          pattern: spdu('MIP', 'the last MIP of the window', (_, c) => {
            const { windowSize } = valuesIn(c.spdu('CN'), c.peer.mode);
            return c.spdus('MIP').length + 1 === windowSize ? undefined : 'it is not the last one of the window';
          }),
          then: [expect(spdu('DT')), silence()],
          next: 'leave',
        },
      ),
      send('MINOR SYNC ACK', (c) => minorSyncAck(lastSerial(c, 'MIP'))),
      tookTransfer,
      ...confirmedTransfer,
    ],
  },
];

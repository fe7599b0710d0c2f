/** Exception reports, interruptions and discards, at both ends (X.228 §7.6, §7.7). */
import { reliableTransferIn } from '../../listening/upper-layers.js';
import { integerIn, memberOf } from '../../octets/ber.js';
import { messageApdu } from '../../octets/message.js';
import {
  activityDiscard,
  activityDiscardAck,
  activityEnd,
  activityInterrupt,
  activityInterruptAck,
  activityStart,
  dataTransfer,
  exceptionData,
  exceptionReport,
  minorSyncAck,
  units,
} from '../../octets/spdu.js';
import { abortReasons, pieceData, transferOctets } from '../../octets/upper-layers.js';
import { unitOf } from '../../listening/heard.js';
import { fromHex, latin1Octets } from '../../../bytes/octets.js';
import { anyAbort, ended, serialSpdu, spdu } from '../../script/patterns.js';
import { bound, confirmedTransfer, released, tookTransfer, transferred, transferring } from '../../script/preambles.js';
import { situations } from '../../script/situations.js';
import { check, close, expect, expectOneOf, expectPassing, observe, send } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';
import { wholeFault } from './transfer-rules.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'reliable-transfer', modes: bothModes, clause: 'X.228 §7.6' } as const;

/** An AD or AI of this reason; absent is 0. */
function stopped(name: 'AD' | 'AI', ...reasons: readonly number[]): Pattern {
  return spdu(name, `${name} of reason ${reasons.join(' or ')}`, (heard) => {
    const reason = unitOf(heard, units.reason)?.[0] ?? 0;
    return reasons.includes(reason) ? undefined : `its reason is ${String(reason)}`;
  });
}

/** Discarded, and begun anew on the same association, whole. */
const begunAnew: readonly Step[] = [
  expectPassing([spdu('DT')], stopped('AD', 0)),
  send('ACTIVITY DISCARD ACK', activityDiscardAck),
  expect(spdu('AS')),
  tookTransfer,
  check('the APDU from its first octet', wholeFault),
  ...confirmedTransfer,
];

/** Interrupted behind checkpoint 1, and resumed there. */
const resumedBehindFirst: readonly Step[] = [
  expectPassing([spdu('DT')], stopped('AI', 0)),
  send('ACTIVITY INTERRUPT ACK', activityInterruptAck),
  expect(
    spdu('AR', 'ACTIVITY RESUME at checkpoint 1', (heard) => {
      const serial = new TextDecoder().decode(unitOf(heard, units.serialNumber));
      return Number(serial) === 1 ? undefined : `it resumes at "${serial}"`;
    }),
  ),
  tookTransfer,
  ...confirmedTransfer,
];

const confirmedFirst: readonly Step[] = [
  ...situations.sending.preamble,
  send('MINOR SYNC ACK 1', minorSyncAck(1)),
  expectPassing([spdu('DT')], serialSpdu('MIP', 2)),
];

const identifiers = [
  { what: 'one octet', octets: Uint8Array.of(0xff) },
  { what: 'six octets that are no BER', octets: latin1Octets('\x00\xffact7') },
] as const;

const transferCompletedAbort = spdu('AB', 'ABORT with RTAB transferCompleted', (heard, { peer }) => {
  const reason = integerIn(memberOf(reliableTransferIn(heard, peer.mode), 0x80));
  return reason === abortReasons.transferCompleted ? undefined : `its RTAB has reason ${String(reason)}`;
});

export const failures: readonly TestCase[] = [
  ...[0, 3, 6, 128].map((reason, index): TestCase => ({
    ...common,
    id: `RTS-I-VA-02${String(index)}`,
    role: 'initiator',
    points: ['R-027', 'R-054', 'R-055'],
    cells: ['713 ED', '05C ADA'],
    needs: ['checkpoints'],
    purpose: `Discards on EXCEPTION DATA ${String(reason)} and sends the message anew, from its first octet.`,
    preamble: confirmedFirst,
    steps: [send(`EXCEPTION DATA ${String(reason)}`, exceptionData(reason)), ...begunAnew],
  })),
  {
    ...common,
    id: 'RTS-I-VA-024',
    role: 'initiator',
    points: ['R-027', 'R-037'],
    needs: ['checkpoints'],
    purpose: 'Discards also when the second attempt is answered by EXCEPTION DATA 0, and keeps the message for later.',
    preamble: [
      ...situations.sending.preamble,
      send('EXCEPTION DATA 0', exceptionData(0)),
      expectPassing([spdu('DT')], spdu('AD')),
      send('ACTIVITY DISCARD ACK', activityDiscardAck),
      expect(spdu('AS')),
      expect(spdu('DT')),
      expect(spdu('MIP')),
    ],
    steps: [
      send('EXCEPTION DATA 0', exceptionData(0)),
      expectPassing([spdu('DT')], spdu('AD')),
      send('ACTIVITY DISCARD ACK', activityDiscardAck),
      expectOneOf(
        { pattern: spdu('AS'), then: [tookTransfer, ...confirmedTransfer] },
        { pattern: spdu('FN'), then: [close] },
        { pattern: anyAbort, then: [close] },
        { pattern: ended },
      ),
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-025',
    role: 'initiator',
    points: ['R-027', 'R-055', 'R-030'],
    cells: ['713 ED', '05B AIA'],
    needs: ['checkpoints', 'R-030'],
    purpose: 'Interrupts on EXCEPTION DATA 5 and resumes behind the checkpoint that was confirmed.',
    preamble: confirmedFirst,
    steps: [send('EXCEPTION DATA 5', exceptionData(5)), ...resumedBehindFirst],
  },
  {
    ...common,
    id: 'RTS-I-VA-026',
    role: 'initiator',
    points: ['R-027', 'R-055'],
    needs: ['checkpoints'],
    purpose: 'Discards on EXCEPTION DATA 5 where no checkpoint is confirmed, and sends the message anew.',
    preamble: situations.sending.preamble,
    steps: [send('EXCEPTION DATA 5', exceptionData(5)), ...begunAnew],
  },
  {
    ...common,
    id: 'RTS-I-VA-027',
    role: 'initiator',
    points: ['R-027'],
    cells: ['04B ED'],
    purpose: 'Discards on EXCEPTION DATA 0 behind its ACTIVITY END, and sends the message anew.',
    preamble: situations.ending.preamble,
    steps: [send('EXCEPTION DATA 0', exceptionData(0)), ...begunAnew],
  },
  {
    ...common,
    id: 'RTS-I-VA-028',
    role: 'initiator',
    points: ['R-053'],
    needs: ['checkpoints'],
    purpose: 'Discards on EXCEPTION DATA 1, and aborts: no retry on this association.',
    preamble: confirmedFirst,
    steps: [
      send('EXCEPTION DATA 1', exceptionData(1)),
      expectPassing([spdu('DT')], spdu('AD')),
      send('ACTIVITY DISCARD ACK', activityDiscardAck),
      expect(anyAbort),
      close,
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-029',
    role: 'initiator',
    points: ['R-028', 'R-055'],
    cells: ['713 ER'],
    needs: ['checkpoints'],
    purpose: 'Interrupts on EXCEPTION REPORT of the provider and resumes, discards, or aborts; the message is sent.',
    preamble: confirmedFirst,
    steps: [
      send('EXCEPTION REPORT', exceptionReport(fromHex('00'))),
      {
        do: 'expect',
        passing: [spdu('DT')],
        alternatives: [
          {
            pattern: stopped('AI', 0),
            then: [
              send('ACTIVITY INTERRUPT ACK', activityInterruptAck),
              expect(spdu('AR')),
              tookTransfer,
              ...confirmedTransfer,
            ],
          },
          {
            pattern: stopped('AD', 0),
            then: [
              send('ACTIVITY DISCARD ACK', activityDiscardAck),
              expect(spdu('AS')),
              tookTransfer,
              ...confirmedTransfer,
            ],
          },
          { pattern: anyAbort, then: [close] },
        ],
      },
    ],
  },
  {
    ...common,
    id: 'RTS-R-IV-050',
    clause: 'X.218 §8.3',
    role: 'responder',
    points: ['R-029', 'R-019'],
    purpose:
      'Reports an exception, or aborts, on an APDU that it cannot secure, instead of confirming it; goes on afterwards.',
    octets: 'malformed',
    preamble: bound(),
    steps: [
      send('ACTIVITY START', activityStart(Uint8Array.of(2, 1, 1))),
      send('octets that are no MTS-APDU', (c) => dataTransfer(pieceData(c, fromHex('3f8fffff7f')))),
      send('ACTIVITY END 1', activityEnd(1)),
      expectOneOf(
        {
          pattern: spdu('ED'),
          then: [
            send('ACTIVITY DISCARD', activityDiscard(0)),
            expect(spdu('ADA')),
            ...transferred((c) => messageApdu(c, 'next'), 2),
            observe('delivered', 'next'),
          ],
        },
        { pattern: anyAbort, then: [close] },
      ),
    ],
  },
  ...identifiers.map(({ what, octets }, index): TestCase => ({
    ...common,
    id: `RTS-R-VA-02${String(index)}`,
    clause: 'X.218 §9',
    role: 'responder',
    points: ['R-051'],
    purpose: `Takes an activity identifier of ${what} as it is.`,
    preamble: bound(),
    steps: [
      send('ACTIVITY START', activityStart(octets)),
      send('DATA TRANSFER', (c) => dataTransfer(pieceData(c, transferOctets(c, messageApdu(c, 'message'))))),
      send('ACTIVITY END', activityEnd(1)),
      expect(serialSpdu('AEA', 1)),
      observe('delivered', 'message'),
    ],
  })),
  {
    ...common,
    id: 'RTS-R-VA-022',
    clause: 'X.228 §7.7.2',
    role: 'responder',
    points: ['R-034', 'R-055'],
    cells: ['713 AD'],
    purpose: 'Forgets what was discarded, whatever the reason, and takes the next activity from its beginning.',
    preamble: bound(),
    steps: [
      ...[0, 1, 3, 5, 6, 128].flatMap((reason, index) => [
        send('ACTIVITY START', activityStart(Uint8Array.of(2, 1, index + 1))),
        send('half a message', (c) =>
          dataTransfer(pieceData(c, transferOctets(c, messageApdu(c, 'message')).subarray(0, 60))),
        ),
        send(`ACTIVITY DISCARD ${String(reason)}`, activityDiscard(reason)),
        expect(spdu('ADA')),
      ]),
      ...transferred((c) => messageApdu(c, 'message'), 9),
      observe('delivered', 'message'),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-023',
    clause: 'X.228 §7.7.2',
    role: 'responder',
    points: ['R-035'],
    purpose: 'Where ACTIVITY DISCARD crosses its ACTIVITY END ACK, aborts with transferCompleted, or acknowledges it.',
    preamble: bound(),
    steps: [
      ...transferring((c) => messageApdu(c, 'message')).slice(0, -1),
      send('ACTIVITY END 1 and ACTIVITY DISCARD', activityEnd(1), activityDiscard(0)),
      expectOneOf(
        {
          pattern: serialSpdu('AEA', 1),
          then: [
            expectOneOf({ pattern: transferCompletedAbort, then: [close] }, { pattern: spdu('ADA') }),
            observe('delivered', 'message'),
          ],
        },
        { pattern: spdu('ADA') },
        { pattern: transferCompletedAbort, then: [close, observe('delivered', 'message')] },
      ),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-024',
    clause: 'X.228 §7.7.1',
    role: 'responder',
    points: ['R-025'],
    purpose: 'Answers a release behind an activity that was interrupted and never resumed.',
    preamble: bound({ checkpointSizeK: 1 }),
    steps: [
      send('ACTIVITY START', activityStart(Uint8Array.of(2, 1, 1))),
      send('half a message', (c) =>
        dataTransfer(pieceData(c, transferOctets(c, messageApdu(c, 'half')).subarray(0, 60))),
      ),
      send('ACTIVITY INTERRUPT', activityInterrupt(5)),
      expect(spdu('AIA')),
      ...released,
      observe('not delivered', 'half'),
    ],
  },
];

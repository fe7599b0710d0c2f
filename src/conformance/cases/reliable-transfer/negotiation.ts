/** Checkpoint size and window: every corner of what may be offered and answered (X.218 §8.1). */
import { fromHex } from '../../../bytes/octets.js';
import { valuesIn } from '../../listening/upper-layers.js';
import { acceptSpdu, rtoacMembers, type Answer } from '../../octets/answer.js';
import { reversed } from '../../octets/ber-forms.js';
import { longMessageApdu } from '../../octets/message.js';
import { connectSpdu, rtorqMembers, type Opening } from '../../octets/opening.js';
import { activityEnd, activityStart, dataTransfer, minorSyncPoint } from '../../octets/spdu.js';
import { pieceData, transferOctets } from '../../octets/upper-layers.js';
import { serialSpdu, spdu, userAbort } from '../../script/patterns.js';
import { activityIdentifier, called, confirmedTransfer, tookTransfer, transportOpen } from '../../script/preambles.js';
import { check, close, expect, expectOneOf, observe, send } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Conversation } from '../../script/conversation.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';
import { transferFault } from './transfer-rules.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'reliable-transfer', clause: 'X.218 §8.1', modes: bothModes } as const;
const defaultWindow = 3;

interface Offer {
  readonly what: string;
  readonly opening: Opening;
  readonly points: readonly string[];
}

const offers: readonly Offer[] = [
  {
    what: 'no checkpoint size and no window',
    opening: { checkpointSizeK: 'absent', windowSize: 'absent' },
    points: ['R-001', 'R-008', 'R-009'],
  },
  {
    what: 'checkpoint size 0, written out, and window 3',
    opening: { checkpointSizeK: 0, windowSize: 3 },
    points: ['R-001', 'R-008'],
  },
  {
    what: 'checkpoint size 1 and window 1',
    opening: { checkpointSizeK: 1, windowSize: 1 },
    points: ['R-008', 'R-009'],
  },
  {
    what: 'checkpoint size 1 and no window',
    opening: { checkpointSizeK: 1, windowSize: 'absent' },
    points: ['R-008', 'R-009'],
  },
  {
    what: 'checkpoint size 63 and window 255',
    opening: { checkpointSizeK: 63, windowSize: 255 },
    points: ['R-008', 'R-009'],
  },
  {
    what: 'checkpoint size 32767 and window 32767',
    opening: { checkpointSizeK: 32_767, windowSize: 32_767 },
    points: ['R-008', 'R-009'],
  },
  { what: 'window 2 alone', opening: { checkpointSizeK: 'absent', windowSize: 2 }, points: ['R-009'] },
];

function numberOf(value: number | 'absent' | undefined, builtin: number): number {
  return typeof value === 'number' ? value : builtin;
}

/** An RTOAC whose values are within what was offered. */
function legalAnswer({ checkpointSizeK, windowSize }: Opening): Pattern {
  return spdu('AC', 'AC with values within the offer', (heard, { peer }) => {
    const answered = valuesIn(heard, peer.mode);
    const offeredK = numberOf(checkpointSizeK, 0);
    const offeredWindow = numberOf(windowSize, defaultWindow);
    if (offeredK > 0 && answered.checkpointSizeK > offeredK) {
      return `its checkpoint size is ${String(answered.checkpointSizeK)}`;
    }
    const windowCounts = answered.checkpointSizeK > 0;
    return windowCounts && (answered.windowSize < 1 || answered.windowSize > offeredWindow)
      ? `its window is ${String(answered.windowSize)}`
      : undefined;
  });
}

const messageOctets = 1500;

/** One message in pieces of 1 K: within whatever was agreed, but for the checkpoints where there are to be none. */
const transfers: readonly Step[] = [
  send('ACTIVITY START', activityStart(activityIdentifier(1))),
  send('piece 1', (c) => dataTransfer(pieceData(c, wholeTransfer(c).subarray(0, 1024)))),
  send('checkpoint 1', minorSyncPoint(1)),
  expect(serialSpdu('MIA', 1)),
  send('piece 2', (c) => dataTransfer(pieceData(c, wholeTransfer(c).subarray(1024)))),
  send('ACTIVITY END 2', activityEnd(2)),
  expect(serialSpdu('AEA', 2)),
  observe('delivered', 'message'),
];

function wholeTransfer(c: Conversation): Uint8Array {
  return transferOctets(c, longMessageApdu(c, 'message', messageOctets));
}

interface AnswerRow {
  readonly what: string;
  readonly answer: Answer;
  /** What holds then, where it is not more than the implementation under test offered. */
  readonly checkpointSizeK: number;
  readonly points: readonly string[];
}

const answers: readonly AnswerRow[] = [
  { what: 'checkpoint size 0', answer: { checkpointSizeK: 0 }, checkpointSizeK: 0, points: ['R-008', 'R-012'] },
  {
    what: 'no checkpoint size',
    answer: { checkpointSizeK: 'absent' },
    checkpointSizeK: 0,
    points: ['R-002', 'R-008', 'R-012'],
  },
  {
    what: 'checkpoint size 1 and window 1',
    answer: { checkpointSizeK: 1, windowSize: 1 },
    checkpointSizeK: 1,
    points: ['R-008', 'R-009', 'R-013', 'R-014'],
  },
  {
    what: 'checkpoint size 1 and window 2',
    answer: { checkpointSizeK: 1, windowSize: 2 },
    checkpointSizeK: 1,
    points: ['R-009', 'R-013', 'R-014'],
  },
  {
    what: 'checkpoint size 2',
    answer: { checkpointSizeK: 2 },
    checkpointSizeK: 2,
    points: ['R-008', 'R-013', 'R-014'],
  },
];

const beyond: readonly AnswerRow[] = [
  {
    what: 'a checkpoint size above the offer',
    answer: { checkpointSizeK: 60 },
    checkpointSizeK: 60,
    points: ['R-008', 'R-013'],
  },
  { what: 'a window above the offer', answer: { windowSize: 200 }, checkpointSizeK: 1, points: ['R-009'] },
  { what: 'no window', answer: { windowSize: 'absent' }, checkpointSizeK: 1, points: ['R-009', 'R-002'] },
];

/** The whole transfer is taken, and its pieces and checkpoints are as agreed. */
function takes(checkpointSizeK: number): readonly Step[] {
  return [
    tookTransfer,
    check('pieces and checkpoints', (c) => {
      const offered = valuesIn(c.spdu('CN'), c.peer.mode).checkpointSizeK;
      return transferFault(c, offered > 0 ? Math.min(offered, checkpointSizeK) : checkpointSizeK);
    }),
    ...confirmedTransfer,
  ];
}

export const negotiation: readonly TestCase[] = [
  ...offers.map(({ what, opening, points }, index): TestCase => ({
    ...common,
    id: `RTS-R-VA-10${String(index)}`,
    role: 'responder',
    points,
    purpose: `Answers an offer of ${what} by values within it, and takes a message.`,
    preamble: transportOpen,
    steps: [send(`CONNECT, ${what}`, (c) => connectSpdu(c, opening)), expect(legalAnswer(opening)), ...transfers],
  })),
  {
    ...common,
    id: 'RTS-R-VA-110',
    clause: 'X.690 §8.11',
    role: 'responder',
    points: ['R-001'],
    purpose: 'Takes an RTORQ with its members in the other order.',
    preamble: transportOpen,
    steps: [
      send('CONNECT, RTORQ in the other order', (c) => connectSpdu(c, { rtorqMembers: reversed(rtorqMembers(c)) })),
      expect(spdu('AC')),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-111',
    clause: 'X.228 §7.10',
    role: 'responder',
    points: ['R-006'],
    purpose: 'Ignores members of an RTORQ that nobody knows.',
    preamble: transportOpen,
    steps: [
      send('CONNECT, RTORQ with members [20] and [21]', (c) =>
        connectSpdu(c, { rtorqMembers: [...rtorqMembers(c), fromHex('940101'), fromHex('b5020500')] }),
      ),
      expect(spdu('AC')),
    ],
  },
  ...answers.map(({ what, answer, checkpointSizeK, points }, index): TestCase => ({
    ...common,
    id: `RTS-I-VA-10${String(index)}`,
    role: 'initiator',
    points,
    needs: ['checkpoints'],
    purpose: `Sends a message as agreed where the answer is ${what}.`,
    preamble: called('long'),
    steps: [send(`ACCEPT, ${what}`, (c) => acceptSpdu(c, answer)), ...takes(checkpointSizeK)],
  })),
  ...beyond.map(({ what, answer, checkpointSizeK, points }, index): TestCase => ({
    ...common,
    id: `RTS-I-IV-10${String(index)}`,
    role: 'initiator',
    points,
    needs: ['checkpoints'],
    purpose: `Where the answer has ${what}, keeps to its own offer, or aborts.`,
    preamble: called('long'),
    steps: [
      send(`ACCEPT, ${what}`, (c) => acceptSpdu(c, answer)),
      expectOneOf({ pattern: spdu('AS'), then: takes(checkpointSizeK) }, { pattern: userAbort, then: [close] }),
    ],
  })),
  {
    ...common,
    id: 'RTS-I-VA-110',
    clause: 'X.690 §8.11',
    role: 'initiator',
    points: ['R-002', 'R-006'],
    purpose: 'Takes an RTOAC with its members in the other order and others that nobody knows.',
    preamble: called(),
    steps: [
      send('ACCEPT, RTOAC in the other order', (c) =>
        acceptSpdu(c, { rtoacMembers: [fromHex('940101'), ...reversed(rtoacMembers(c))] }),
      ),
      tookTransfer,
      ...confirmedTransfer,
    ],
  },
];

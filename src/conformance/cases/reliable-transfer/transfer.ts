/** Transfers of an APDU, checkpoint by checkpoint (X.218, X.228 §7.3, X.410-1984 mode). */
import { reliableTransferIn, valuesIn } from '../../listening/upper-layers.js';
import { berInteger, indefiniteBer, integerIn, memberOf } from '../../octets/ber.js';
import { longMessageApdu, messageApdu } from '../../octets/message.js';
import { connectSpdu } from '../../octets/opening.js';
import {
  activityEnd,
  activityResume,
  activityStart,
  dataTransfer,
  exceptionData,
  abort,
  abortedBy,
  activityDiscardAck,
  minorSyncAck,
  minorSyncPoint,
} from '../../octets/spdu.js';
import { abortData, abortReasons, ownContexts, pieceData, transferOctets } from '../../octets/upper-layers.js';
import { anyOf, ended, serialSpdu, spdu } from '../../script/patterns.js';
import { begun, ends } from './own-activity.js';
import { accepted, activityIdentifier, bound, transferred, transportOpen } from '../../script/preambles.js';
import { close, expect, expectOneOf, expectPassing, observe, send, silence } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Conversation } from '../../script/conversation.js';
import type { TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'reliable-transfer', role: 'responder', modes: bothModes } as const;

const checkpoints = [
  { offer: 0, describe: 'leaves the checkpoint size to the responder' },
  { offer: 1, describe: 'offers checkpoints of 1 K' },
  { offer: 60, describe: 'offers more than the responder is likely to want' },
] as const;

const pieceOctets = 1024;

/** The nth piece of a message of 2500 octets. */
function piece(number: number): (c: Conversation) => Uint8Array {
  return (c) => {
    const octets = transferOctets(c, longMessageApdu(c, 'long', 2500));
    const end = number === 3 ? octets.length : number * pieceOctets;
    return dataTransfer(pieceData(c, octets.subarray((number - 1) * pieceOctets, end)));
  };
}

export const transfer: readonly TestCase[] = [
  ...checkpoints.map(({ offer, describe }, index): TestCase => ({
    ...common,
    id: `RTS-R-VA-00${String(1 + index)}`,
    clause: 'X.218 §8.1',
    points: ['R-001', 'R-002', 'R-008'],
    needs: ['checkpoints'],
    purpose: `Answers an opener who ${describe} by a size that is legal.`,
    preamble: transportOpen,
    steps: [
      send('CONNECT', (c) => connectSpdu(c, { checkpointSizeK: offer })),
      expect(
        spdu('AC', 'AC with a legal checkpoint size', (heard, { peer }) => {
          const { checkpointSizeK } = valuesIn(heard, peer.mode);
          return offer === 0 || checkpointSizeK <= offer ? undefined : `it is ${String(checkpointSizeK)}`;
        }),
      ),
    ],
  })),
  {
    ...common,
    id: 'RTS-R-VA-004',
    clause: 'X.218 §8.1',
    points: ['R-009'],
    needs: ['checkpoints'],
    purpose: 'Answers a window of 1 by a window of 1, and confirms each checkpoint before the next.',
    preamble: transportOpen,
    steps: [
      send('CONNECT, window 1', (c) => connectSpdu(c, { checkpointSizeK: 1, windowSize: 1 })),
      expect(
        spdu('AC', 'AC with checkpoints of 1 K and window 1', (heard, { peer }) => {
          const { windowSize, checkpointSizeK } = valuesIn(heard, peer.mode);
          return windowSize === 1 && checkpointSizeK === 1
            ? undefined
            : `it has ${String(checkpointSizeK)} K and window ${String(windowSize)}`;
        }),
      ),
      ...begun(2),
      ...ends(2),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-010',
    clause: 'X.228 §7.3',
    points: ['R-005', 'R-018', 'R-019', 'S-022'],
    needs: ['checkpoints'],
    purpose: 'Takes a message in three pieces with two checkpoints, confirms both and delivers it.',
    preamble: bound({ checkpointSizeK: 1 }),
    steps: [
      send('ACTIVITY START', activityStart(activityIdentifier(1))),
      send('piece 1', piece(1)),
      send('checkpoint 1', minorSyncPoint(1)),
      expect(serialSpdu('MIA', 1)),
      send('piece 2', piece(2)),
      send('checkpoint 2', minorSyncPoint(2)),
      expect(serialSpdu('MIA', 2)),
      send('piece 3', piece(3)),
      send('ACTIVITY END 3', activityEnd(3)),
      expect(serialSpdu('AEA', 3)),
      observe('delivered', 'long'),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-011',
    clause: 'X.228 §7.3',
    points: ['R-034'],
    cells: ['713 AD'],
    purpose: 'Does not deliver what was not ended.',
    preamble: bound(),
    steps: [
      send('ACTIVITY START', activityStart(activityIdentifier(1))),
      send('the whole message', (c) => dataTransfer(pieceData(c, transferOctets(c, messageApdu(c, 'unended'))))),
      silence(),
      close,
      observe('not delivered', 'unended'),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-013',
    clause: 'X.228 §7.3',
    modes: ['normal'],
    points: ['R-049', 'R-005'],
    purpose: 'Takes an EXTERNAL of indefinite length, cut inside its header and inside the octets that end it.',
    preamble: bound(),
    steps: [
      send('ACTIVITY START', activityStart(activityIdentifier(1))),
      ...[0, 1, 3, 6, -3, -1].map((start, index, starts) =>
        send('piece', (c) => {
          const value = indefiniteBer(0xa0, messageApdu(c, 'indefinite'));
          const octets = indefiniteBer(0x28, berInteger(ownContexts.messageTransfer), value);
          return dataTransfer(pieceData(c, octets.slice(start, starts[index + 1])));
        }),
      ),
      send('an empty piece', (c) => dataTransfer(pieceData(c, new Uint8Array(0)))),
      send('ACTIVITY END 1', activityEnd(1)),
      expect(serialSpdu('AEA', 1)),
      observe('delivered', 'indefinite'),
    ],
  },
  {
    ...common,
    id: 'RTS-R-IV-001',
    clause: 'X.228 §7.7.3',
    points: ['R-032'],
    cells: ['713 AR'],
    purpose:
      'Never takes a resumption of an activity that it does not know: RTAB unrecognizedActivity, or EXCEPTION DATA.',
    preamble: bound(),
    steps: [
      send(
        'ACTIVITY RESUME of an unknown activity',
        activityResume({
          oldIdentifier: activityIdentifier(77),
          newIdentifier: activityIdentifier(1),
          serialNumber: 1,
        }),
      ),
      expectOneOf(
        {
          pattern: spdu('AB', 'ABORT with RTAB unrecognizedActivity', (heard, { peer }) => {
            const reason = integerIn(memberOf(reliableTransferIn(heard, peer.mode), 0x80));
            return reason === abortReasons.unrecognizedActivity ? undefined : `its RTAB has reason ${String(reason)}`;
          }),
          then: [close],
        },
        { pattern: spdu('ED'), then: [close] },
      ),
    ],
  },
  {
    ...common,
    id: 'RTS-R-VA-012',
    clause: 'X.228 §7.9',
    points: ['R-004'],
    cells: ['713 AB-nr'],
    purpose: 'Ends the association on an RTAB between activities, and keeps what it has confirmed.',
    preamble: [...bound(), ...transferred((c) => messageApdu(c, 'kept'))],
    steps: [
      send('ABORT, RTAB localSystemProblem', (c) =>
        abort(abortedBy.user, abortData(c, berInteger(abortReasons.localSystemProblem, 0x80))),
      ),
      expect(ended),
      observe('delivered once', 'kept'),
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-001',
    clause: 'X.228 §7.3',
    role: 'initiator',
    points: ['R-016', 'R-013'],
    needs: ['checkpoints'],
    purpose: 'Waits with its next checkpoint while its window of one is full, and goes on when it is confirmed.',
    preamble: [
      ...accepted({ checkpointSizeK: 1, windowSize: 1 }, 'long'),
      expect(spdu('AS')),
      expect(spdu('DT')),
      expect(serialSpdu('MIP', 1)),
    ],
    steps: [
      expectOneOf({ pattern: spdu('DT') }),
      silence(),
      send('MINOR SYNC ACK 1', minorSyncAck(1)),
      expect(serialSpdu('MIP', 2)),
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-002',
    clause: 'X.228 §7.6',
    role: 'initiator',
    points: ['R-027', 'R-054', 'R-055'],
    cells: ['713 ED', '05C ADA'],
    needs: ['checkpoints'],
    purpose: 'Discards on EXCEPTION DATA 0, and sends again, on this association or another.',
    preamble: [
      ...accepted({ checkpointSizeK: 1, windowSize: 1 }, 'long'),
      expect(spdu('AS')),
      expect(spdu('DT')),
      expect(serialSpdu('MIP', 1)),
    ],
    steps: [
      send('EXCEPTION DATA 0', exceptionData(0)),
      expectPassing([spdu('DT')], spdu('AD')),
      send('ACTIVITY DISCARD ACK', activityDiscardAck),
      expect(anyOf('ACTIVITY START, FINISH, ABORT or the end', spdu('AS'), spdu('FN'), spdu('AB'), ended)),
    ],
  },
];

/** Activities that are interrupted, discarded and resumed, and who may give tokens (X.225 §7.11 to §7.31). */
import { fromHex } from '../../../bytes/octets.js';
import { unitOf, type HeardSpdu } from '../../listening/heard.js';
import { acceptSpdu } from '../../octets/answer.js';
import { ber } from '../../octets/ber.js';
import { longMessageApdu, messageApdu } from '../../octets/message.js';
import { connectSpdu, referenceUnits, type Opening } from '../../octets/opening.js';
import {
  abort,
  abortedBy,
  activityDiscard,
  activityEnd,
  activityInterrupt,
  activityResume,
  allTokens,
  dataTransfer,
  giveTokensConfirm,
  minorSyncPoint,
  pleaseTokens,
  units,
} from '../../octets/spdu.js';
import { pieceData, transferOctets } from '../../octets/upper-layers.js';
import type { Conversation } from '../../script/conversation.js';
import { ended, serialSpdu, sessionProtocolError, spdu } from '../../script/patterns.js';
import {
  activityIdentifier,
  activityOpen,
  bound,
  openedByIt,
  released,
  tookTransfer,
  transferred,
  transportOpen,
} from '../../script/preambles.js';
import { situations } from '../../script/situations.js';
import { check, close, expect, expectPassing, observe, reset, send } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Step, TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const responds = { subject: 'session', role: 'responder', modes: bothModes } as const;
const initiates = { subject: 'session', role: 'initiator', modes: bothModes } as const;

const pieceOctets = 1024;

/** One of three pieces of a message of 2500 octets. */
function piece(number: 1 | 2 | 3): Step {
  return send(`piece ${String(number)}`, (c) => {
    const octets = transferOctets(c, longMessageApdu(c, 'long', 2500));
    const end = number === 3 ? octets.length : number * pieceOctets;
    return dataTransfer(pieceData(c, octets.subarray((number - 1) * pieceOctets, end)));
  });
}

const firstPiece: readonly Step[] = [
  ...activityOpen,
  piece(1),
  send('checkpoint 1', minorSyncPoint(1)),
  expect(serialSpdu('MIA', 1)),
];

const remainingPieces: readonly Step[] = [
  piece(2),
  send('checkpoint 2', minorSyncPoint(2)),
  expect(serialSpdu('MIA', 2)),
  piece(3),
  send('ACTIVITY END 3', activityEnd(3)),
  expect(serialSpdu('AEA', 3)),
  observe('delivered once', 'long'),
];

const resumption = { oldIdentifier: activityIdentifier(1), newIdentifier: activityIdentifier(2), serialNumber: 1 };

/** A CONNECT that asks to go on with what the first connection of the case began. */
function recovering(c: Conversation): Opening {
  const [reference, common] = referenceUnits(c, 1).map((octets) => octets.subarray(2));
  return {
    connectionData: ber(
      0xa1,
      ber(c.peer.mode === 'normal' ? 0x04 : 0x14, reference ?? fromHex('')),
      ber(0x17, common ?? fromHex('')),
    ),
  };
}

const noUnits = (heard: HeardSpdu): string | undefined =>
  heard.units.length === 0 ? undefined : `it has unit ${String(heard.units[0]?.code)}`;

export const activities: readonly TestCase[] = [
  {
    ...responds,
    id: 'SES-R-VA-041',
    clause: 'X.225 §6.3.7',
    points: ['S-007'],
    purpose: 'Sends one SPDU behind a prefix, though it was told that it may send more.',
    preamble: bound({ protocolOptions: 1 }),
    steps: [...firstPiece, ...remainingPieces],
    needs: ['checkpoints'],
  },
  {
    ...responds,
    id: 'SES-R-VA-042',
    clause: 'X.225 §6.3.7',
    points: ['S-008'],
    purpose: 'Tells ACTIVITY INTERRUPT and ABORT, GIVE TOKENS and DATA TRANSFER, apart by their place in the TSDU.',
    preamble: bound(),
    steps: [
      ...firstPiece,
      send('ACTIVITY INTERRUPT', activityInterrupt(0)),
      expect(spdu('AIA')),
      send('ABORT, of the same code', abort(abortedBy.noReason)),
      expect(ended),
    ],
    needs: ['checkpoints'],
  },
  {
    ...responds,
    id: 'SES-R-VA-046',
    clause: 'X.225 §7.12',
    points: ['S-020', 'S-048'],
    cells: ['713 AI', '713 AR', '713 MIP'],
    needs: ['checkpoints'],
    purpose:
      'Resumes an activity of this connection behind checkpoint 1: the next is 2, and the message is delivered once.',
    preamble: bound({ checkpointSizeK: 1 }),
    steps: [
      ...firstPiece,
      send('ACTIVITY INTERRUPT', activityInterrupt(0)),
      expect(spdu('AIA')),
      send('ACTIVITY RESUME without references', activityResume(resumption)),
      ...remainingPieces,
    ],
  },
  {
    ...responds,
    id: 'SES-R-VA-047',
    clause: 'X.225 §7.12',
    points: ['S-020', 'S-048'],
    needs: ['checkpoints'],
    purpose: 'Resumes an activity of another connection, which its references name, behind checkpoint 1.',
    preamble: [...bound({ checkpointSizeK: 1 }), ...firstPiece, reset],
    steps: [
      ...transportOpen,
      send('CONNECT of a recovery', (c) => connectSpdu(c, { checkpointSizeK: 1, ...recovering(c) })),
      expect(spdu('AC')),
      send('ACTIVITY RESUME with references', (c) =>
        activityResume({ ...resumption, references: referenceUnits(c, 1) }),
      ),
      ...remainingPieces,
    ],
  },
  {
    ...responds,
    id: 'SES-R-IV-041',
    clause: 'X.225 §7.12',
    points: ['S-020', 'S-021'],
    needs: ['checkpoints'],
    purpose: 'Aborts where the first checkpoint of a resumed activity has the number of the one resumed from.',
    preamble: [
      ...bound({ checkpointSizeK: 1 }),
      ...firstPiece,
      send('ACTIVITY INTERRUPT', activityInterrupt(0)),
      expect(spdu('AIA')),
    ],
    steps: [
      send('ACTIVITY RESUME', activityResume(resumption)),
      piece(2),
      send('checkpoint 1 once more', minorSyncPoint(1)),
      expect(sessionProtocolError),
      close,
    ],
  },
  ...(
    [
      ['ACTIVITY INTERRUPT', activityInterrupt(0), 'AIA'],
      ['ACTIVITY DISCARD', activityDiscard(0), 'ADA'],
    ] as const
  ).flatMap(([what, tsdu, acknowledgement], index): readonly TestCase[] => [
    {
      ...responds,
      id: `SES-R-VA-${String(48 + index).padStart(3, '0')}`,
      clause: 'X.225 §7.30',
      points: ['S-028'],
      purpose: `Acknowledges ${what} between activities, and takes another activity.`,
      preamble: bound(),
      steps: [send(what, tsdu), expect(spdu(acknowledgement)), ...transferred((c) => messageApdu(c, 'next'), 2)],
    },
    {
      ...responds,
      id: `SES-R-VA-${String(50 + index).padStart(3, '0')}`,
      clause: 'X.225 §8.3',
      points: ['S-044'],
      purpose: `Answers ${what} in version 1 without user data.`,
      preamble: [...bound({ version: 1 }), ...activityOpen],
      steps: [send(what, tsdu), expect(spdu(acknowledgement, `${acknowledgement} without units`, noUnits))],
    },
  ]),
  {
    ...responds,
    id: 'SES-R-IV-042',
    clause: 'X.225 §7.15',
    points: ['S-033'],
    cells: ['713 GTC invalid'],
    purpose: 'Aborts on GIVE TOKENS CONFIRM in an activity.',
    preamble: [...bound(), ...activityOpen],
    steps: [send('GIVE TOKENS CONFIRM', giveTokensConfirm), expect(sessionProtocolError), close],
  },
  {
    ...initiates,
    id: 'SES-I-IV-040',
    clause: 'X.225 §7.15',
    points: ['S-033'],
    cells: ['713 GTC invalid'],
    needs: ['checkpoints'],
    purpose: 'Aborts on GIVE TOKENS CONFIRM of a peer who has no token.',
    preamble: situations.sending.preamble,
    steps: [send('GIVE TOKENS CONFIRM', giveTokensConfirm), expectPassing([spdu('DT')], sessionProtocolError), close],
  },
  {
    ...responds,
    id: 'SES-R-VA-052',
    clause: 'X.225 §7.13',
    points: ['S-034'],
    cells: ['713 PT'],
    purpose: 'Bears PLEASE TOKENS in an activity, which goes on.',
    preamble: [...bound({ checkpointSizeK: 1 }), ...firstPiece],
    needs: ['checkpoints'],
    steps: [send('PLEASE TOKENS', pleaseTokens(allTokens)), ...remainingPieces, ...released],
  },
  {
    ...responds,
    id: 'SES-R-IV-044',
    clause: 'X.225 §8.3.13',
    points: ['S-042'],
    purpose: 'Aborts on PLEASE TOKENS with 513 octets of user data in version 1.',
    preamble: bound({ version: 1 }),
    steps: [
      send('PLEASE TOKENS with 513 octets', pleaseTokens(allTokens, new Uint8Array(513))),
      expect(sessionProtocolError),
      close,
    ],
    octets: 'malformed',
  },
  {
    ...initiates,
    id: 'SES-I-VA-043',
    clause: 'X.225 §6.3.7',
    points: ['S-007', 'S-005', 'S-001'],
    purpose:
      'Sends a long message with one SPDU behind each prefix, lengths in their shortest form, and numbers from 1.',
    needs: ['checkpoints'],
    preamble: situations.sending.preamble,
    steps: [
      reset,
      ...openedByIt,
      send('ACCEPT', (c) => acceptSpdu(c)),
      tookTransfer,
      check('numbers of the points', (c) => {
        const numbers = c
          .spdus('MIP')
          .map((heard) => Number(new TextDecoder().decode(unitOf(heard, units.serialNumber))));
        const first = numbers[0];
        if (first === undefined) return 'there are none';
        const wrong = numbers.findIndex((number, index) => number !== first + index);
        return wrong < 0 ? undefined : `they are ${numbers.join(', ')}`;
      }),
    ],
  },
];

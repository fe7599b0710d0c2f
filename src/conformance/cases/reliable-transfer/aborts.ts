/** RTAB of every reason, received and sent (X.228 §7.7, §7.9, X.410-1984 mode). */
import { fromHex } from '../../../bytes/octets.js';
import { reliableTransferIn } from '../../listening/upper-layers.js';
import { ber, berInteger, integerIn, memberOf } from '../../octets/ber.js';
import {
  abort,
  abortedBy,
  activityResume,
  behindGive,
  dataToken,
  dataTransfer,
  minorSyncAck,
  pleaseTokens,
  unit,
} from '../../octets/spdu.js';
import {
  abortData,
  abortReasons,
  contextsOf,
  ownContexts,
  presentationData,
  userInformation,
} from '../../octets/upper-layers.js';
import { acceptSpdu } from '../../octets/answer.js';
import { anyOf, ended, serialSpdu, spdu, tpdu } from '../../script/patterns.js';
import {
  activityIdentifier,
  activityOpen,
  bound,
  called,
  confirmedTransfer,
  tookTransfer,
} from '../../script/preambles.js';
import { situations } from '../../script/situations.js';
import { check, close, connect, expect, expectPassing, send, settle } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Conversation } from '../../script/conversation.js';
import type { Pattern, Step, TestCase } from '../../script/test-case.js';
import { wholeFault } from './transfer-rules.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'reliable-transfer', modes: bothModes, clause: 'X.228 §7.9' } as const;

interface Rtab {
  readonly what: string;
  readonly members: readonly Uint8Array[];
  readonly points: readonly string[];
  readonly modes?: readonly Mode[];
}

const ofReason = (reason: number): Uint8Array => berInteger(reason, 0x80);

const rtabs: readonly Rtab[] = [
  { what: 'no reason', members: [], points: ['R-004'] },
  { what: 'reason 1 and the parameters it reflects', members: [ofReason(1), fromHex('810206c0')], points: ['R-004'] },
  { what: 'reason 3', members: [ofReason(3)], points: ['R-004', 'R-043'] },
  { what: 'reason 4', members: [ofReason(4)], points: ['R-004'] },
  { what: 'reason 5', members: [ofReason(5)], points: ['R-004', 'R-059'] },
  {
    what: 'reason 6 and user data',
    members: [ofReason(6), ber(0xa2, fromHex('0500'))],
    points: ['R-004', 'R-044'],
    modes: ['normal'],
  },
  { what: 'reason 99', members: [ofReason(99)], points: ['R-004'] },
  {
    what: 'reason 0 and a member that nobody knows',
    members: [ofReason(0), fromHex('9e0101')],
    points: ['R-004', 'R-006'],
  },
];

const abortsWith = (rtab: Rtab): Step =>
  send(`ABORT, RTAB of ${rtab.what}`, (c) => abort(abortedBy.user, abortData(c, ...rtab.members)));

/** A transfer with checkpoint 1 confirmed. */
const confirmedFirst: readonly Step[] = [
  ...situations.sending.preamble,
  send('MINOR SYNC ACK 1', minorSyncAck(1)),
  expectPassing([spdu('DT')], serialSpdu('MIP', 2)),
];

/** It calls, and begins the transfer anew: no recovery, no resumption. */
const sendsAnew: readonly Step[] = [
  ...called('long'),
  send('ACCEPT', (c) => acceptSpdu(c)),
  expect(spdu('AS')),
  tookTransfer,
  check('the APDU from its first octet', wholeFault),
  ...confirmedTransfer,
];

const modeReasons: Readonly<Record<Mode, readonly number[]>> = {
  normal: [0, 1, 2, 3, 4, 5, 6, 7],
  'x410-1984': [0, 1, 2, 3, 4, 7],
};

function rtabOf(...reasons: readonly number[]): Pattern {
  return spdu('AB', `ABORT with RTAB of reason ${reasons.join(' or ')}`, (heard, { peer }) => {
    const rtab = reliableTransferIn(heard, peer.mode);
    if (rtab === undefined) return 'it has no RTAB';
    const reason = integerIn(memberOf(rtab, 0x80)) ?? 0;
    if (!modeReasons[peer.mode].includes(reason)) return `reason ${String(reason)} is not for this mode`;
    return reasons.includes(reason) ? undefined : `its reason is ${String(reason)}`;
  });
}

/** Of the mode, whatever the reason; a provider below may have noticed first. */
const abortOfItsMode = anyOf(
  'ABORT with an RTAB of its mode, or of a provider',
  rtabOf(0, 1, 2, 3, 4, 5, 7),
  spdu('AB', 'ABORT', (heard, { peer }) => {
    const rtab = reliableTransferIn(heard, peer.mode);
    return rtab === undefined ? undefined : 'it has an RTAB';
  }),
);

const inRts = (c: Conversation, value: Uint8Array): Uint8Array =>
  c.peer.mode === 'normal' ? presentationData(contextsOf(c).reliableTransfer, value) : value;

const provocations: readonly { readonly what: string; readonly tsdu: Uint8Array }[] = [
  {
    what: 'a resumption of an unknown activity',
    tsdu: activityResume({
      oldIdentifier: activityIdentifier(8),
      newIdentifier: activityIdentifier(9),
      serialNumber: 1,
    }),
  },
  { what: 'an ACTIVITY END behind nothing', tsdu: behindGive(unit(41, unit(42, '1'))) },
];

export const aborts: readonly TestCase[] = [
  ...rtabs.map((rtab, index): TestCase => ({
    ...common,
    id: `RTS-R-VA-03${String(index)}`,
    role: 'responder',
    modes: rtab.modes ?? bothModes,
    points: rtab.points,
    purpose: `Ends the association on an RTAB of ${rtab.what}, in an activity.`,
    preamble: [...bound(), ...activityOpen],
    steps: [abortsWith(rtab), expect(ended)],
  })),
  ...rtabs.map((rtab, index): TestCase => ({
    ...common,
    id: `RTS-I-VA-03${String(index)}`,
    role: 'initiator',
    modes: rtab.modes ?? bothModes,
    points: [...rtab.points, 'R-037'],
    needs: ['checkpoints'],
    purpose: `Ends the association on an RTAB of ${rtab.what}, and keeps the message, which it sends later.`,
    preamble: confirmedFirst,
    steps: [abortsWith(rtab), expectPassing([spdu('DT')], ended), ...sendsAnew],
  })),
  {
    ...common,
    id: 'RTS-R-VA-040',
    role: 'responder',
    modes: ['normal'],
    points: ['R-050'],
    needs: ['R-050'],
    purpose: 'Ends the association on an RTAB under the universal tag that some give to provider aborts.',
    octets: 'uncommon',
    preamble: [...bound(), ...activityOpen],
    steps: [
      send('ABORT, RTAB with tag 36', (c) => {
        const rtab = ber(0x36, ofReason(abortReasons.localSystemProblem));
        const abrt = ber(0x64, fromHex('800100'), userInformation(c, rtab));
        return abort(abortedBy.user, ber(0xa0, presentationData(ownContexts.acse, abrt)));
      }),
      expect(ended),
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-040',
    clause: 'X.228 §7.7.3',
    role: 'initiator',
    points: ['R-056'],
    needs: ['checkpoints'],
    purpose: 'Never resumes a transfer that was ended by RTAB unrecognizedActivity: sends it anew.',
    preamble: confirmedFirst,
    steps: [
      send('ABORT, RTAB 2', (c) => abort(abortedBy.user, abortData(c, ofReason(abortReasons.unrecognizedActivity)))),
      expectPassing([spdu('DT')], ended),
      connect,
      expect(tpdu('CR')),
      close,
      ...sendsAnew,
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-041',
    clause: 'X.228 §7.7.2',
    role: 'initiator',
    points: ['R-036'],
    needs: ['R-036'],
    purpose:
      'Takes RTAB transferCompleted behind its ACTIVITY END for the confirmation: does not send the message again.',
    preamble: situations.ending.preamble,
    steps: [
      send('ABORT, RTAB 7', (c) => abort(abortedBy.user, abortData(c, ofReason(abortReasons.transferCompleted)))),
      settle,
      expect(ended),
      ...called('short'),
      send('ACCEPT', (c) => acceptSpdu(c)),
      tookTransfer,
      ...confirmedTransfer,
      // A message that comes again comes on this association, as nothing else is left.
      expect(spdu('FN')),
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-042',
    clause: 'X.228 §7.7.2',
    role: 'initiator',
    points: ['R-036', 'R-037'],
    needs: ['checkpoints'],
    purpose: 'Keeps a message on RTAB transferCompleted for which it has not sent ACTIVITY END.',
    preamble: confirmedFirst,
    steps: [
      send('ABORT, RTAB 7', (c) => abort(abortedBy.user, abortData(c, ofReason(abortReasons.transferCompleted)))),
      expectPassing([spdu('DT')], ended),
      connect,
      expect(tpdu('CR')),
    ],
  },
  ...provocations.map(({ what, tsdu }, index): TestCase => ({
    ...common,
    id: `RTS-R-IV-04${String(index)}`,
    role: 'responder',
    points: ['R-045'],
    purpose: `Where it aborts on ${what}, gives no reason that its mode does not have.`,
    preamble: bound(),
    steps: [send(what, tsdu), expect(anyOf('ABORT of its mode, or EXCEPTION DATA', abortOfItsMode, spdu('ED'))), close],
  })),
  {
    ...common,
    id: 'RTS-R-IV-045',
    clause: 'X.228 §7.9.2',
    role: 'responder',
    modes: ['normal'],
    points: ['R-046', 'R-045'],
    purpose: 'Aborts with RTAB protocolError on an APDU in DATA TRANSFER that is no RTTR.',
    preamble: [...bound(), ...activityOpen],
    steps: [
      send('DATA TRANSFER with an RTTP', dataTransfer(presentationData(ownContexts.reliableTransfer, berInteger(1)))),
      expect(rtabOf(abortReasons.protocolError)),
      close,
    ],
    octets: 'malformed',
  },
  {
    ...common,
    id: 'RTS-R-IV-046',
    clause: 'X.228 §7.9.2',
    role: 'responder',
    modes: ['normal'],
    points: ['R-046'],
    purpose: 'Aborts on data in the context of message transfer, which reliable transfer never uses by itself.',
    preamble: [...bound(), ...activityOpen],
    steps: [
      send(
        'DATA TRANSFER in context 5',
        dataTransfer(presentationData(ownContexts.messageTransfer, fromHex('040100'))),
      ),
      expect(rtabOf(abortReasons.protocolError)),
      close,
    ],
  },
  {
    ...common,
    id: 'RTS-I-IV-045',
    clause: 'X.228 §7.9.2',
    role: 'initiator',
    points: ['R-046', 'R-045'],
    needs: ['checkpoints'],
    purpose: 'Aborts with RTAB protocolError on PLEASE TOKENS whose data are no RTTP.',
    preamble: situations.sending.preamble,
    steps: [
      send('PLEASE TOKENS with NULL', (c) => pleaseTokens(dataToken, inRts(c, fromHex('0500')))),
      expectPassing([spdu('DT')], rtabOf(abortReasons.protocolError)),
      close,
    ],
    octets: 'malformed',
  },
];

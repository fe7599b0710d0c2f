/** Other octets for the same CP and CPA: forms of length, order of members (X.226 §8.2, X.690 §8.1.3). */
import { acseIn } from '../../listening/upper-layers.js';
import { ber, readWholeBer } from '../../octets/ber.js';
import { inIndefiniteForm, inLongForm, inSegments, reversed } from '../../octets/ber-forms.js';
import { acceptPpdu, acceptSpdu } from '../../octets/answer.js';
import { messageApdu } from '../../octets/message.js';
import { connectPpdu, connectSpdu } from '../../octets/opening.js';
import { activityEnd, activityStart, dataTransfer, finish } from '../../octets/spdu.js';
import { ownContexts, presentationData, releaseData, rlrq, transferOctets } from '../../octets/upper-layers.js';
import { serialSpdu, spdu } from '../../script/patterns.js';
import {
  activityIdentifier,
  bound,
  called,
  confirmedTransfer,
  tookTransfer,
  transportOpen,
} from '../../script/preambles.js';
import { close, expect, observe, send } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'presentation', role: 'responder', modes: bothModes, clause: 'X.690 §8.1.3' } as const;

/** The members of a SET in the other order. */
function turned(octets: Uint8Array): Uint8Array {
  const { identifier, children } = readWholeBer(octets);
  return ber(identifier, ...reversed(children.map((child) => child.octets)));
}

const ppduForms = [
  { describe: 'in the indefinite form throughout', form: inIndefiniteForm, points: ['P-029'], digit: 0 },
  { describe: 'with lengths longer than they need be', form: inLongForm, points: ['P-029'], digit: 1 },
  { describe: 'with the mode selector behind the rest', form: turned, points: ['P-030'], digit: 2 },
] as const;

interface RttrForm {
  readonly describe: string;
  /** An RTTR with these contents. */
  readonly form: (octets: Uint8Array) => Uint8Array;
  readonly number: number;
}

const rttrForms: readonly RttrForm[] = [
  { describe: 'in segments', form: inSegments, number: 33 },
  { describe: 'in segments of indefinite length', form: (octets) => inIndefiniteForm(inSegments(octets)), number: 34 },
  { describe: 'in segments of segments', form: nested, number: 35 },
];

function nested(octets: Uint8Array): Uint8Array {
  const half = Math.floor(octets.length / 2);
  return ber(0x24, inSegments(octets.subarray(0, half)), ber(0x04), inSegments(octets.subarray(half)));
}

export const forms: readonly TestCase[] = [
  ...ppduForms.map(({ describe, form, points, digit }): TestCase => ({
    ...common,
    id: `PRE-R-VA-03${String(digit)}`,
    points,
    purpose: `Accepts a CP ${describe}.`,
    preamble: transportOpen,
    steps: [send(`CONNECT, CP ${describe}`, (c) => connectSpdu(c, { ppdu: form(connectPpdu(c)) })), expect(spdu('AC'))],
  })),
  ...ppduForms.map(({ describe, form, points, digit }): TestCase => ({
    ...common,
    id: `PRE-I-VA-03${String(digit)}`,
    role: 'initiator',
    points,
    purpose: `Takes a CPA ${describe}, and transfers.`,
    preamble: called(),
    steps: [
      send(`ACCEPT, CPA ${describe}`, (c) => acceptSpdu(c, { ppdu: form(acceptPpdu(c)) })),
      tookTransfer,
      ...confirmedTransfer,
    ],
  })),
  ...rttrForms.map(({ describe, form, number }): TestCase => ({
    ...common,
    id: `PRE-R-VA-0${String(number)}`,
    clause: 'X.690 §8.7.3',
    modes: ['normal'],
    points: ['P-029', 'R-005'],
    purpose: `Takes an RTTR ${describe}.`,
    octets: 'uncommon',
    preamble: bound(),
    steps: [
      send('ACTIVITY START', activityStart(activityIdentifier(1))),
      send(`DATA TRANSFER, RTTR ${describe}`, (c) => {
        const rttr = form(transferOctets(c, messageApdu(c, 'message')));
        return dataTransfer(presentationData(ownContexts.reliableTransfer, rttr));
      }),
      send('ACTIVITY END 1', activityEnd(1)),
      expect(serialSpdu('AEA', 1)),
      observe('delivered', 'message'),
    ],
  })),
  {
    ...common,
    id: 'PRE-R-VA-036',
    modes: ['normal'],
    points: ['P-029'],
    purpose: 'Answers a release whose user data are in the indefinite form.',
    preamble: bound(),
    steps: [
      send('FINISH, indefinite form', (c) => {
        const data = releaseData(c, rlrq);
        return finish(data === undefined ? undefined : inIndefiniteForm(data));
      }),
      expect(
        spdu('DN', 'DISCONNECT with an RLRE', (heard) =>
          acseIn(heard)?.identifier === 0x63 ? undefined : 'it has no RLRE',
        ),
      ),
      close,
    ],
  },
];

/** Answers to the AARQ of the implementation under test (X.227 §7.1, §7.2). */
import { fromHex } from '../../../bytes/octets.js';
import { aare, acceptedContext, acceptSpdu, definedContexts, rtoacMembers, type Answer } from '../../octets/answer.js';
import { ber, berInteger } from '../../octets/ber.js';
import { activityEndAck, disconnect, refuse } from '../../octets/spdu.js';
import {
  applicationContext,
  contextsOf,
  external,
  objectIdentifiers,
  presentationData,
} from '../../octets/upper-layers.js';
import { anyAbort, ended, spdu, userAbort } from '../../script/patterns.js';
import { accepted, called, confirmedTransfer, lastSerial, tookTransfer } from '../../script/preambles.js';
import { close, expect, send, settle } from '../../script/steps.js';
import type { Conversation } from '../../script/conversation.js';
import type { TestCase } from '../../script/test-case.js';

const common = {
  subject: 'association',
  role: 'initiator',
  modes: ['normal'],
  clause: 'X.227 §7.1',
  preamble: called(),
} as const;

/** An AARE without user information: result, source and diagnostic, as `1 user 1`. */
function bareAare(result: number, diagnosticTag: number, diagnostic: number): Uint8Array {
  return ber(
    0x61,
    applicationContext(objectIdentifiers.mtsTransfer),
    ber(0xa2, berInteger(result)),
    ber(0xa3, ber(diagnosticTag, berInteger(diagnostic))),
  );
}

/** A CPR with this AARE. */
function rejection(c: Conversation, rejected: Uint8Array): Uint8Array {
  const results = Array.from({ length: definedContexts(c) }, () => acceptedContext);
  return ber(0x30, ber(0xa5, ...results), presentationData(contextsOf(c).acse, rejected));
}

const ofUser = 0xa1;
const ofProvider = 0xa2;

const rejections = [
  { what: 'rejected for good by the user, no reason given', rejected: bareAare(1, ofUser, 1) },
  { what: 'rejected for now by the user, no reason given', rejected: bareAare(2, ofUser, 1) },
  { what: 'rejected for good, application context not supported', rejected: bareAare(1, ofUser, 2) },
  { what: 'rejected for good by the provider, no common version', rejected: bareAare(1, ofProvider, 2) },
  { what: 'rejected for now by the provider, null diagnostic', rejected: bareAare(2, ofProvider, 0) },
] as const;

const wrongAnswers: readonly {
  readonly what: string;
  readonly answer: (c: Conversation) => Answer;
  readonly point: string;
}[] = [
  {
    what: 'another application context',
    answer: () => ({ applicationContextName: '56000100' }),
    point: 'A-007',
  },
  { what: 'no user information', answer: () => ({ aare: bareAare(0, ofUser, 0) }), point: 'A-013' },
  { what: 'a result that rejects in an ACCEPT', answer: () => ({ aare: bareAare(1, ofUser, 1) }), point: 'A-011' },
  { what: 'an AARQ in place of the AARE', answer: (c) => ({ aare: aarqLike(c) }), point: 'A-011' },
];

/** The octets of an AARE under the tag of an AARQ. */
function aarqLike(c: Conversation): Uint8Array {
  const octets = Uint8Array.from(aare(c));
  octets[0] = 0x60;
  return octets;
}

/** An EXTERNAL around the RTOAC in other forms. */
const externals: readonly {
  readonly what: string;
  readonly made: (context: number, rtoac: Uint8Array) => Uint8Array;
}[] = [
  {
    what: 'with a direct reference too',
    made: (context, rtoac) => ber(0x28, fromHex('06025101'), berInteger(context), ber(0xa0, rtoac)),
  },
  { what: 'octet-aligned', made: (context, rtoac) => ber(0x28, berInteger(context), ber(0x81, rtoac)) },
  { what: 'single ASN.1 type', made: external },
];

export const answers: readonly TestCase[] = [
  ...rejections.map(({ what, rejected }, index): TestCase => ({
    ...common,
    id: `ACS-I-VA-01${String(index)}`,
    points: ['A-006'],
    purpose: `Takes an AARE ${what}: ends the connection, and calls again later.`,
    steps: [send(`REFUSE, AARE ${what}`, (c) => refuse(2, rejection(c, rejected))), expect(ended)],
  })),
  ...wrongAnswers.map(({ what, answer, point }, index): TestCase => ({
    ...common,
    id: `ACS-I-IV-01${String(index)}`,
    points: [...new Set([point, 'A-011'])],
    purpose: `Aborts on an ACCEPT with ${what}.`,
    steps: [send(`ACCEPT with ${what}`, (c) => acceptSpdu(c, answer(c))), expect(userAbort), close],
  })),
  ...externals.map(({ what, made }, index): TestCase => ({
    ...common,
    id: `ACS-I-VA-02${String(index)}`,
    points: ['A-012'],
    purpose: `Finds the RTOAC in an EXTERNAL ${what}.`,
    steps: [
      send(`ACCEPT, EXTERNAL ${what}`, (c) => {
        const rtoac = made(contextsOf(c).reliableTransfer, ber(0xb1, ...rtoacMembers(c)));
        const octets = ber(
          0x61,
          applicationContext(objectIdentifiers.mtsTransfer),
          fromHex('a203020100'),
          fromHex('a305a103020100'),
          ber(0xbe, rtoac),
        );
        return acceptSpdu(c, { aare: octets });
      }),
      tookTransfer,
      ...confirmedTransfer,
    ],
  })),
  {
    ...common,
    id: 'ACS-I-VA-030',
    points: ['A-005', 'A-002'],
    purpose: 'Takes an AARE with titles, invocation identifiers and members that nobody knows.',
    steps: [
      send('ACCEPT, AARE with titles', (c) =>
        acceptSpdu(c, {
          aareMembers: ['a406060456000106', 'a503020107', 'a603020101', 'a703020105', '990101'].map(fromHex),
        }),
      ),
      tookTransfer,
      ...confirmedTransfer,
    ],
  },
  ...(['none', '6300', '6303800100', '6303800101', '630380011e'] as const).map((rlre, index): TestCase => ({
    ...common,
    id: `ACS-I-VA-04${String(index)}`,
    clause: 'X.227 §7.2',
    points: ['A-009', 'R-025'],
    purpose: `Closes with an RLRQ, and takes a DISCONNECT with RLRE ${rlre} for the end.`,
    preamble: accepted(),
    steps: [
      tookTransfer,
      send('ACTIVITY END ACK', (c) => activityEndAck(lastSerial(c, 'AE'))),
      settle,
      expect(spdu('FN')),
      send(`DISCONNECT, RLRE ${rlre}`, (c) =>
        disconnect(rlre === 'none' ? undefined : presentationData(contextsOf(c).acse, fromHex(rlre))),
      ),
      expect(ended),
    ],
  })),
  {
    ...common,
    id: 'ACS-I-IV-020',
    clause: 'X.227 §7.3',
    points: ['A-010', 'A-011'],
    purpose: 'Ends the association on a DISCONNECT with something else than an RLRE.',
    preamble: accepted(),
    steps: [
      tookTransfer,
      send('ACTIVITY END ACK', (c) => activityEndAck(lastSerial(c, 'AE'))),
      settle,
      expect(spdu('FN')),
      send('DISCONNECT, AARQ', (c) => disconnect(presentationData(contextsOf(c).acse, fromHex('6000')))),
      { do: 'expect', alternatives: [{ pattern: ended }, { pattern: anyAbort, then: [close] }] },
    ],
    octets: 'malformed',
  },
];

/** Answers to the CP of the implementation under test: CPA that it cannot take, CPR of every reason (X.226 §6.2, X.410-1984 mode). */
import { fromHex } from '../../../bytes/octets.js';
import { ppduIn } from '../../listening/upper-layers.js';
import { acceptedContext, acceptSpdu, refusalPpdu, type Answer } from '../../octets/answer.js';
import { ber, berInteger, memberOf } from '../../octets/ber.js';
import { bindValue } from '../../octets/bind.js';
import { connectSpdu } from '../../octets/opening.js';
import { refuse } from '../../octets/spdu.js';
import { ended, spdu, userAbort } from '../../script/patterns.js';
import { called, transportOpen } from '../../script/preambles.js';
import { close, expect, send } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Conversation } from '../../script/conversation.js';
import type { Pattern, TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = {
  subject: 'presentation',
  role: 'initiator',
  modes: ['normal'],
  clause: 'X.226 §6.2',
  preamble: called(),
} as const;

const providerRejected = fromHex('3006800102820101');
const userRejected = fromHex('3003800101');
/** Accepted with 2.1.2.1, which was not offered. */
const otherSyntax = fromHex('30088001008103510201');

const needed = [
  { what: 'the context of message transfer is rejected by the provider', results: [0, 0, providerRejected] },
  { what: 'the context of reliable transfer is rejected by the user', results: [0, userRejected, 0] },
] as const;

const faulty = [
  { what: 'a result too few', results: [0, 0] },
  { what: 'a result too many', results: [0, 0, 0, 0] },
  { what: 'a transfer syntax that was not offered', results: [0, otherSyntax, 0] },
] as const;

function resultsOf(results: readonly (0 | Uint8Array)[]): readonly Uint8Array[] {
  return results.map((result) => (result === 0 ? acceptedContext : result));
}

/** What X.226 §6.4 has for an invalid PPDU: an ARP in an abort of the session user. */
const providerAbortOfPresentation: Pattern = spdu('AB', 'ABORT with an ARP', (heard) => {
  const ppdu = ppduIn(heard);
  return ppdu?.identifier === 0x30 && memberOf(ppdu, 0x80) !== undefined ? undefined : 'it carries no ARP';
});

const otherModes: readonly { readonly mode: Mode; readonly answer: Answer; readonly pattern: Pattern }[] = [
  { mode: 'normal', answer: { modeSelector: fromHex('a003800100') }, pattern: userAbort },
  { mode: 'x410-1984', answer: { modeSelector: fromHex('a003800101') }, pattern: userAbort },
];

const providerReasons = [0, 1, 2, 3, 4, 5, 6, 7] as const;

export const answers: readonly TestCase[] = [
  ...needed.map(({ what, results }, index): TestCase => ({
    ...common,
    id: `PRE-I-IV-00${String(1 + index)}`,
    points: ['P-007'],
    purpose: `Aborts as user where ${what}.`,
    steps: [send(`ACCEPT, ${what}`, (c) => acceptSpdu(c, { results: resultsOf(results) })), expect(userAbort), close],
  })),
  ...faulty.map(({ what, results }, index): TestCase => ({
    ...common,
    id: `PRE-I-IV-01${String(index)}`,
    clause: 'X.226 §6.4',
    points: ['P-008', 'P-021'],
    purpose: `Aborts with ARP on a CPA with ${what}.`,
    steps: [
      send(`ACCEPT, CPA with ${what}`, (c) => acceptSpdu(c, { results: resultsOf(results) })),
      expect(providerAbortOfPresentation),
      close,
    ],
  })),
  ...otherModes.map(({ mode, answer, pattern }, index): TestCase => ({
    ...common,
    id: `PRE-I-IV-02${String(index)}`,
    modes: [mode],
    points: ['P-027'],
    purpose: 'Aborts where the CPA has another mode than the CP.',
    steps: [send('ACCEPT, CPA of the other mode', (c) => acceptSpdu(c, answer)), expect(pattern), close],
    octets: 'malformed',
  })),
  ...providerReasons.map((reason): TestCase => ({
    ...common,
    id: `PRE-I-VA-05${String(reason)}`,
    points: ['P-009'],
    purpose: `Takes a CPR of provider reason ${String(reason)} for a refusal: ends the connection, and calls again later.`,
    steps: [send('REFUSE with a CPR', refuse(2, ber(0x30, berInteger(reason, 0x8a)))), expect(ended)],
  })),
  ...(['permanent', 'transient'] as const).map((lasting, index): TestCase => ({
    ...common,
    id: `PRE-I-VA-06${String(index)}`,
    points: ['P-010', 'A-006', 'R-003'],
    purpose: `Takes a CPR of the user with an AARE that rejects, ${lasting}: ends the connection, and calls again later.`,
    steps: [send('REFUSE with a CPR, AARE and RTORJ', (c) => refuse(2, refusalPpdu(c, 2, lasting))), expect(ended)],
  })),
  {
    ...common,
    id: 'PRE-I-VA-062',
    modes: bothModes,
    points: ['P-010'],
    purpose: 'Takes a REFUSE of reason 2 without any CPR for a refusal.',
    steps: [send('REFUSE, reason 2, no user data', refuse(2)), expect(ended)],
  },
  ...[0, 2, 3].map((reason, index): TestCase => ({
    ...common,
    id: `PRE-I-VA-07${String(index)}`,
    clause: 'X.410 §4',
    modes: ['x410-1984'],
    points: ['P-025', 'R-003'],
    purpose: `Takes a CPR that is a SET with refuse reason ${String(reason)} and no mode selector for a refusal.`,
    steps: [
      send(`REFUSE with RTORJ ${String(reason)}`, (c) => refuse(2, refusalPpdu(c, reason, 'transient'))),
      expect(ended),
    ],
  })),
  {
    ...common,
    id: 'PRE-R-VA-070',
    role: 'responder',
    clause: 'X.410 §4',
    modes: ['x410-1984'],
    points: ['P-025', 'R-003'],
    needs: ['password'],
    purpose: 'Refuses a wrong password with a CPR that is a SET of nothing but refuse reason 2.',
    preamble: transportOpen,
    steps: [
      send('CONNECT, wrong password', (c) => connectSpdu(c, { bind: wrongPassword(c) })),
      expect(
        spdu('RF', 'REFUSE with the SET of refuse reason 2', (heard) => {
          const ppdu = ppduIn(heard);
          return ppdu?.identifier === 0x31 && ppdu.children.length === 1 && memberOf(ppdu, 0x80)?.content[0] === 2
            ? undefined
            : 'its user data are another PPDU';
        }),
      ),
      close,
    ],
  },
];

function wrongPassword({ peer }: Conversation): Uint8Array {
  return bindValue(peer, peer.tester.mtaName, `${peer.tester.password ?? ''}x`);
}

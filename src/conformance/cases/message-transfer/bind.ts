/** MTA-bind: who may open an association, in which context, and what is said about it (X.411 §12.1.1, X.419). */
import { fromHex, latin1Octets, toHex } from '../../../bytes/octets.js';
import { acseIn, ppduIn, reliableTransferIn } from '../../listening/upper-layers.js';
import type { HeardSpdu } from '../../listening/heard.js';
import { ber, berText, integerIn, memberOf, type Ber } from '../../octets/ber.js';
import { refusalPpdu, acceptSpdu, type Answer } from '../../octets/answer.js';
import { bindValue, nullBind } from '../../octets/bind.js';
import { connectSpdu, type Opening } from '../../octets/opening.js';
import { refuse } from '../../octets/spdu.js';
import { objectIdentifiers } from '../../octets/upper-layers.js';
import { messageApdu } from '../../octets/message.js';
import type { Peer } from '../../peer/peer-file.js';
import type { Conversation } from '../../script/conversation.js';
import { anyAbort, anyOf, ended, spdu } from '../../script/patterns.js';
import { bound, called, openedByIt, transferred, transportOpen } from '../../script/preambles.js';
import { close, expect, observe, send } from '../../script/steps.js';
import type { Pattern, TestCase } from '../../script/test-case.js';
import { calling, responding } from './common.js';

const authenticationError = 2;
const busy = 0;

/** A refusal whose bind error, in X.410-1984 mode refuse reason, is this. */
function bindRefused(code: number): Pattern {
  return spdu('RF', `REFUSE with bind error ${String(code)}`, (heard, { peer }) => {
    const rtorj = reliableTransferIn(heard, peer.mode);
    const found = integerIn(peer.mode === 'normal' ? memberOf(rtorj, 0xa1, 0xb2, 0x02) : memberOf(rtorj, 0x80));
    return found === code ? undefined : `its bind error is ${String(found)}`;
  });
}

const wrongBinds = [
  {
    what: 'an unknown name',
    opening: (c: Conversation): Opening => ({ bind: bindValue(c.peer, 'MTA-NOBODY', c.peer.tester.password) }),
  },
  {
    what: 'a wrong password',
    opening: (c: Conversation): Opening => ({ bind: bindValue(c.peer, c.peer.tester.mtaName, 'not-the-password') }),
  },
  { what: 'no name at all', opening: (): Opening => ({ bind: nullBind }) },
] as const;

/** The name and password of a bind argument or result; what is wrong with its tags, in a phrase. */
function bindFault(bind: Ber | undefined, { implementation }: Peer): string | undefined {
  const name = memberOf(bind, 0x80)?.content ?? new Uint8Array(0);
  const password = memberOf(bind, 0xa1)?.children[0];
  if (bind?.identifier !== 0xa1) return 'there is no bind with a name under the tags of this mode';
  if (toHex(name) !== toHex(latin1Octets(implementation.mtaName))) return 'its name is not that of the peer file';
  if (password?.identifier !== 0x16 && password?.identifier !== 0x04) return 'its password is neither IA5 nor octets';
  const wanted = toHex(latin1Octets(implementation.password ?? ''));
  return toHex(password.content) === wanted ? undefined : 'its password is not that of the peer file';
}

function resultFault(accept: HeardSpdu, { peer }: Conversation): string | undefined {
  const data = memberOf(reliableTransferIn(accept, peer.mode), 0xa2, 0xa0);
  return bindFault(peer.mode === 'normal' ? memberOf(data, 0xb1)?.children[0] : data?.children[0], peer);
}

function argumentFault(connect: HeardSpdu, { peer }: Conversation): string | undefined {
  const data = memberOf(reliableTransferIn(connect, peer.mode), 0xa3, 0xa0);
  return bindFault(peer.mode === 'normal' ? memberOf(data, 0xb0)?.children[0] : data?.children[0], peer);
}

/** The three contexts and the application context, or in X.410-1984 mode the application protocol (X.419 §7). */
function contextFault(connect: HeardSpdu, { peer }: Conversation): string | undefined {
  if (peer.mode === 'x410-1984') {
    const protocol = integerIn(memberOf(reliableTransferIn(connect, peer.mode), 0x84));
    const wanted = peer.p1 === '1984' ? 1 : 12;
    return protocol === wanted
      ? undefined
      : `its application protocol is ${String(protocol)} instead of ${String(wanted)}`;
  }
  const definitions = memberOf(ppduIn(connect), 0xa2, 0xa4)?.children ?? [];
  const found = definitions.map((definition) => toHex(memberOf(definition, 0x06)?.content ?? new Uint8Array(0)));
  const { acse, reliableTransfer, messageTransfer, mtsTransfer } = objectIdentifiers;
  const missing = [acse, reliableTransfer, messageTransfer].find((syntax) => !found.includes(syntax));
  if (missing !== undefined) return `it defines no context for ${missing}`;
  const name = memberOf(acseIn(connect), 0xa1, 0x06)?.content ?? new Uint8Array(0);
  return toHex(name) === mtsTransfer ? undefined : `its application context is ${toHex(name)}`;
}

/** A bind value with a password of this tag. */
function bindWithPassword({ tester }: Peer, tag: number): Uint8Array {
  return ber(0xa1, berText(0x80, tester.mtaName), ber(0xa1, berText(tag, tester.password ?? '')));
}

/** As a widespread implementation opens: checkpoints of 63 K, no window, its octets of application-protocol 12 swapped. */
const foreignOpening = (c: Conversation): Opening => ({
  checkpointSizeK: 63,
  windowSize: 'absent',
  dialogueMode: 0,
  bind: bindWithPassword(c.peer, c.peer.p1 === '1984' ? 0x16 : 0x04),
  ...(c.peer.p1 === '1984' ? {} : { applicationProtocol: 3072 }),
});

/** Before any message is sent, the association is given up. */
const givesUp = anyOf('FINISH, ABORT or the end of TCP', spdu('FN'), anyAbort, ended);

const wrongResults = [
  {
    what: 'another name',
    answer: (c: Conversation): Answer => ({ bind: bindValue(c.peer, 'MTA-NOBODY', c.peer.tester.password) }),
  },
  {
    what: 'a wrong password',
    answer: (c: Conversation): Answer => ({ bind: bindValue(c.peer, c.peer.tester.mtaName, 'not-the-password') }),
  },
  { what: 'no name at all', answer: (): Answer => ({ bind: nullBind }) },
] as const;

export const bindCases: readonly TestCase[] = [
  ...wrongBinds.map(({ what, opening }, index): TestCase => ({
    ...responding,
    id: `P1-R-IV-00${String(1 + index)}`,
    clause: 'X.411 §12.1.1',
    points: ['P1-008', 'P1-006'],
    needs: ['password'],
    purpose: `Refuses a bind with ${what}: authentication error.`,
    preamble: transportOpen,
    steps: [
      send(`CONNECT with ${what}`, (c) => connectSpdu(c, opening(c))),
      expect(bindRefused(authenticationError)),
      close,
    ],
  })),
  {
    ...responding,
    id: 'P1-R-IV-004',
    clause: 'X.419 §7',
    points: ['P1-004'],
    purpose:
      'Refuses an application context, in X.410-1984 mode an application protocol, that is none of message transfer.',
    preamble: transportOpen,
    steps: [
      send('CONNECT for something else', (c) =>
        connectSpdu(c, { applicationContextName: '5600017f', applicationProtocol: 5 }),
      ),
      expect(anyOf('REFUSE or ABORT', spdu('RF'), anyAbort)),
      close,
    ],
  },
  {
    ...responding,
    id: 'P1-R-VA-004',
    clause: 'X.411 §12.1.1',
    points: ['P1-001', 'P1-002', 'P1-005'],
    needs: ['password'],
    purpose: 'Answers a bind with its own name and password, tagged [17] in normal mode only.',
    preamble: transportOpen,
    steps: [
      send('CONNECT', (c) => connectSpdu(c)),
      expect(spdu('AC', 'ACCEPT with a bind result', resultFault)),
      close,
    ],
  },
  ...(['IA5String', 'OCTET STRING'] as const).map((type): TestCase => ({
    ...responding,
    id: `P1-R-VA-${type === 'IA5String' ? '005' : '006'}`,
    clause: 'X.411 §8.2.1.1',
    points: ['P1-006'],
    needs: ['password', 'p1-1988'],
    purpose: `Accepts a password as ${type}.`,
    preamble: transportOpen,
    steps: [
      send(`CONNECT with ${type}`, (c) =>
        connectSpdu(c, { bind: bindWithPassword(c.peer, type === 'IA5String' ? 0x16 : 0x04) }),
      ),
      expect(spdu('AC', 'ACCEPT', resultFault)),
      close,
    ],
  })),
  {
    ...responding,
    id: 'P1-R-VA-007',
    clause: 'X.419 §7',
    points: ['P1-069', 'P1-006', 'P1-002'],
    needs: ['password'],
    purpose: 'Accepts the opening of a widespread implementation, and takes a message on it.',
    preamble: transportOpen,
    steps: [
      send('CONNECT as others write it', (c) => connectSpdu(c, foreignOpening(c))),
      expect(spdu('AC')),
      ...transferred((c) => messageApdu(c, 'foreign')),
      observe('delivered once', 'foreign'),
      close,
    ],
  },
  {
    ...calling,
    id: 'P1-I-VA-001',
    clause: 'X.419 §7',
    points: ['P1-001', 'P1-002', 'P1-005', 'P1-006'],
    needs: ['password'],
    purpose: 'Opens an association in the application context of message transfer, or with its application protocol.',
    preamble: called(),
    steps: [
      {
        do: 'check',
        what: 'its CONNECT',
        fault: (c) => contextFault(c.spdu('CN'), c) ?? argumentFault(c.spdu('CN'), c),
      },
      close,
    ],
  },
  ...wrongResults.map(({ what, answer }, index): TestCase => ({
    ...calling,
    id: `P1-I-IV-00${String(1 + index)}`,
    clause: 'X.411 §12.1.1',
    points: ['P1-007'],
    needs: ['password'],
    purpose: `Transfers nothing to a responder whose bind result has ${what}, and keeps the message.`,
    preamble: called(),
    steps: [send(`ACCEPT with ${what}`, (c) => acceptSpdu(c, answer(c))), expect(givesUp), close],
  })),
  {
    ...calling,
    id: 'P1-I-VA-002',
    clause: 'X.411 §12.1.1',
    points: ['P1-008', 'P1-068'],
    purpose: 'Calls again after a bind that was refused as busy.',
    preamble: called(),
    steps: [
      send('REFUSE, busy', (c) => refuse(2, refusalPpdu(c, busy, 'transient'))),
      expect(ended),
      ...openedByIt,
      send('ACCEPT', (c) => acceptSpdu(c)),
      expect(spdu('AS')),
      close,
    ],
  },
  {
    ...responding,
    id: 'P1-R-IV-005',
    clause: 'X.411 §12.1.1',
    points: ['P1-005', 'P1-008'],
    needs: ['password'],
    purpose: 'Refuses a bind argument that is neither NULL nor a name with credentials.',
    preamble: transportOpen,
    steps: [
      send('CONNECT with a number for a bind', (c) => connectSpdu(c, { bind: fromHex('020105') })),
      expect(anyOf('REFUSE or ABORT', spdu('RF'), anyAbort)),
      close,
    ],
    octets: 'malformed',
  },
  {
    ...responding,
    id: 'P1-R-VA-008',
    clause: 'X.419 §11',
    points: ['P1-009', 'P1-001', 'P1-002'],
    purpose:
      'Takes a message transferred in the octets of its mode: in an EXTERNAL of the context of message transfer, or bare.',
    preamble: bound(),
    steps: [...transferred((c) => messageApdu(c, 'wrapped')), observe('delivered once', 'wrapped')],
  },
];

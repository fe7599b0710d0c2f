/** What an opening may propose that is refused, and how (X.228 §7.1, X.410-1984 mode). */
import { fromHex } from '../../../bytes/octets.js';
import { reliableTransferIn } from '../../listening/upper-layers.js';
import { ber, berText, integerIn, memberOf } from '../../octets/ber.js';
import { bindValue } from '../../octets/bind.js';
import { connectSpdu, type Opening } from '../../octets/opening.js';
import { units } from '../../octets/spdu.js';
import { unitOf } from '../../listening/heard.js';
import { anyOf, spdu } from '../../script/patterns.js';
import { called, transportOpen } from '../../script/preambles.js';
import { check, close, expect, expectOneOf, send } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Conversation } from '../../script/conversation.js';
import type { Pattern, TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = {
  subject: 'reliable-transfer',
  role: 'responder',
  clause: 'X.228 §7.1',
  modes: bothModes,
  preamble: transportOpen,
} as const;

/** A REFUSE with an RTORJ: this refuse reason in X.410-1984 mode, this bind error in normal mode. */
function refusedWith(reason: number, bindError: number | 'none'): Pattern {
  return spdu('RF', `REFUSE with RTORJ ${String(reason)}, or bind error ${String(bindError)}`, (heard, { peer }) => {
    const rtorj = reliableTransferIn(heard, peer.mode);
    if (rtorj === undefined) return 'it has no RTORJ';
    if (peer.mode === 'x410-1984') {
      const found = integerIn(memberOf(rtorj, 0x80));
      return found === reason ? undefined : `its refuse reason is ${String(found)}`;
    }
    if (memberOf(rtorj, 0x80) !== undefined) return 'it has a refuse reason, which is for X.410-1984 mode';
    const found = integerIn(memberOf(rtorj, 0xa1, 0xb2, 0x02)) ?? 'none';
    return found === bindError ? undefined : `its bind error is ${String(found)}`;
  });
}

const validationFailure = 2;
const unacceptableDialogueMode = 3;
const authenticationError = 2;
const cannotRecover = 1;

const other = (c: Conversation): Opening => ({ dialogueMode: c.peer.dialogue === 'monologue' ? 1 : 0 });

/** A bind without names and password: NULL, in each form that is seen. */
const nullBinds = [
  { what: 'NULL', normal: 'a004b0020500', x410: 'a0020500' },
  { what: 'NULL under an implicit tag', normal: '8000', x410: '8000' },
] as const;

const protocols = [
  { what: '12', value: 12 },
  { what: '1', value: 1 },
  { what: 'absent', value: 'absent' },
] as const;

function identifierOf(c: Conversation, tag: number): Uint8Array {
  return ber(0xa1, berText(tag, `nobody.${c.runWord}`), berText(0x17, '261122073000Z'));
}

export const refusals: readonly TestCase[] = [
  {
    ...common,
    id: 'RTS-R-IV-100',
    points: ['R-010', 'R-003'],
    purpose: 'Refuses the dialogue mode for which it is not configured: refuse reason 3, or bind error 3.',
    steps: [
      send('CONNECT, the other dialogue mode', (c) => connectSpdu(c, other(c))),
      expect(refusedWith(unacceptableDialogueMode, unacceptableDialogueMode)),
      close,
    ],
  },
  {
    ...common,
    id: 'RTS-R-IV-101',
    points: ['R-010'],
    purpose: 'Refuses a dialogue mode that there is not.',
    steps: [
      send('CONNECT, dialogue mode 5', (c) => connectSpdu(c, { dialogueMode: 5 })),
      expect(anyOf('REFUSE', spdu('RF'))),
      close,
    ],
  },
  {
    ...common,
    id: 'RTS-R-IV-102',
    points: ['R-003', 'R-007'],
    needs: ['password'],
    purpose: 'Refuses a wrong password: refuse reason 2, or the bind error in an RTORJ.',
    steps: [
      send('CONNECT, wrong password', (c) =>
        connectSpdu(c, { bind: bindValue(c.peer, c.peer.tester.mtaName, 'another') }),
      ),
      expect(refusedWith(validationFailure, authenticationError)),
      close,
    ],
  },
  ...nullBinds.map((bind, index): TestCase => ({
    ...common,
    id: `RTS-R-IV-11${String(index)}`,
    points: ['R-007', 'R-003'],
    needs: ['password'],
    purpose: `Refuses an opening without user data (${bind.what}), where names and passwords were agreed.`,
    octets: 'uncommon',
    steps: [
      send(`CONNECT, ${bind.what}`, (c) =>
        connectSpdu(c, { connectionData: fromHex(c.peer.mode === 'normal' ? bind.normal : bind.x410) }),
      ),
      expect(refusedWith(validationFailure, authenticationError)),
      close,
    ],
  })),
  ...protocols.map(({ what, value }, index): TestCase => ({
    ...common,
    id: `RTS-R-VA-12${String(index)}`,
    clause: 'X.410 §4',
    modes: ['x410-1984'],
    points: ['R-052'],
    purpose: `Accepts application protocol ${what} if it is configured for it, and refuses it with reason 2 if not.`,
    steps: [
      send(`CONNECT, application protocol ${what}`, (c) => connectSpdu(c, { applicationProtocol: value })),
      expectOneOf(
        { pattern: spdu('AC', 'AC', (_, { peer }) => protocolFault(peer.p1, value, 'accepted')) },
        {
          pattern: spdu(
            'RF',
            'REFUSE with RTORJ 2',
            (heard, c) =>
              protocolFault(c.peer.p1, value, 'refused') ?? refusedWith(validationFailure, 'none').mismatch(heard, c),
          ),
          then: [close],
        },
      ),
    ],
  })),
  {
    ...common,
    id: 'RTS-R-IV-120',
    clause: 'X.410 §4',
    modes: ['x410-1984'],
    points: ['R-052', 'R-003'],
    purpose: 'Refuses an application protocol that nobody knows: refuse reason 2.',
    steps: [
      send('CONNECT, application protocol 99', (c) => connectSpdu(c, { applicationProtocol: 99 })),
      expect(refusedWith(validationFailure, 'none')),
      close,
    ],
  },
  ...([0x04, 0x14] as const).map((tag, index): TestCase => ({
    ...common,
    id: `RTS-R-IV-13${String(index)}`,
    clause: 'X.228 §7.8.3',
    points: ['R-039', 'R-003'],
    purpose: `Refuses to recover an association that it does not know, named by a reference of tag ${tag.toString(16)}: cannotRecover, or an empty RTORJ.`,
    steps: [
      send('CONNECT, recover an unknown association', (c) => connectSpdu(c, { connectionData: identifierOf(c, tag) })),
      expect(refusedWith(cannotRecover, 'none')),
      close,
    ],
  })),
  {
    ...common,
    id: 'RTS-R-VA-130',
    points: ['R-011'],
    purpose: 'Accepts, or refuses, an opening that gives it the initial turn; does not abort.',
    steps: [
      send('CONNECT, tokens with the responder', (c) => connectSpdu(c, { tokenSetting: 0x15 })),
      expectOneOf({ pattern: spdu('AC'), then: [close] }, { pattern: spdu('RF'), then: [close] }),
    ],
  },
  {
    ...common,
    id: 'RTS-I-VA-130',
    role: 'initiator',
    points: ['R-011', 'R-001'],
    purpose: 'Takes the initial turn with all tokens when it opens, as it has something to send.',
    preamble: called(),
    steps: [
      check('the token setting of the CONNECT', (c) => {
        const setting = unitOf(c.spdu('CN'), units.tokenSetting)?.[0] ?? 0;
        return (setting & 0x3f) === 0 ? undefined : `it is ${setting.toString(16)}`;
      }),
    ],
  },
];

/** Absent is 1, the protocol of 1984; 12 is that of 1988. */
function protocolFault(
  p1: '1984' | '1988',
  value: number | 'absent',
  outcome: 'accepted' | 'refused',
): string | undefined {
  const proposed = value === 12 ? '1988' : '1984';
  const wanted = proposed === p1 ? 'accepted' : 'refused';
  return wanted === outcome ? undefined : `it is configured for P1 of ${p1}`;
}

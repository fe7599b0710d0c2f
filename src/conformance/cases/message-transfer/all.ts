/** P1: MTA-bind, messages, trace (X.411, X.419). */
import { fromHex } from '../../../bytes/octets.js';
import { reliableTransferIn } from '../../listening/upper-layers.js';
import { integerIn, memberOf } from '../../octets/ber.js';
import { bindValue } from '../../octets/bind.js';
import { messageApdu, recipientFields } from '../../octets/message.js';
import { connectSpdu, type Opening } from '../../octets/opening.js';
import type { Conversation } from '../../script/conversation.js';
import { spdu } from '../../script/patterns.js';
import { bound, transferred, transferring, transportOpen } from '../../script/preambles.js';
import { anyOf, ended } from '../../script/patterns.js';
import { close, expect, observe, send } from '../../script/steps.js';
import type { Mode } from '../../peer/peer-file.js';
import type { Pattern, TestCase } from '../../script/test-case.js';

const bothModes: readonly Mode[] = ['normal', 'x410-1984'];
const common = { subject: 'message-transfer', role: 'responder', modes: bothModes } as const;

const authenticationError = 2;

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
  { what: 'no name at all', opening: (): Opening => ({ bind: fromHex('0500') }) },
] as const;

export const messageTransferCases: readonly TestCase[] = [
  ...wrongBinds.map(({ what, opening }, index): TestCase => ({
    ...common,
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
    ...common,
    id: 'P1-R-VA-001',
    clause: 'X.411 §12.2.1',
    points: ['P1-005', 'P1-009', 'P1-033', 'P1-060'],
    purpose: 'Takes a message and delivers it.',
    preamble: bound(),
    steps: [...transferred((c) => messageApdu(c, 'delivered')), observe('delivered', 'delivered')],
  },
  {
    ...common,
    id: 'P1-R-VA-002',
    clause: 'X.411 §14.3',
    points: ['P1-019'],
    purpose: 'Does not deliver to a recipient for whom this copy carries no responsibility.',
    preamble: bound(),
    steps: [
      ...transferred((c) =>
        messageApdu(c, 'others', {
          perRecipientFields: [
            recipientFields(1, c.peer.recipient, { responsibility: 'not-responsible' }),
            recipientFields(2, c.peer.unknownRecipient),
          ],
        }),
      ),
      observe('not delivered', 'others'),
    ],
  },
  {
    ...common,
    id: 'P1-R-VA-003',
    clause: 'X.411 §14.3',
    points: ['P1-060'],
    purpose: 'Takes the same message twice, as one resent after a lost answer is.',
    preamble: bound(),
    steps: [
      ...transferred((c) => messageApdu(c, 'twice')),
      ...transferred((c) => messageApdu(c, 'twice'), 2),
      observe('delivered', 'twice'),
    ],
  },
  {
    ...common,
    id: 'P1-R-IV-010',
    clause: 'X.419 §11',
    points: ['P1-059'],
    purpose: 'Does not acknowledge an APDU that is no MTS-APDU.',
    preamble: bound(),
    steps: [
      ...transferring(() => fromHex('bf00')),
      expect(anyOf('EXCEPTION DATA, ABORT or the end', spdu('ED'), spdu('AB'), ended)),
      close,
    ],
    octets: 'malformed',
  },
];

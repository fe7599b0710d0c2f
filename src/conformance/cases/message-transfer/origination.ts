/** Messages that the implementation under test sends of its own: read strictly by `apduFault`, and what that cannot see (X.411 §9, §14.3). */
import { apduFault } from '../../listening/apdu-rules.js';
import {
  apduTags,
  envelopeOf,
  extensionNumbered,
  localIdentifierOf,
  recipientsOf,
  transferredApdu,
} from '../../listening/transferred.js';
import { acceptSpdu } from '../../octets/answer.js';
import { memberOf } from '../../octets/ber.js';
import type { Conversation } from '../../script/conversation.js';
import { submitted, receives, relayed } from '../../script/exchange.js';
import { accepted, confirmedTransfer, openedByIt, tookTransfer } from '../../script/preambles.js';
import { check, close, send } from '../../script/steps.js';
import type { Step, TestCase } from '../../script/test-case.js';
import { messageApdu } from '../../octets/message.js';
import { calling, exchanging, recipients, toTester } from './common.js';

/** A rule on the message that is being transferred. */
function checkTransferred(what: string, fault: (conversation: Conversation) => string | undefined): readonly Step[] {
  return [tookTransfer, check(what, fault), ...confirmedTransfer, close];
}

const priorities = [
  { name: 'slow', priority: 1 },
  { name: 'usual', priority: 0 },
  { name: 'urgent', priority: 2 },
] as const;

export const originationCases: readonly TestCase[] = [
  {
    ...calling,
    id: 'P1-I-VA-010',
    clause: 'X.411 §9',
    points: ['P1-009', 'P1-010', 'P1-014', 'P1-015', 'P1-016', 'P1-017', 'P1-020', 'P1-058', 'P1-034'],
    purpose:
      'Sends one MTS-APDU in a transfer: a message with no empty members, eight indicator bits, recipients numbered from 1, times with Z and seconds.',
    preamble: accepted(),
    steps: checkTransferred('the message', (c) => {
      const apdu = transferredApdu(c);
      return apdu.identifier === apduTags.message ? apduFault(apdu, c.peer) : 'it is no message';
    }),
  },
  {
    ...calling,
    id: 'P1-I-VA-011',
    clause: 'X.411 §14.3',
    points: ['P1-018', 'P1-021', 'P1-020'],
    purpose: 'Begins the trace of its own message with one element of its domain, and asks us to serve a recipient.',
    preamble: accepted(),
    steps: checkTransferred('the message', (c) => {
      const apdu = transferredApdu(c);
      const elements = memberOf(envelopeOf(apdu), 0x69)?.children.length ?? 0;
      if (elements !== 1) return `its trace has ${String(elements)} elements`;
      const responsible = recipientsOf(apdu).filter((one) => ((memberOf(one, 0x81)?.content[1] ?? 0) & 0x80) !== 0);
      return responsible.length > 0 ? undefined : 'it makes us responsible for no recipient';
    }),
  },
  {
    ...calling,
    id: 'P1-I-VA-012',
    clause: 'X.411 §14.3',
    points: ['P1-022', 'P1-032'],
    needs: ['p1-1988'],
    purpose: 'Sends the internal trace as an extension, its type tagged as X.411 has it.',
    preamble: accepted(),
    steps: checkTransferred('the internal trace', (c) => {
      const field = extensionNumbered(memberOf(envelopeOf(transferredApdu(c)), 0xa3), 38);
      if (field === undefined) return 'there is none';
      return memberOf(field, 0x80) === undefined ? 'its type is not tagged [0] IMPLICIT' : undefined;
    }),
  },
  {
    ...calling,
    id: 'P1-I-VA-013',
    clause: 'X.411 §9',
    points: ['P1-068', 'P1-020'],
    purpose: 'Sends a message again under the same identifier after the association broke before it was confirmed.',
    preamble: accepted(),
    steps: [
      tookTransfer,
      check('the message', (c) => {
        c.received.push(transferredApdu(c));
        return undefined;
      }),
      { do: 'close', how: 'reset' },
      ...openedByIt,
      send('ACCEPT', (c) => acceptSpdu(c)),
      tookTransfer,
      check('the message sent again', (c) => {
        const [first] = c.received;
        const again = transferredApdu(c);
        return first !== undefined && localIdentifierOf(first) === localIdentifierOf(again)
          ? undefined
          : `its identifier is ${localIdentifierOf(again)}`;
      }),
      ...confirmedTransfer,
      close,
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-005',
    clause: 'X.419 §11',
    points: ['P1-011', 'P1-010'],
    purpose: 'Sends urgent messages before normal ones, and those before non-urgent ones.',
    steps: [
      ...submitted(
        ...priorities.map(
          ({ name, priority }) =>
            (c: Conversation) =>
              messageApdu(c, name, { priority, ...recipients(c, toTester()) }),
        ),
      ),
      ...receives((_apdu, c) => priorities.every(({ name }) => c.received.some((apdu) => relayed(name)(apdu, c)))),
      check('the order of the messages', (c) => {
        const names = c.received.flatMap((apdu) =>
          priorities.flatMap(({ name }) => (relayed(name)(apdu, c) ? [name] : [])),
        );
        return names.join() === 'urgent,usual,slow' ? undefined : names.join();
      }),
    ],
  },
];

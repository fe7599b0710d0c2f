/** Every legal encoding of a message is taken (X.690, X.411): what others write differs from what we would. */
import { fromHex } from '../../../bytes/octets.js';
import { ber, berHex } from '../../octets/ber.js';
import { edited, inIndefiniteForm, segmented, withContent, withMembers, withSetsReversed } from '../../octets/edit.js';
import { messageApdu, shortContent } from '../../octets/message.js';
import { contentOf } from '../../listening/transferred.js';
import type { Conversation } from '../../script/conversation.js';
import { checkReceived, receives, relayed, reported, submitted } from '../../script/exchange.js';
import { bound, transferred } from '../../script/preambles.js';
import { observe } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';
import { exchanging, recipients, responding, toDelivered, toTester } from './common.js';

const envelopePath = [0x31] as const;
const recipientPath = [0x31, 0xa2, 0x31] as const;

interface Variant {
  readonly number: string;
  readonly points: readonly string[];
  readonly clause: string;
  readonly purpose: string;
  readonly apdu: (conversation: Conversation, name: string) => Uint8Array;
}

/** As a widespread implementation writes messages: indefinite lengths, nine indicator bits, bit strings with zeros at their end. */
function foreignMessage(c: Conversation, name: string): Uint8Array {
  const changes = [
    [[...recipientPath, 0x81], withContent(fromHex('07a800'))],
    [[0x31, 0x65, 0x80], withContent(fromHex('062000'))],
    [[0x04], segmented(16)],
  ] as const;
  return inIndefiniteForm(changes.reduce((octets, [path, edit]) => edited(octets, path, edit), messageApdu(c, name)));
}

const variants: readonly Variant[] = [
  {
    number: '020',
    points: ['P1-012'],
    clause: 'X.690 §8.1.3.6',
    purpose: 'Takes a message whose lengths are all indefinite.',
    apdu: (c, name) => inIndefiniteForm(messageApdu(c, name)),
  },
  {
    number: '021',
    points: ['P1-012'],
    clause: 'X.690 §8.7.3',
    purpose: 'Takes a content in segments.',
    apdu: (c, name) => edited(messageApdu(c, name), [0x04], segmented(7)),
  },
  {
    number: '022',
    points: ['P1-012'],
    clause: 'X.690 §8.7.3',
    purpose: 'Takes a content whose segments are in segments themselves, of indefinite length.',
    apdu: (c, name) =>
      inIndefiniteForm(
        edited(messageApdu(c, name), [0x04], ({ content }) => [
          ber(
            0x24,
            ber(0x24, ber(0x04, content.subarray(0, 5)), ber(0x04, content.subarray(5, 9))),
            ber(0x04, content.subarray(9)),
          ),
        ]),
      ),
  },
  {
    number: '023',
    points: ['P1-013'],
    clause: 'X.690 §8.11',
    purpose: 'Takes the members of every SET in another order.',
    apdu: (c, name) => withSetsReversed(messageApdu(c, name)),
  },
  {
    number: '024',
    points: ['P1-013'],
    clause: 'X.411 §9',
    purpose: 'Takes envelopes and recipients with members that it does not know.',
    apdu: (c, name) =>
      edited(
        edited(messageApdu(c, name), envelopePath, withMembers(berHex(0xb7, '020101'))),
        recipientPath,
        withMembers(berHex(0x98, '01')),
      ),
  },
  {
    number: '025',
    points: ['P1-070'],
    clause: 'X.411 §8.5.5',
    purpose: 'Reads indicators of nine bits, and of sixteen, by their named bits.',
    apdu: (c, name) => edited(messageApdu(c, name), [...recipientPath, 0x81], withContent(fromHex('00a800'))),
  },
  {
    number: '026',
    points: ['P1-069', 'P1-070', 'P1-012'],
    clause: 'X.411 §9',
    purpose: 'Takes a message as a widespread implementation writes it.',
    apdu: foreignMessage,
  },
  {
    number: '027',
    points: ['P1-012'],
    clause: 'X.690 §8.1.3.5',
    purpose: 'Takes a length with more octets than it needs.',
    apdu: (c, name) =>
      edited(messageApdu(c, name), [0x31, 0x46], ({ content }) => [
        Uint8Array.of(0x46, 0x83, 0, 0, content.length, ...content),
      ]),
  },
];

export const encodingCases: readonly TestCase[] = [
  ...variants.map(({ number, points, clause, purpose, apdu }): TestCase => ({
    ...responding,
    id: `P1-R-VA-${number}`,
    clause,
    points,
    purpose,
    preamble: bound(),
    steps: [...transferred((c) => apdu(c, `v${number}`)), observe('delivered once', `v${number}`)],
  })),
  {
    ...exchanging,
    id: 'P1-X-VA-003',
    clause: 'X.411 §14.3',
    points: ['P1-069', 'P1-065', 'P1-012'],
    purpose: 'Relays the content of a message in segments and indefinite lengths octet for octet.',
    steps: [
      ...submitted((c) =>
        inIndefiniteForm(edited(messageApdu(c, 'pieces', recipients(c, toTester())), [0x04], segmented(11))),
      ),
      ...receives(relayed('pieces')),
      checkReceived('the content', relayed('pieces'), (apdu) =>
        contentOf(apdu).join() === shortContent.join() ? undefined : 'it is not as it was sent',
      ),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-004',
    clause: 'X.411 §8.5.5',
    points: ['P1-070', 'P1-045'],
    purpose: 'Reports a delivery that indicators of nine bits ask for.',
    steps: [
      ...submitted((c) =>
        edited(
          messageApdu(c, 'nine', recipients(c, toDelivered())),
          [...recipientPath, 0x81],
          withContent(fromHex('07d000')),
        ),
      ),
      ...reported('nine', { 1: 'delivered' }),
    ],
  },
];

/** What the implementation under test relays: everything as it came but trace and responsibility (X.411 §14.3). */
import { fromHex } from '../../../bytes/octets.js';
import { ber, memberOf, readWholeBer, type Ber } from '../../octets/ber.js';
import { edited, withContent } from '../../octets/edit.js';
import { envelope, messageApdu, shortContent, testerDomain } from '../../octets/message.js';
import { extension, critical, prohibited, securityOfMessage, securityOfRecipient } from '../../octets/extension.js';
import { contentOf, envelopeOf, extensionNumbered, extensionValue, recipientsOf } from '../../listening/transferred.js';
import type { Conversation } from '../../script/conversation.js';
import { checkReceived, receives, relayed, reported, reportOn, submitted } from '../../script/exchange.js';
import { observe } from '../../script/steps.js';
import type { Step, TestCase } from '../../script/test-case.js';
import {
  asksForReport,
  envelopeDifference,
  exchanging,
  indicators,
  recipients,
  toDelivered,
  toTester,
  toUnknown,
} from './common.js';

/** What is made by `apdu` comes back, and keeps this rule. */
export function relays(
  name: string,
  apdu: (conversation: Conversation) => Uint8Array,
  fault: (sent: Ber, got: Ber) => string | undefined = envelopeDifference,
): readonly Step[] {
  return [
    ...submitted(apdu),
    ...receives(relayed(name)),
    checkReceived('the message that it relayed', relayed(name), (got, c) => fault(readWholeBer(apdu(c)), got)),
  ];
}

function sameContent(sent: Ber, got: Ber): string | undefined {
  return contentOf(sent).join() === contentOf(got).join()
    ? envelopeDifference(sent, got)
    : 'the content is not as it was sent';
}

/** The extensions of these numbers are the same octets in both lists. */
export function sameExtensions(
  sent: Ber | undefined,
  got: Ber | undefined,
  numbers: readonly number[],
): string | undefined {
  const changed = numbers.find(
    (number) => extensionNumbered(sent, number)?.octets.join() !== extensionNumbered(got, number)?.octets.join(),
  );
  return changed === undefined ? undefined : `extension ${String(changed)} is not as it was sent`;
}

const everyOctet = Uint8Array.from({ length: 1024 }, (_, i) => i & 0xff);

const contentTypes = [
  { number: '011', what: 'an object identifier for content type', octets: fromHex('06062a8648ce3d04') },
  { number: '012', what: 'content type 35', octets: fromHex('460123') },
  { number: '013', what: 'a relative object identifier for content type', octets: fromHex('0d03828301') },
] as const;

/** `1` if a recipient is one for whom the copy makes us responsible. */
function responsibilities(apdu: Ber): string {
  return recipientsOf(apdu)
    .map(
      (one) =>
        `${String(memberOf(one, 0x80)?.content[0])}${((memberOf(one, 0x81)?.content[1] ?? 0) & 0x80) === 0 ? '-' : '+'}`,
    )
    .join(' ');
}

export const relayCases: readonly TestCase[] = [
  {
    ...exchanging,
    id: 'P1-X-VA-010',
    clause: 'X.411 §14.3',
    points: ['P1-065', 'P1-020', 'P1-017', 'P1-040'],
    purpose: 'Relays identifier, originator, types, priority and content octet for octet.',
    steps: relays(
      'relayed',
      (c) =>
        messageApdu(
          c,
          'relayed',
          {
            priority: 2,
            contentIdentifier: 'Order 7',
            contentType: { kind: 'builtIn', value: c.peer.p1 === '1984' ? 2 : 0 },
            ...recipients(c, toTester({}, 7)),
          },
          everyOctet,
        ),
      (sent, got) =>
        sameContent(sent, got) ??
        (responsibilities(got) === '7+' ? undefined : `its recipients are ${responsibilities(got)}`),
    ),
  },
  ...contentTypes.map(({ number, what, octets }): TestCase => ({
    ...exchanging,
    id: `P1-X-VA-${number}`,
    clause: 'X.411 §8.2.1.1.1.34',
    points: ['P1-066', 'P1-065'],
    needs: ['p1-1988'],
    purpose: `Relays a message with ${what}.`,
    octets: 'uncommon',
    steps: relays(
      'type',
      (c) => edited(messageApdu(c, 'type', recipients(c, toTester()), everyOctet), [0x31, 0x46], () => [octets]),
      (sent, got) =>
        sameContent(sent, got) ??
        (envelopeOf(got).children.some((member) => member.octets.join() === octets.join())
          ? undefined
          : 'the content type is not as it was sent'),
    ),
  })),
  {
    ...exchanging,
    id: 'P1-X-VA-014',
    clause: 'X.411 §14.3.1',
    points: ['P1-018', 'P1-038', 'P1-017'],
    purpose:
      'Splits a message: we are responsible in our copy for our recipients only, the others stay where disclosure is allowed.',
    steps: [
      ...relays(
        'split',
        (c) =>
          messageApdu(c, 'split', {
            ...indicators(0),
            ...recipients(c, toDelivered(), toTester({}, 2), toUnknown({}, 3), toTester({}, 4)),
          }),
        (_sent, got) => {
          const found = responsibilities(got);
          return found === '1- 2+ 3- 4+' ? undefined : `recipients are ${found} instead of 1- 2+ 3- 4+`;
        },
      ),
      ...reported('split', { 3: '1/0' }),
      observe('delivered once', 'split'),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-015',
    clause: 'X.411 §8.2.1.1.1.7',
    points: ['P1-038', 'P1-018'],
    purpose:
      'Makes us responsible for our recipient only, whether or not it leaves out the others where disclosure is not allowed.',
    steps: relays(
      'secret',
      (c) => messageApdu(c, 'secret', recipients(c, toDelivered(), toTester({}, 2))),
      (_sent, got) => {
        const found = responsibilities(got);
        return found === '2+' || found === '1- 2+' ? undefined : `recipients are ${found}`;
      },
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-016',
    clause: 'X.411 §8.2.1.1.1.9',
    points: ['P1-039', 'P1-040'],
    purpose:
      'Converts nothing where implicit conversion is prohibited: types, indicators and content stay, no conversion is traced.',
    steps: relays(
      'asis',
      (c) => messageApdu(c, 'asis', { ...indicators(1), ...recipients(c, toTester()) }),
      (sent, got) => {
        const converted = memberOf(envelopeOf(got), 0x69)?.children.some(
          (element) => memberOf(element, 0x31, 0x65) !== undefined,
        );
        const kept = memberOf(envelopeOf(got), 0x48)?.content[1] === 0x40;
        return (
          sameContent(sent, got) ??
          (kept ? (converted === true ? 'it traces a conversion' : undefined) : 'its indicators changed')
        );
      },
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-017',
    clause: 'X.411 §8.2.1.1.1.10',
    points: ['P1-039'],
    needs: ['p1-1988'],
    purpose: 'Delivers a message that prohibits conversion with loss, unconverted.',
    steps: [
      ...submitted((c) =>
        messageApdu(c, 'noloss', {
          extensions: [...envelope(c, 'noloss').extensions, extension(4, prohibited, critical.forDelivery)],
          ...recipients(c, toDelivered(asksForReport)),
        }),
      ),
      ...reported('noloss', { 1: 'delivered' }),
      checkReceived('converted types in the report', reportOn('noloss'), (report) => {
        const types = recipientsOf(report).some((one) => memberOf(one, 0xa3, 0x65) !== undefined);
        return types ? 'it names converted types' : undefined;
      }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-018',
    clause: 'X.411 §12.2.1.1.1.4',
    points: ['P1-061'],
    purpose: 'Relays per-domain bilateral information.',
    steps: relays('bilat', (c) => {
      const { countryName, administrationDomainName } = testerDomain(c);
      return messageApdu(c, 'bilat', {
        perDomainBilateralInformation: [
          {
            countryName,
            domain: { kind: 'administrationDomainName', value: administrationDomainName },
            bilateralInformation: ber(0x04, fromHex('00ff7f')),
          },
        ],
        ...recipients(c, toTester()),
      });
    }),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-019',
    clause: 'X.411 §8.2.1.1.1',
    points: ['P1-064'],
    needs: ['p1-1988'],
    purpose: 'Relays certificates, tokens, signatures and security labels octet for octet.',
    steps: relays(
      'secure',
      (c) =>
        messageApdu(c, 'secure', {
          extensions: [...envelope(c, 'secure').extensions, ...securityOfMessage],
          perRecipientFields: recipients(c, toTester()).perRecipientFields.map((fields) => ({
            ...fields,
            extensions: [...securityOfRecipient],
          })),
        }),
      (sent, got) =>
        sameExtensions(memberOf(envelopeOf(sent), 0xa3), memberOf(envelopeOf(got), 0xa3), [15, 17, 19, 20]) ??
        sameExtensions(memberOf(recipientsOf(sent)[0], 0xa3), memberOf(recipientsOf(got)[0], 0xa3), [16, 18, 22, 28]),
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-020',
    clause: 'X.411 §9',
    points: ['P1-056'],
    purpose: 'Tolerates a content identifier beyond its bound.',
    octets: 'malformed',
    steps: relays('long', (c) =>
      edited(
        messageApdu(c, 'long', { contentIdentifier: 'x', ...recipients(c, toTester()) }),
        [0x31, 0x4a],
        withContent(new Uint8Array(40).fill(0x41)),
      ),
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-021',
    clause: 'X.411 §14.3',
    points: ['P1-069', 'P1-065'],
    needs: ['p1-1988'],
    purpose:
      'Relays a message with types and indicators as a widespread implementation writes them, those octets unchanged.',
    steps: relays(
      'habits',
      (c) =>
        edited(
          edited(
            messageApdu(c, 'habits', recipients(c, toTester()), shortContent),
            [0x31, 0x65, 0x80],
            withContent(fromHex('062000')),
          ),
          [0x31, 0xa3, 0x30, 0x80],
          ({ content }) => [ber(0xa0, ber(0x02, content))],
        ),
      (sent, got) =>
        sameContent(sent, got) ??
        (extensionValue(memberOf(envelopeOf(got), 0xa3), 38)?.children.length === 2
          ? undefined
          : 'the internal trace has not grown by one element'),
    ),
  },
];

/** O/R addresses: which are the same, and that every attribute is relayed (X.402 §18, X.411 §8.5.5). */
import { latin1Octets } from '../../../bytes/octets.js';
import { parseORAddress } from '../../../p1/or-address-text.js';
import type { PerRecipientTransferFields } from '../../../p1/message-pdu.js';
import { ber, berHex, berInteger, berText, memberOf, type Ber } from '../../octets/ber.js';
import { edited, withMembers } from '../../octets/edit.js';
import { messageApdu } from '../../octets/message.js';
import { envelopeOf, recipientsOf } from '../../listening/transferred.js';
import type { Conversation } from '../../script/conversation.js';
import { checkReceived, receives, relayed, reported, submitted } from '../../script/exchange.js';
import { bound, transferred } from '../../script/preambles.js';
import { observe } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';
import { exchanging, recipients, responding, toTester } from './common.js';
import { relays } from './relaying.js';

const namePath = [0x31, 0xa2, 0x31, 0x60] as const;
const standardPath = [...namePath, 0x30] as const;
const administrationPath = [...standardPath, 0x62] as const;
const countryIdentifier = 0x61;
const constructedBit = 0x20;

/** Every text of an address but the country changed; what is in it must be text. */
function withTexts(change: (text: string) => string) {
  const write = (node: Ber): Uint8Array => {
    if (node.identifier === countryIdentifier) return node.octets;
    if ((node.identifier & constructedBit) !== 0) return ber(node.identifier, ...node.children.map(write));
    return ber(node.identifier, latin1Octets(change(new TextDecoder('latin1').decode(node.content))));
  };
  return (node: Ber): readonly Uint8Array[] => [write(node)];
}

const variants = [
  { number: '090', what: 'in capital letters', path: namePath, edit: withTexts((text) => text.toUpperCase()) },
  { number: '091', what: 'in small letters', path: namePath, edit: withTexts((text) => text.toLowerCase()) },
  {
    number: '092',
    what: 'with spaces around its attributes',
    path: namePath,
    edit: withTexts((text) => (text.trim() === '' ? text : ` ${text} `)),
  },
] as const;

const administrations = [
  { number: '093', what: 'of no characters', octets: ber(0x62, ber(0x13)) },
  { number: '094', what: 'of one space', octets: ber(0x62, berText(0x13, ' ')) },
] as const;

/** A recipient of our domain with these further attributes. */
function withAttributes(text: string) {
  return (c: Conversation): PerRecipientTransferFields => {
    const fields = toTester()(c);
    const { countryName, administrationDomainName, privateDomainName } = c.peer.tester.originator.standardAttributes;
    const address = parseORAddress(`C=GB;ADMD= ;PRMD=X;${text}`);
    return {
      ...fields,
      recipientName: {
        ...address,
        standardAttributes: {
          ...address.standardAttributes,
          ...(countryName === undefined ? {} : { countryName }),
          ...(administrationDomainName === undefined ? {} : { administrationDomainName }),
          ...(privateDomainName === undefined ? {} : { privateDomainName }),
        },
      },
    };
  };
}

function attribute(number: number, value: Uint8Array): Uint8Array {
  return ber(0x30, berInteger(number, 0x80), ber(0xa1, value));
}

/** A PDSParameter. */
const parameter = ber(0x31, berText(0x13, 'Quay 7'), berText(0x14, 'Quai 7'));
const teletexName = ber(0x31, berText(0x80, 'Jones'), berText(0x81, 'Ann'));

/** Every extension attribute of X.411 of 1988. */
const attributes1988: readonly Uint8Array[] = [
  attribute(1, berText(0x13, 'Harbour Master')),
  attribute(2, berText(0x14, 'Harbour Master')),
  attribute(3, berText(0x14, 'Ports')),
  attribute(4, teletexName),
  attribute(5, ber(0x30, berText(0x14, 'North'))),
  attribute(6, ber(0x30, ber(0x30, berText(0x14, 'fax'), berText(0x14, '7')))),
  attribute(7, berText(0x13, 'POST')),
  attribute(8, berText(0x13, 'GB')),
  attribute(9, berText(0x13, 'AB1 2CD')),
  ...[10, 11, 12, 13, 14, 15].map((number) => attribute(number, parameter)),
  attribute(16, ber(0x31, ber(0x30, berText(0x13, 'Quay 7')), berText(0x14, 'Quai 7'))),
  ...[17, 18, 19, 20, 21].map((number) => attribute(number, parameter)),
  attribute(22, ber(0x30, berText(0x80, '4412345'), berText(0x81, '67'))),
  attribute(23, berInteger(5)),
];

/** A universal string of two characters in a SET. */
const universalText = ber(0x31, berHex(0x1e, '00410042'));

/** universal-* attributes: 24 to 40. */
const attributesUniversal: readonly Uint8Array[] = [
  attribute(24, universalText),
  attribute(25, universalText),
  attribute(26, ber(0x31, ber(0xa0, berHex(0x1e, '0041')))),
  attribute(27, ber(0x30, universalText)),
  attribute(28, ber(0x30, ber(0x30, universalText, universalText))),
  ...Array.from({ length: 12 }, (_, i) => attribute(29 + i, universalText)),
];

/** A directory name of a country and an organization. */
const directoryName = ber(
  0xa0,
  ber(
    0x30,
    ber(0x31, ber(0x30, berHex(0x06, '550406'), berText(0x13, 'GB'))),
    ber(0x31, ber(0x30, berHex(0x06, '55040a'), berText(0x13, 'Ports & Ships'))),
  ),
);

/** The recipient name is the same octets. */
function sameName(sent: Ber, got: Ber): string | undefined {
  const name = (apdu: Ber): string | undefined => memberOf(recipientsOf(apdu)[0], 0x60)?.octets.join();
  return name(sent) === name(got) ? undefined : 'the recipient name is not as it was sent';
}

const relayedNames = [
  {
    number: '110',
    points: ['P1-035', 'P1-033'],
    what: 'every standard and domain-defined attribute',
    needs: [],
    apdu: (c: Conversation) =>
      messageApdu(
        c,
        'std',
        recipients(
          c,
          withAttributes('O=Ports;OU1=North;OU2=Quay;S=Jones;G=Ann;I=A;Q=Jr;UA-ID=42;DDA:fax=7;DDA:room=12'),
        ),
      ),
    name: 'std',
  },
  {
    number: '111',
    points: ['P1-035'],
    what: 'an X.121 address and a terminal identifier',
    needs: [],
    apdu: (c: Conversation) => messageApdu(c, 'x121', recipients(c, withAttributes('X121=23421920100515;T-ID=AB'))),
    name: 'x121',
  },
  {
    number: '112',
    points: ['P1-035'],
    what: 'the extension attributes 1 to 23',
    needs: ['p1-1988'],
    apdu: (c: Conversation) =>
      edited(messageApdu(c, 'ext23', recipients(c, toTester())), namePath, withMembers(ber(0x31, ...attributes1988))),
    name: 'ext23',
  },
  {
    number: '113',
    points: ['P1-036'],
    what: 'the universal attributes 24 to 40',
    needs: ['p1-1988'],
    apdu: (c: Conversation) =>
      edited(
        messageApdu(c, 'univ', recipients(c, toTester())),
        namePath,
        withMembers(ber(0x31, ...attributesUniversal)),
      ),
    name: 'univ',
  },
  {
    number: '114',
    points: ['P1-037'],
    what: 'a directory name beside its address',
    needs: ['p1-1988'],
    apdu: (c: Conversation) =>
      edited(messageApdu(c, 'dir', recipients(c, toTester())), namePath, withMembers(directoryName)),
    name: 'dir',
  },
] as const;

export const addressCases: readonly TestCase[] = [
  ...variants.map(({ number, what, path, edit }): TestCase => ({
    ...responding,
    id: `P1-R-VA-${number}`,
    clause: 'X.402 §18.3',
    points: ['P1-033'],
    purpose: `Delivers to an address ${what}.`,
    preamble: bound(),
    steps: [...transferred((c) => edited(messageApdu(c, 'addr'), path, edit)), observe('delivered once', 'addr')],
  })),
  ...administrations.map(({ number, what, octets }): TestCase => ({
    ...responding,
    id: `P1-R-VA-${number}`,
    clause: 'X.402 §18.3.1',
    points: ['P1-034'],
    needs: ['any-administration'],
    purpose: `Delivers to an address with an ADMD ${what} where any ADMD is meant.`,
    preamble: bound(),
    steps: [
      ...transferred((c) => edited(messageApdu(c, 'admd'), administrationPath, () => [octets])),
      observe('delivered once', 'admd'),
    ],
  })),
  {
    ...exchanging,
    id: 'P1-X-VA-115',
    clause: 'X.402 §18.3',
    points: ['P1-033'],
    purpose: 'Routes to us by our private domain whatever its capital letters.',
    steps: relays(
      'route',
      (c) =>
        edited(
          messageApdu(c, 'route', recipients(c, toTester())),
          namePath,
          withTexts((text) => text.toLowerCase()),
        ),
      sameName,
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-116',
    clause: 'X.411 §14.3',
    points: ['P1-033', 'P1-044'],
    purpose: 'Reports an address to which it has no route: recipient unknown.',
    steps: [
      ...submitted((c) =>
        messageApdu(c, 'nowhere', {
          perRecipientFields: recipients(c, toTester()).perRecipientFields.map((fields) => ({
            ...fields,
            recipientName: parseORAddress('C=AQ;ADMD=NOWHERE;PRMD=NOBODY;S=Nemo'),
          })),
        }),
      ),
      ...reported('nowhere', { 1: '1/0' }),
    ],
  },
  ...relayedNames.map(({ number, points, what, needs, apdu, name }): TestCase => ({
    ...exchanging,
    id: `P1-X-VA-${number}`,
    clause: 'X.411 §8.5.5',
    points,
    needs,
    purpose: `Relays a recipient name with ${what} octet for octet.`,
    steps: relays(name, apdu, sameName),
  })),
  {
    ...exchanging,
    id: 'P1-X-VA-117',
    clause: 'X.402 §18.3.1',
    points: ['P1-034'],
    needs: ['any-administration'],
    purpose: 'Names its domain in identifiers and trace with an ADMD of one space.',
    steps: [
      ...submitted((c) => messageApdu(c, 'space', recipients(c, toTester()))),
      ...receives(relayed('space')),
      checkReceived('the domain in its trace element', relayed('space'), (got) => {
        const element = memberOf(envelopeOf(got), 0x69)?.children.at(-1);
        const name = memberOf(element, 0x63, 0x62)?.children[0];
        return name?.octets.join() === berText(0x13, ' ').join() ? undefined : 'its ADMD is not one space';
      }),
    ],
  },
];

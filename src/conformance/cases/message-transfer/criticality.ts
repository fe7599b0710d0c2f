/** Extensions that the implementation under test does not know, critical or not (X.411 §8.1, §14.3). */
import { fromHex } from '../../../bytes/octets.js';
import type { ExtensionField } from '../../../p1/extension-field.js';
import { printUtcTime } from '../../../p1/utc-time.js';
import { memberOf, type Ber } from '../../octets/ber.js';
import { critical, extension, nullValue, privateType, timeValue, unknownNumber } from '../../octets/extension.js';
import { envelope, messageApdu } from '../../octets/message.js';
import { probeApdu } from '../../octets/report.js';
import { envelopeOf, extensionNumbered, recipientsOf } from '../../listening/transferred.js';
import type { Conversation } from '../../script/conversation.js';
import { bound, transferred } from '../../script/preambles.js';
import { reported, submitted } from '../../script/exchange.js';
import { observe } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';
import { envelopeDifference, exchanging, recipients, responding, toDelivered, toTester } from './common.js';
import { relays, sameExtensions } from './relaying.js';

function extended(c: Conversation, name: string, ...fields: readonly ExtensionField[]) {
  return { extensions: [...envelope(c, name).extensions, ...fields] };
}

const refused = [
  { number: '001', what: 'a number of no extension', field: extension(unknownNumber, nullValue, critical.forDelivery) },
  { number: '002', what: 'an object identifier', field: extension(privateType, nullValue, critical.forDelivery) },
  {
    number: '003',
    what: 'a number of no extension tagged as in the ISO draft',
    field: extension(unknownNumber, nullValue, critical.forDelivery, 'draft'),
  },
  {
    number: '004',
    what: 'an object identifier tagged as in the ISO draft',
    field: extension(privateType, nullValue, critical.forDelivery, 'draft'),
  },
] as const;

const anHour = 60 * 60 * 1000;

const taken = [
  { number: '060', what: 'a number of no extension that is not critical', field: extension(unknownNumber, nullValue) },
  {
    number: '061',
    what: 'an object identifier that is not critical',
    field: extension(privateType, fromHex('0101ff')),
  },
  {
    number: '062',
    what: 'an unknown number critical for transfer only, as it delivers',
    field: extension(unknownNumber, nullValue, critical.forTransfer),
  },
] as const;

/** Unknown extensions, not critical for what a relay does. */
const foreign = [
  extension(unknownNumber, fromHex('3006020107040100')),
  extension(unknownNumber + 1, nullValue, critical.forDelivery),
  extension(privateType, fromHex('040300ff80')),
];

function foreignFault(sent: Ber | undefined, got: Ber | undefined): string | undefined {
  const list = (node: Ber | undefined): readonly string[] =>
    memberOf(node, 0xa3)?.children.map(({ octets }) => octets.join()) ?? [];
  const found = list(got);
  const lost = list(sent).filter((field) => !found.includes(field));
  // The internal trace has grown, and is another.
  const internal = extensionNumbered(memberOf(sent, 0xa3), 38)?.octets.join();
  return lost.every((field) => field === internal) ? undefined : 'an extension is not as it was sent';
}

export const criticalityCases: readonly TestCase[] = [
  ...refused.map(({ number, what, field }): TestCase => ({
    ...exchanging,
    id: `P1-X-IV-${number}`,
    clause: 'X.411 §8.1',
    points: ['P1-029', 'P1-031', 'P1-044'],
    needs: ['p1-1988'],
    purpose: `Does not deliver a message with ${what}, critical for delivery: unsupported critical function.`,
    steps: [
      ...submitted((c) => messageApdu(c, 'crit', { ...extended(c, 'crit', field), ...recipients(c, toDelivered()) })),
      ...reported('crit', { 1: '1/18' }),
      observe('not delivered', 'crit'),
    ],
  })),
  {
    ...exchanging,
    id: 'P1-X-IV-005',
    clause: 'X.411 §8.1',
    points: ['P1-029'],
    needs: ['p1-1988'],
    purpose: 'Does not relay a message with an unknown extension critical for transfer.',
    steps: [
      ...submitted((c) =>
        messageApdu(c, 'ctrans', {
          ...extended(c, 'ctrans', extension(unknownNumber, nullValue, critical.forTransfer)),
          ...recipients(c, toTester()),
        }),
      ),
      ...reported('ctrans', { 1: '1/18' }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-IV-006',
    clause: 'X.411 §8.1',
    points: ['P1-029', 'P1-019'],
    needs: ['p1-1988'],
    purpose: 'Holds an unknown critical extension of one recipient against that recipient only.',
    steps: [
      ...submitted((c) => {
        const [first, second] = recipients(
          c,
          toDelivered({ originatingMtaRequest: 'report' }),
          toDelivered({ originatingMtaRequest: 'report' }, 2),
        ).perRecipientFields;
        if (first === undefined || second === undefined) throw new RangeError('there are two recipients');
        const extensions = [extension(unknownNumber, nullValue, critical.forDelivery)];
        return messageApdu(c, 'cone', { perRecipientFields: [first, { ...second, extensions }] });
      }),
      ...reported('cone', { 1: 'delivered', 2: '1/18' }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-IV-007',
    clause: 'X.411 §8.1',
    points: ['P1-029', 'P1-053'],
    needs: ['p1-1988'],
    purpose: 'Answers a probe with an unknown extension critical for delivery: unsupported critical function.',
    steps: [
      ...submitted((c) =>
        probeApdu(c, 'cprobe', {
          ...extended(c, 'cprobe', extension(unknownNumber, nullValue, critical.forDelivery)),
          ...recipients(c, toDelivered()),
        }),
      ),
      ...reported('cprobe', { 1: '1/18' }),
    ],
  },
  ...taken.map(({ number, what, field }): TestCase => ({
    ...responding,
    id: `P1-R-VA-${number}`,
    clause: 'X.411 §8.1',
    points: ['P1-013', 'P1-029', 'P1-031'],
    needs: ['p1-1988'],
    purpose: `Delivers a message with ${what}.`,
    preamble: bound(),
    steps: [...transferred((c) => messageApdu(c, 'ext', extended(c, 'ext', field))), observe('delivered once', 'ext')],
  })),
  {
    ...exchanging,
    id: 'P1-X-VA-050',
    clause: 'X.411 §14.3',
    points: ['P1-030', 'P1-032'],
    needs: ['p1-1988'],
    purpose: 'Relays unknown extensions octet for octet, of the message and of a recipient.',
    steps: relays(
      'foreign',
      (c) =>
        messageApdu(c, 'foreign', {
          ...extended(c, 'foreign', ...foreign),
          perRecipientFields: recipients(c, toTester()).perRecipientFields.map((fields) => ({
            ...fields,
            extensions: foreign,
          })),
        }),
      (sent, got) =>
        envelopeDifference(sent, got) ??
        foreignFault(envelopeOf(sent), envelopeOf(got)) ??
        foreignFault(recipientsOf(sent)[0], recipientsOf(got)[0]),
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-051',
    clause: 'X.411 §8.2.1.1.1.13',
    points: ['P1-025', 'P1-044'],
    needs: ['p1-1988'],
    purpose: 'Does not deliver a message past its latest delivery time: maximum time expired.',
    steps: [
      ...submitted((c) =>
        messageApdu(c, 'late', {
          ...extended(c, 'late', extension(5, timeValue(printUtcTime(c.now - anHour)), critical.forDelivery)),
          ...recipients(c, toDelivered()),
        }),
      ),
      ...reported('late', { 1: '1/5' }),
      observe('not delivered', 'late'),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-052',
    clause: 'X.411 §8.2.1.1.1.13',
    points: ['P1-025', 'P1-031'],
    needs: ['p1-1988'],
    purpose:
      'Reads a latest delivery time whose extension is tagged as in the ISO draft, and relays no message that is past it.',
    steps: [
      ...submitted((c) =>
        messageApdu(c, 'late2', {
          ...extended(c, 'late2', extension(5, timeValue(printUtcTime(c.now - anHour)), critical.notAtAll, 'draft')),
          ...recipients(c, toTester()),
        }),
      ),
      ...reported('late2', { 1: '1/5' }),
    ],
  },
  {
    ...responding,
    id: 'P1-R-VA-063',
    clause: 'X.411 §8.2.1.1.1.13',
    points: ['P1-025'],
    needs: ['p1-1988'],
    purpose: 'Delivers a message whose latest delivery time is still to come.',
    preamble: bound(),
    steps: [
      ...transferred((c) =>
        messageApdu(
          c,
          'intime',
          extended(c, 'intime', extension(5, timeValue(printUtcTime(c.now + anHour)), critical.forDelivery)),
        ),
      ),
      observe('delivered once', 'intime'),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-053',
    clause: 'X.411 §8.2.1.1.1',
    points: ['P1-064', 'P1-030'],
    needs: ['p1-1988'],
    purpose: 'Relays requests for proof and the like, which are critical for delivery, as it does not deliver.',
    steps: relays(
      'proof',
      (c) =>
        messageApdu(c, 'proof', {
          ...extended(c, 'proof', extension(19, fromHex('3000'), critical.forDelivery)),
          ...recipients(c, toTester()),
        }),
      (sent, got) => sameExtensions(memberOf(envelopeOf(sent), 0xa3), memberOf(envelopeOf(got), 0xa3), [19]),
    ),
  },
];

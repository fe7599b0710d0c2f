/** Reports that the implementation under test makes (X.411 §14.3, §12.2.1.3). */
import { BitString } from '../../../asn1/bit-string.js';
import { encode } from '../../../asn1/type.js';
import { parseORAddress } from '../../../p1/or-address-text.js';
import { orName } from '../../../p1/or-address.js';
import { ber, berText, integerIn, memberOf, readWholeBer, type Ber } from '../../octets/ber.js';
import { extension, timeValue } from '../../octets/extension.js';
import { envelope, messageApdu, shortContent } from '../../octets/message.js';
import { printUtcTime } from '../../../p1/utc-time.js';
import {
  envelopeOf,
  extensionValue,
  octetsIn,
  recipientsOf,
  reportContentOf,
  textIn,
} from '../../listening/transferred.js';
import type { Conversation } from '../../script/conversation.js';
import { checkNotReceived, checkReceived, receives, reported, reportOn, submitted } from '../../script/exchange.js';
import type { Step, TestCase } from '../../script/test-case.js';
import {
  asksForReport,
  exchanging,
  indicators,
  memberDifference,
  recipients,
  toDelivered,
  toUnknown,
} from './common.js';

const audited = { originatingMtaRequest: 'audited-report' } as const;

/** The report on this message, which the message itself is held against. */
function reportedOn(
  name: string,
  apdu: (conversation: Conversation) => Uint8Array,
  fault: (report: Ber, sent: Ber, conversation: Conversation) => string | undefined,
): readonly Step[] {
  return [
    ...submitted(apdu),
    ...receives(reportOn(name)),
    checkReceived('the report', reportOn(name), (report, c) => fault(report, readWholeBer(apdu(c)), c)),
  ];
}

/** That a message gives no report before the one on a later message. */
function noReportOn(name: string, apdu: (conversation: Conversation) => Uint8Array): readonly Step[] {
  return [
    ...submitted(apdu, (c) => messageApdu(c, 'marker', recipients(c, toUnknown()))),
    ...receives(reportOn('marker')),
    checkNotReceived('a report', reportOn(name)),
  ];
}

function traceInReport(report: Ber): number {
  return memberOf(reportContentOf(report), 0x69)?.children.length ?? 0;
}

/** Each request of the originating MTA with the outcomes on which it gives a report (X.411 §14.3). */
const requests = [
  { request: 'non-delivery-report', onDelivery: 'nothing' },
  { request: 'report', onDelivery: 'a report' },
  { request: 'audited-report', onDelivery: 'a report' },
] as const;

export const reportCases: readonly TestCase[] = [
  ...requests.flatMap(({ request, onDelivery }, index): readonly TestCase[] => [
    {
      ...exchanging,
      id: `P1-X-VA-06${String(index)}`,
      clause: 'X.411 §14.3',
      points: ['P1-044'],
      purpose: `Reports that it cannot deliver where the request of the originating MTA is ${request}.`,
      steps: [
        ...submitted((c) =>
          messageApdu(
            c,
            'ndr',
            recipients(c, toUnknown({ originatingMtaRequest: request, originatorRequest: 'none' })),
          ),
        ),
        ...reported('ndr', { 1: '1/0' }),
      ],
    },
    {
      ...exchanging,
      id: `P1-X-VA-06${String(3 + index)}`,
      clause: 'X.411 §14.3',
      points: ['P1-045'],
      purpose: `Makes ${onDelivery} on delivery where the request of the originating MTA is ${request}.`,
      steps:
        onDelivery === 'nothing'
          ? noReportOn('dr', (c) =>
              messageApdu(c, 'dr', recipients(c, toDelivered({ originatingMtaRequest: request }))),
            )
          : [
              ...submitted((c) => messageApdu(c, 'dr', recipients(c, toDelivered({ originatingMtaRequest: request })))),
              ...reported('dr', { 1: 'delivered' }),
            ],
    },
  ]),
  {
    ...exchanging,
    id: 'P1-X-VA-066',
    clause: 'X.411 §12.2.1.3.1.2',
    points: ['P1-046'],
    purpose: 'Puts the whole trace of the subject in an audited report.',
    steps: reportedOn(
      'audit',
      (c) => messageApdu(c, 'audit', recipients(c, toUnknown(audited))),
      (report, sent) => {
        const wanted = memberOf(envelopeOf(sent), 0x69)?.children ?? [];
        const found = memberOf(reportContentOf(report), 0x69)?.children ?? [];
        const isThere = wanted.every((element, i) => element.octets.join() === found[i]?.octets.join());
        return found.length >= wanted.length && isThere
          ? undefined
          : 'the trace of the subject is not there as it was sent';
      },
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-067',
    clause: 'X.411 §12.2.1.3.1.2',
    points: ['P1-046'],
    purpose: 'Puts no trace of the subject in a report that is not audited.',
    steps: reportedOn(
      'basic',
      (c) => messageApdu(c, 'basic', recipients(c, toUnknown(asksForReport))),
      (report) => (traceInReport(report) === 0 ? undefined : 'the trace of the subject is there'),
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-068',
    clause: 'X.411 §12.2.1.3.1.1',
    points: ['P1-047'],
    purpose: 'Addresses a report to the originator of its subject.',
    steps: reportedOn(
      'dest',
      (c) => messageApdu(c, 'dest', recipients(c, toUnknown())),
      (report, sent) => memberDifference(envelopeOf(sent), envelopeOf(report), 0x60),
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-069',
    clause: 'X.411 §12.2.1.3.1.1',
    points: ['P1-047'],
    needs: ['p1-1988'],
    purpose: 'Addresses a report to the list that expanded its subject last, with originator and lists in its history.',
    steps: reportedOn(
      'list',
      (c) =>
        messageApdu(c, 'list', {
          extensions: [...envelope(c, 'list').extensions, listHistory(c)],
          ...recipients(c, toUnknown()),
        }),
      (report, _sent, c) => {
        const wanted = encode(orName, listName(c)).join();
        const history = extensionValue(memberOf(envelopeOf(report), 0xa1), 30);
        if (memberOf(envelopeOf(report), 0x60)?.octets.join() !== wanted) return 'its destination is not the list';
        return history?.children.length === 2 ? undefined : 'it has no history of the originator and one list';
      },
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-070',
    clause: 'X.411 §12.2.1.3.1',
    points: ['P1-048', 'P1-017'],
    purpose: 'Copies content identifier, recipient number, indicators and name of the subject into a report.',
    steps: reportedOn(
      'copies',
      (c) => messageApdu(c, 'copies', { contentIdentifier: 'Order 7', ...recipients(c, toUnknown(asksForReport, 5)) }),
      (report, sent) => {
        const [reportedRecipient] = recipientsOf(report);
        const [recipient] = recipientsOf(sent);
        const bits = (node: Ber | undefined, identifier: number): string =>
          String((memberOf(node, identifier)?.content[1] ?? 0) & 0x78);
        if (textIn(memberOf(reportContentOf(report), 0x4a)) !== 'Order 7')
          return 'the content identifier is not that of the subject';
        if (integerIn(memberOf(reportedRecipient, 0x81)) !== 5)
          return 'the recipient number is not that of the subject';
        if (bits(reportedRecipient, 0x82) !== bits(recipient, 0x81))
          return 'the indicators are not those of the subject';
        const name = memberOf(reportedRecipient, 0xa0)?.content.join();
        return name === memberOf(recipient, 0x60)?.content.join()
          ? undefined
          : 'the recipient name is not that of the subject';
      },
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-071',
    clause: 'X.411 §12.2.1.3.1',
    points: ['P1-048', 'P1-040'],
    needs: ['p1-1988'],
    purpose: 'Copies content correlator, content type and original types of the subject into a report.',
    steps: reportedOn(
      'corr',
      (c) =>
        messageApdu(c, 'corr', {
          extensions: [...envelope(c, 'corr').extensions, extension(23, berText(0x16, 'folder 12/7'))],
          ...recipients(c, toUnknown()),
        }),
      (report, sent) => {
        const content = reportContentOf(report);
        const correlator = extensionValue(memberOf(content, 0xa3), 23);
        if (textIn(correlator) !== 'folder 12/7') return 'the content correlator is not that of the subject';
        return content === undefined ? 'it has no content' : memberDifference(envelopeOf(sent), content, 0x65, 0x46);
      },
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-072',
    clause: 'X.411 §12.2.1.3.1.8',
    points: ['P1-049'],
    purpose: 'Returns no content that was not asked for.',
    steps: reportedOn(
      'keep',
      (c) => messageApdu(c, 'keep', recipients(c, toUnknown())),
      (report) => (memberOf(reportContentOf(report), 0x81) === undefined ? undefined : 'it returns content'),
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-073',
    clause: 'X.411 §12.2.1.3.1.8',
    points: ['P1-049'],
    purpose: 'Returns the content as it was, or none, where its return was asked for.',
    steps: reportedOn(
      'return',
      (c) => messageApdu(c, 'return', { perMessageIndicators: BitString.of([3]), ...recipients(c, toUnknown()) }),
      (report) => {
        const content = reportContentOf(report);
        const returned = memberOf(content, 0x81) ?? memberOf(content, 0xa1);
        return returned === undefined || octetsIn(returned).join() === shortContent.join()
          ? undefined
          : 'the content is not as it was sent';
      },
    ),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-074',
    clause: 'X.411 §12.2.1.3.1.8',
    points: ['P1-049', 'P1-045'],
    purpose: 'Returns no content on delivery, even where its return was asked for.',
    steps: reportedOn(
      'deliv',
      (c) => messageApdu(c, 'deliv', { ...indicators(3), ...recipients(c, toDelivered(asksForReport)) }),
      (report) => (memberOf(reportContentOf(report), 0x81) === undefined ? undefined : 'it returns content'),
    ),
  },
];

function listName({ peer }: Conversation) {
  const { countryName, administrationDomainName, privateDomainName } = peer.tester.originator.standardAttributes;
  const like = parseORAddress('C=GB;ADMD= ;PRMD=X;O=Lists;S=Everybody').standardAttributes;
  return {
    standardAttributes: {
      ...like,
      ...(countryName === undefined ? {} : { countryName }),
      ...(administrationDomainName === undefined ? {} : { administrationDomainName }),
      ...(privateDomainName === undefined ? {} : { privateDomainName }),
    },
  };
}

/** dl-expansion-history of one list of our domain. */
function listHistory(c: Conversation) {
  const time = timeValue(printUtcTime(c.now));
  return extension(26, ber(0x30, ber(0x30, encode(orName, listName(c)), time)));
}

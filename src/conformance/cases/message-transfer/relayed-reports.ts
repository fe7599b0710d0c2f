/** Reports of others: relayed, delivered as the originator asked, never reported on (X.411 §14.4). */
import { readWholeBer, type Ber } from '../../octets/ber.js';
import { fromHex } from '../../../bytes/octets.js';
import { messageApdu } from '../../octets/message.js';
import { reportApdu, type ReportChanges } from '../../octets/report.js';
import { apduTags, envelopeOf, localIdentifierOf, reportContentOf } from '../../listening/transferred.js';
import type { ReportType } from '../../../p1/report-pdu.js';
import { printUtcTime } from '../../../p1/utc-time.js';
import type { Conversation } from '../../script/conversation.js';
import { bound, transferred } from '../../script/preambles.js';
import { checkNotReceived, checkReceived, receives, reportOn, submitted, type Wanted } from '../../script/exchange.js';
import { observe } from '../../script/steps.js';
import type { Step, TestCase } from '../../script/test-case.js';
import { exchanging, memberDifference, recipients, responding, toUnknown } from './common.js';

/** The report of this name, by its subject. */
function isRelayed(name: string): Wanted {
  return (apdu, { noted }) =>
    apdu.identifier === apduTags.report &&
    localIdentifierOf(apdu) === new TextDecoder('latin1').decode(noted.get(`${name}.s`));
}

function contentDifference(sent: Ber, got: Ber): string | undefined {
  const [before, after] = [reportContentOf(sent), reportContentOf(got)];
  if (before === undefined || after === undefined) return 'it has no content';
  return (
    memberDifference(envelopeOf(sent), envelopeOf(got), 0x64, 0x60) ??
    memberDifference(before, after, 0x64, 0x69, 0x65, 0x46, 0x4a, 0xa0, 0x81, 0xa2, 0xa3)
  );
}

function relaysReport(name: string, changes: (conversation: Conversation) => ReportChanges): readonly Step[] {
  const apdu = (c: Conversation): Uint8Array => reportApdu(c, name, c.peer.tester.originator, changes(c));
  return [
    ...submitted(apdu),
    ...receives(isRelayed(name)),
    checkReceived('the report that it relayed', isRelayed(name), (got, c) =>
      contentDifference(readWholeBer(apdu(c)), got),
    ),
  ];
}

function deliveredAt(now: number, typeOfMTSUser: number): ReportType {
  return { kind: 'delivery', value: { messageDeliveryTime: printUtcTime(now), typeOfMTSUser } };
}

const nonDelivery = (reason: number, diagnostic: number): ReportType => ({
  kind: 'nonDelivery',
  value: { nonDeliveryReasonCode: reason, nonDeliveryDiagnosticCode: diagnostic },
});

/** What bits 3 and 4 ask for, and whether the report goes to the originator (X.411 §14.4). */
const filters = [
  { number: '070', asks: 'none', outcome: 'non-delivery', delivered: 'not delivered' },
  { number: '071', asks: 'non-delivery-report', outcome: 'non-delivery', delivered: 'delivered once' },
  { number: '072', asks: 'report', outcome: 'non-delivery', delivered: 'delivered once' },
  { number: '073', asks: 'none', outcome: 'delivery', delivered: 'not delivered' },
  { number: '074', asks: 'non-delivery-report', outcome: 'delivery', delivered: 'not delivered' },
  { number: '075', asks: 'report', outcome: 'delivery', delivered: 'delivered once' },
] as const;

export const relayedReportCases: readonly TestCase[] = [
  {
    ...exchanging,
    id: 'P1-X-VA-080',
    clause: 'X.411 §14.4',
    points: ['P1-055', 'P1-048'],
    purpose: 'Relays a report octet for octet, its trace aside.',
    steps: relaysReport('rrel', () => ({
      content: { contentIdentifier: 'Order 7', returnedContent: fromHex('a003020107') },
      recipient: { supplementaryInformation: 'no such user' },
    })),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-081',
    clause: 'X.411 §8.3.1.2.1.10',
    points: ['P1-057'],
    needs: ['p1-1988'],
    purpose: 'Relays reason and diagnostic codes that it does not know.',
    steps: relaysReport('rcodes', () => ({ type: nonDelivery(77, 777) })),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-082',
    clause: 'X.411 §8.3.1.2.1.4',
    points: ['P1-057'],
    needs: ['p1-1988'],
    purpose: 'Relays a type of user that it does not know.',
    steps: relaysReport('rtype', ({ now }) => ({ type: deliveredAt(now, 99) })),
  },
  {
    ...exchanging,
    id: 'P1-X-VA-083',
    clause: 'X.411 §14.4',
    points: ['P1-050'],
    purpose: 'Makes no report on a report that it cannot deliver.',
    steps: [
      ...submitted(
        (c) => reportApdu(c, 'rlost', c.peer.unknownRecipient),
        (c) => messageApdu(c, 'marker', recipients(c, toUnknown())),
      ),
      ...receives(reportOn('marker')),
      checkNotReceived('a report on the report', reportOn('rlost')),
      checkNotReceived('the report itself', isRelayed('rlost')),
    ],
  },
  ...filters.map(({ number, asks, outcome, delivered }): TestCase => ({
    ...responding,
    id: `P1-R-VA-${number}`,
    clause: 'X.411 §14.4',
    points: ['P1-051'],
    purpose: `A report of ${outcome} is ${delivered} to an originator whose request is ${asks}.`,
    preamble: bound(),
    steps: [
      ...transferred((c) =>
        reportApdu(c, 'rep', c.peer.recipient, {
          indicators: { originatorRequest: asks, originatingMtaRequest: 'audited-report' },
          type: outcome === 'delivery' ? deliveredAt(c.now, 1) : nonDelivery(1, 0),
        }),
      ),
      observe(delivered, 'rep'),
    ],
  })),
  {
    ...responding,
    id: 'P1-R-VA-076',
    clause: 'X.411 §14.4',
    points: ['P1-060', 'P1-051'],
    purpose: 'Delivers a report once that is transferred twice.',
    preamble: bound(),
    steps: [
      ...transferred((c) => reportApdu(c, 'rtwice', c.peer.recipient)),
      ...transferred((c) => reportApdu(c, 'rtwice', c.peer.recipient), 2),
      observe('delivered once', 'rtwice'),
    ],
  },
];

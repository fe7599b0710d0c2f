/** Probes (X.411 §12.2.1.2, §14.3). */
import { memberOf, readWholeBer } from '../../octets/ber.js';
import { probeApdu } from '../../octets/report.js';
import { envelopeOf, outcomesOf, recipientsOf, reportContentOf, textIn } from '../../listening/transferred.js';
import { checkReceived, receives, relayed, reported, reportOn, submitted } from '../../script/exchange.js';
import { observe } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';
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

/** More than anybody takes. */
const contentLengthMax = 2 ** 31 - 1;

export const probeCases: readonly TestCase[] = [
  {
    ...exchanging,
    id: 'P1-X-VA-090',
    clause: 'X.411 §14.3',
    points: ['P1-053', 'P1-045'],
    purpose:
      'Answers a probe to a recipient of its own with a report as of a delivery, without content, and delivers nothing.',
    steps: [
      ...submitted((c) => probeApdu(c, 'probe', { ...indicators(3), ...recipients(c, toDelivered(asksForReport)) })),
      ...reported('probe', { 1: 'delivered' }),
      checkReceived('the report', reportOn('probe'), (report) => {
        if (memberOf(reportContentOf(report), 0x81) !== undefined) return 'it returns content';
        const [recipient] = recipientsOf(report);
        const time = textIn(memberOf(recipient, 0xa3, 0xa1, 0xa0, 0x80));
        return /^\d{12}Z$/.test(time) ? undefined : `its delivery time is "${time}"`;
      }),
      observe('not delivered', 'probe'),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-091',
    clause: 'X.411 §14.3',
    points: ['P1-053', 'P1-044'],
    purpose: 'Answers a probe to nobody that it knows: recipient unknown.',
    steps: [...submitted((c) => probeApdu(c, 'pnone', recipients(c, toUnknown()))), ...reported('pnone', { 1: '1/0' })],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-092',
    clause: 'X.411 §14.3',
    points: ['P1-053', 'P1-019'],
    purpose: 'Answers a probe for each recipient for whom it is responsible.',
    steps: [
      ...submitted((c) =>
        probeApdu(
          c,
          'pmany',
          recipients(
            c,
            toDelivered(asksForReport),
            toUnknown({ ...asksForReport, responsibility: 'not-responsible' }, 2),
            toUnknown(asksForReport, 3),
          ),
        ),
      ),
      ...reported('pmany', { 1: 'delivered', 3: '1/0' }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-093',
    clause: 'X.411 §14.3',
    points: ['P1-053'],
    purpose: 'Answers a probe for a content that is longer than it delivers: content too long.',
    steps: [
      ...submitted((c) =>
        probeApdu(c, 'plong', { contentLength: contentLengthMax, ...recipients(c, toDelivered(asksForReport)) }),
      ),
      ...reported('plong', { 1: '1/7' }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-094',
    clause: 'X.411 §14.3',
    points: ['P1-053', 'P1-055', 'P1-020'],
    purpose: 'Relays a probe for a recipient of another domain, content length and all.',
    steps: [
      ...submitted((c) =>
        probeApdu(c, 'prelay', { contentIdentifier: 'Order 7', ...recipients(c, toTester(asksForReport)) }),
      ),
      ...receives(relayed('prelay', 'probe')),
      checkReceived(
        'the probe that it relayed',
        relayed('prelay', 'probe'),
        (got, c) =>
          envelopeDifference(
            readWholeBer(
              probeApdu(c, 'prelay', { contentIdentifier: 'Order 7', ...recipients(c, toTester(asksForReport)) }),
            ),
            got,
          ) ?? (memberOf(envelopeOf(got), 0xa2) === undefined ? 'it has no recipients' : undefined),
      ),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-095',
    clause: 'X.411 §14.3',
    points: ['P1-053', 'P1-060'],
    purpose: 'Answers a probe once, though it is transferred twice.',
    steps: [
      ...submitted(
        (c) => probeApdu(c, 'ptwice', recipients(c, toDelivered(asksForReport))),
        (c) => probeApdu(c, 'ptwice', recipients(c, toDelivered(asksForReport))),
        (c) => probeApdu(c, 'marker', recipients(c, toUnknown())),
      ),
      ...reported('ptwice', { 1: 'delivered' }),
      ...receives(reportOn('marker')),
      {
        do: 'check',
        what: 'reports on the probe',
        fault: (c) => {
          const found = c.received.filter((apdu) => reportOn('ptwice')(apdu, c)).flatMap(outcomesOf);
          return found.length === 1 ? undefined : `there are ${String(found.length)}`;
        },
      },
    ],
  },
];

/** Messages that the implementation under test delivers, or must not (X.411 §14.3). */
import { fromHex } from '../../../bytes/octets.js';
import { messageApdu, recipientFields } from '../../octets/message.js';
import { anyOf, ended, spdu } from '../../script/patterns.js';
import { bound, transferred, transferring } from '../../script/preambles.js';
import { receives, reported, reportOn, submitted } from '../../script/exchange.js';
import { check, close, expect, observe } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';
import { asksForReport, exchanging, recipients, responding, toDelivered, toUnknown } from './common.js';

export const deliveryCases: readonly TestCase[] = [
  {
    ...responding,
    id: 'P1-R-VA-001',
    clause: 'X.411 §12.2.1',
    points: ['P1-005', 'P1-009', 'P1-033', 'P1-060'],
    purpose: 'Takes a message and delivers it.',
    preamble: bound(),
    steps: [...transferred((c) => messageApdu(c, 'arrived')), observe('delivered once', 'arrived')],
  },
  {
    ...responding,
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
    ...responding,
    id: 'P1-R-VA-003',
    clause: 'X.411 §14.3',
    points: ['P1-060'],
    purpose: 'Takes the same message twice, as one resent after a lost answer is, and delivers it once.',
    preamble: bound(),
    steps: [
      ...transferred((c) => messageApdu(c, 'twice')),
      ...transferred((c) => messageApdu(c, 'twice'), 2),
      observe('delivered once', 'twice'),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-001',
    clause: 'X.411 §14.3',
    points: ['P1-060', 'P1-045', 'P1-010'],
    purpose: 'Reports a delivery once, though the message is transferred twice; each report is a transfer of its own.',
    steps: [
      ...submitted(
        (c) => messageApdu(c, 'again', recipients(c, toDelivered(asksForReport))),
        (c) => messageApdu(c, 'again', recipients(c, toDelivered(asksForReport))),
        (c) => messageApdu(c, 'marker', recipients(c, toUnknown())),
      ),
      ...reported('again', { 1: 'delivered' }),
      ...receives(reportOn('marker')),
      check('reports on the message that was transferred twice', (c) => {
        const count = c.received.filter((apdu) => reportOn('again')(apdu, c)).length;
        return count === 1 ? undefined : `${String(count)} came instead of one`;
      }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-002',
    clause: 'X.411 §14.3',
    points: ['P1-019', 'P1-044'],
    purpose: 'Says nothing about a recipient for whom this copy carries no responsibility.',
    steps: [
      ...submitted((c) =>
        messageApdu(
          c,
          'partly',
          recipients(
            c,
            toUnknown({ responsibility: 'not-responsible' }),
            toUnknown({}, 2),
            toDelivered(asksForReport, 3),
          ),
        ),
      ),
      ...reported('partly', { 2: '1/0', 3: 'delivered' }),
    ],
  },
  {
    ...responding,
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
  {
    ...responding,
    id: 'P1-R-IV-011',
    clause: 'X.419 §11',
    points: ['P1-059'],
    purpose: 'Does not acknowledge a message whose envelope lacks its recipients.',
    preamble: bound(),
    steps: [
      ...transferring(() => fromHex('a00731020500040131')),
      expect(anyOf('EXCEPTION DATA, ABORT or the end', spdu('ED'), spdu('AB'), ended)),
      close,
    ],
    octets: 'malformed',
  },
];

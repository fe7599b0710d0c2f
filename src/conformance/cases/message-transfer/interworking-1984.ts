/** P1 of 1984: what may be sent to a system of 1984, and what becomes of the rest (X.419 Annex B). `apduFault` holds every APDU against it. */
import { fromHex } from '../../../bytes/octets.js';
import { berHex, memberOf } from '../../octets/ber.js';
import { edited, withMembers } from '../../octets/edit.js';
import { messageApdu } from '../../octets/message.js';
import { reportApdu } from '../../octets/report.js';
import { parseORAddress } from '../../../p1/or-address-text.js';
import {
  apduTags,
  envelopeOf,
  localIdentifierOf,
  outcomesOf,
  recipientsOf,
  transferredApdu,
} from '../../listening/transferred.js';
import { apduFault } from '../../listening/apdu-rules.js';
import { critical, extension, nullValue, unknownNumber } from '../../octets/extension.js';
import { bound, accepted, confirmedTransfer, tookTransfer, transferred } from '../../script/preambles.js';
import { checkReceived, receives, relayed, reported, submitted } from '../../script/exchange.js';
import { check, close, observe } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';
import { calling, exchanging, recipients, responding, toDelivered, toTester, toUnknown } from './common.js';

const needs = ['p1-1984'] as const;
const modes = ['x410-1984'] as const;

export const interworking1984Cases: readonly TestCase[] = [
  {
    ...calling,
    id: 'P1-I-VA-020',
    clause: 'X.419 Annex B',
    points: ['P1-003', 'P1-072'],
    modes,
    needs,
    purpose: 'Sends messages of its own with the members of 1984 only.',
    preamble: accepted(),
    steps: [
      tookTransfer,
      check('the message', (c) => apduFault(transferredApdu(c), c.peer)),
      ...confirmedTransfer,
      close,
    ],
  },
  {
    ...responding,
    id: 'P1-R-VA-080',
    clause: 'X.419 Annex B',
    points: ['P1-003', 'P1-072'],
    modes,
    needs,
    purpose: 'Takes a message of 1984 and delivers it.',
    preamble: bound(),
    steps: [...transferred((c) => messageApdu(c, 'old')), observe('delivered once', 'old')],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-100',
    clause: 'X.419 Annex B',
    points: ['P1-003', 'P1-072', 'P1-062'],
    modes,
    needs,
    purpose: 'Reports in the members of 1984: no extensions, no types of the subject.',
    steps: [
      ...submitted((c) => messageApdu(c, 'ndr84', recipients(c, toUnknown()))),
      ...reported('ndr84', { 1: '1/0' }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-101',
    clause: 'X.419 Annex B',
    points: ['P1-062', 'P1-072'],
    modes,
    needs,
    purpose: 'Leaves extensions that are not critical out of what it relays to a system of 1984.',
    steps: [
      ...submitted((c) =>
        messageApdu(c, 'noext', { extensions: [extension(unknownNumber, nullValue)], ...recipients(c, toTester()) }),
      ),
      ...receives(relayed('noext')),
      checkReceived('its extensions', relayed('noext'), (got) =>
        memberOf(envelopeOf(got), 0xa3) === undefined ? undefined : 'they are there',
      ),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-102',
    clause: 'X.419 Annex B',
    points: ['P1-062', 'P1-044'],
    modes,
    needs,
    purpose: 'Does not relay a message with a critical extension to a system of 1984.',
    steps: [
      ...submitted((c) =>
        messageApdu(c, 'crit84', {
          extensions: [extension(4, fromHex('0a0101'), critical.forDelivery)],
          ...recipients(c, toTester()),
        }),
      ),
      ...receives(
        (apdu, c) => apdu.identifier === apduTags.report && isAbout(localIdentifierOf(apdu), c.noted.get('crit84')),
      ),
      checkReceived(
        'the outcome',
        (apdu) => apdu.identifier === apduTags.report,
        (report) => {
          // X.419 Annex B: unsupported critical function; its diagnostic is none of 1984, which the reason alone says then.
          const [outcome] = outcomesOf(report);
          return outcome?.kind === 'not delivered' ? undefined : `it is ${String(outcome?.kind)}`;
        },
      ),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-103',
    clause: 'X.419 Annex B',
    points: ['P1-062', 'P1-072'],
    modes,
    needs,
    purpose: 'Puts attributes of 1988 into domain-defined ones in what it relays to a system of 1984.',
    steps: [
      ...submitted((c) => {
        const { standardAttributes } = parseORAddress('C=GB;ADMD= ;PRMD=X;S=Jones');
        const own = c.peer.tester.originator.standardAttributes;
        const extensionAttributes = parseORAddress('C=GB;ADMD= ;PRMD=X;S=Jones;CN=Harbour Master').extensionAttributes;
        const originatorName = {
          standardAttributes: { ...standardAttributes, ...own },
          ...(extensionAttributes === undefined ? {} : { extensionAttributes }),
        };
        return messageApdu(c, 'common', { originatorName, ...recipients(c, toTester()) });
      }),
      ...receives(relayed('common')),
      checkReceived('the originator', relayed('common'), (got) => {
        const name = memberOf(envelopeOf(got), 0x60);
        if (memberOf(name, 0x31) !== undefined) return 'it has extension attributes';
        const text = new TextDecoder('latin1').decode(name?.children[1]?.content);
        return text.includes('Harbour Master') ? undefined : 'the common name is lost';
      }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-104',
    clause: 'X.419 Annex B',
    points: ['P1-062', 'P1-057'],
    modes,
    needs,
    purpose: 'Relays a report with a diagnostic of 1988 to a system of 1984 without it.',
    steps: [
      ...submitted((c) =>
        reportApdu(c, 'diag', c.peer.tester.originator, {
          type: { kind: 'nonDelivery', value: { nonDeliveryReasonCode: 1, nonDeliveryDiagnosticCode: 47 } },
        }),
      ),
      ...receives(
        (apdu, c) => apdu.identifier === apduTags.report && isAbout(localIdentifierOf(apdu), c.noted.get('diag.s')),
      ),
      checkReceived(
        'the outcome',
        (apdu, c) => isAbout(localIdentifierOf(apdu), c.noted.get('diag.s')),
        (report) => {
          const [outcome] = outcomesOf(report);
          return outcome?.kind === 'not delivered' && (outcome.diagnostic ?? 0) <= 11
            ? undefined
            : 'it is none of 1984';
        },
      ),
    ],
  },
  {
    ...responding,
    id: 'P1-R-VA-081',
    clause: 'X.411 §9',
    points: ['P1-003', 'P1-013'],
    modes,
    needs,
    purpose: 'Takes members that some systems of 1984 add at the end of the envelope, of a recipient and of the types.',
    preamble: bound(),
    steps: [
      ...transferred((c) =>
        [
          [[0x31], withMembers(fromHex('3100'))] as const,
          [[0x31, 0xa2, 0x31], withMembers(fromHex('020101'))] as const,
          [[0x31, 0x65], withMembers(berHex(0x03, '0520'))] as const,
        ].reduce((octets, [path, edit]) => edited(octets, path, edit), messageApdu(c, 'additions')),
      ),
      observe('delivered once', 'additions'),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-105',
    clause: 'X.419 Annex B',
    points: ['P1-003', 'P1-045'],
    modes,
    needs,
    purpose: 'Reports a delivery with a type of user that 1984 has.',
    steps: [
      ...submitted((c) => messageApdu(c, 'dr84', recipients(c, toDelivered({ originatingMtaRequest: 'report' })))),
      ...reported('dr84', { 1: 'delivered' }),
      checkReceived(
        'the type of user',
        (apdu) => recipientsOf(apdu).length > 0,
        (report) =>
          outcomesOf(report).every(({ userType }) => userType === 0 || userType === 1)
            ? undefined
            : 'it is none of 1984',
      ),
    ],
  },
];

function isAbout(localIdentifier: string, noted: Uint8Array | undefined): boolean {
  return localIdentifier === new TextDecoder('latin1').decode(noted);
}

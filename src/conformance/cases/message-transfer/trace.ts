/** Trace that the implementation under test adds, and trace of others that it takes (X.411 §12.2.1.1.1.2, §14.3). */
import { latin1Octets } from '../../../bytes/octets.js';
import { edited, withContent } from '../../octets/edit.js';
import { ber, integerIn, memberOf, readWholeBer, type Ber } from '../../octets/ber.js';
import { messageApdu, testerDomain } from '../../octets/message.js';
import { probeApdu, reportApdu } from '../../octets/report.js';
import { implementationDomain, traceElement } from '../../octets/trace.js';
import { envelopeOf, extensionValue, localIdentifierOf, textIn } from '../../listening/transferred.js';
import type { Conversation } from '../../script/conversation.js';
import { bound, transferred } from '../../script/preambles.js';
import { checkReceived, receives, relayed, reported, submitted, type Wanted } from '../../script/exchange.js';
import { observe } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';
import { exchanging, recipients, responding, toDelivered, toTester, toUnknown } from './common.js';

function traceOf(envelope: Ber): readonly Ber[] {
  return memberOf(envelope, 0x69)?.children ?? [];
}

/** The elements that were sent, untouched, and one of the implementation under test behind them, of about now. */
function traceFault(sent: Ber, got: Ber, c: Conversation): string | undefined {
  const before = traceOf(sent);
  const after = traceOf(got);
  const last = after.at(-1);
  if (after.length !== before.length + 1)
    return `the trace has ${String(after.length)} elements after ${String(before.length)}`;
  if (before.some((element, i) => element.octets.join() !== after[i]?.octets.join()))
    return 'elements of others changed';
  const { privateDomainIdentifier } = implementationDomain(c);
  const domain = memberOf(last, 0x63)?.children.at(-1);
  if (textIn(domain) !== privateDomainIdentifier?.value) return `its element names the domain ${textIn(domain)}`;
  return integerIn(memberOf(last, 0x31, 0x82)) === 0
    ? arrivalFault(textIn(memberOf(last, 0x31, 0x80)), c)
    : 'its action is not relayed';
}

const clockToleranceMilliseconds = 15 * 60 * 1000;

function arrivalFault(time: string, { now }: Conversation): string | undefined {
  const [, year, month, day, hours, minutes, seconds] = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? [];
  const said = Date.parse(
    `20${String(year)}-${String(month)}-${String(day)}T${String(hours)}:${String(minutes)}:${String(seconds)}Z`,
  );
  return Math.abs(said - now) < clockToleranceMilliseconds ? undefined : `its arrival time is ${time}`;
}

const isReport: Wanted = (apdu, c) =>
  apdu.identifier === 0xa1 && localIdentifierOf(apdu) === new TextDecoder('latin1').decode(c.noted.get('trep.s'));

const relayedKinds = [
  {
    number: '030',
    points: ['P1-021', 'P1-020'],
    what: 'message',
    apdu: (c: Conversation) => messageApdu(c, 'tmsg', recipients(c, toTester())),
    wanted: relayed('tmsg'),
  },
  {
    number: '031',
    points: ['P1-021', 'P1-055'],
    what: 'probe',
    apdu: (c: Conversation) => probeApdu(c, 'tprobe', recipients(c, toTester())),
    wanted: relayed('tprobe', 'probe'),
  },
  {
    number: '032',
    points: ['P1-021', 'P1-055'],
    what: 'report',
    apdu: (c: Conversation) => reportApdu(c, 'trep', c.peer.tester.originator),
    wanted: isReport,
  },
] as const;

const times = [
  { number: '040', what: 'without seconds', text: '2611220800Z' },
  { number: '041', what: 'with an offset', text: '261122080000+0130' },
  { number: '042', what: 'without seconds and with an offset', text: '2611220800-0500' },
  { number: '043', what: 'of the year 1999', text: '991231235959Z' },
] as const;

/** The arrival time of the first trace element. */
const firstTime = [0x31, 0x69, 0x30, 0x31, 0x80] as const;

export const traceCases: readonly TestCase[] = [
  ...relayedKinds.map(({ number, points, what, apdu, wanted }): TestCase => ({
    ...exchanging,
    id: `P1-X-VA-${number}`,
    clause: 'X.411 §12.2.1.1.1.2',
    points,
    purpose: `Adds one element to the trace of a ${what} that enters its domain, and leaves those of others.`,
    steps: [
      ...submitted(apdu),
      ...receives(wanted),
      checkReceived('its trace', wanted, (got, c) => traceFault(envelopeOf(readWholeBer(apdu(c))), envelopeOf(got), c)),
    ],
  })),
  {
    ...exchanging,
    id: 'P1-X-VA-033',
    clause: 'X.411 §12.2.1.1.1.3',
    points: ['P1-022'],
    needs: ['p1-1988'],
    purpose: 'Adds an element with its name to the internal trace, behind those of others.',
    steps: [
      ...submitted((c) => messageApdu(c, 'intern', recipients(c, toTester()))),
      ...receives(relayed('intern')),
      checkReceived('the internal trace', relayed('intern'), (got, { peer }) => {
        const names = extensionValue(memberOf(envelopeOf(got), 0xa3), 38)?.children.map((element) =>
          textIn(memberOf(element, 0x16)),
        );
        const wanted = [peer.tester.mtaName, peer.implementation.mtaName].join();
        return names?.join() === wanted ? undefined : `it names ${String(names?.join())}`;
      }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-034',
    clause: 'X.411 §12.2.1.1.1.2',
    points: ['P1-021', 'P1-020'],
    purpose: 'Makes reports of its own with a new identifier of its domain and a trace of one element.',
    steps: [
      ...submitted(
        (c) => messageApdu(c, 'first', recipients(c, toUnknown())),
        (c) => messageApdu(c, 'second', recipients(c, toUnknown())),
      ),
      ...reported('first', { 1: '1/0' }),
      ...reported('second', { 1: '1/0' }),
      {
        do: 'check',
        what: 'identifiers of its reports',
        fault: (c) => {
          const identifiers = c.received
            .filter(({ identifier }) => identifier === 0xa1)
            .map((apdu) => textIn(memberOf(envelopeOf(apdu), 0x64, 0x16)));
          return new Set(identifiers).size === identifiers.length ? undefined : 'two reports have the same';
        },
      },
    ],
  },
  ...times.map(({ number, what, text }): TestCase => ({
    ...responding,
    id: `P1-R-VA-${number}`,
    clause: 'X.411 §8.5.2',
    points: ['P1-058'],
    purpose: `Takes a trace with a time ${what}.`,
    preamble: bound(),
    steps: [
      ...transferred((c) => edited(messageApdu(c, 'time'), firstTime, withContent(latin1Octets(text)))),
      observe('delivered once', 'time'),
    ],
  })),
  {
    ...responding,
    id: 'P1-R-VA-044',
    clause: 'X.411 §14.3',
    points: ['P1-071', 'P1-069'],
    purpose: 'Delivers a message whose trace has neighbours of one domain, the first of a later time than the second.',
    preamble: bound(),
    steps: [
      ...transferred((c) =>
        messageApdu(c, 'neigh', {
          traceInformation: [c.now + 60_000, c.now - 60_000].map((time) => traceElement(testerDomain(c), time)),
        }),
      ),
      observe('delivered once', 'neigh'),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-IV-030',
    clause: 'X.411 §12.2.1.1.1.2',
    points: ['P1-056'],
    needs: ['p1-1988'],
    purpose: 'Does not deliver a message with more than 512 trace elements: size constraint violated.',
    octets: 'malformed',
    steps: [
      ...submitted((c) =>
        edited(messageApdu(c, 'endless', recipients(c, toDelivered())), [0x31, 0x69], ({ children }) => [
          ber(0x69, ...Array.from({ length: 513 }, () => children[0]?.octets ?? new Uint8Array(0))),
        ]),
      ),
      ...reported('endless', { 1: '1/13' }),
      observe('not delivered', 'endless'),
    ],
  },
];

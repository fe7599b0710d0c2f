/** Messages, probes and reports that have been at the implementation under test before (X.411 §14.3, RFC 1615 §4.3). */
import { messageApdu, testerDomain } from '../../octets/message.js';
import { probeApdu, reportApdu } from '../../octets/report.js';
import { actions, implementationDomain, otherDomain, traceElement } from '../../octets/trace.js';
import { apduTags, localIdentifierOf } from '../../listening/transferred.js';
import { firstTrace } from '../../../p1/trace.js';
import type { TraceInformation } from '../../../p1/common-types.js';
import type { Conversation } from '../../script/conversation.js';
import { bound, transferred } from '../../script/preambles.js';
import { checkNotReceived, receives, reported, reportOn, submitted } from '../../script/exchange.js';
import { observe } from '../../script/steps.js';
import type { TestCase } from '../../script/test-case.js';
import { exchanging, recipients, responding, toDelivered, toTester, toUnknown } from './common.js';

/** We had it, then the implementation under test, then somebody else; now it comes again. */
function loopedTrace(c: Conversation, hisActions: readonly number[] = actions.none): TraceInformation {
  return [
    traceElement(testerDomain(c), c.now - 3000),
    traceElement(implementationDomain(c), c.now - 2000),
    traceElement(otherDomain, c.now - 1000, hisActions),
  ];
}

const resets = [
  { number: '050', what: 'a list expansion', otherActions: actions.listOperation },
  { number: '051', what: 'a redirection', otherActions: actions.redirected },
] as const;

export const loopCases: readonly TestCase[] = [
  {
    ...exchanging,
    id: 'P1-X-VA-040',
    clause: 'X.411 §14.3',
    points: ['P1-023', 'P1-044'],
    purpose: 'Reports a message that was in its domain and went elsewhere since: loop detected.',
    steps: [
      ...submitted((c) =>
        messageApdu(c, 'loop', { traceInformation: loopedTrace(c), ...recipients(c, toDelivered()) }),
      ),
      ...reported('loop', { 1: '1/3' }),
      observe('not delivered', 'loop'),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-041',
    clause: 'X.411 §14.3',
    points: ['P1-023', 'P1-055'],
    purpose: 'Reports a probe that was in its domain and went elsewhere since: loop detected.',
    steps: [
      ...submitted((c) => probeApdu(c, 'ploop', { traceInformation: loopedTrace(c), ...recipients(c, toDelivered()) })),
      ...reported('ploop', { 1: '1/3' }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-042',
    clause: 'X.411 §14.3',
    points: ['P1-023', 'P1-044'],
    purpose: 'Reports a loop before anything else that is wrong with a message, for each recipient.',
    steps: [
      ...submitted((c) =>
        messageApdu(c, 'loops', { traceInformation: loopedTrace(c), ...recipients(c, toUnknown(), toTester({}, 2)) }),
      ),
      ...reported('loops', { 1: '1/3', 2: '1/3' }),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-043',
    clause: 'X.411 §14.4',
    points: ['P1-050', 'P1-055'],
    purpose: 'Discards a report that loops, and makes none about it.',
    steps: [
      ...submitted(
        (c) =>
          reportApdu(c, 'rloop', c.peer.tester.originator, {
            traced: { traceInformation: loopedTrace(c), extensions: [] },
          }),
        (c) => messageApdu(c, 'marker', recipients(c, toUnknown())),
      ),
      ...receives(reportOn('marker')),
      checkNotReceived('the report that loops', (apdu, c) => isAbout(apdu, c, 'rloop.s')),
      checkNotReceived('a report on the report', (apdu, c) => isAbout(apdu, c, 'rloop')),
    ],
  },
  {
    ...exchanging,
    id: 'P1-X-VA-044',
    clause: 'X.411 §14.3',
    points: ['P1-023'],
    needs: ['p1-1988'],
    purpose: 'Reports a message that comes back to it inside its domain, by the internal trace.',
    steps: [
      ...submitted((c) => {
        const domain = implementationDomain(c);
        const { extensions } = firstTrace(
          { globalDomain: domain, mtaName: c.peer.implementation.mtaName },
          c.now - 2000,
        );
        return messageApdu(c, 'inner', { extensions, ...recipients(c, toDelivered()) });
      }),
      ...reported('inner', { 1: '1/3' }),
    ],
  },
  ...resets.map(({ number, what, otherActions }): TestCase => ({
    ...responding,
    id: `P1-R-VA-${number}`,
    clause: 'X.411 §14.3',
    points: ['P1-023'],
    needs: ['p1-1988'],
    purpose: `Takes no loop for what lies before ${what}.`,
    preamble: bound(),
    steps: [
      ...transferred((c) => messageApdu(c, 'noloop', { traceInformation: loopedTrace(c, otherActions) })),
      observe('delivered once', 'noloop'),
    ],
  })),
  {
    ...exchanging,
    id: 'P1-X-VA-045',
    clause: 'X.411 §14.3',
    points: ['P1-023', 'P1-071'],
    needs: ['p1-1988'],
    purpose: 'Reports a loop that came about after a list expansion.',
    steps: [
      ...submitted((c) => {
        const [first, second, third] = loopedTrace(c, actions.listOperation);
        const again = [traceElement(implementationDomain(c), c.now - 800), traceElement(otherDomain, c.now - 500)];
        const traceInformation = [first, second, third].filter((element) => element !== undefined).concat(again);
        return messageApdu(c, 'after', { traceInformation, ...recipients(c, toDelivered()) });
      }),
      ...reported('after', { 1: '1/3' }),
    ],
  },
];

function isAbout(apdu: Parameters<typeof localIdentifierOf>[0], { noted }: Conversation, name: string): boolean {
  const identifier = new TextDecoder('latin1').decode(noted.get(name));
  return apdu.identifier === apduTags.report && localIdentifierOf(apdu) === identifier;
}

/** Messages that grow too old before they can be sent (X.411 §14.3). */
import { connectionConfirm } from '../../octets/answer.js';
import { messageApdu } from '../../octets/message.js';
import { checkNotReceived, receives, relayed, reported, submitted } from '../../script/exchange.js';
import { ended, spdu, tpdu } from '../../script/patterns.js';
import { answer, close, expect, expectOneOf, sendTpdu, silenceFor, until } from '../../script/steps.js';
import type { Step, TestCase } from '../../script/test-case.js';
import { exchanging, recipients, toTester } from './common.js';

/** Beyond the life of a message, until it is sure to have been given up. */
const graceSeconds = 2;

const urgent = 2;

/** Calls that came meanwhile, and were given up; up to one that stands, which is given up by us. */
const staleCalls: readonly Step[] = [
  until(
    ({ heard }) => heard.some((one) => one.kind === 'spdu' && one.name === 'CN'),
    answer,
    expect(tpdu('CR')),
    sendTpdu('CC', (c) => connectionConfirm(c)),
    expectOneOf({ pattern: spdu('CN') }, { pattern: ended }),
  ),
  close,
];

export const expiryCases: readonly TestCase[] = [
  {
    ...exchanging,
    id: 'P1-X-VA-120',
    clause: 'X.411 §14.3',
    points: ['P1-026', 'P1-068'],
    needs: ['urgent-expiry'],
    purpose: 'Tries until an urgent message is too old, then reports it as such; keeps a normal message longer.',
    steps: [
      ...submitted(
        (c) => messageApdu(c, 'urgent', { priority: urgent, ...recipients(c, toTester()) }),
        (c) => messageApdu(c, 'normal', recipients(c, toTester())),
      ),
      // Its calls are not answered meanwhile.
      silenceFor(({ peer }) => (peer.limits.urgentExpirySeconds ?? 0) + graceSeconds),
      ...staleCalls,
      ...reported('urgent', { 1: '1/5' }),
      ...receives(relayed('normal')),
      checkNotReceived('the urgent message', relayed('urgent')),
    ],
  },
];

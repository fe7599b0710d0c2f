/** Exchanges: what we transfer to the implementation under test, and what it then transfers to us on associations that it opens. */
import { apduFault } from '../listening/apdu-rules.js';
import { heardText } from '../listening/heard.js';
import {
  apduTags,
  localIdentifierOf,
  outcomesOf,
  transferredApdu,
  type ReportedOutcome,
} from '../listening/transferred.js';
import { acceptSpdu } from '../octets/answer.js';
import { disconnect, minorSyncAck, activityEndAck } from '../octets/spdu.js';
import type { Ber } from '../octets/ber.js';
import { releaseData, rlre } from '../octets/upper-layers.js';
import type { Conversation } from './conversation.js';
import { anyOf, ended, spdu } from './patterns.js';
import { bound, lastSerial, openedByIt, released, transferred } from './preambles.js';
import { check, close, repeat, send, until } from './steps.js';
import type { Step } from './test-case.js';

type Apdu = (conversation: Conversation) => Uint8Array;
export type Wanted = (apdu: Ber, conversation: Conversation) => boolean;

/** On one association of ours: each of these, confirmed. */
export function submitted(...apdus: readonly Apdu[]): readonly Step[] {
  return [...bound(), ...apdus.flatMap((apdu, i) => transferred(apdu, i + 1)), ...released];
}

function takeApdu(conversation: Conversation): string | undefined {
  const apdu = transferredApdu(conversation);
  conversation.received.push(apdu);
  return apduFault(apdu, conversation.peer);
}

function hasEnded({ heard }: Conversation): boolean {
  const last = heard.at(-1);
  return last?.kind === 'end' || (last?.kind === 'spdu' && last.name === 'FN');
}

/** One transfer, or the end of the association. */
const transferOrEnd: Step = repeat(
  { pattern: anyOf('ACTIVITY START or DATA TRANSFER', spdu('AS'), spdu('DT')), next: 'again' },
  {
    pattern: spdu('MIP'),
    then: [send('MINOR SYNC ACK', (c) => minorSyncAck(lastSerial(c, 'MIP')))],
    next: 'again',
  },
  {
    pattern: spdu('AE'),
    then: [
      send('ACTIVITY END ACK', (c) => activityEndAck(lastSerial(c, 'AE'))),
      check('the MTS-APDU that it transferred', takeApdu),
    ],
    next: 'leave',
  },
  {
    pattern: spdu('FN'),
    then: [send('DISCONNECT', (c) => disconnect(releaseData(c, rlre))), close],
    next: 'leave',
  },
  { pattern: ended, next: 'leave' },
);

/** It calls us and transfers what it has, until one like this has come. What it has from cases before is taken, too. */
export function receives(wanted: Wanted): readonly Step[] {
  const hasCome = (c: Conversation): boolean => c.received.some((apdu) => wanted(apdu, c));
  return [
    until(
      hasCome,
      ...openedByIt,
      send('ACCEPT', (c) => acceptSpdu(c)),
      until((c) => hasCome(c) || hasEnded(c), transferOrEnd),
    ),
    close,
  ];
}

function isNamed(apdu: Ber, name: string, { noted }: Conversation): boolean {
  const identifier = noted.get(name);
  return identifier !== undefined && localIdentifierOf(apdu) === new TextDecoder('latin1').decode(identifier);
}

/** A report whose subject is the message or probe of this name. */
export function reportOn(name: string): Wanted {
  return (apdu, c) => apdu.identifier === apduTags.report && isNamed(apdu, name, c);
}

/** The message or probe of this name, relayed. */
export function relayed(name: string, kind: 'message' | 'probe' = 'message'): Wanted {
  return (apdu, c) => apdu.identifier === apduTags[kind] && isNamed(apdu, name, c);
}

/** A rule on the first APDU like this one. */
export function checkReceived(
  what: string,
  wanted: Wanted,
  fault: (apdu: Ber, conversation: Conversation) => string | undefined,
): Step {
  return check(what, (c) => {
    const apdu = c.received.find((one) => wanted(one, c));
    return apdu === undefined ? `nothing like it came, only ${c.heard.map(heardText).join(', ')}` : fault(apdu, c);
  });
}

/** That no such APDU has come up to now. */
export function checkNotReceived(what: string, wanted: Wanted): Step {
  return check(what, (c) => (c.received.some((apdu) => wanted(apdu, c)) ? 'it came' : undefined));
}

/** `1/3` is a reason with its diagnostic, `0/` a reason alone, `delivered` a delivery. */
function outcomeText({ kind, reason, diagnostic }: ReportedOutcome): string {
  return kind === 'not delivered' ? `${String(reason)}/${String(diagnostic ?? '')}` : kind;
}

/** What all reports on a subject say, by recipient number. */
function outcomesSoFar(c: Conversation, name: string): readonly ReportedOutcome[] {
  return c.received.filter((apdu) => reportOn(name)(apdu, c)).flatMap(outcomesOf);
}

/** Reports on the subject of this name come, in one or in several, until all these recipients are in them, and say this of them. */
export function reported(name: string, outcomes: Readonly<Record<number, string>>): readonly Step[] {
  const numbers = Object.keys(outcomes).map(Number);
  const isLast: Wanted = (_apdu, c) => {
    const found = outcomesSoFar(c, name).map(({ recipientNumber }) => recipientNumber);
    return numbers.every((number) => found.includes(number));
  };
  return [
    ...receives(isLast),
    check(`the outcomes reported of ${name}`, (c) => {
      const found = outcomesSoFar(c, name).map((one) => `${String(one.recipientNumber)}: ${outcomeText(one)}`);
      const wanted = Object.entries(outcomes).map(([number, outcome]) => `${number}: ${outcome}`);
      return found.sort().join(', ') === wanted.join(', ')
        ? undefined
        : `${found.join(', ')} instead of ${wanted.join(', ')}`;
    }),
  ];
}

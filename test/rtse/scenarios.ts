/** One APDU brought to its end despite troubles, whatever the link below. */
import type { RtseIndication } from '../../src/rtse/service.js';
import type { Link, LinkHandlers } from './link.js';
import { Conversation, countEqual, Memory, type ConversationOptions } from './users.js';

export type Trouble =
  'interrupt' | 'exception 0' | 'exception 3' | 'exception 5' | 'exception 6' | 'cut' | 'transfer timer';

export const troubles: readonly Trouble[] = [
  'interrupt',
  'exception 0',
  'exception 3',
  'exception 5',
  'exception 6',
  'cut',
  'transfer timer',
];

export interface Outcome {
  /** Copies of the APDU that arrived. */
  readonly received: number;
  /** APDUs that arrived and were never sent. */
  readonly others: number;
  readonly associations: number;
  /** Times that it was started anew after its end may have been sent: each may make another copy. */
  readonly blindRestarts: number;
}

const attemptsMax = 40;

type OpeningOptions = Omit<ConversationOptions, 'memories' | 'name'>;

/** `plan`: after how many steps what goes wrong. The initiator sends, on as many associations and with as many attempts as it takes. */
export function transferDespite(
  connect: (handlers: LinkHandlers) => Link,
  options: OpeningOptions,
  apdu: Uint8Array,
  plan: readonly (readonly [Trouble, number])[],
): Outcome {
  const memories = { initiator: new Memory(), responder: new Memory() };
  let associations = 0;
  let blindRestarts = 0;
  let hasReadAll = false;
  const open = (): Conversation =>
    new Conversation({ ...options, memories, name: `A${String(++associations)}` }, connect);
  const left = [...plan];
  let talk = open();
  talk.users.initiator.send(apdu);
  for (let attempts = 0; ; attempts++) {
    if (attempts > attemptsMax) throw new Error('the transfer does not end');
    const { initiator } = talk.users;
    causeWhileSending(talk, left);
    hasReadAll ||= initiator.hasReadAll;
    const { confirm } = initiator;
    if (confirm === undefined || confirm.result === 'transferred') break;
    const { resume, result } = confirm;
    if (resume === undefined && hasReadAll) blindRestarts += 1;
    if (!initiator.isOpen) talk = open();
    talk.users.initiator.send(apdu, resume && result === 'lost' ? initiator.elsewhere(resume) : resume);
  }
  const received = countEqual(memories.responder.received, apdu);
  return { received, others: memories.responder.received.length - received, associations, blindRestarts };
}

/** Goes on until the transfer is confirmed, with the troubles of the plan in between. */
function causeWhileSending(talk: Conversation, plan: (readonly [Trouble, number])[]): void {
  const { initiator } = talk.users;
  for (;;) {
    const next = plan.shift();
    for (let i = 0; initiator.confirm === undefined && (next === undefined || i < next[1]) && talk.step(); i++);
    if (next === undefined || initiator.confirm !== undefined) break;
    cause(talk, next[0]);
  }
  talk.run();
}

function cause(talk: Conversation, trouble: Trouble): void {
  switch (trouble) {
    case 'interrupt':
      talk.link.request('initiator', { type: 'TRANSFER-INTERRUPT.request' });
      return;
    case 'cut':
      talk.link.cut();
      return;
    case 'transfer timer':
      if (talk.link.timers('initiator').includes('transfer')) talk.link.expire('initiator', 'transfer');
      return;
    default:
      if (!isReceiving(talk.users.responder.told)) return;
      talk.link.request('responder', { type: 'RECEIVE-TROUBLE.request', reason: Number(trouble.slice(-1)) });
  }
}

const whileReceiving: readonly RtseIndication['type'][] = [
  'ACTIVITY-START.indication',
  'APDU-WRITE.indication',
  'APDU-SECURE.indication',
  'CHECKPOINT-ANSWERED.indication',
];

/** An activity is under way, and its APDU not complete. */
function isReceiving(told: readonly RtseIndication[]): boolean {
  const last = told.at(-1);
  return last !== undefined && whileReceiving.includes(last.type);
}

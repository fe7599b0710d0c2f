import type { Random } from '../faults/random.js';
import { addressOf, mailboxOf, users } from './topology.js';

const kibi = 1024;
const loadMilliseconds = 60_000;

/** How much is sent in one run. */
export interface LoadSize {
  readonly messagesMax: number;
  readonly messageOctetsMax: number;
  readonly totalOctetsMax: number;
}

/** Named sizes of a run, and how often each comes among a thousand. */
export const loadSizes = {
  small: { perThousand: 885, messagesMax: 6, messageOctetsMax: 12 * kibi, totalOctetsMax: 30 * kibi },
  medium: { perThousand: 100, messagesMax: 10, messageOctetsMax: 60 * kibi, totalOctetsMax: 150 * kibi },
  large: { perThousand: 12, messagesMax: 12, messageOctetsMax: 400 * kibi, totalOctetsMax: 1200 * kibi },
  /** More than a receiver whose disk is slow takes before it stops reading. */
  bulk: { perThousand: 3, messagesMax: 1, messageOctetsMax: 6000 * kibi, totalOctetsMax: 6000 * kibi },
} as const satisfies Readonly<Record<string, LoadSize & { readonly perThousand: number }>>;

export type LoadSizeName = keyof typeof loadSizes;

/** One message that a user submits. */
export interface LoadItem {
  /** Its place in the load that the seed makes, from 0. */
  readonly number: number;
  /** Names it in whatever comes of it. */
  readonly contentIdentifier: string;
  readonly atMilliseconds: number;
  readonly agent: number;
  readonly from: string;
  readonly originatorMailbox: string;
  readonly recipients: readonly LoadRecipient[];
  readonly octets: number;
  readonly priority: 'urgent' | 'normal' | 'non-urgent';
  readonly reports: 'none' | 'non-delivery' | 'all';
}

export interface LoadRecipient {
  readonly address: string;
  /** Undefined: nobody has this address. */
  readonly mailbox?: { readonly agent: number; readonly name: string };
}

export function pickLoadSize(random: Random): LoadSizeName {
  let left = random.between(0, 999);
  for (const [name, { perThousand }] of Object.entries(loadSizes)) {
    left -= perThousand;
    if (left < 0) return name as LoadSizeName;
  }
  return 'small';
}

export function makeLoad(random: Random, agents: number, sizeName: LoadSizeName): readonly LoadItem[] {
  const size = loadSizes[sizeName];
  const load: LoadItem[] = [];
  let total = 0;
  const count = random.between(1, size.messagesMax);
  for (let i = 0; i < count; i++) {
    const agent = random.between(0, agents - 1);
    const user = random.pick(users);
    const octets = octetsOf(random, sizeName, size.messageOctetsMax);
    if (total + octets > size.totalOctetsMax) break;
    total += octets;
    load.push({
      number: i,
      contentIdentifier: `load ${String(i)}`,
      atMilliseconds: random.chance(0.6) ? random.between(0, 1000) : random.between(0, loadMilliseconds),
      agent,
      from: addressOf(agent, user),
      originatorMailbox: mailboxOf(user),
      recipients: sizeName === 'bulk' ? [recipientAt((agent + 1) % agents, 'Anna')] : recipientsOf(random, agents),
      octets,
      priority: random.pick(['urgent', 'normal', 'non-urgent']),
      reports: random.pick(['none', 'non-delivery', 'all']),
    });
  }
  return load;
}

function octetsOf(random: Random, sizeName: LoadSizeName, octetsMax: number): number {
  if (sizeName === 'bulk') return octetsMax;
  return random.chance(0.4) ? random.between(Math.round(octetsMax / 4), octetsMax) : random.magnitude(1, octetsMax);
}

/** One to four different ones. */
function recipientsOf(random: Random, agents: number): readonly LoadRecipient[] {
  const recipients = new Map<string, LoadRecipient>();
  const count = random.pick([1, 1, 2, 4]);
  for (let i = 0; i < count; i++) {
    const agent = random.between(0, agents - 1);
    const user = random.chance(0.1) ? 'Nobody' : random.pick(users);
    const recipient = recipientAt(agent, user);
    recipients.set(recipient.address, recipient);
  }
  return [...recipients.values()];
}

function recipientAt(agent: number, user: string): LoadRecipient {
  return {
    address: addressOf(agent, user),
    ...(user === 'Nobody' ? {} : { mailbox: { agent, name: mailboxOf(user) } }),
  };
}

/** The load that is left of a larger one, for a failure that needs no more of it. */
export interface LoadCut {
  /** Numbers of the messages that are left. */
  readonly messages?: readonly number[];
  /** Longer messages are shortened to this. */
  readonly octetsMax?: number;
}

export function cutLoad(load: readonly LoadItem[], { messages, octetsMax = Infinity }: LoadCut): readonly LoadItem[] {
  return load
    .filter(({ number }) => messages === undefined || messages.includes(number))
    .map((item) => ({ ...item, octets: Math.min(item.octets, octetsMax) }));
}

import { createHash } from 'node:crypto';
import { Random } from '../faults/random.js';
import type { SubmissionRequest } from '../admin/protocol.js';
import type { Agent } from './plan.js';
import { mailboxes, nobodies, type Mailbox } from './sites.js';

const loadStream = 2;

/** Sizes in octets: most messages are small, some are big, a few very big. */
export const smallMax = 64 * 1024;
const middleMax = 4 * 1024 * 1024;
const middleProbability = 0.12;
const bigProbability = 0.01;

const nobodyProbability = 0.08;
const secondRecipientProbability = 0.2;
const blockOctets = 64 * 1024;

/** A message of the load; its content follows from the seed and its number. */
export interface SoakMessage {
  readonly number: number;
  readonly at: Agent;
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  /** Addresses that nobody serves: each is answered by one non-delivery report. */
  readonly nobodies: readonly string[];
  readonly priority: SubmissionRequest['priority'];
  readonly octets: number;
}

/** Gives one message after another. */
export class Load {
  readonly #random: Random;
  #number = 0;

  constructor(seed: number) {
    this.#random = new Random(seed, loadStream);
  }

  /** Of at most so many octets. */
  next(octetsMax: number): SoakMessage {
    const random = this.#random;
    const from = random.pick(mailboxes);
    const others = mailboxes.filter((mailbox) => mailbox !== from);
    const first = random.pick(others);
    const second = random.pick(others.filter((mailbox) => mailbox !== first));
    const kind = random.fraction();
    const nobody = kind < nobodyProbability ? [random.pick(nobodies)] : [];
    const to = kind > 1 - secondRecipientProbability ? [first, second] : [first];
    return {
      number: ++this.#number,
      at: from.at,
      from,
      to: nobody.length > 0 && random.chance(0.5) ? [] : to,
      nobodies: nobody,
      priority: random.pick(['urgent', 'normal', 'normal', 'non-urgent'] as const),
      octets: this.#octets(octetsMax),
    };
  }

  #octets(octetsMax: number): number {
    const kind = this.#random.fraction();
    const [least, most] =
      kind < bigProbability
        ? [middleMax, Infinity]
        : kind < bigProbability + middleProbability
          ? [smallMax, middleMax]
          : [1, smallMax];
    return this.#random.magnitude(Math.min(least, octetsMax), Math.min(most, octetsMax));
  }
}

/** The octets of a message's content: random for a block, which comes again with its number at its head. */
export function* contentOf(seed: number, { number, octets }: SoakMessage): Generator<Uint8Array> {
  const block = new Random(seed, loadStream + number).octets(Math.min(blockOctets, octets));
  const view = new DataView(block.buffer);
  for (let offset = 0; offset < octets; offset += blockOctets) {
    if (offset > 0) view.setUint32(0, offset / blockOctets);
    yield block.slice(0, Math.min(blockOctets, octets - offset));
  }
}

export function digestOf(octets: Iterable<Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of octets) hash.update(part);
  return hash.digest('hex');
}

import { Random } from '../faults/random.js';
import type { LoadItem } from './load-plan.js';
import type { VirtualAgent } from './virtual-agent.js';
import type { VirtualClock } from './virtual-clock.js';

/** Independent of the numbers that the same seed gives for other uses; one stream for each message. */
const contentStream = 1000;

/** A user whose agent is down, or refuses, tries again after this time. */
const againMilliseconds = 1000;

/** A message that a user has handed in. */
export interface SubmittedItem {
  readonly item: LoadItem;
  readonly content: Uint8Array;
  /** Undefined: the agent died before it answered, and may have it or not. */
  readonly mtsIdentifier: string | undefined;
}

/** Users that submit what the scenario says. */
export class Load {
  readonly submitted: SubmittedItem[] = [];
  readonly #clock: VirtualClock;
  readonly #agents: readonly VirtualAgent[];
  readonly #pending = new Map<LoadItem, SubmittedItem>();
  #left: number;

  constructor(clock: VirtualClock, agents: readonly VirtualAgent[], load: readonly LoadItem[], seed: number) {
    this.#clock = clock;
    this.#agents = agents;
    this.#left = load.length;
    for (const item of load) {
      const content = new Random(seed, contentStream + item.number).octets(item.octets);
      clock.schedule(item.atMilliseconds, () => {
        this.#submit(item, content);
      });
    }
  }

  get isOver(): boolean {
    return this.#left === 0;
  }

  /** What had been handed in there and was not answered is in doubt. */
  died(agent: VirtualAgent): void {
    for (const [item, doubtful] of this.#pending) {
      if (this.#agents[item.agent] === agent) this.#settle(item, doubtful);
    }
  }

  #submit(item: LoadItem, content: Uint8Array): void {
    const agent = this.#agents[item.agent];
    if (agent?.engine === undefined) {
      this.#again(item, content);
      return;
    }
    this.#pending.set(item, { item, content, mtsIdentifier: undefined });
    agent.offer(
      {
        from: item.from,
        to: item.recipients.map(({ address }) => address),
        contentType: '2',
        contentIdentifier: item.contentIdentifier,
        priority: item.priority,
        reports: item.reports,
      },
      content,
      (answer) => {
        if (answer.result === 'accepted') {
          this.#settle(item, { item, content, mtsIdentifier: answer.mtsIdentifier });
          return;
        }
        this.#pending.delete(item);
        this.#again(item, content);
      },
    );
  }

  #again(item: LoadItem, content: Uint8Array): void {
    this.#clock.schedule(againMilliseconds, () => {
      this.#submit(item, content);
    });
  }

  #settle(item: LoadItem, submitted: SubmittedItem): void {
    this.#pending.delete(item);
    this.#left -= 1;
    this.submitted.push(submitted);
  }
}

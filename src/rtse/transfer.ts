import type { RtpmEvent } from './events.js';
import type { Sender } from './sender.js';

/** Retries of one APDU after exception reports that give no reason: the receiver wants no further attempt, or does not know. */
const nonSpecificRetriesMax = 1;

/** What follows when AI or AD is answered, in rising order: a later wish never takes back an earlier, greater one. */
const intentions = ['again', 'stop', 'give up', 'give up and abort'] as const;
type Intention = (typeof intentions)[number];

/** One RT-TRANSFER.request: its sender, and how often and how much longer it is tried. */
export class Transfer {
  readonly sender: Sender;
  readonly #retriesMax: number;
  #retries = 0;
  #nonSpecificRetries = 0;
  #intention: Intention = 'again';
  #text = '';
  /** Last checkpoint confirmed when the activity was resumed, 0 if it was not. */
  #resumedAt = 0;
  #isActivityDiscarded = false;

  constructor(sender: Sender, retriesMax: number) {
    this.sender = sender;
    this.#retriesMax = retriesMax;
  }

  get intention(): Intention {
    return this.#intention;
  }

  /** Why it is not simply going on. */
  get text(): string {
    return this.#text;
  }

  /** The peer has been told to delete what it has. */
  get isActivityDiscarded(): boolean {
    return this.#isActivityDiscarded;
  }

  /** A checkpoint is confirmed, and since the last resumption another one. */
  get isResumptionPromising(): boolean {
    return this.sender.confirmed.serialNumber > this.#resumedAt && this.#retries < this.#retriesMax;
  }

  isRetryLeft(event: RtpmEvent): boolean {
    return (
      this.#retries < this.#retriesMax && (!isNonSpecific(event) || this.#nonSpecificRetries < nonSpecificRetriesMax)
    );
  }

  /** The retries so far, with this one. */
  countRetry(event: RtpmEvent): number {
    this.#retries += 1;
    if (isNonSpecific(event)) this.#nonSpecificRetries += 1;
    return this.#retries;
  }

  intend(intention: Intention, text: string): void {
    if (intentions.indexOf(intention) <= intentions.indexOf(this.#intention)) return;
    this.#intention = intention;
    this.#text = text;
  }

  activityStarted(): void {
    this.#resumedAt = 0;
    this.#isActivityDiscarded = false;
  }

  activityResumed(): void {
    this.#resumedAt = this.sender.confirmed.serialNumber;
  }

  activityDiscarded(): void {
    this.#isActivityDiscarded = true;
  }
}

/** ED with reason 0, "demand data token" or one that X.225 does not have. */
function isNonSpecific(event: RtpmEvent): boolean {
  return event.name === 'ED' && ![1, 3, 5, 6].includes(event.reason);
}

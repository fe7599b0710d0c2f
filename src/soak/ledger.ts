import type { SoakMessage } from './load.js';

/** One submission of a message, by its content identifier. */
export interface Attempt {
  readonly message: SoakMessage;
  readonly contentIdentifier: string;
  /** Undefined: no answer came, and the message may have been accepted or not. */
  mtsIdentifier: string | undefined;
}

/** Every message that was offered, and how often, until an answer came. */
export class Ledger {
  readonly #attempts = new Set<Attempt>();
  /** SHA-256 of each message's content, by its number. */
  readonly digests = new Map<number, string>();
  octets = 0;
  #count = 0;

  attempt(message: SoakMessage): Attempt {
    const contentIdentifier = `soak ${String(++this.#count)}`;
    const attempt: Attempt = { message, contentIdentifier, mtsIdentifier: undefined };
    this.#attempts.add(attempt);
    return attempt;
  }

  /** Nobody heard it. */
  unreached(attempt: Attempt): void {
    this.#attempts.delete(attempt);
  }

  get attempts(): readonly Attempt[] {
    return [...this.#attempts];
  }
}

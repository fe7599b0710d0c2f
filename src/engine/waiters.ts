import type { CopyId, MessageId } from '../queue/store.js';

export interface SubmissionOutcome {
  readonly outcome: 'left' | 'reported';
  readonly text: string;
}

interface Wait {
  readonly copies: Set<CopyId>;
  readonly texts: string[];
  reported: number;
  readonly done: (outcome: SubmissionOutcome) => void;
}

/** Those who wait until a message has left this agent for every recipient. */
export class Waiters {
  readonly #waits = new Map<MessageId, Wait>();
  readonly #messages = new Map<CopyId, MessageId>();

  /** `failed` says what became of recipients that failed at once. */
  wait(message: MessageId, copies: readonly CopyId[], failed: readonly string[], done: Wait['done']): void {
    const wait: Wait = { copies: new Set(copies), texts: [...failed], reported: failed.length, done };
    this.#waits.set(message, wait);
    for (const copy of copies) this.#messages.set(copy, message);
    this.#settle(message, wait);
  }

  transferred(copy: CopyId): void {
    this.#finish(copy, undefined);
  }

  failed(copy: CopyId, text: string): void {
    this.#finish(copy, text);
  }

  #finish(copy: CopyId, failure: string | undefined): void {
    const message = this.#messages.get(copy);
    const wait = message === undefined ? undefined : this.#waits.get(message);
    this.#messages.delete(copy);
    if (message === undefined || wait === undefined) return;
    wait.copies.delete(copy);
    if (failure !== undefined) {
      wait.reported += 1;
      wait.texts.push(failure);
    }
    this.#settle(message, wait);
  }

  #settle(message: MessageId, wait: Wait): void {
    if (wait.copies.size > 0) return;
    this.#waits.delete(message);
    wait.done(
      wait.reported === 0
        ? { outcome: 'left', text: 'delivered or transferred for every recipient' }
        : { outcome: 'reported', text: wait.texts.join('; ') },
    );
  }
}

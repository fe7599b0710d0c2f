import type { RtseRequest } from '../rtse/service.js';

/** Transfers after which a waiting peer gets the turn, whatever our mail's priority. */
const transfersBeforeTurn = 10;

/** Priority of RT-TURN-PLEASE that is reserved for closing (X.228 §7.4). */
export const closingPriority = 0;

/** Who may send on an association, and who has asked to (X.228 §7.4, §7.5). */
export class Turn {
  holder: 'ours' | 'peer';
  readonly #request: (primitive: RtseRequest) => void;
  /** Most urgent request for the turn that we have not answered; smaller is more urgent. */
  #wanted: number | undefined;
  #asked = false;
  #transfers = 0;

  constructor(holder: 'ours' | 'peer', request: (primitive: RtseRequest) => void) {
    this.holder = holder;
    this.#request = request;
  }

  transferred(): void {
    this.#transfers += 1;
  }

  /** The peer wants it. */
  wanted(priority: number): void {
    this.#wanted = Math.min(this.#wanted ?? priority, priority);
  }

  /** The peer has given it. */
  given(): void {
    this.holder = 'ours';
    this.#asked = false;
    this.#transfers = 0;
  }

  /** We have asked for it and the peer has not given it yet. */
  get isAwaited(): boolean {
    return this.#asked && this.holder === 'peer';
  }

  /** Asks once; the peer then owes us the turn. */
  ask(priority: number): 'asked' | 'not needed' {
    if (this.#asked || this.holder === 'ours') return 'not needed';
    this.#asked = true;
    this.#request({ type: 'RT-TURN-PLEASE.request', priority });
    return 'asked';
  }

  /** Lets the peer send, if it has asked and our next message is not more urgent, or it has waited long enough. */
  giveIfDue(ownPriority: number | undefined): 'given' | 'kept' {
    const wanted = this.#wanted;
    if (wanted === undefined || this.holder === 'peer') return 'kept';
    if (ownPriority !== undefined && ownPriority < wanted && this.#transfers < transfersBeforeTurn) return 'kept';
    this.#wanted = undefined;
    this.#transfers = 0;
    this.holder = 'peer';
    this.#request({ type: 'RT-TURN-GIVE.request' });
    return 'given';
  }
}

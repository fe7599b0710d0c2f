import type { OutgoingPosition, ProgressKeeper } from '../queue/store.js';

/**
 * The first position that a turn of the event loop notes for an activity is written at once, before anything that follows from it is sent;
 * of the others only the last, before the turn ends.
 */
export class GatheredNotes implements ProgressKeeper {
  readonly #keeper: ProgressKeeper;
  /** Activities of this turn, and what of them waits for its end. */
  readonly #noted = new Set<number>();
  readonly #waiting = new Map<number, OutgoingPosition>();

  constructor(keeper: ProgressKeeper) {
    this.#keeper = keeper;
  }

  note(key: number, position: OutgoingPosition): void {
    if (this.#noted.has(key)) {
      this.#waiting.set(key, position);
      return;
    }
    if (this.#noted.size === 0) {
      process.nextTick(() => {
        this.#endTurn();
      });
    }
    this.#noted.add(key);
    this.#keeper.note(key, position);
  }

  end(key: number): void {
    this.#waiting.delete(key);
    this.#keeper.end(key);
  }

  #endTurn(): void {
    for (const [key, position] of this.#waiting) this.#keeper.note(key, position);
    this.#waiting.clear();
    this.#noted.clear();
  }
}

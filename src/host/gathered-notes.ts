import type { OutgoingPosition, ProgressKeeper } from '../queue/store.js';

/** Of the positions that one turn of the event loop notes for an activity only the last is written, before the turn ends. */
export class GatheredNotes implements ProgressKeeper {
  readonly #keeper: ProgressKeeper;
  readonly #waiting = new Map<number, OutgoingPosition>();

  constructor(keeper: ProgressKeeper) {
    this.#keeper = keeper;
  }

  note(key: number, position: OutgoingPosition): void {
    if (this.#waiting.size === 0) {
      process.nextTick(() => {
        this.#write();
      });
    }
    this.#waiting.set(key, position);
  }

  end(key: number): void {
    this.#waiting.delete(key);
    this.#keeper.end(key);
  }

  #write(): void {
    for (const [key, position] of this.#waiting) this.#keeper.note(key, position);
    this.#waiting.clear();
  }
}

import type { Item, Timed } from './items.js';
import type { Treatment } from './treatments.js';

/** Items that have gone on are cut off the queue when they are so many, and most of it. */
const goneMax = 1024;

/** One toxic in its place: what it lets through waits here for its time. Nothing overtakes. */
export class Stage {
  readonly #treatment: Treatment;
  #queue: Timed[] = [];
  #gone = 0;
  /** What the toxic does by itself, whatever waits. */
  #own: readonly Timed[];
  #latest = 0;
  #passed: number;
  #heldOctets = 0;

  /** `passed`: octets that a stage in the same place has let pass before. */
  constructor(treatment: Treatment, now: number, passed = 0) {
    this.#treatment = treatment;
    this.#passed = passed;
    this.#own = treatment.begin?.(now) ?? [];
  }

  get passed(): number {
    return this.#passed;
  }

  get isFull(): boolean {
    return this.#heldOctets > this.#treatment.heldOctetsMax;
  }

  /** Nothing waits here. */
  get isEmpty(): boolean {
    return this.#gone === this.#queue.length;
  }

  /** When something goes on next, milliseconds; Infinity if nothing waits for a time. */
  get dueAt(): number {
    return Math.min(this.#queue[this.#gone]?.at ?? Infinity, this.#own[0]?.at ?? Infinity);
  }

  take(item: Item, now: number): void {
    for (const { item: kept, at } of this.#treatment.take(item, now, this.#passed)) {
      this.#latest = Math.max(this.#latest, at);
      this.#queue.push({ item: kept, at: this.#latest });
      if (kept.kind === 'octets') this.#heldOctets += kept.octets.length;
    }
    if (item.kind === 'octets') this.#passed += item.octets.length;
  }

  /** What goes on by now. */
  *due(now: number): Generator<Item, void, undefined> {
    for (let next = this.#queue[this.#gone]; next !== undefined && next.at <= now; next = this.#queue[this.#gone]) {
      yield this.#leave(next.item);
    }
    const [own] = this.#own;
    if (own === undefined || own.at > now) return;
    this.#own = [];
    yield own.item;
  }

  /** All that waits, without waiting any longer. */
  *flush(): Generator<Item, void, undefined> {
    for (let next = this.#queue[this.#gone]; next !== undefined; next = this.#queue[this.#gone]) {
      yield this.#leave(next.item);
    }
  }

  /** What happens when the toxic is taken away. */
  removed(now: number): readonly Item[] {
    return (this.#treatment.removed?.(now) ?? []).map(({ item }) => item);
  }

  #leave(item: Item): Item {
    this.#gone += 1;
    if (this.#gone > goneMax && 2 * this.#gone > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#gone);
      this.#gone = 0;
    }
    if (item.kind === 'octets') this.#heldOctets -= item.octets.length;
    return item;
  }
}

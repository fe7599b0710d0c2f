import type { StoreContext } from './context.js';
import type { Counters } from './counters.js';
import { StoreError } from './store-error.js';

/** Whether there is room for a new APDU or content; what has been begun goes on. */
export class Room {
  readonly #context: StoreContext;
  readonly #counters: Counters;

  constructor(context: StoreContext, counters: Counters) {
    this.#context = context;
    this.#counters = counters;
  }

  /** Throws StoreError `disk-full`. */
  require(): void {
    const { disk, limits } = this.#context;
    if (disk.freeOctets() <= 0) throw new StoreError('disk-full', 'the disk reserve is reached');
    const { octets } = this.#counters;
    if (octets < limits.queueOctetsMax) return;
    throw new StoreError(
      'disk-full',
      `the queue holds ${String(octets)} octets, at most ${String(limits.queueOctetsMax)}`,
    );
  }
}

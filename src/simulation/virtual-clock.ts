/** Events without a moment passing, above which something goes round in a circle. */
const eventsAtOnceMax = 200_000;

/** Virtual time: everything that is to happen, in order; time passes only when nothing is left to do at the present moment. */
export class VirtualClock {
  now = 0;
  #sequence = 0;
  readonly #events: { readonly at: number; readonly sequence: number; readonly run: () => void; cancelled: boolean }[] =
    [];

  schedule(milliseconds: number, run: () => void): object {
    const event = { at: this.now + Math.max(milliseconds, 0), sequence: this.#sequence++, run, cancelled: false };
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#events[middle];
      if (other !== undefined && (other.at < event.at || (other.at === event.at && other.sequence < event.sequence)))
        low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
    return event;
  }

  cancel(handle: object): void {
    (handle as { cancelled: boolean }).cancelled = true;
  }

  /** Runs what is due up to `milliseconds` from now, or until `done` says so. */
  run(milliseconds: number, done: () => boolean = () => false): 'done' | 'time is up' {
    const end = this.now + milliseconds;
    let eventsAtOnce = 0;
    while (!done()) {
      const [event] = this.#events;
      if (event === undefined || event.at > end) {
        this.now = end;
        return done() ? 'done' : 'time is up';
      }
      this.#events.shift();
      if (event.cancelled) continue;
      eventsAtOnce = event.at > this.now ? 0 : eventsAtOnce + 1;
      if (eventsAtOnce > eventsAtOnceMax) throw new Error(`time stands still at ${String(this.now)} ms`);
      this.now = event.at;
      event.run();
    }
    return 'done';
  }
}

import type { IncomingId } from '../queue/store.js';
import type { TimerHandle, World } from './world.js';

/** Interrupted incoming APDUs: each goes when the peer has not resumed it in time, on whatever association. */
export class KeptIncoming {
  readonly #world: World;
  readonly #expired: (id: IncomingId) => void;
  readonly #expiries = new Map<IncomingId, TimerHandle>();

  constructor(world: World, expired: (id: IncomingId) => void) {
    this.#world = world;
    this.#expired = expired;
  }

  keep(id: IncomingId, seconds: number): void {
    this.resumed(id);
    const expire = (): void => {
      this.#expiries.delete(id);
      this.#expired(id);
    };
    this.#expiries.set(id, this.#world.setTimer(seconds * 1000, expire));
  }

  resumed(id: IncomingId): void {
    const handle = this.#expiries.get(id);
    if (handle === undefined) return;
    this.#expiries.delete(id);
    this.#world.clearTimer(handle);
  }

  /** They are found again in the store at the next start. */
  stop(): void {
    for (const handle of this.#expiries.values()) this.#world.clearTimer(handle);
    this.#expiries.clear();
  }
}

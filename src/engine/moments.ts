import type { Moment } from '../queue/store.js';
import type { World } from './world.js';

export function momentNow(world: World): Moment {
  return {
    bootId: world.bootId,
    monotonicMilliseconds: world.monotonicMilliseconds(),
    wallClockMilliseconds: world.wallClockMilliseconds(),
  };
}

/**
 * Milliseconds that have passed since the moment. Within one boot of the machine the monotonic clock counts, whatever happened to the wall
 * clock; only after another boot the wall clock does, and never backwards.
 */
export function millisecondsSince(moment: Moment, world: World): number {
  const elapsed =
    moment.bootId === world.bootId
      ? world.monotonicMilliseconds() - moment.monotonicMilliseconds
      : world.wallClockMilliseconds() - moment.wallClockMilliseconds;
  return Math.max(elapsed, 0);
}

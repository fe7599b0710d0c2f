import { setFlagsFromString } from 'node:v8';

/** Of what lives, in percent, that may come to it before all of the heap is collected. */
const heapGrowingPercent = 200;

/**
 * Lets the collector of V8 wait longer before it goes through the whole heap. Contents pass in memory outside the heap, yet count against
 * its limit; the live heap of a daemon is small, and the limit follows it: left alone it shrinks to some 24 MiB above what lives, and then
 * each 24 MiB of content cost a collection of everything, by all threads at once. Read at every collection, so it may be set at any time.
 */
export function easeCollector(): void {
  setFlagsFromString(`--heap-growing-percent=${String(heapGrowingPercent)}`);
}

import type { Exchange } from './report.js';

/**
 * The shortest question and answer between the two ends; undefined where there was none. The TCP connection does not count where something
 * stands in between: it may end there.
 */
export function roundTripMilliseconds(exchanges: readonly Exchange[]): number | undefined {
  const between = exchanges.filter(({ name }) => name !== 'TCP connection').map(({ milliseconds }) => milliseconds);
  return between.length === 0 ? undefined : Math.min(...between);
}

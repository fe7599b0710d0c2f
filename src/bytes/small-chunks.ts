import { joinOctets } from './octets.js';

/**
 * The same octets in fewer chunks: neighbours of at most `smallOctetsMax` octets each are copied together, larger ones stay as they are.
 * Where each chunk costs by itself, as in a system call, the small ones that layers put around user data cost more than their copy.
 */
export function joinSmallChunks(chunks: readonly Uint8Array[], smallOctetsMax: number): readonly Uint8Array[] {
  const result: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const join = (): void => {
    if (small.length === 0) return;
    result.push(joinOctets(small));
    small = [];
  };
  for (const chunk of chunks) {
    if (chunk.length <= smallOctetsMax) {
      small.push(chunk);
    } else {
      join();
      result.push(chunk);
    }
  }
  join();
  return result;
}

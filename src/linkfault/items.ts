/** What travels along one direction of a connection, in order. */
import type { StruckFault } from './armed-faults.js';

export type Item =
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  /** Its sender has no more to send. */
  | { readonly kind: 'end' }
  /** Both directions end here, in order or by a reset. */
  | { readonly kind: 'close' }
  | { readonly kind: 'reset' }
  /** Waits, and all behind it with it. */
  | { readonly kind: 'hold'; readonly milliseconds: number }
  /** A fault that strikes when what is in front of it has arrived. */
  | { readonly kind: 'strike'; readonly fault: StruckFault };

/** An item, and when it goes on. Milliseconds of the link's clock. */
export interface Timed {
  readonly item: Item;
  readonly at: number;
}

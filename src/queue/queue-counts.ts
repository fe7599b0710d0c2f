import type { CopyState } from './store.js';

export interface QueueCounts {
  /** Copies; a connector without any is left out. */
  readonly connectors: Readonly<Record<string, Readonly<Record<CopyState, number>>>>;
  /** With a copy left to transfer. */
  readonly messages: number;
  /** Of their contents. */
  readonly octets: number;
  /** Deliveries that lie in mailboxes. */
  readonly delivered: number;
  /** Entries of the quarantine. */
  readonly quarantined: number;
}

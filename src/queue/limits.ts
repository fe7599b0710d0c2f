/** Sizes by which the store decides, in octets unless named otherwise. */
export interface StoreLimits {
  /** A content up to this size lies in the message's record: the message costs one commit and no file. */
  readonly inlineContentOctetsMax: number;
  /** An inline content up to this size goes out with the claimed copy. */
  readonly claimedContentOctetsMax: number;
  /** Octets of one file that wait in memory; above inlineContentOctetsMax by more than an envelope, so that a small message sees no file. */
  readonly pendingOctetsMax: number;
  /** Step of copying within the store. */
  readonly copyStepOctets: number;
  /** Record indexes of stored APDUs kept in memory for reading. */
  readonly recordIndexesMax: number;
  /** Deferred copies that one claim makes due; further ones follow with the next claims. */
  readonly promotedCopiesMax: number;
  /** Rows of each kind that one sweep removes. */
  readonly sweptRowsMax: number;
  /** Octets of contents with a copy left to transfer; from there on nothing new is begun. */
  readonly queueOctetsMax: number;
  /** Entries of the quarantine; above it nothing more is put there: arrivals are refused, copies are held. */
  readonly quarantineEntriesMax: number;
  /** Octets of the quarantine, with the same consequence. */
  readonly quarantineOctetsMax: number;
}

export const storeLimits: StoreLimits = {
  inlineContentOctetsMax: 64 * 1024,
  claimedContentOctetsMax: 64 * 1024,
  pendingOctetsMax: 96 * 1024,
  copyStepOctets: 1024 * 1024,
  recordIndexesMax: 64,
  promotedCopiesMax: 5_000,
  sweptRowsMax: 10_000,
  queueOctetsMax: 256 * 1024 * 1024 * 1024,
  quarantineEntriesMax: 1_000,
  quarantineOctetsMax: 1024 * 1024 * 1024,
};

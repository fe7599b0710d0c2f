/** Sizes and times that bound one association; each has a default here and a name in the site file's `limits`. */
export interface AssociationLimits {
  /** Largest TSDU taken, octets: bounds one S-DATA, so also a piece of a peer that uses no checkpoints. */
  readonly tsduOctetsMax: number;
  /** User data of connection, release and abort, octets. */
  readonly userDataOctetsMax: number;
  /** Largest APDU taken, octets. */
  readonly apduOctetsMax: number;
  /** Largest piece that we send at once when checkpointing is off, octets. */
  readonly pieceOctetsMax: number;
  /** From the TCP connection to CR or CC, milliseconds. */
  readonly connectMilliseconds: number;
  /** From an ER to the close of TCP, milliseconds. */
  readonly errorMilliseconds: number;
  /** From ABORT, REFUSE or DISCONNECT to the close of TCP, milliseconds. */
  readonly releaseMilliseconds: number;
  /** For the answers that a peer owes at once, milliseconds. */
  readonly acknowledgementMilliseconds: number;
  /** Attempts at one APDU on one association after exception reports. */
  readonly retriesMax: number;
}

export const associationLimits: AssociationLimits = {
  tsduOctetsMax: 64 * 1024 * 1024,
  userDataOctetsMax: 256 * 1024,
  apduOctetsMax: 4 * 1024 * 1024 * 1024,
  pieceOctetsMax: 1024 * 1024,
  connectMilliseconds: 30_000,
  errorMilliseconds: 10_000,
  releaseMilliseconds: 10_000,
  acknowledgementMilliseconds: 60_000,
  retriesMax: 3,
};

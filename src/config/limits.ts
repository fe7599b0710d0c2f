/** The limits of one site: what it takes at most before it says no, each with a name. */
export interface Limits {
  /** Open TCP connections on all listeners together. */
  readonly connectionsMax: number;
  /** Associations that one peer may have open to us. */
  readonly connectionsPerPeerMax: number;
  /** From an accepted TCP connection to a completed bind. */
  readonly bindTimeoutSeconds: number;
  /** An incoming association on which nothing is outstanding and nothing comes; 0 never ends it. */
  readonly idleTimeoutSeconds: number;
  /** How long the peer may take to answer an interrupt, a discard, the end of an activity, a release. */
  readonly acknowledgementTimeoutSeconds: number;
  /** Content of one message. */
  readonly messageOctetsMax: number;
  /** One TSDU: a piece between two checkpoints, or a whole message from a peer without checkpoints. */
  readonly tsduOctetsMax: number;
  /** Contents up to this length are kept in the queue record itself, longer ones in files. */
  readonly inlineContentOctetsMax: number;
  /** With less than this free in the data directory new transfers are refused; running ones finish. */
  readonly diskReserveOctets: number;
  /** With so many messages queued new transfers are refused. */
  readonly queueMessagesMax: number;
  /** With so many octets of content queued new transfers are refused; those that are under way finish. */
  readonly queueOctetsMax: number;
  /** Elements of trace information; a message with more is taken to be in a loop. X.411 allows 512. */
  readonly traceElementsMax: number;
  /** How long the identifiers of taken messages are kept, by which copies are recognised. */
  readonly duplicateHistorySeconds: number;
  readonly urgentExpirySeconds: number;
  readonly normalExpirySeconds: number;
  readonly nonUrgentExpirySeconds: number;
}

const kibi = 1024;
const mebi = kibi * kibi;
const daySeconds = 86_400;

export const builtinLimits: Limits = {
  connectionsMax: 1000,
  connectionsPerPeerMax: 600,
  bindTimeoutSeconds: 60,
  idleTimeoutSeconds: 900,
  acknowledgementTimeoutSeconds: 120,
  messageOctetsMax: 2048 * mebi,
  tsduOctetsMax: 64 * mebi + 64 * kibi, // a piece of the largest checkpoint size, and the headers around it
  inlineContentOctetsMax: 64 * kibi,
  diskReserveOctets: 64 * mebi,
  queueMessagesMax: 1_000_000,
  queueOctetsMax: 256 * 1024 * mebi,
  traceElementsMax: 64,
  duplicateHistorySeconds: 7 * daySeconds,
  urgentExpirySeconds: 2 * daySeconds,
  normalExpirySeconds: 7 * daySeconds,
  nonUrgentExpirySeconds: 10 * daySeconds,
};

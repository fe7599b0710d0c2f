/** The tunable part of the site file: what `siteDefaults` and `override` may hold, and the limits. */
import { integer, members, oneOf } from './fields.js';
import { builtinLimits } from './limits.js';
import { builtinValues } from './values.js';

const daySeconds = 86_400;
const yearSeconds = 366 * daySeconds;
const countMax = 1_000_000;
const octetsMax = Number.MAX_SAFE_INTEGER;

const windowSizeMax = 255;
const checkpointSizeMaxK = 65_535;

const { rts, association, retry, transferTimeout } = builtinValues;

const rtsSchema = members(
  {
    checkpointSizeK: integer(
      0,
      checkpointSizeMaxK,
      'Octets between two checkpoints, in units of 1024 octets. 0: no checkpoints. Above 60 some peers fail.',
      rts.checkpointSizeK,
    ).exactOptional(),
    recoveryTimeoutSeconds: integer(
      0,
      yearSeconds,
      'How long after a failure both ends keep what is confirmed of an interrupted transfer, seconds.',
      rts.recoveryTimeoutSeconds,
    ).exactOptional(),
    windowSize: integer(
      1,
      windowSizeMax,
      'Checkpoints that may be unconfirmed at once, a number; the sender waits when they are.',
      rts.windowSize,
    ).exactOptional(),
    stallTimeoutSeconds: integer(
      1,
      daySeconds,
      'With something outstanding and no octet from the peer for so long the association is lost, seconds.',
      rts.stallTimeoutSeconds,
    ).exactOptional(),
    onMismatch: oneOf(
      ['alarm', 'refuse'],
      "What a peer's RTS values that differ from ours lead to: an alarm, or the refusal of the association.",
      rts.onMismatch,
    ).exactOptional(),
  },
  'Reliable transfer: checkpoints, window, recovery.',
);

const associationSchema = members(
  {
    lifetimeSeconds: integer(
      0,
      yearSeconds,
      'How long an idle association is kept after the last message, seconds.',
      association.lifetimeSeconds,
    ).exactOptional(),
    disconnectSeconds: integer(
      0,
      daySeconds,
      'How long the answer of the peer to a release is awaited, seconds.',
      association.disconnectSeconds,
    ).exactOptional(),
    thresholdMessages: integer(
      1,
      countMax,
      'With more messages queued for each open association another is opened, messages.',
      association.thresholdMessages,
    ).exactOptional(),
    maximum: integer(
      1,
      10_000,
      'Associations opened to the peer at most, a number.',
      association.maximum,
    ).exactOptional(),
  },
  'The life of associations.',
);

const retrySchema = members(
  {
    maxOpenRetries: integer(
      0,
      countMax,
      'Further attempts to open an association before queued messages are reported as not delivered, a number.',
      retry.maxOpenRetries,
    ).exactOptional(),
    maxTransferRetries: integer(
      0,
      countMax,
      'Further attempts to transfer a message on an open association, a number; each confirmed checkpoint starts anew.',
      retry.maxTransferRetries,
    ).exactOptional(),
    openIntervalSeconds: integer(
      1,
      yearSeconds,
      'From one attempt to open an association to the next, seconds.',
      retry.openIntervalSeconds,
    ).exactOptional(),
    transferIntervalSeconds: integer(
      0,
      yearSeconds,
      'From one attempt to transfer a message to the next, seconds.',
      retry.transferIntervalSeconds,
    ).exactOptional(),
  },
  'Attempts and the time between them.',
);

const perK = (priority: string, builtin: number) =>
  integer(
    1,
    countMax,
    `Before ${priority} messages are reported as not delivered: seconds for each 1024 octets, and 60 at least.`,
    builtin,
  ).exactOptional();

const transferTimeoutSchema = members(
  {
    urgentSecondsPerK: perK('urgent', transferTimeout.urgentSecondsPerK),
    normalSecondsPerK: perK('normal', transferTimeout.normalSecondsPerK),
    nonUrgentSecondsPerK: perK('non-urgent', transferTimeout.nonUrgentSecondsPerK),
  },
  'How long a transfer may take, by size and priority.',
);

export function valuesSchema(description: string) {
  return members(
    {
      rts: rtsSchema.exactOptional(),
      association: associationSchema.exactOptional(),
      retry: retrySchema.exactOptional(),
      transferTimeout: transferTimeoutSchema.exactOptional(),
    },
    description,
  );
}

const limit = (minimum: number, maximum: number, name: keyof typeof builtinLimits, description: string) =>
  integer(minimum, maximum, description, builtinLimits[name]).exactOptional();

export const limitsSchema = members(
  {
    connectionsMax: limit(1, countMax, 'connectionsMax', 'Open TCP connections on all listeners, a number.'),
    connectionsPerPeerMax: limit(
      1,
      countMax,
      'connectionsPerPeerMax',
      'Associations that one peer may have open to us, a number.',
    ),
    bindTimeoutSeconds: limit(
      1,
      daySeconds,
      'bindTimeoutSeconds',
      'From an accepted TCP connection to a completed bind, seconds.',
    ),
    idleTimeoutSeconds: limit(
      0,
      yearSeconds,
      'idleTimeoutSeconds',
      'An incoming association with nothing outstanding is ended after so long, seconds. 0: never.',
    ),
    acknowledgementTimeoutSeconds: limit(
      1,
      daySeconds,
      'acknowledgementTimeoutSeconds',
      'How long the answer to an interrupt, a discard or the end of an activity may take, seconds.',
    ),
    messageOctetsMax: limit(1, octetsMax, 'messageOctetsMax', 'Content of one message, octets.'),
    tsduOctetsMax: limit(1024, octetsMax, 'tsduOctetsMax', 'One TSDU, octets: a piece between two checkpoints.'),
    inlineContentOctetsMax: limit(
      0,
      octetsMax,
      'inlineContentOctetsMax',
      'Contents up to this length are kept in the queue record itself, octets.',
    ),
    diskReserveOctets: limit(
      0,
      octetsMax,
      'diskReserveOctets',
      'With less free in the data directory new transfers are refused, octets.',
    ),
    queueMessagesMax: limit(
      1,
      octetsMax,
      'queueMessagesMax',
      'With so many queued new transfers are refused, messages.',
    ),
    queueOctetsMax: limit(
      1,
      octetsMax,
      'queueOctetsMax',
      'With so many octets of content queued new transfers are refused, octets. Read at the start.',
    ),
    traceElementsMax: limit(
      1,
      512,
      'traceElementsMax',
      'Elements of trace information; a message with more is in a loop, a number.',
    ),
    duplicateHistorySeconds: limit(
      0,
      yearSeconds,
      'duplicateHistorySeconds',
      'How long a taken message is remembered, so that a copy of it is recognised, seconds.',
    ),
    urgentExpirySeconds: limit(
      1,
      yearSeconds,
      'urgentExpirySeconds',
      'Life of an urgent message in the queue, seconds.',
    ),
    normalExpirySeconds: limit(
      1,
      yearSeconds,
      'normalExpirySeconds',
      'Life of a normal message in the queue, seconds.',
    ),
    nonUrgentExpirySeconds: limit(
      1,
      yearSeconds,
      'nonUrgentExpirySeconds',
      'Life of a non-urgent message in the queue, seconds.',
    ),
  },
  'What the site takes at most.',
);

/**
 * What a line carries with a checkpoint size and a window, and what a cut of it costs. A model, not a promise: messages longer than the
 * window, one association, one round trip time, cuts that come one by one.
 *
 * The sender may send the piece behind checkpoint n + window only when checkpoint n is confirmed, and that takes the time of sending one
 * piece, the round trip, and the receiver's disk:
 *
 *   goodput = min(line, window x checkpoint / (checkpoint / line + round trip + disk sync))
 */

/** What is known of a line. */
export interface Line {
  /** What it carries when nothing waits, octets a second. */
  readonly octetsPerSecond: number;
  readonly roundTripSeconds: number;
  /** How long the receiver's disk takes to make a piece durable. */
  readonly syncSeconds: number;
  /** How often it breaks while a transfer runs. */
  readonly cutsPerHour: number;
  /** Octets of a usual message: no more than these can be lost. */
  readonly messageOctets: number;
}

export interface CheckpointValues {
  /** 0..65535, units of 1024 octets; 0 none. */
  readonly checkpointSizeK: number;
  /** 1..255. */
  readonly windowSize: number;
}

export interface Prediction extends CheckpointValues {
  readonly goodputOctetsPerSecond: number;
  readonly boundBy: 'line' | 'window';
  /** Share of what is sent that is checkpoints, 0..1. */
  readonly overheadShare: number;
  /** How long the sender stands still for each checkpoint. */
  readonly waitSecondsPerCheckpoint: number;
  /** Sent again after a cut at most. */
  readonly octetsAtRisk: number;
  readonly resentOctetsPerHour: number;
  /** What is left of the goodput when checkpoints and what is sent again are paid for. */
  readonly netOctetsPerSecond: number;
}

export const checkpointUnitOctets = 1024;
export const checkpointSizeKMax = 65_535;
export const windowSizeMax = 255;
/** Some peers fail with larger ones. */
export const checkpointSizeKDoubted = 60;

/**
 * What a checkpoint adds to a piece: its own packet, at most 59 octets at the IP level, and the headers around the piece (TPKT, DT, S-DATA,
 * P-DATA and RTTR of normal mode), 30 octets.
 */
export const checkpointOverheadOctets = 59 + 30;

/** What the window lets through, whatever the line carries: octets a second. */
export function windowBound(
  { checkpointSizeK, windowSize }: CheckpointValues,
  line: Omit<Line, 'cutsPerHour'>,
): number {
  if (checkpointSizeK === 0) return Infinity;
  const pieceOctets = checkpointSizeK * checkpointUnitOctets;
  const confirmSeconds = pieceOctets / line.octetsPerSecond + line.roundTripSeconds + line.syncSeconds;
  return confirmSeconds === 0 ? Infinity : (windowSize * pieceOctets) / confirmSeconds;
}

/** Without checkpoints, or with fewer octets than one checkpoint, a cut costs the whole message. */
export function octetsAtRisk({ checkpointSizeK, windowSize }: CheckpointValues, messageOctets: number): number {
  if (checkpointSizeK === 0) return messageOctets;
  return Math.min(messageOctets, (windowSize + 1) * checkpointSizeK * checkpointUnitOctets); // and the piece in flight
}

export function predict(line: Line, values: CheckpointValues): Prediction {
  const pieceOctets = values.checkpointSizeK * checkpointUnitOctets;
  const bound = windowBound(values, line);
  const goodput = Math.min(line.octetsPerSecond, bound);
  const overheadShare = pieceOctets === 0 ? 0 : checkpointOverheadOctets / (pieceOctets + checkpointOverheadOctets);
  const risk = octetsAtRisk(values, line.messageOctets);
  const resentOctetsPerHour = line.cutsPerHour === 0 ? 0 : line.cutsPerHour * risk;
  return {
    ...values,
    goodputOctetsPerSecond: goodput,
    boundBy: bound < line.octetsPerSecond ? 'window' : 'line',
    overheadShare,
    waitSecondsPerCheckpoint: pieceOctets === 0 ? 0 : pieceOctets / goodput - pieceOctets / line.octetsPerSecond,
    octetsAtRisk: risk,
    resentOctetsPerHour,
    netOctetsPerSecond: goodput * (1 - overheadShare) - resentOctetsPerHour / 3600,
  };
}

/** Whether a checkpoint gets through between two cuts at all: else a message longer than a piece never arrives. */
export function progressesBetweenCuts(line: Line, { checkpointSizeK }: CheckpointValues): boolean {
  if (line.cutsPerHour === 0) return true;
  const pieceOctets = checkpointSizeK === 0 ? line.messageOctets : checkpointSizeK * checkpointUnitOctets;
  const octets = Math.min(pieceOctets, line.messageOctets);
  return octets / line.octetsPerSecond + line.roundTripSeconds + line.syncSeconds < 3600 / line.cutsPerHour;
}

/** What checkpoint size and window an association runs with, from what both ends said in RTORQ and RTOAC (X.228 §7.1). */
import type { NegotiatedValues } from './service.js';

/** Units of 1024 octets. */
const checkpointSizeKMax = 65_535;
const windowSizeMin = 1;

export interface Outcome {
  readonly values: NegotiatedValues;
  /** Fields in which the peer said what it may not. */
  readonly outOfRange: readonly ('checkpointSize' | 'windowSize')[];
}

function within(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

function outcome(said: NegotiatedValues, legal: NegotiatedValues): Outcome {
  return {
    values: legal,
    outOfRange: [
      ...(said.checkpointSizeK === legal.checkpointSizeK ? [] : (['checkpointSize'] as const)),
      ...(said.windowSize === legal.windowSize ? [] : (['windowSize'] as const)),
    ],
  };
}

/** A proposal as it may stand: the window at least 1. */
export function legalProposal(said: NegotiatedValues): Outcome {
  return outcome(said, {
    checkpointSizeK: within(said.checkpointSizeK, 0, checkpointSizeKMax),
    windowSize: Math.max(said.windowSize, windowSizeMin),
  });
}

/**
 * The responder's answer: not above the proposal and not above its own limits. A proposed checkpoint size of 0 leaves the choice to the
 * responder; a limit of 0 means that it wants none.
 */
export function answerTo(proposal: NegotiatedValues, limits: NegotiatedValues): NegotiatedValues {
  return {
    checkpointSizeK:
      proposal.checkpointSizeK === 0
        ? limits.checkpointSizeK
        : Math.min(proposal.checkpointSizeK, limits.checkpointSizeK),
    windowSize: Math.min(proposal.windowSize, limits.windowSize),
  };
}

/** The answer as the initiator takes it: one above the proposal is illegal, and brought down to the proposal. */
export function legalAnswer(said: NegotiatedValues, proposal: NegotiatedValues): Outcome {
  const checkpointSizeMax = proposal.checkpointSizeK === 0 ? checkpointSizeKMax : proposal.checkpointSizeK;
  return outcome(said, {
    checkpointSizeK: within(said.checkpointSizeK, 0, checkpointSizeMax),
    windowSize: within(said.windowSize, windowSizeMin, proposal.windowSize),
  });
}

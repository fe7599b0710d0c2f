/** Which checkpoint size, window and recovery timeout suit a line, by the model of `line-model.ts`. */
import { builtinValues } from '../config/values.js';
import {
  checkpointSizeKDoubted,
  checkpointSizeKMax,
  predict,
  progressesBetweenCuts,
  windowSizeMax,
  type CheckpointValues,
  type Line,
  type Prediction,
} from './line-model.js';

export interface Recommendation {
  readonly prediction: Prediction;
  /** It, others around it, those of now, and the built-in default; smallest checkpoint first. */
  readonly alternatives: readonly Prediction[];
  readonly warnings: readonly string[];
}

const { checkpointSizeK, windowSize, recoveryTimeoutSeconds } = builtinValues.rts;
const builtin: CheckpointValues = { checkpointSizeK, windowSize };

/** Sizes above the doubted one are tried only where the largest window of smaller ones cannot fill the line, and only these. */
const largeSizesK: readonly number[] = [128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, checkpointSizeKMax];

/** A larger size must gain this much of the goodput to be worth the doubt. */
const worthwhileShare = 0.05;

/**
 * What suits the line best: most octets an hour, and of equals what risks least. Never worse than the built-in default. `now` is shown
 * beside it.
 */
export function recommend(line: Line, now: CheckpointValues = builtin): Recommendation {
  const prediction = best(line);
  return { prediction, alternatives: alternativesTo(prediction, now, line), warnings: warningsOf(prediction, line) };
}

function best(line: Line): Prediction {
  const usual = bestOf(line, sizesUpTo(checkpointSizeKDoubted));
  const largest = predict(line, { checkpointSizeK: checkpointSizeKDoubted, windowSize: windowSizeMax });
  if (largest.boundBy === 'line') return usual;
  const large = bestOf(line, largeSizesK);
  return large.netOctetsPerSecond > usual.netOctetsPerSecond * (1 + worthwhileShare) ? large : usual;
}

function sizesUpTo(max: number): readonly number[] {
  return Array.from({ length: max }, (_, index) => index + 1);
}

function bestOf(line: Line, sizesK: readonly number[]): Prediction {
  let found = predict(line, builtin);
  for (const size of sizesK) {
    for (let window = 1; window <= windowSizeMax; window++) {
      const candidate = predict(line, { checkpointSizeK: size, windowSize: window });
      if (isBetter(candidate, found)) found = candidate;
    }
  }
  return found;
}

function isBetter(candidate: Prediction, found: Prediction): boolean {
  if (candidate.netOctetsPerSecond !== found.netOctetsPerSecond) {
    return candidate.netOctetsPerSecond > found.netOctetsPerSecond;
  }
  return candidate.octetsAtRisk < found.octetsAtRisk;
}

/** Half and twice of each value, where they are legal. */
function alternativesTo(chosen: CheckpointValues, now: CheckpointValues, line: Line): readonly Prediction[] {
  const { checkpointSizeK: size, windowSize: window } = chosen;
  const around: readonly CheckpointValues[] = [
    chosen,
    { checkpointSizeK: Math.max(1, Math.round(size / 2)), windowSize: window },
    { checkpointSizeK: Math.min(checkpointSizeKMax, size * 2), windowSize: window },
    { checkpointSizeK: size, windowSize: Math.max(1, Math.round(window / 2)) },
    { checkpointSizeK: size, windowSize: Math.min(windowSizeMax, window * 2) },
    now,
    builtin,
  ];
  const distinct = new Map(
    around.map(({ checkpointSizeK: k, windowSize: w }) => [`${k}/${w}`, { checkpointSizeK: k, windowSize: w }]),
  );
  return [...distinct.values()]
    .sort((a, b) => a.checkpointSizeK - b.checkpointSizeK || a.windowSize - b.windowSize)
    .map((values) => predict(line, values));
}

function warningsOf(prediction: Prediction, line: Line): readonly string[] {
  const { checkpointSizeK: size } = prediction;
  return [
    ...(size > checkpointSizeKDoubted
      ? [`a checkpoint size above ${checkpointSizeKDoubted} K makes some peers fail: try it out with this one first`]
      : []),
    ...(prediction.goodputOctetsPerSecond < (1 - worthwhileShare) * line.octetsPerSecond
      ? ['no window that is worth its risk fills this line: several associations at once carry more']
      : []),
    ...(progressesBetweenCuts(line, prediction)
      ? []
      : ['the line breaks before one checkpoint is confirmed: longer messages will not arrive before it holds longer']),
    ...(prediction.netOctetsPerSecond > 0 ? [] : ['what is sent again takes all that the line carries']),
  ];
}

/** Granularity of a recommended recovery timeout, seconds. */
const timeoutStepSeconds = 30;
/** Outages are not all alike: twice the longest that was seen. */
const outageReserve = 2;

/**
 * How long both ends should keep what is confirmed: twice the longest outage that was seen and the time in which either end may notice it
 * later than the other, never below the built-in default. Without any outage, the default.
 */
export function recommendRecoveryTimeout(outageSeconds: readonly number[], stallTimeoutSeconds: number): number {
  if (outageSeconds.length === 0) return recoveryTimeoutSeconds;
  const wanted = outageReserve * Math.max(...outageSeconds) + stallTimeoutSeconds;
  return Math.max(recoveryTimeoutSeconds, Math.ceil(wanted / timeoutStepSeconds) * timeoutStepSeconds);
}

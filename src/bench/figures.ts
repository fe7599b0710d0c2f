/** What a cell found out, as data: the table and the JSON file are made from it. */

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** In the order in which they were taken. */
  readonly values: readonly number[];
}

/** A number to hold. */
export interface Verdict {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  readonly result: 'kept' | 'missed' | 'skipped';
}

export interface Findings {
  readonly figures: readonly Figure[];
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
}

/** The middle one; of an even count the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Linear between the nearest two; NaN of no values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** Each value of the one side by the value of the other that was taken in the same round. */
export function ratios(ours: readonly number[], theirs: readonly number[]): readonly number[] {
  return ours.map((value, round) => value / (theirs[round] ?? NaN));
}

export function atLeast(what: string, seen: number, least: number): Verdict {
  return {
    what,
    expected: `at least ${numberText(least)}`,
    seen: numberText(seen),
    result: seen >= least ? 'kept' : 'missed',
  };
}

export function atMost(what: string, seen: number, most: number): Verdict {
  return {
    what,
    expected: `at most ${numberText(most)}`,
    seen: numberText(seen),
    result: seen <= most ? 'kept' : 'missed',
  };
}

/** Three digits that count, and never an exponent. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return String(Math.round(value));
  return value.toPrecision(3).replace(/\.?0+$/, '');
}

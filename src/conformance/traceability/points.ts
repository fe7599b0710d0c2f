/** The conformance points of conformance/points.json against the cases that show them. */
import type { CaseResult, TestCase } from '../script/test-case.js';

export interface Point {
  readonly id: string;
  readonly layer: string;
  /** `conditional`: mandatory where an option is supported. */
  readonly status: 'mandatory' | 'conditional' | 'optional';
  readonly text: string;
  /** Why no peer can see it; absent: a peer can. */
  readonly unobservable?: string;
}

export interface LayerCoverage {
  readonly layer: string;
  readonly points: number;
  readonly mandatory: number;
  /** Mandatory points with at least one case. */
  readonly covered: number;
  /** Mandatory points whose cases were all run and passed, those that did not apply aside. */
  readonly passed: number;
  /** Mandatory points without a case. */
  readonly uncovered: readonly Point[];
}

/** Identifiers of the cases of each point. */
export function casesByPoint(cases: readonly TestCase[]): ReadonlyMap<string, readonly string[]> {
  const byPoint = new Map<string, string[]>();
  for (const { id, points } of cases) {
    for (const point of points) byPoint.set(point, [...(byPoint.get(point) ?? []), id]);
  }
  return byPoint;
}

/** Points that cases name and that are not in the list: a slip of the pen. */
export function unknownPoints(points: readonly Point[], cases: readonly TestCase[]): readonly string[] {
  const known = new Set(points.map(({ id }) => id));
  return [...casesByPoint(cases).keys()].filter((id) => !known.has(id));
}

export function pointCoverage(
  points: readonly Point[],
  cases: readonly TestCase[],
  results: readonly CaseResult[],
): readonly LayerCoverage[] {
  const byPoint = casesByPoint(cases);
  const verdicts = new Map<string, Set<string>>();
  for (const { id, verdict } of results) verdicts.set(id, (verdicts.get(id) ?? new Set()).add(verdict));
  const isPassed = (point: Point): boolean => {
    const found = (byPoint.get(point.id) ?? []).flatMap((id) => [...(verdicts.get(id) ?? ['not run'])]);
    return found.includes('pass') && found.every((verdict) => verdict === 'pass' || verdict === 'not-applicable');
  };
  return [...new Set(points.map(({ layer }) => layer))].map((layer) => {
    const ofLayer = points.filter((point) => point.layer === layer);
    const mandatory = ofLayer.filter(({ status }) => status === 'mandatory');
    const covered = mandatory.filter(({ id }) => byPoint.has(id));
    return {
      layer,
      points: ofLayer.length,
      mandatory: mandatory.length,
      covered: covered.length,
      passed: covered.filter(isPassed).length,
      uncovered: mandatory.filter(({ id }) => !byPoint.has(id)),
    };
  });
}

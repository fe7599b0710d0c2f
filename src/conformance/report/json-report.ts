import type { CaseResult, TestCase } from '../script/test-case.js';
import { countsOf } from './counts.js';

export interface ReportedCase {
  readonly test: TestCase;
  readonly result: CaseResult;
}

export interface ReportHead {
  readonly implementation: string;
  readonly tester: string;
  readonly startedAt: string;
}

export function jsonReport(head: ReportHead, cases: readonly ReportedCase[]): string {
  const counts = countsOf(cases.map(({ result }) => result));
  const rows = cases.map(({ test, result }) => {
    const { subject, clause, points, role, purpose } = test;
    return { ...result, subject, clause, points, role, purpose };
  });
  return `${JSON.stringify({ ...head, counts, cases: rows }, undefined, 2)}\n`;
}

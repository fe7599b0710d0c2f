import { verdicts, type CaseResult, type Verdict } from '../script/test-case.js';

export type Counts = Readonly<Record<Verdict, number>>;

export function countsOf(results: readonly CaseResult[]): Counts {
  const of = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length;
  return Object.fromEntries(verdicts.map((verdict) => [verdict, of(verdict)])) as Record<Verdict, number>;
}

/** One line, as it stands under the list of cases. */
export function countsText(results: readonly CaseResult[]): string {
  const counts = countsOf(results);
  return (
    `${String(results.length)} cases: ${String(counts.pass)} passed, ${String(counts.fail)} failed, ` +
    `${String(counts.inconclusive)} inconclusive, ${String(counts['not-applicable'])} not applicable`
  );
}

/** One line for one case. */
export function resultLine({ id, mode, verdict, text }: CaseResult): string {
  return `${verdict.padEnd(14)} ${id.padEnd(13)} ${mode.padEnd(9)}${text === '' ? '' : `  ${text}`}`.trimEnd();
}

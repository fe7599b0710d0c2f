import { countsOf } from './counts.js';
import { markupText } from './markup.js';
import type { ReportedCase, ReportHead } from './json-report.js';

const millisecondsPerSecond = 1000;

/** In the form of JUnit, which build servers read: inconclusive is an error, not applicable a skipped test. */
export function junitReport(head: ReportHead, cases: readonly ReportedCase[]): string {
  const counts = countsOf(cases.map(({ result }) => result));
  const rows = cases.map(({ test, result }) => {
    const seconds = (result.milliseconds / millisecondsPerSecond).toFixed(3);
    const name = markupText(`${result.id} ${result.mode}: ${test.purpose}`);
    const outcome = outcomeOf(result.verdict, markupText(result.text), markupText(result.trace.join('\n')));
    return `  <testcase classname="${test.subject}" name="${name}" time="${seconds}">${outcome}</testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${markupText(head.implementation)}" timestamp="${head.startedAt}" tests="${String(cases.length)}" ` +
      `failures="${String(counts.fail)}" errors="${String(counts.inconclusive)}" skipped="${String(counts['not-applicable'])}">`,
    ...rows,
    '</testsuite>',
    '',
  ].join('\n');
}

function outcomeOf(verdict: string, text: string, trace: string): string {
  switch (verdict) {
    case 'fail':
      return `<failure message="${text}">${trace}</failure>`;
    case 'inconclusive':
      return `<error message="${text}">${trace}</error>`;
    case 'not-applicable':
      return `<skipped message="${text}"/>`;
    default:
      return '';
  }
}

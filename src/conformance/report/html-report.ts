import { countsText } from './counts.js';
import type { ReportedCase, ReportHead } from './json-report.js';
import { markupText } from './markup.js';

const style = `
body { font-family: sans-serif; margin: 2em; }
table { border-collapse: collapse; }
td, th { border: 1px solid #bbb; padding: 0.3em 0.6em; text-align: left; vertical-align: top; }
.pass { background: #dfd; } .fail { background: #fcc; } .inconclusive { background: #fea; } .not-applicable { color: #777; }
pre { white-space: pre-wrap; word-break: break-all; }
`;

/** One page without scripts: a table of the cases; what was said and heard opens with a click. */
export function htmlReport(head: ReportHead, cases: readonly ReportedCase[]): string {
  const rows = cases.map(({ test, result }) => {
    const trace = result.trace.length === 0 ? '' : traceOf(result.trace);
    return (
      `<tr class="${result.verdict}"><td>${result.id}</td><td>${result.mode}</td><td>${result.verdict}</td>` +
      `<td>${markupText(test.purpose)}<br><small>${markupText(`${test.clause}; ${test.points.join(', ')}`)}</small></td>` +
      `<td>${markupText(result.text)}${trace}</td></tr>`
    );
  });
  const title = `Conformance of ${head.implementation}`;
  return [
    '<!DOCTYPE html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${markupText(title)}</title><style>${style}</style></head><body>`,
    `<h1>${markupText(title)}</h1>`,
    `<p>${markupText(`${head.startedAt}, ${head.tester}. ${countsText(cases.map(({ result }) => result))}`)}</p>`,
    '<table><tr><th>case</th><th>mode</th><th>verdict</th><th>purpose</th><th>what happened</th></tr>',
    ...rows,
    '</table></body></html>',
    '',
  ].join('\n');
}

function traceOf(trace: readonly string[]): string {
  return `<details><summary>said and heard</summary><pre>${markupText(trace.join('\n'))}</pre></details>`;
}

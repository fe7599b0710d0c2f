/** The comparison of two sites as text: one table for each pair of connectors, and a verdict. */
import type { VerifyRow } from '../config/verify.js';
import { renderTable } from './table.js';

/** How a site is called in the text. */
export interface SiteName {
  readonly file: string;
  readonly mtaName: string;
}

const nothing = '-';

const headings = ['FIELD IN A', 'VALUE IN A', 'FIELD IN B', 'VALUE IN B', 'RESULT', 'NOTE'];

function cells({ field, fieldB, valueA, valueB, result, note }: VerifyRow): readonly string[] {
  return [field, valueA ?? nothing, fieldB, valueB ?? nothing, result, note];
}

function pairHeading({ connectorA, connectorB }: VerifyRow): string {
  return `connector ${connectorA ?? nothing} of A with connector ${connectorB ?? nothing} of B`;
}

function verdict(rows: readonly VerifyRow[]): string {
  const failed = rows.filter(({ result }) => result !== 'match');
  if (failed.length === 0) return `all ${rows.length} comparisons match\n`;
  const named = [...new Set(failed.map(({ field, fieldB }) => (field === fieldB ? field : `${field} / ${fieldB}`)))];
  return `${failed.length} of ${rows.length} comparisons do not match: ${named.join(', ')}\n`;
}

export function renderVerifyTable(rows: readonly VerifyRow[], a: SiteName, b: SiteName): string {
  const groups = new Map<string, VerifyRow[]>();
  for (const row of rows) {
    const heading = pairHeading(row);
    groups.set(heading, [...(groups.get(heading) ?? []), row]);
  }
  return [
    `A: ${a.mtaName} (${a.file})\nB: ${b.mtaName} (${b.file})\n`,
    ...[...groups].map(([heading, group]) => `${heading}\n${renderTable(headings, group.map(cells), '  ')}`),
    verdict(rows),
  ].join('\n');
}

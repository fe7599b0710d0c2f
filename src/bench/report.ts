import { renderTable } from '../cli/table.js';
import type { Cell } from './cell.js';
import { median, numberText, type Findings, type Verdict } from './figures.js';
import type { MachineFacts } from './machine-facts.js';

export interface CellRecord {
  readonly cell: Cell;
  readonly seconds: number;
  readonly findings: Findings;
  /** Why it came to nothing. */
  readonly failure?: string;
}

export function factsText(facts: MachineFacts): string {
  const gibi = (facts.memoryOctets / 2 ** 30).toFixed(0);
  const packages = Object.entries(facts.packages).map(([name, version]) => `${name} ${version}`);
  return [
    `${facts.cpu}, ${String(facts.cores)} cores, ${gibi} GiB; Linux ${facts.kernel}; ${facts.fileSystem}; load ${facts.loadAverage.toFixed(2)}`,
    `Node ${facts.node}, ${packages.join(', ')}, Postfix ${facts.postfix ?? 'not installed'}; seed ${String(facts.seed)}; ${facts.time}`,
  ].join('\n');
}

/** What one cell found, a line for each figure: the median, and the least and the greatest of all values. */
export function cellText({ cell, seconds, findings, failure }: CellRecord): string {
  const rows = findings.figures.map(({ name, unit, values }) => [
    name,
    numberText(median(values)),
    values.length < 2 ? '' : `${numberText(Math.min(...values))} .. ${numberText(Math.max(...values))}`,
    unit,
    values.length < 2 ? '' : String(values.length),
  ]);
  return [
    `${cell.name}: ${cell.what} (${seconds.toFixed(0)} s)`,
    ...(rows.length === 0 ? [] : [renderTable(['FIGURE', 'MEDIAN', 'SPREAD', 'UNIT', 'RUNS'], rows).trimEnd()]),
    ...findings.notes.map((note) => `note: ${note}`),
    ...(failure === undefined ? [] : [`FAILED: ${failure}`]),
    '',
  ].join('\n');
}

export function verdictTable(records: readonly CellRecord[]): string {
  const rows = records.flatMap(({ cell, findings }) =>
    findings.verdicts.map(({ what, expected, seen, result }) => [cell.name, what, expected, seen, result]),
  );
  return rows.length === 0 ? '' : renderTable(['CELL', 'WHAT', 'EXPECTED', 'SEEN', 'RESULT'], rows);
}

/** A number was missed, or a cell that ought to have found it came to nothing. */
export function isMissed({ findings, failure }: CellRecord): boolean {
  return failure !== undefined || findings.verdicts.some(({ result }: Verdict) => result === 'missed');
}

export function jsonOf(facts: MachineFacts, records: readonly CellRecord[]): string {
  const cells = records.map(({ cell, seconds, findings, failure }) => ({
    name: cell.name,
    what: cell.what,
    seconds,
    figures: findings.figures.map(({ name, unit, values }) => ({
      name,
      unit,
      median: median(values),
      least: Math.min(...values),
      greatest: Math.max(...values),
      values,
    })),
    verdicts: findings.verdicts,
    notes: findings.notes,
    ...(failure === undefined ? {} : { failure }),
  }));
  return `${JSON.stringify({ machine: facts, cells }, undefined, 2)}\n`;
}

/** A page of conformance/pics with the last column of its table made anew: the cases of each point. */

const column = 'cases';
const pointRow = /^\| ([A-Z0-9]+-\d{3}) \|/;
/** More than these are given as a range of each series. */
const listedMax = 6;

export function withCases(
  page: string,
  cases: ReadonlyMap<string, readonly string[]>,
  reasons: ReadonlyMap<string, string>,
): string {
  const lines = page.split('\n');
  const header = lines.findIndex((line) => line.startsWith('| id | point |'));
  const hasColumn = lines[header]?.endsWith(`| ${column} |`) ?? false;
  const withCell = (line: string, cell: string): string => {
    const kept = hasColumn ? line.slice(0, line.lastIndexOf('|', line.length - 2)) : line.slice(0, -1);
    return `${kept.trimEnd()} | ${cell} |`;
  };
  return lines
    .map((line, index) => {
      if (index === header) return hasColumn ? line : withCell(line, column);
      if (index === header + 1) return hasColumn ? line : `${line}---|`;
      const [, id] = pointRow.exec(line) ?? [];
      if (id === undefined || index < header) return line;
      const found = cases.get(id) ?? [];
      return withCell(line, found.length > 0 ? listed(found) : `none: ${reasons.get(id) ?? 'no case yet'}`);
    })
    .join('\n');
}

function listed(identifiers: readonly string[]): string {
  const sorted = [...new Set(identifiers)].sort();
  if (sorted.length <= listedMax) return sorted.join(', ');
  const series = new Map<string, string[]>();
  for (const id of sorted) {
    const name = id.slice(0, id.lastIndexOf('-'));
    series.set(name, [...(series.get(name) ?? []), id]);
  }
  return [...series.values()].map(rangeOf).join(', ');
}

function rangeOf(identifiers: readonly string[]): string {
  const [first, second] = identifiers;
  const last = identifiers.at(-1) ?? '';
  if (first === undefined || second === undefined) return first ?? '';
  return `${first} to ${last.slice(last.lastIndexOf('-') + 1)} (${String(identifiers.length)})`;
}

const columnGap = '  ';

/** A table of left-aligned columns under their headings, one line a row, no spaces at the end of a line. */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[], indent = ''): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) => indent + widths.map((width, column) => (line[column] ?? '').padEnd(width)).join(columnGap))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** What the pages of conformance/pics say of each point: whether our implementation supports it. */

const supports = ['yes', 'partly', 'no'] as const;
export type Support = (typeof supports)[number];

/** Columns of the tables: id, point, m/o, supported. */
const supportedColumn = 3;
const pointRow = /^\| (?:T|S|P|A|R|P1)-\d{3} \|/;

/** By the identifier of the point. A row that says neither yes nor partly says no. */
export function supportIn(page: string): ReadonlyMap<string, Support> {
  const rows = page.split('\n').filter((line) => pointRow.test(line));
  return new Map(
    rows.map((row): [string, Support] => {
      const cells = row.slice(2).split(' | ');
      const said = cells[supportedColumn] ?? '';
      return [cells[0] ?? '', supports.find((support) => said.startsWith(support)) ?? 'no'];
    }),
  );
}

/** The coverage of a set of cases as text: the table that `npm run conformance` prints and docs/conformance-coverage.md holds. */
import type { CaseResult, TestCase } from '../script/test-case.js';
import { cellsOfDividedTokens, heldStates, otherStates, provocableCells } from './cells.js';
import type { Support } from './pics.js';
import { pointCoverage, type Point } from './points.js';

export function coverageText(
  points: readonly Point[],
  cases: readonly TestCase[],
  results: readonly CaseResult[],
  support: ReadonlyMap<string, Support>,
): string {
  const supported = (layer: string, wanted: Support): string =>
    String(
      points.filter(
        (point) =>
          (layer === 'all' || point.layer === layer) &&
          point.status === 'mandatory' &&
          (support.get(point.id) ?? 'no') === wanted,
      ).length,
    );
  const layers = pointCoverage(points, cases, results);
  const sum = (of: 'mandatory' | 'covered' | 'passed'): number => layers.reduce((total, layer) => total + layer[of], 0);
  const share = Math.round((1000 * sum('covered')) / sum('mandatory')) / 10;
  const rows = layers.map(
    ({ layer, mandatory, covered, passed }) =>
      `| ${layer} | ${String(mandatory)} | ${supported(layer, 'yes')} | ${supported(layer, 'partly')} | ${String(covered)} | ${String(passed)} |`,
  );
  const uncovered = layers.flatMap((layer) =>
    layer.uncovered.map(({ id, text, unobservable }) => `| ${id} | ${text} | ${unobservable ?? 'no case yet'} |`),
  );
  return [
    '| layer | mandatory points | supported | in part | with cases | all cases passed |',
    '|---|---|---|---|---|---|',
    ...rows,
    `| all | ${String(sum('mandatory'))} | ${supported('all', 'yes')} | ${supported('all', 'partly')} | ${String(sum('covered'))} (${String(share)} %) | ${String(sum('passed'))} |`,
    '',
    ...(uncovered.length === 0
      ? []
      : ['| mandatory point without a case | | why |', '|---|---|---|', ...uncovered, '']),
    ...cellLines(cases),
    '',
  ].join('\n');
}

function cellLines(cases: readonly TestCase[]): readonly string[] {
  const shown = new Set(cases.flatMap(({ cells }) => cells ?? []));
  const cells = provocableCells();
  const rows = heldStates.map((state) => {
    const ofState = cells.filter((cell) => cell.startsWith(`${state} `));
    const missing = ofState.filter((cell) => !shown.has(cell));
    const names = missing.map((cell) => cell.slice(state.length + 1)).join(', ');
    return `| ${state} | ${String(ofState.length)} | ${String(ofState.length - missing.length)} | ${names} |`;
  });
  const covered = cells.filter((cell) => shown.has(cell)).length;
  return [
    '| session state | cells that a peer can provoke | with cases | without |',
    '|---|---|---|---|',
    ...rows,
    `| all | ${String(cells.length)} | ${String(covered)} | |`,
    '',
    '| other state | why no case starts from it |',
    '|---|---|',
    ...Object.entries(otherStates).map(([state, why]) => `| ${state} | ${why} |`),
    '',
    `Not counted, as a peer would need a token while the others are with the implementation: ${[...cellsOfDividedTokens].join(', ')}.`,
  ];
}

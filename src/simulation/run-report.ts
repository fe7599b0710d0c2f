import { printSchedule } from '../faults/schedule-json.js';
import { expectedCoverage } from './coverage.js';
import { loadSizes } from './load-plan.js';
import type { RunResult } from './run.js';
import type { Shrunk } from './shrink.js';

export interface Failure {
  readonly result: RunResult;
  readonly shrunk: Shrunk;
}

/** What a failing seed violates, and the one command that replays the least that was found of it. */
export function failureText({ result, shrunk }: Failure): string {
  const list = (violations: readonly string[]): string => violations.map((text) => `    ${text}\n`).join('');
  const { options, result: smallest } = shrunk;
  const seed = `npm run simulate -- --seeds 1 --seed ${String(result.seed)}`;
  const messages = options.load?.messages === undefined ? '' : ` --messages ${options.load.messages.join()}`;
  const octetsMax = options.load?.octetsMax === undefined ? '' : ` --octets-max ${String(options.load.octetsMax)}`;
  return (
    `seed ${String(result.seed)} fails (trace ${result.traceHash}):\n${list(result.violations)}` +
    `  replay: ${seed}\n` +
    `  with ${String(smallest.schedule.length)} of ${String(result.schedule.length)} faults and ` +
    `${String(smallest.load.length)} of ${String(result.load.length)} messages:\n${list(smallest.violations)}` +
    `  replay: ${seed} --faults '${printSchedule(smallest.schedule)}'${messages}${octetsMax}\n`
  );
}

/** The stated size of a run. */
export function sizeText(): string {
  const sizes = Object.entries(loadSizes).map(
    ([name, { perThousand, messagesMax, messageOctetsMax, totalOctetsMax }]) =>
      `${String(perThousand / 10)} % ${name} (up to ${String(messagesMax)} messages of ${String(messageOctetsMax)} octets, ${String(totalOctetsMax)} in all)`,
  );
  return `two to four agents, one to ten faults; ${sizes.join(', ')}`;
}

/** How often each fault struck and each way was taken; what was never met comes first. */
export function coverageText(counts: ReadonlyMap<string, number>): string {
  const missed = expectedCoverage.filter((name) => !counts.has(name)).map((name) => [name, 0] as const);
  const rows = [...missed, ...Array.from(counts).sort(([a], [b]) => (a < b ? -1 : 1))];
  return rows.map(([name, count]) => `${String(count).padStart(9)}  ${name}\n`).join('');
}

/**
 * Measures the agent against what the machine can do and against what others use instead.
 *
 *     main.js [full | NAME ...] [--list] [--json FILE] [--seed NUMBER] [--profile FOLDER]
 *
 * Without a name: the table of numbers to hold. Ends with 3 if one of them is missed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderTable } from '../cli/table.js';
import type { Cell } from './cell.js';
import { cells } from './cells.js';
import type { Findings } from './figures.js';
import { Lab } from './lab.js';
import { machineFacts } from './machine-facts.js';
import { cellText, factsText, isMissed, jsonOf, verdictTable, type CellRecord } from './report.js';

const exitCodes = { good: 0, usage: 2, missed: 3, interrupted: 130 } as const;

const nothing: Findings = { figures: [], verdicts: [], notes: [] };

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean' },
      json: { type: 'string' },
      seed: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  if (values.list === true) {
    say(
      renderTable(
        ['NAME', 'PART', 'WHAT'],
        cells.map(({ name, part, what }) => [name, part, what]),
      ).trimEnd(),
    );
    return exitCodes.good;
  }
  const chosen = chooseCells(positionals);
  const seed = Number(values.seed ?? 1);
  const folder = mkdtempSync(join(tmpdir(), 'mta-bench-'));
  try {
    const facts = machineFacts(folder, seed);
    say(`${factsText(facts)}\n`);
    const records: CellRecord[] = [];
    for (const cell of chosen) {
      const record = await runCell(cell, () => new Lab(folder, seed, values.profile));
      records.push(record);
      say(cellText(record));
      if (values.json !== undefined) writeFileSync(values.json, jsonOf(facts, records));
    }
    say(verdictTable(records));
    return records.some(isMissed) ? exitCodes.missed : exitCodes.good;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class UsageError extends Error {
  override readonly name = 'UsageError';
}

function chooseCells(names: readonly string[]): readonly Cell[] {
  if (names.length === 0) return cells.filter(({ part }) => part === 'table');
  if (names.length === 1 && names[0] === 'full') return cells.filter(({ part }) => part === 'full');
  return names.map((name) => {
    const cell = cells.find((candidate) => candidate.name === name);
    if (cell === undefined) throw new UsageError(`there is no cell "${name}"; --list names them all`);
    return cell;
  });
}

async function runCell(cell: Cell, newLab: () => Lab): Promise<CellRecord> {
  const lab = newLab();
  // Whoever interrupts the run wants its daemons and Postfix gone as well.
  const interrupted = (): void => {
    void lab.close().finally(() => process.exit(exitCodes.interrupted));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  let timer: NodeJS.Timeout | undefined;
  try {
    const boxEnds = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`not done in its ${String(cell.timeBoxSeconds)} s`));
      }, cell.timeBoxSeconds * 1000);
    });
    const findings = await Promise.race([cell.run(lab), boxEnds]);
    return { cell, seconds: seconds(), findings };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { cell, seconds: seconds(), findings: nothing, failure };
  } finally {
    clearTimeout(timer);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted);
    await lab.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodes.usage;
}
// A cell that was ended by its time box may still wait for something.
process.exit();

import type { Findings } from './figures.js';
import type { Lab } from './lab.js';

/** One measurement, which is run by its name. */
export interface Cell {
  readonly name: string;
  /** One sentence. */
  readonly what: string;
  /** Whether it belongs to the short table or only to the full run. */
  readonly part: 'table' | 'full';
  /** It is ended after so long, and counts as missed where it has a number to hold. */
  readonly timeBoxSeconds: number;
  run(lab: Lab): Promise<Findings>;
}

/** Takes a value of each side by turns, so that what else the machine does meets both. */
export async function takeTurns<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<number>>>,
): Promise<Readonly<Record<Side, readonly number[]>>> {
  const names = Object.keys(sides) as Side[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round < rounds; round++) for (const name of names) values[name].push(await sides[name]());
  return values;
}

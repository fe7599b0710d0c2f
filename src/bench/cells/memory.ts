import { makeChain, type Agent } from '../agents.js';
import type { Cell } from '../cell.js';
import { atMost, type Findings } from '../figures.js';
import type { Lab } from '../lab.js';
import { transferSeconds } from './bulk.js';

const mebi = 1024 * 1024;
const largeOctets = 1024 * mebi;

/** What a message of 1 GiB may add to the memory that one of 1 MB has taken. */
const growthMebiMax = 64;

async function measureLarge(lab: Lab): Promise<Findings> {
  const agents = await makeChain(lab, { names: ['alpha', 'beta'], values: { rts: largeMessageValues } });
  await Promise.all(agents.map((agent) => agent.start()));
  const [alpha] = agents;
  if (alpha === undefined) throw new RangeError('a chain of two');
  const mostMebi = (agent: Agent): number => agent.reading().residentOctetsMax / mebi;
  await transferSeconds(alpha, mebi);
  const before = agents.map(mostMebi);
  const seconds = await transferSeconds(alpha, largeOctets);
  const after = agents.map(mostMebi);
  return {
    figures: agents.flatMap(({ name }, i) => [
      { name: `most resident of ${name}, 1 MiB`, unit: 'MiB', values: [before[i] ?? NaN] },
      { name: `most resident of ${name}, 1 GiB`, unit: 'MiB', values: [after[i] ?? NaN] },
    ]),
    verdicts: agents.map(({ name }, i) =>
      atMost(`MiB that ${name} grows by for 1 GiB`, (after[i] ?? NaN) - (before[i] ?? NaN), growthMebiMax),
    ),
    notes: [`1 GiB in ${seconds.toFixed(1)} s at 256/16`],
  };
}

/** Large pieces, so that a gibibyte does not take minutes. */
const largeMessageValues = { checkpointSizeK: 256, windowSize: 16 };

export const memoryCells: readonly Cell[] = [
  {
    name: 'memory-1gib',
    what: 'most resident memory of both ends while a message of 1 GiB passes',
    part: 'table',
    timeBoxSeconds: 240,
    run: measureLarge,
  },
];

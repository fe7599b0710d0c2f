import { makeChain, type Agent } from '../agents.js';
import type { Cell } from '../cell.js';
import { percentile, type Figure, type Findings } from '../figures.js';
import { until, type Lab } from '../lab.js';

const octets = 2048;
const associations = 4;
const probes = 200;
const percentiles = [50, 95, 99];

type Priority = 'urgent' | 'normal';

/** Submits one message after the other, the priorities by turns; milliseconds from before the submission to its delivery, of each. */
async function probe(alpha: Agent, beta: Agent, count: number): Promise<Readonly<Record<Priority, readonly number[]>>> {
  const from = beta.logOctets();
  const submitted = new Map<string, { readonly at: number; readonly priority: Priority }>();
  for (let i = 0; i < count; i++) {
    const priority = i % 2 === 0 ? 'urgent' : 'normal';
    const at = Date.now();
    submitted.set(await alpha.submit(octets, priority), { at, priority });
  }
  const milliseconds = { urgent: [] as number[], normal: [] as number[] };
  await until(() => {
    const lines = beta.lines(from).filter(({ event }) => event === 'message.delivered');
    const delivered = new Map(lines.map((line) => [String(line['mts']), line.time]));
    if (![...submitted.keys()].every((mts) => delivered.has(mts))) return undefined;
    for (const [mts, { at, priority }] of submitted) milliseconds[priority].push((delivered.get(mts) ?? NaN) - at);
    return true;
  });
  return milliseconds;
}

function percentileFigures(state: string, taken: Readonly<Record<Priority, readonly number[]>>): readonly Figure[] {
  return Object.entries(taken).flatMap(([priority, values]) =>
    percentiles.map((percent) => ({
      name: `${state}, ${priority}, p${String(percent)}`,
      unit: 'ms',
      values: [percentile(values, percent)],
    })),
  );
}

async function measureLatency(lab: Lab): Promise<Findings> {
  const values = { association: { maximum: associations, thresholdMessages: 1 } };
  const [alpha, beta] = await makeChain(lab, { names: ['alpha', 'beta'], values });
  if (alpha === undefined || beta === undefined) throw new RangeError('a chain of two');
  await Promise.all([alpha.start(), beta.start()]);
  await probe(alpha, beta, probes / 5);
  const idle = await probe(alpha, beta, probes);
  const flood = alpha.load(backgroundMessages, octets, backgroundParallel);
  await until(async () => ((await alpha.status()).queue.messages >= backlogMessagesMin ? true : undefined));
  const saturated = await probe(alpha, beta, probes);
  await flood;
  return {
    figures: [...percentileFigures('idle', idle), ...percentileFigures('saturated', saturated)],
    verdicts: [],
    notes: [
      `${String(octets)} octets, ${String(associations)} associations; ${String(probes)} messages one after the other; clocks read in milliseconds`,
    ],
  };
}

const backgroundMessages = 6000;
const backgroundParallel = 64;
const backlogMessagesMin = 200;

export const latencyCells: readonly Cell[] = [
  {
    name: 'latency-2k',
    what: 'from submission to delivery, alone and among others, urgent and normal',
    part: 'full',
    timeBoxSeconds: 180,
    run: measureLatency,
  },
];

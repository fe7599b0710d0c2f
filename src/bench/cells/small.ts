import { makeChain, type Agent } from '../agents.js';
import { startNodeSmtpChain } from '../baselines/node-smtp.js';
import { postfixMissing, startPostfixChain } from '../baselines/postfix.js';
import { takeTurns, type Cell } from '../cell.js';
import { atLeast, median, ratios, type Figure, type Findings, type Verdict } from '../figures.js';
import type { Lab } from '../lab.js';

/** Messages per second, in parts of those of two Postfix. */
const postfixRatioMin = 2;

export interface SmallCase {
  readonly octets: number;
  readonly associations: number;
  /** Messages of each run; left out: what takes some seconds. */
  readonly count?: number;
  readonly against: 'nothing' | 'smtp';
  /** Agents in between. */
  readonly relays: number;
}

/** Agents that keep so many associations busy, started. */
async function startChain(lab: Lab, associations: number, relays: number): Promise<readonly Agent[]> {
  const names = ['alpha', ...Array.from({ length: relays }, (_, i) => `relay${String(i + 1)}`), 'beta'];
  const values = { association: { maximum: associations, thresholdMessages: 1 } };
  const agents = await makeChain(lab, { names, values });
  await Promise.all(agents.map((agent) => agent.start()));
  return agents;
}

/** Seconds from the first message submitted to the last one delivered. */
async function endToEnd(
  agents: readonly Agent[],
  run: SmallCase & { readonly count: number },
): Promise<{ seconds: number; accepted: number }> {
  const [alpha, beta] = [agents[0], agents.at(-1)];
  if (alpha === undefined || beta === undefined) throw new RangeError('a chain of two at least');
  const from = alpha.logOctets();
  const { delivered } = (await beta.status()).queue;
  const loaded = alpha.load(run.count, run.octets, run.associations);
  await beta.delivered(delivered + run.count);
  const ended = Date.now();
  const { messagesPerSecond } = JSON.parse(await loaded) as { readonly messagesPerSecond: number };
  const first = alpha.firstLine(from, 'message.submitted');
  return { seconds: (ended - first.time) / 1000, accepted: messagesPerSecond };
}

/**
 * Opens the associations and lets the compilers see their work: a daemon runs for months, its first seconds tell nothing of it. Messages per
 * second at the end.
 */
async function warmUp(agents: readonly Agent[], run: SmallCase): Promise<number> {
  let spent = 0;
  let count = run.count ?? trialCount;
  for (;;) {
    const { seconds } = await endToEnd(agents, { ...run, count });
    spent += seconds;
    const rate = count / seconds;
    if (run.count !== undefined || spent >= warmUpSeconds) return rate;
    count = Math.max(Math.ceil((rate * (warmUpSeconds - spent)) / 2), trialCount);
  }
}

/** One of those that are compared. */
interface Side {
  /** Messages per second. */
  rate(): Promise<number>;
  /** Seconds of CPU so far, by whose they are. */
  readonly cpu: Readonly<Record<string, () => number>>;
}

type Sides = Readonly<Record<'mta', Side> & Partial<Record<'postfix' | 'node', Side>>>;

export async function measureSmall(lab: Lab, rounds: number, run: SmallCase): Promise<Findings> {
  const { octets, associations } = run;
  const agents = await startChain(lab, associations, run.relays);
  const rate = await warmUp(agents, run);
  const count = run.count ?? Math.max(Math.ceil(rate * runSeconds), trialCount);
  const accepted: number[] = [];
  const mta: Side = {
    rate: async () => {
      const { seconds, accepted: rate } = await endToEnd(agents, { ...run, count });
      accepted.push(rate);
      return count / seconds;
    },
    cpu: Object.fromEntries(agents.map((agent) => [agent.name, () => agent.reading().cpuSeconds])),
  };
  const missing = run.against === 'smtp' ? postfixMissing() : undefined;
  const isCompared = run.against === 'smtp' && missing === undefined;
  const sides: Sides = isCompared ? { mta, ...(await startOthers(lab, associations, count, octets)) } : { mta };
  const clocks = Object.values(sides).flatMap(({ cpu }) => Object.entries(cpu));
  const before = clocks.map(([, read]) => read());
  const rates = Object.fromEntries(Object.entries(sides).map(([name, side]) => [name, () => side.rate()]));
  const taken: Readonly<Record<string, readonly number[]>> = await takeTurns(rounds, rates);
  const cpu = clocks.map(([name, read], i): Figure => ({
    name: `CPU of ${name}`,
    unit: 's/1000 messages',
    values: [((read() - (before[i] ?? 0)) * 1000) / (rounds * count)],
  }));
  const { mta: ours = [], postfix, node } = taken;
  const verdicts: Verdict[] = [];
  const notes = [`${String(count)} messages of ${String(octets)} octets in each run`];
  const what = `messages per second by Postfix, ${String(octets)} octets, ${String(associations)} sessions`;
  if (missing !== undefined) {
    notes.push(`*** POSTFIX WAS NOT MEASURED: ${missing} ***`);
    verdicts.push({ what, expected: `at least ${String(postfixRatioMin)}`, seen: '-', result: 'skipped' });
  }
  if (postfix !== undefined) verdicts.push(atLeast(what, median(ratios(ours, postfix)), postfixRatioMin));
  return {
    figures: [
      { name: 'mta, delivered', unit: 'messages/s', values: ours },
      { name: 'mta, accepted from mta load', unit: 'messages/s', values: accepted },
      ...besideFigures('two Postfix', ours, postfix),
      ...besideFigures('two relays of smtp-server and nodemailer', ours, node),
      ...cpu,
    ],
    verdicts,
    notes,
  };
}

function besideFigures(
  name: string,
  ours: readonly number[],
  theirs: readonly number[] | undefined,
): readonly Figure[] {
  if (theirs === undefined) return [];
  return [
    { name, unit: 'messages/s', values: theirs },
    { name: `mta by ${name}`, unit: '', values: ratios(ours, theirs) },
  ];
}

async function startOthers(
  lab: Lab,
  sessions: number,
  count: number,
  octets: number,
): Promise<Readonly<Record<'postfix' | 'node', Side>>> {
  const postfix = await startPostfixChain(lab, sessions);
  const node = await startNodeSmtpChain(lab, sessions);
  return {
    postfix: {
      rate: async () => count / (await postfix.measure(count, octets)),
      cpu: { 'two Postfix': () => postfix.cpuSeconds() },
    },
    node: {
      rate: async () => count / (await node.measure(count, octets)),
      cpu: { 'two relays in Node': () => node.cpuSeconds() },
    },
  };
}

const rounds = 3;

/** What a run is to take, seconds, at the rate when all is warm. */
const runSeconds = 3;
const warmUpSeconds = 8;
const trialCount = 300;

const sizes = [
  { name: '200', octets: 200, against: 'nothing' },
  { name: '2k', octets: 2048, against: 'smtp' },
  { name: '45k', octets: 45 * 1024, against: 'smtp' },
  { name: '1m', octets: 1024 * 1024, against: 'nothing' },
] as const;

const inTable: ReadonlySet<string> = new Set(['small-2k-1', 'small-2k-4', 'small-2k-16']);

export const smallCells: readonly Cell[] = [
  ...sizes.flatMap(({ name: size, octets, against }) =>
    [1, 4, 16, 64].map((associations): Cell => {
      const name = `small-${size}-${String(associations)}`;
      const beside = against === 'smtp' ? ', beside Postfix and a relay in Node' : '';
      return {
        name,
        what: `messages of ${String(octets)} octets, ${String(associations)} associations, durable at both ends and delivered${beside}`,
        part: inTable.has(name) ? 'table' : 'full',
        timeBoxSeconds: 150,
        run: (lab) => measureSmall(lab, rounds, { octets, associations, against, relays: 0 }),
      };
    }),
  ),
  {
    name: 'relay-2k-16',
    what: 'messages of 2048 octets by way of a third agent, 16 associations',
    part: 'full',
    timeBoxSeconds: 120,
    run: (lab) => measureSmall(lab, rounds, { octets: 2048, associations: 16, against: 'nothing', relays: 1 }),
  },
];

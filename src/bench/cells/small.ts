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

export async function measureSmall(lab: Lab, rounds: number, run: SmallCase): Promise<Findings> {
  const { octets, associations } = run;
  const agents = await startChain(lab, associations, run.relays);
  const trial = await endToEnd(agents, { ...run, count: run.count ?? trialCount }); // opens the associations, warms the compilers
  const count = run.count ?? Math.max(Math.ceil((trialCount / trial.seconds) * runSeconds), trialCount);
  const accepted: number[] = [];
  const mta = async (): Promise<number> => {
    const { seconds, accepted: rate } = await endToEnd(agents, { ...run, count });
    accepted.push(rate);
    return count / seconds;
  };
  const missing = run.against === 'smtp' ? postfixMissing() : undefined;
  const before = agents.map((agent) => agent.reading().cpuSeconds);
  let taken: Readonly<Partial<Record<'mta' | 'postfix' | 'node', readonly number[]>>>;
  if (run.against === 'smtp' && missing === undefined) {
    const postfix = await startPostfixChain(lab, associations);
    const node = await startNodeSmtpChain(lab, associations);
    taken = await takeTurns(rounds, {
      mta,
      postfix: async () => count / (await postfix.measure(count, octets)),
      node: async () => count / (await node.measure(count, octets)),
    });
  } else taken = await takeTurns(rounds, { mta });
  const thousands = (rounds * count) / 1000;
  const cpu = agents.map((agent, i) => (agent.reading().cpuSeconds - (before[i] ?? 0)) / thousands);
  const ours = taken.mta ?? [];
  const figures: Figure[] = [
    { name: 'mta, delivered', unit: 'messages/s', values: ours },
    { name: 'mta, accepted from mta load', unit: 'messages/s', values: accepted },
    ...agents.map(({ name }, i) => ({ name: `CPU of ${name}`, unit: 's/1000 messages', values: [cpu[i] ?? NaN] })),
  ];
  const verdicts: Verdict[] = [];
  const notes = [`${String(count)} messages of ${String(octets)} octets in each run`];
  if (missing !== undefined) {
    notes.push(`*** POSTFIX WAS NOT MEASURED: ${missing} ***`);
    verdicts.push({
      what: 'by Postfix',
      expected: `at least ${String(postfixRatioMin)}`,
      seen: '-',
      result: 'skipped',
    });
  }
  if (taken.postfix !== undefined && taken.node !== undefined) {
    const share = ratios(ours, taken.postfix);
    figures.push(
      { name: 'two Postfix', unit: 'messages/s', values: taken.postfix },
      { name: 'ratio to Postfix', unit: '', values: share },
      { name: 'two relays of smtp-server and nodemailer', unit: 'messages/s', values: taken.node },
      { name: 'ratio to these', unit: '', values: ratios(ours, taken.node) },
    );
    const what = `messages per second by Postfix, ${String(octets)} octets, ${String(associations)} sessions`;
    verdicts.push(atLeast(what, median(share), postfixRatioMin));
  }
  return { figures, verdicts, notes };
}

const rounds = 3;

/** What a run is to take, seconds, at the rate of the first few messages. */
const runSeconds = 3;
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

import { startDelayLink, type DelayLink } from '../links.js';
import { makeChain, type Agent } from '../agents.js';
import { copyRate, roundTrips } from '../baselines/tcp.js';
import { takeTurns, type Cell } from '../cell.js';
import { atLeast, median, numberText, ratios, type Findings } from '../figures.js';
import { until, type Lab } from '../lab.js';
import { readProcess } from '../process-readings.js';
import type { BulkOrder } from '../programs/bulk-sender.js';
import type { TcpPeerReady } from '../programs/tcp-peer.js';

const kibi = 1024;
const mebi = 1024 * kibi;

/** Goodput of one association that must be reached, in parts of what the least program reaches in the same run. */
const boundRatioMin = 0.9;

export interface BulkCase {
  readonly checkpointSizeK: number;
  readonly windowSize: number;
  readonly roundTripMilliseconds: number;
}

/** What a run is to take, seconds, at the rate when all is warm. */
const runSeconds = 2;
const warmUpSeconds = 5;
const trialOctetsMax = 4 * mebi;
const trialOctetsMin = 16 * kibi;
const runOctetsMax = 256 * mebi;

/** Seconds that the transfer itself of one message takes, as the sending agent logs it. */
export async function transferSeconds(from: Agent, octets: number): Promise<number> {
  const start = from.logOctets();
  const mts = await from.submit(octets);
  return until(() => {
    const lines = from.lines(start).filter((line) => line['mts'] === mts);
    const started = lines.find(({ event }) => event === 'transfer.started');
    const completed = lines.find(({ event }) => event === 'transfer.completed');
    return started === undefined || completed === undefined ? undefined : (completed.time - started.time) / 1000;
  });
}

/** No more than passes in a second where the window and the round trip are the limit. */
function trialOctetsFor({ checkpointSizeK, windowSize, roundTripMilliseconds }: BulkCase): number {
  if (checkpointSizeK === 0 || roundTripMilliseconds === 0) return trialOctetsMax;
  const octets = (checkpointSizeK * kibi * windowSize * 1000) / roundTripMilliseconds;
  return Math.min(Math.max(octets, trialOctetsMin), trialOctetsMax);
}

/** Seconds of a trial when the compilers have seen its like for a while. */
export async function warmTrialSeconds(from: Agent, octets: number): Promise<number> {
  const began = performance.now();
  for (;;) {
    const seconds = await transferSeconds(from, octets);
    if (performance.now() - began >= warmUpSeconds * 1000) return seconds;
  }
}

/** The run length at the rate of the slower trial. */
function octetsFor(seconds: number, trialOctets: number, ...trialSeconds: readonly number[]): number {
  const octets = (trialOctets / Math.max(...trialSeconds)) * seconds;
  return Math.min(Math.max(Math.round(octets / kibi) * kibi, trialOctets), runOctetsMax);
}

export interface BulkRun {
  readonly rounds: number;
  /** What each run is to take. */
  readonly seconds?: number;
  readonly bulk: BulkCase;
  /** Of the goodput by the bound, where it is a number to hold. */
  readonly ratioMin?: number;
  /** Of each run, without a line and a warm-up; left out: what takes those seconds. */
  readonly octets?: number;
}

/** Both sides by turns, over lines of the same latency. */
export async function measureBulk(lab: Lab, { rounds, bulk, ratioMin, ...run }: BulkRun): Promise<Findings> {
  const { checkpointSizeK, windowSize, roundTripMilliseconds } = bulk;
  // Over the line alone the compilers would see too little of the work for a minute: it is warmed up without the delay.
  const links: DelayLink[] = [];
  let presentRoundTrip = 0;
  const way = async (port: number): Promise<number> => {
    if (roundTripMilliseconds === 0) return port;
    const link = await startDelayLink(lab, port, presentRoundTrip);
    links.push(link);
    return link.port;
  };
  const chain = await makeChain(lab, {
    names: ['alpha', 'beta'],
    values: { rts: { checkpointSizeK, ...(checkpointSizeK === 0 ? {} : { windowSize }) } },
    via: way,
  });
  const [alpha, beta] = chain;
  if (alpha === undefined || beta === undefined) throw new RangeError('a chain of two');
  await Promise.all([alpha.start(), beta.start()]);
  const receiver = await lab.program<{ readonly port: number }>('bulk-receiver', { file: `${lab.folder}/bound` });
  const sender = await lab.program<object>('bulk-sender', {});
  const trialOctets = trialOctetsFor(bulk);
  const trial: BulkOrder = {
    port: await way(receiver.ready.port),
    octets: trialOctets,
    checkpointOctets: checkpointSizeK * 1024,
    windowSize,
  };
  const tried = async (): Promise<number> => {
    await warmTrialSeconds(alpha, trialOctetsMax);
    for (const link of links) await link.setRoundTrip(roundTripMilliseconds);
    presentRoundTrip = roundTripMilliseconds;
    const trialSeconds = [await transferSeconds(alpha, trialOctets), await sender.ask<number>(trial)];
    return octetsFor(run.seconds ?? runSeconds, trialOctets, ...trialSeconds);
  };
  await transferSeconds(alpha, trialOctets); // opens the association
  const octets = run.octets ?? (await tried());
  const order = { ...trial, octets };
  const pids = [alpha.pid, beta.pid, sender.pid, receiver.pid];
  const before = pids.map((pid) => readProcess(pid).cpuSeconds);
  const { ours, bound } = await takeTurns(rounds, {
    ours: async () => octets / mebi / (await transferSeconds(alpha, octets)),
    bound: async () => octets / mebi / (await sender.ask<number>(order)),
  });
  const gigas = (rounds * octets) / 1e9;
  const cpu = pids.map((pid, i) => (readProcess(pid).cpuSeconds - (before[i] ?? 0)) / gigas);
  const plain = await plainTcp(lab, way, octets);
  const share = ratios(ours, bound);
  return {
    figures: [
      { name: 'mta', unit: 'MiB/s', values: ours },
      { name: 'bound', unit: 'MiB/s', values: bound },
      { name: 'ratio', unit: '', values: share },
      { name: 'plain TCP on the same way', unit: 'MiB/s', values: [plain.copy] },
      { name: 'round trip on the same way', unit: 'ms', values: plain.trips },
      { name: 'CPU of the sender, submission included', unit: 's/GB', values: [cpu[0] ?? NaN] },
      { name: 'CPU of the receiver', unit: 's/GB', values: [cpu[1] ?? NaN] },
      { name: 'CPU of the sender of the bound', unit: 's/GB', values: [cpu[2] ?? NaN] },
      { name: 'CPU of its receiver', unit: 's/GB', values: [cpu[3] ?? NaN] },
    ],
    verdicts:
      ratioMin === undefined ? [] : [atLeast(`goodput by the bound, ${caseText(bulk)}`, median(share), ratioMin)],
    notes: [`${numberText(octets / mebi)} MiB in each run`],
  };
}

const tripCount = 20;

async function plainTcp(
  lab: Lab,
  way: (port: number) => Promise<number>,
  octets: number,
): Promise<{ readonly copy: number; readonly trips: readonly number[] }> {
  const peer = await lab.program<TcpPeerReady>('tcp-peer', {});
  const trips = await roundTrips(await way(peer.ready.echoPort), tripCount);
  return { copy: (await copyRate(await way(peer.ready.sinkPort), octets)) / mebi, trips };
}

function caseText({ checkpointSizeK, windowSize, roundTripMilliseconds }: BulkCase): string {
  const values = checkpointSizeK === 0 ? 'no checkpoints' : `${String(checkpointSizeK)}/${String(windowSize)}`;
  return `${values}, ${String(roundTripMilliseconds)} ms`;
}

/** Without a line it is the machine that limits, whose speed comes and goes: more and shorter turns. */
const ways = [
  { roundTripMilliseconds: 0, rounds: 7, seconds: 1 },
  { roundTripMilliseconds: 10, rounds: 5, seconds: 2 },
  { roundTripMilliseconds: 50, rounds: 3, seconds: 2 },
  { roundTripMilliseconds: 200, rounds: 3, seconds: 2 },
];

const valuePairs = [
  { checkpointSizeK: 30, windowSize: 5, part: 'table' },
  { checkpointSizeK: 1024, windowSize: 16, part: 'table' },
  { checkpointSizeK: 0, windowSize: 1, part: 'full' },
  { checkpointSizeK: 1, windowSize: 1, part: 'full' },
  { checkpointSizeK: 5, windowSize: 3, part: 'full' },
] as const;

export const bulkCells: readonly Cell[] = valuePairs.flatMap(({ part, ...values }) =>
  ways.map(({ roundTripMilliseconds, rounds, seconds }): Cell => {
    const bulk = { ...values, roundTripMilliseconds };
    const pair = values.checkpointSizeK === 0 ? '0' : `${String(values.checkpointSizeK)}-${String(values.windowSize)}`;
    return {
      name: `bulk-${pair}-${String(roundTripMilliseconds)}ms`,
      what: `goodput of one association, ${caseText(bulk)} round trip, by the bound`,
      part,
      timeBoxSeconds: 120,
      run: (lab) =>
        measureBulk(lab, { rounds, seconds, bulk, ...(part === 'table' ? { ratioMin: boundRatioMin } : {}) }),
    };
  }),
);

import { createHash } from 'node:crypto';
import { generateSchedule } from '../faults/generate.js';
import { Random } from '../faults/random.js';
import type { Fault, Schedule } from '../faults/schedule.js';
import { violationsOf } from './checks.js';
import { Coverage } from './coverage.js';
import { Custody } from './custody.js';
import { DatabasePool } from './database-pool.js';
import { FaultPlayer } from './fault-player.js';
import { cutLoad, type LoadCut, type LoadItem } from './load-plan.js';
import { Load, type SubmittedItem } from './load.js';
import { makeScenario, type NetworkPlan, type Scenario } from './scenario.js';
import { TransferWatch } from './transfer-watch.js';
import { VirtualAgent } from './virtual-agent.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualNetwork } from './virtual-network.js';
import { VirtualStore } from './virtual-store.js';

/** Independent of the numbers that the same seed gives for other uses. */
const piecesStream = 4;
const pieceOctetsMax = 4000;

/** Faults cease when the last that can strike has done so, and quiet must come within this time. */
const quietMillisecondsMax = 2 * 3_600_000;

/** How often it is looked whether quiet has come. */
const lookMilliseconds = 2000;

/** After quiet: what is remembered for a time has been forgotten, and the store has been swept twice. */
const afterQuietMilliseconds = 250_000;

const pool = new DatabasePool();

export interface RunOptions {
  /** Instead of the one that the seed makes. */
  readonly schedule?: Schedule;
  readonly load?: LoadCut;
  readonly listener?: Listener;
}

export interface RunResult {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly load: readonly LoadItem[];
  /** Sentences; none if everything held. */
  readonly violations: readonly string[];
  /** Of everything that was logged, and when: the same for the same seed and options. */
  readonly traceHash: string;
  readonly virtualMilliseconds: number;
  /** How often what has happened. */
  readonly coverage: ReadonlyMap<string, number>;
}

/** What the checks look at when all is over. */
export interface FinishedRun {
  readonly scenario: Scenario;
  readonly agents: readonly VirtualAgent[];
  readonly submitted: readonly SubmittedItem[];
  readonly struck: ReadonlySet<Fault['kind']>;
  /** MTS identifiers of messages that an operator has taken out of a queue. */
  readonly removed: ReadonlySet<string>;
  readonly quiet: boolean;
  readonly network: VirtualNetwork;
}

/** Called with each line of the log: the time, the agent's name, the event, its fields as JSON. */
export type Listener = (at: number, agent: string, event: string, fields: string) => void;

/** Makes everything that the seed says, lets the faults strike and cease, waits for quiet, and looks whether what must hold holds. */
export function runSeed(seed: number, options: RunOptions = {}): RunResult {
  const made = makeScenario(seed);
  const scenario = { ...made, load: cutLoad(made.load, options.load ?? {}) };
  const { schedule = generateSchedule(seed, scenario.profile), listener } = options;
  const clock = new VirtualClock();
  const network = networkOf(clock, scenario.network, seed);
  const custody = new Custody(scenario);
  const transfers = new TransferWatch();
  const coverage = new Coverage();
  const trace = createHash('sha256');
  const log = (name: string, event: string, text: string): void => {
    trace.update(`${String(clock.now)} ${name} ${event} ${text}\n`);
    listener?.(clock.now, name, event, text);
  };
  const agents = scenario.agents.map(({ name, site }, number) => {
    const storage = new VirtualStore(clock, pool);
    storage.keepsImages = schedule.some(({ kind }) => kind === 'power-loss');
    storage.observer = (request, answer) => {
      custody.stored(number, request, answer);
    };
    const agent = new VirtualAgent(clock, network, site, storage);
    agent.answerMilliseconds = scenario.answerMilliseconds;
    agent.observer = (observation) => {
      log(name, observation.event, JSON.stringify(observation.fields));
      transfers.observed(name, observation);
      coverage.observed(name, observation);
    };
    return agent;
  });
  const struck = new Set<Fault['kind']>();
  const removed = new Set<string>();
  const load = new Load(clock, agents, scenario.load, seed);
  const player = new FaultPlayer(
    {
      clock,
      network,
      agents,
      struck: (fault) => {
        struck.add(fault.kind);
        coverage.struck(fault, agents);
        log('-', 'fault', JSON.stringify(fault));
      },
      died: (agent) => {
        load.died(agent);
      },
      removed: (mtsIdentifier) => {
        removed.add(mtsIdentifier);
      },
    },
    schedule,
    seed,
  );
  const violations: string[] = [];
  try {
    for (const agent of agents) agent.start();
    clock.run(scenario.profile.horizonMilliseconds);
    player.cease();
    const quiet = waitForQuiet(clock, agents, load);
    if (quiet) clock.run(afterQuietMilliseconds);
    const finished = { scenario, agents, submitted: load.submitted, struck, removed, quiet, network };
    violations.push(
      ...custody.violations,
      ...transfers.violations({ struck, scenario }),
      ...violationsOf(finished, coverage),
    );
    for (const { storage } of agents) storage.end();
  } catch (error) {
    violations.push(`thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return {
    seed,
    schedule,
    load: scenario.load,
    violations,
    traceHash: trace.digest('hex').slice(0, 16),
    virtualMilliseconds: clock.now,
    coverage: coverage.counts,
  };
}

function networkOf(clock: VirtualClock, plan: NetworkPlan, seed: number): VirtualNetwork {
  const network = new VirtualNetwork(clock);
  network.latencyMilliseconds = plan.latencyMilliseconds;
  network.octetsPerSecond = plan.octetsPerSecond;
  if (plan.pieces) {
    const random = new Random(seed, piecesStream);
    network.pieceOctets = () => random.magnitude(1, pieceOctetsMax);
  }
  return network;
}

function waitForQuiet(clock: VirtualClock, agents: readonly VirtualAgent[], load: Load): boolean {
  const end = clock.now + quietMillisecondsMax;
  while (clock.now < end) {
    clock.run(lookMilliseconds);
    if (load.isOver && agents.every(isQuiet)) return true;
  }
  return false;
}

function isQuiet(agent: VirtualAgent): boolean {
  const status = agent.engine?.status();
  if (status === undefined || status.associations.length > 0) return false;
  const counts = agent.call('counts', {});
  return Object.keys(counts.connectors).length === 0;
}

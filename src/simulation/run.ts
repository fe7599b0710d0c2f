import { createHash } from 'node:crypto';
import { generateSchedule } from '../faults/generate.js';
import { Random } from '../faults/random.js';
import type { Fault, Schedule } from '../faults/schedule.js';
import { violationsOf } from './checks.js';
import { FaultPlayer } from './fault-player.js';
import { Load, type SubmittedItem } from './load.js';
import { makeScenario, type Scenario } from './scenario.js';
import { VirtualAgent, siteOf } from './virtual-agent.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualNetwork } from './virtual-network.js';

/** Independent of the numbers that the same seed gives for other uses. */
const piecesStream = 4;

/** Faults cease when the last that can strike has done so, and quiet must come within this time. */
const quietMillisecondsMax = 2 * 3_600_000;

/** How often it is looked whether quiet has come. */
const lookMilliseconds = 2000;

/** After quiet: what is remembered for a time has been forgotten, and the store has been swept twice. */
const afterQuietMilliseconds = 250_000;

export interface RunResult {
  readonly seed: number;
  readonly schedule: Schedule;
  /** Sentences; none if everything held. */
  readonly violations: readonly string[];
  /** Of everything that was logged, and when: the same for the same seed and schedule. */
  readonly traceHash: string;
  readonly virtualMilliseconds: number;
  readonly messages: number;
  /** What has struck, and at what time. */
  readonly struck: readonly { readonly at: number; readonly fault: Fault }[];
}

/** What the checks look at when all is over. */
export interface FinishedRun {
  readonly scenario: Scenario;
  readonly agents: readonly VirtualAgent[];
  readonly submitted: readonly SubmittedItem[];
  readonly struck: readonly { readonly at: number; readonly fault: Fault }[];
  readonly quiet: boolean;
  readonly network: VirtualNetwork;
}

/** Called with each line of the log: the time, the agent's name, the event, its fields as JSON. */
export type Listener = (at: number, agent: string, event: string, fields: string) => void;

/** Makes everything that the seed says, lets the faults strike and cease, waits for quiet, and looks whether what must hold holds. */
export function runSeed(
  seed: number,
  schedule: Schedule = generateSchedule(seed, makeScenario(seed).profile),
  listener?: Listener,
): RunResult {
  const scenario = makeScenario(seed);
  const clock = new VirtualClock();
  const network = new VirtualNetwork(clock);
  network.latencyMilliseconds = scenario.network.latencyMilliseconds;
  network.octetsPerSecond = scenario.network.octetsPerSecond;
  if (scenario.network.pieces) {
    const random = new Random(seed, piecesStream);
    network.pieceOctets = () => random.magnitude(1, 4000);
  }
  const trace = createHash('sha256');
  const agents = scenario.agents.map(({ name, file }) => {
    const agent = new VirtualAgent(clock, network, siteOf(file));
    agent.answerMilliseconds = scenario.answerMilliseconds;
    agent.observer = ({ event, fields }) => {
      const text = JSON.stringify(fields);
      trace.update(`${String(clock.now)} ${name} ${event} ${text}\n`);
      listener?.(clock.now, name, event, text);
    };
    return agent;
  });
  const struck: { at: number; fault: Fault }[] = [];
  const load = new Load(clock, agents, scenario.load, seed);
  const player = new FaultPlayer(
    {
      clock,
      network,
      agents,
      struck: (fault) => {
        struck.push({ at: clock.now, fault });
        listener?.(clock.now, '-', 'fault', JSON.stringify(fault));
      },
      died: (agent) => {
        load.died(agent);
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
    clock.run(afterQuietMilliseconds);
    violations.push(...violationsOf({ scenario, agents, submitted: load.submitted, struck, quiet, network }));
  } catch (error) {
    violations.push(`thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return {
    seed,
    schedule,
    violations,
    traceHash: trace.digest('hex').slice(0, 16),
    virtualMilliseconds: clock.now,
    messages: scenario.load.length,
    struck,
  };
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

import type { FaultProfile } from '../faults/generate.js';
import { Random } from '../faults/random.js';
import type { Limits } from '../config/limits.js';
import type { Connector, Site } from '../config/site.js';
import type { ConnectorValues, MismatchAction, RtsValues } from '../config/values.js';
import { loadSizes, makeLoad, pickLoadSize, type LoadItem, type LoadSizeName } from './load-plan.js';
import { agentsOf, connectorOf, hops, nameOf, sitesOf, type Hop, type Topology } from './topology.js';

/** Independent of the numbers that the same seed gives for faults. */
const scenarioStream = 2;

/** Faults strike before this time. */
const horizonMilliseconds = 180_000;

/** What goes over the network besides the load: an association's opening, a message's envelope. */
const openingOctets = 1500;
const envelopeOctets = 800;
const packetOctets = 250;

/** A link that needs longer for a message without checkpoints than the stall timeout never gets it over. */
const slackOfStall = 1.5;

/** One agent: the site it starts with, and what the run must know of it. */
export interface AgentPlan {
  readonly name: string;
  readonly site: Site;
  readonly recoveryTimeoutSecondsMin: number;
}

/** How long messages are tried: until they get through, or so that some are given up and reported. */
export type Patience = 'endless' | 'short';

export interface Scenario {
  readonly topology: Topology;
  readonly loadSize: LoadSizeName;
  readonly patience: Patience;
  readonly agents: readonly AgentPlan[];
  readonly load: readonly LoadItem[];
  readonly network: NetworkPlan;
  /** From the commit of the store to its answers, milliseconds. */
  readonly answerMilliseconds: number;
  readonly profile: FaultProfile;
}

export interface NetworkPlan {
  readonly latencyMilliseconds: number;
  readonly octetsPerSecond: number;
  readonly pieces: boolean;
}

/** What both ends of a connector must have alike, and the RTS values of each. */
interface LinkPlan {
  readonly ends: readonly [number, number];
  readonly shared: Pick<Connector, 'mode' | 'p1' | 'dialogue' | 'passwordType'>;
  readonly rts: readonly [RtsValues, RtsValues];
}

type RetryPlan = Pick<ConnectorValues, 'retry' | 'association' | 'transferTimeout'>;

export function makeScenario(seed: number): Scenario {
  const random = new Random(seed, scenarioStream);
  const topology = random.pick<Topology>(['pair', 'pair', 'pair', 'pair', 'pair', 'chain', 'triangle', 'long-chain']);
  const loadSize = pickLoadSize(random);
  const patience: Patience = random.chance(0.2) ? 'short' : 'endless';
  const agents = agentsOf(topology);
  const network = networkPlan(random, loadSize);
  const stallSecondsMin = Math.ceil((slackOfStall * loadSizes[loadSize].messageOctetsMax) / network.octetsPerSecond);
  const links = hops[topology]
    .filter(({ at, over }) => at < over)
    .map((hop) => linkPlan(random, hop, loadSize, stallSecondsMin));
  const values = retryPlan(random, patience);
  const limits = limitsOf(random, patience, stallSecondsMin);
  const load = makeLoad(random, agents, loadSize);
  const octetsExpected = load.reduce((sum, { octets }) => sum + octets + envelopeOctets, openingOctets);
  return {
    topology,
    loadSize,
    patience,
    agents: sitesOf(topology).map((site, agent) => agentPlan(agent, site, links, values, limits)),
    load,
    network,
    answerMilliseconds: random.pick([0, 0.5, 20]),
    profile: {
      agents,
      faultsMax: random.between(1, 10),
      horizonMilliseconds,
      octetsExpected,
      packetsExpected: Math.ceil(octetsExpected / packetOctets),
      weights: weightsOf(random, loadSize),
    },
  };
}

function networkPlan(random: Random, loadSize: LoadSizeName): NetworkPlan {
  const octetsPerSecondMin = { small: random.chance(0.3) ? 500 : 20_000, medium: 20_000, large: 20_000, bulk: 1e6 }[
    loadSize
  ];
  return {
    latencyMilliseconds: random.pick([0, 1, 20, 200]),
    octetsPerSecond: random.magnitude(octetsPerSecondMin, octetsPerSecondMin * 500),
    pieces: random.chance(0.2),
  };
}

function weightsOf(random: Random, loadSize: LoadSizeName): FaultProfile['weights'] {
  if (loadSize === 'bulk') return { 'slow-disk': 2, 'slow-receiver': 2, cut: 1 };
  const profile = random.fraction();
  if (profile < 0.25) return { cut: 4, reset: 1, reorder: 1 };
  if (profile < 0.3) return { delay: 4, 'slow-receiver': 1, stop: 1, cut: 1 };
  return {
    cut: 6,
    reset: 2,
    silence: 1,
    'half-open': 2,
    refusal: 2,
    reorder: 1,
    delay: 1,
    'slow-receiver': 1,
    kill: 3,
    'power-loss': 3,
    stop: 2,
    reload: 2,
    'no-connector': 1,
    'wrong-password': 1,
    operator: 2,
    'clock-step': 1,
    'slow-disk': 1,
    'full-disk': 1,
    'database-failure': 1,
  };
}

function linkPlan(random: Random, { at, over }: Hop, loadSize: LoadSizeName, stallSecondsMin: number): LinkPlan {
  const mode = random.pick(['normal', 'x410-1984'] as const);
  const p1 = mode === 'x410-1984' && random.chance(0.3) ? '1984' : '1988';
  const onMismatch: MismatchAction = random.chance(0.1) ? 'refuse' : 'alarm';
  const ours = rtsValues(random, { loadSize, onMismatch, stallSecondsMin });
  // Who refuses other values than its own never talks to one that has them.
  const theirs =
    onMismatch === 'alarm' && random.chance(0.4) ? rtsValues(random, { loadSize, onMismatch, stallSecondsMin }) : ours;
  return {
    ends: [at, over],
    shared: {
      mode,
      p1,
      dialogue: random.pick(['monologue', 'two-way-alternate']),
      passwordType: p1 === '1984' ? 'ia5' : 'octets',
    },
    rts: random.chance(0.1) ? [ours, { ...theirs, recoveryTimeoutSeconds: 0 }] : [ours, theirs],
  };
}

function rtsValues(
  random: Random,
  given: { readonly loadSize: LoadSizeName; readonly onMismatch: MismatchAction; readonly stallSecondsMin: number },
): RtsValues {
  const { loadSize, onMismatch, stallSecondsMin } = given;
  const sizeMaxK = { small: 2, medium: 8, large: 30, bulk: 0 }[loadSize];
  return {
    checkpointSizeK: random.chance(0.1) ? 0 : random.between(Math.min(sizeMaxK, 1), sizeMaxK),
    windowSize: random.between(1, 5),
    recoveryTimeoutSeconds: random.pick([0, 1, 10, 60, 60, 60]),
    stallTimeoutSeconds: random.between(3, 20) + stallSecondsMin,
    onMismatch,
  };
}

function retryPlan(random: Random, patience: Patience): RetryPlan {
  const isShort = patience === 'short';
  return {
    retry: {
      maxOpenRetries: isShort ? random.pick([0, 1, 3, 10_000]) : 10_000,
      openIntervalSeconds: random.between(1, 10),
      maxTransferRetries: isShort ? random.between(0, 2) : 1000,
      transferIntervalSeconds: random.between(1, 10),
    },
    association: {
      lifetimeSeconds: random.between(1, 30),
      disconnectSeconds: 5,
      thresholdMessages: random.pick([1, 1, 2, 10]),
      maximum: random.between(1, 3),
    },
    transferTimeout: { urgentSecondsPerK: 5, normalSecondsPerK: 10, nonUrgentSecondsPerK: 20 },
  };
}

function limitsOf(random: Random, patience: Patience, stallSecondsMin: number): Partial<Limits> {
  const acknowledgementTimeoutSeconds = 10 + stallSecondsMin; // The end of an activity waits behind its octets.
  const times = { idleTimeoutSeconds: 60, bindTimeoutSeconds: 10, acknowledgementTimeoutSeconds };
  if (patience === 'endless') return times;
  const expirySeconds = random.pick([20, 120, 100_000]);
  return {
    ...times,
    urgentExpirySeconds: expirySeconds,
    normalExpirySeconds: 2 * expirySeconds,
    nonUrgentExpirySeconds: 3 * expirySeconds,
  };
}

function agentPlan(
  agent: number,
  site: Site,
  links: readonly LinkPlan[],
  values: RetryPlan,
  limits: Partial<Limits>,
): AgentPlan {
  const connectors = site.connectors.map((connector): Connector => {
    const link = links.find(
      ({ ends }) => ends.includes(agent) && ends.some((end) => connectorOf(end) === connector.name),
    );
    if (link === undefined) throw new Error(`connector ${connector.name} leads nowhere`);
    return { ...connector, ...link.shared, ...values, rts: link.rts[link.ends[0] === agent ? 0 : 1] };
  });
  return {
    name: nameOf(agent),
    site: { ...site, connectors, limits: { ...site.limits, ...limits } },
    recoveryTimeoutSecondsMin: Math.min(...connectors.map(({ rts }) => rts.recoveryTimeoutSeconds)),
  };
}

import type { FaultProfile } from '../faults/generate.js';
import { Random } from '../faults/random.js';

/** Independent of the numbers that the same seed gives for faults. */
const scenarioStream = 2;

const kibi = 1024;
const loadMilliseconds = 60_000;
const messageOctetsMax = 400 * kibi;
const totalOctetsMax = 1200 * kibi;
const messagesMax = 12;

/** Faults strike before this time. */
const horizonMilliseconds = 180_000;

type AgentName = 'ALPHA' | 'BETA' | 'GAMMA';
const agentNames: readonly AgentName[] = ['ALPHA', 'BETA', 'GAMMA'];
const users = ['Anna', 'Bob'] as const;

export type Topology = 'pair' | 'chain' | 'triangle';

/** One agent: the site file it starts with, and what the run must know of it. */
export interface AgentPlan {
  readonly name: string;
  readonly file: object;
  readonly recoveryTimeoutSecondsMin: number;
  readonly checkpointOctetsMax: number;
  readonly windowSizeMax: number;
}

/** One message that a user submits. */
export interface LoadItem {
  /** Names it in whatever comes of it. */
  readonly contentIdentifier: string;
  readonly atMilliseconds: number;
  readonly agent: number;
  readonly from: string;
  readonly originatorMailbox: string;
  readonly recipients: readonly LoadRecipient[];
  readonly octets: number;
  readonly priority: 'urgent' | 'normal' | 'non-urgent';
  readonly reports: 'none' | 'non-delivery' | 'all';
}

export interface LoadRecipient {
  readonly address: string;
  /** Undefined: nobody has this address. */
  readonly mailbox?: { readonly agent: number; readonly name: string };
}

export interface Scenario {
  readonly topology: Topology;
  readonly agents: readonly AgentPlan[];
  readonly load: readonly LoadItem[];
  readonly network: {
    readonly latencyMilliseconds: number;
    readonly octetsPerSecond: number;
    readonly pieces: boolean;
  };
  /** From the commit of the store to its answers, milliseconds. */
  readonly answerMilliseconds: number;
  readonly profile: FaultProfile;
}

interface LinkPlan {
  readonly ends: readonly [number, number];
  readonly mode: 'normal' | 'x410-1984';
  readonly p1: '1988' | '1984';
  readonly dialogue: 'monologue' | 'two-way-alternate';
  /** RTS values of each end. */
  readonly rts: readonly [RtsPlan, RtsPlan];
}

interface RtsPlan {
  readonly checkpointSizeK: number;
  readonly windowSize: number;
  readonly recoveryTimeoutSeconds: number;
  readonly stallTimeoutSeconds: number;
}

/** Which spaces each agent reaches over which neighbour. */
const routes: Readonly<Record<Topology, readonly (readonly [at: number, over: number, to: readonly number[]])[]>> = {
  pair: [
    [0, 1, [1]],
    [1, 0, [0]],
  ],
  chain: [
    [0, 1, [1, 2]],
    [1, 0, [0]],
    [1, 2, [2]],
    [2, 1, [0, 1]],
  ],
  triangle: [
    [0, 1, [1]],
    [0, 2, [2]],
    [1, 0, [0]],
    [1, 2, [2]],
    [2, 0, [0]],
    [2, 1, [1]],
  ],
};

export function makeScenario(seed: number): Scenario {
  const random = new Random(seed, scenarioStream);
  const topology = random.pick<Topology>(['pair', 'pair', 'pair', 'chain', 'triangle']);
  const agents = topology === 'pair' ? 2 : 3;
  const hops = routes[topology];
  const links = hops.filter(([at, over]) => at < over).map(([at, over]) => linkPlan(random, [at, over]));
  const retry = {
    maxOpenRetries: 10_000,
    openIntervalSeconds: random.between(1, 10),
    maxTransferRetries: 1000,
    transferIntervalSeconds: random.between(1, 10),
  };
  const association = {
    lifetimeSeconds: random.between(1, 30),
    disconnectSeconds: 5,
    thresholdMessages: random.between(1, 10),
    maximum: random.between(1, 3),
  };
  const load = makeLoad(random, agents);
  const loadOctets = load.reduce((sum, { octets }) => sum + octets, 0);
  return {
    topology,
    agents: Array.from({ length: agents }, (_, agent) => agentPlan(agent, hops, links, { retry, association })),
    load,
    network: {
      latencyMilliseconds: random.pick([0, 1, 20, 200]),
      octetsPerSecond: random.magnitude(20_000, 10_000_000),
      pieces: random.chance(0.3),
    },
    answerMilliseconds: random.pick([0, 0.5, 20]),
    profile: {
      agents,
      faultsMax: random.between(1, 10),
      horizonMilliseconds,
      octetsExpected: Math.max(Math.round(loadOctets * 1.2), 1000),
      weights: random.chance(0.3)
        ? { cut: 1 }
        : {
            cut: 6,
            silence: 2,
            refusal: 2,
            delay: 1,
            kill: 3,
            'power-loss': 3,
            stop: 2,
            reload: 2,
            'slow-disk': 1,
            'full-disk': 1,
          },
    },
  };
}

function linkPlan(random: Random, ends: readonly [number, number]): LinkPlan {
  const mode = random.pick(['normal', 'x410-1984'] as const);
  const rts = (): RtsPlan => ({
    checkpointSizeK: random.pick([random.between(1, 5), random.between(1, 30)]),
    windowSize: random.between(1, 5),
    recoveryTimeoutSeconds: random.pick([0, 1, 10, 60, 60, 60]),
    stallTimeoutSeconds: random.between(3, 20),
  });
  const ours = rts();
  return {
    ends,
    mode,
    p1: mode === 'x410-1984' && random.chance(0.3) ? '1984' : '1988',
    dialogue: random.pick(['monologue', 'two-way-alternate']),
    rts: [ours, random.chance(0.5) ? ours : rts()],
  };
}

function agentPlan(
  agent: number,
  hops: (typeof routes)[Topology],
  links: readonly LinkPlan[],
  values: { readonly retry: object; readonly association: object },
): AgentPlan {
  const name = nameOf(agent);
  const rtsValues: RtsPlan[] = [];
  const connectors = hops.flatMap(([at, over, spaces]) => {
    const link = links.find(({ ends }) => ends.includes(agent) && ends.includes(over));
    if (at !== agent || link === undefined) return [];
    const rts = link.rts[link.ends[0] === agent ? 0 : 1];
    rtsValues.push(rts);
    return [
      {
        name: nameOf(over).toLowerCase(),
        mode: link.mode,
        p1: link.p1,
        dialogue: link.dialogue,
        remote: {
          mtaName: `MTA-${nameOf(over)}`,
          password: `secret-${String(over)}`,
          host: 'peer',
          port: portOf(over),
          transportSelector: 'MTA',
        },
        addressSpace: spaces.map((space) => ({ pattern: `C=GB;ADMD= ;PRMD=${nameOf(space)}` })),
        override: { rts, ...values },
      },
    ];
  });
  return {
    name,
    file: {
      mta: {
        name: `MTA-${name}`,
        password: `secret-${String(agent)}`,
        globalDomain: { country: 'GB', admd: ' ', prmd: name },
      },
      listen: [{ host: '127.0.0.1', port: portOf(agent), transportSelector: 'MTA' }],
      dataDirectory: '/data',
      limits: { idleTimeoutSeconds: 60, bindTimeoutSeconds: 10, acknowledgementTimeoutSeconds: 10 },
      connectors,
      mailboxes: users.map((user) => ({ name: user.toLowerCase(), address: addressOf(agent, user) })),
    },
    recoveryTimeoutSecondsMin: Math.min(...rtsValues.map(({ recoveryTimeoutSeconds }) => recoveryTimeoutSeconds)),
    checkpointOctetsMax: Math.max(...rtsValues.map(({ checkpointSizeK }) => checkpointSizeK)) * kibi,
    windowSizeMax: Math.max(...rtsValues.map(({ windowSize }) => windowSize)),
  };
}

function makeLoad(random: Random, agents: number): readonly LoadItem[] {
  const load: LoadItem[] = [];
  let total = 0;
  const count = random.between(1, messagesMax);
  for (let i = 0; i < count; i++) {
    const agent = random.between(0, agents - 1);
    const user = random.pick(users);
    const octets = random.chance(0.3)
      ? random.between(100 * kibi, messageOctetsMax)
      : random.magnitude(1, messageOctetsMax);
    if (total + octets > totalOctetsMax) break;
    total += octets;
    load.push({
      contentIdentifier: `load ${String(i)}`,
      atMilliseconds: random.chance(0.5) ? random.between(0, 1000) : random.between(0, loadMilliseconds),
      agent,
      from: addressOf(agent, user),
      originatorMailbox: user.toLowerCase(),
      recipients: recipientsOf(random, agents),
      octets,
      priority: random.pick(['urgent', 'normal', 'non-urgent']),
      reports: random.pick(['none', 'non-delivery', 'all']),
    });
  }
  return load;
}

/** One to four different ones. */
function recipientsOf(random: Random, agents: number): readonly LoadRecipient[] {
  const recipients = new Map<string, LoadRecipient>();
  const count = random.pick([1, 1, 2, 4]);
  for (let i = 0; i < count; i++) {
    const agent = random.between(0, agents - 1);
    const user = random.chance(0.1) ? 'Nobody' : random.pick(users);
    const address = addressOf(agent, user);
    recipients.set(address, {
      address,
      ...(user === 'Nobody' ? {} : { mailbox: { agent, name: user.toLowerCase() } }),
    });
  }
  return [...recipients.values()];
}

function nameOf(agent: number): AgentName {
  return agentNames[agent] ?? 'ALPHA';
}

function portOf(agent: number): number {
  return 101 + agent * 100;
}

function addressOf(agent: number, surname: string): string {
  return `C=GB;ADMD= ;PRMD=${nameOf(agent)};S=${surname}`;
}

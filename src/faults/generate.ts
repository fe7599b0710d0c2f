import { Random } from './random.js';
import type { Fault, FaultKind, Schedule, Trigger } from './schedule.js';

/** What kind of trouble to make, and how much. */
export interface FaultProfile {
  readonly agents: number;
  readonly faultsMax: number;
  /** Faults strike before this time, milliseconds. */
  readonly horizonMilliseconds: number;
  /** Octets that the load is expected to put on the network. */
  readonly octetsExpected: number;
  /** How often each kind comes, in relation to the others; what is left out does not come. */
  readonly weights: Readonly<Partial<Record<FaultKind['kind'], number>>>;
}

/** Independent of the numbers that the same seed gives for other uses. */
const faultStream = 1;

const downMillisecondsMax = 90_000;
const batchMillisecondsMax = 400;
const windowMillisecondsMax = 60_000;

export function generateSchedule(seed: number, profile: FaultProfile): Schedule {
  const random = new Random(seed, faultStream);
  const count = random.between(1, profile.faultsMax);
  return Array.from({ length: count }, (): Fault => ({ when: triggerOf(random, profile), ...kindOf(random, profile) }));
}

function triggerOf(random: Random, profile: FaultProfile): Trigger {
  return random.chance(0.6)
    ? { after: 'octets', octets: random.between(1, profile.octetsExpected) }
    : { after: 'milliseconds', milliseconds: random.magnitude(1, profile.horizonMilliseconds) };
}

function kindOf(random: Random, profile: FaultProfile): FaultKind {
  const weights = Object.entries(profile.weights) as [FaultKind['kind'], number][];
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.fraction() * total;
  const [kind] = weights.find(([, weight]) => (left -= weight) < 0) ?? ['cut' as const];
  return faultOf(kind, random, random.between(0, profile.agents - 1));
}

function faultOf(kind: FaultKind['kind'], random: Random, agent: number): FaultKind {
  switch (kind) {
    case 'cut':
    case 'silence':
      return { kind };
    case 'refusal':
      return { kind, milliseconds: random.magnitude(10, windowMillisecondsMax) };
    case 'delay':
      return {
        kind,
        latencyMilliseconds: random.between(0, 500),
        octetsPerSecond: random.magnitude(20_000, 10_000_000),
      };
    case 'kill':
    case 'power-loss':
    case 'stop':
      return { kind, agent, downMilliseconds: random.magnitude(1, downMillisecondsMax) };
    case 'reload':
      return {
        kind,
        agent,
        values: {
          checkpointSizeK: random.between(1, 30),
          windowSize: random.between(1, 5),
          recoveryTimeoutSeconds: random.pick([0, 1, 10, 60]),
        },
      };
    case 'slow-disk':
      return {
        kind,
        agent,
        milliseconds: random.magnitude(10, windowMillisecondsMax),
        batchMilliseconds: random.magnitude(1, batchMillisecondsMax),
      };
    case 'full-disk':
      return {
        kind,
        agent,
        milliseconds: random.magnitude(10, windowMillisecondsMax),
        space: random.pick(['reserve', 'none']),
      };
  }
}

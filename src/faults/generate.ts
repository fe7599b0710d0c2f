import { Random } from './random.js';
import type { Fault, FaultKind, Schedule, Trigger } from './schedule.js';

/** What kind of trouble to make, and how much. */
export interface FaultProfile {
  readonly agents: number;
  readonly faultsMax: number;
  /** Faults strike before this time, milliseconds. */
  readonly horizonMilliseconds: number;
  /** Octets, and packets of RFC 1006, that the load is expected to put on the network. */
  readonly octetsExpected: number;
  readonly packetsExpected: number;
  /** How often each kind comes, in relation to the others; what is left out does not come. */
  readonly weights: Readonly<Partial<Record<FaultKind['kind'], number>>>;
}

/** Independent of the numbers that the same seed gives for other uses. */
const faultStream = 1;

const downMillisecondsMax = 90_000;
/** Above what a change to or from daylight saving time makes of a clock that is set to local time. */
const clockStepMillisecondsMax = 3 * 3_600_000;
const batchMillisecondsMax = 400;
const windowMillisecondsMax = 60_000;

/** How often a fault comes close behind the one before it, while that is being dealt with. */
const followUpProbability = 0.4;
const followUpMillisecondsMax = 5000;
const followUpOctetsMax = 2000;
const followUpPacketsMax = 12;

export function generateSchedule(seed: number, profile: FaultProfile): Schedule {
  const random = new Random(seed, faultStream);
  const count = random.between(1, profile.faultsMax);
  const schedule: Fault[] = [];
  for (let i = 0; i < count; i++) {
    const before = schedule.at(-1)?.when;
    const when = before !== undefined && random.chance(followUpProbability) ? closeBehind(random, before) : undefined;
    schedule.push({ when: when ?? triggerOf(random, profile), ...kindOf(random, profile) });
  }
  return schedule;
}

function triggerOf(random: Random, profile: FaultProfile): Trigger {
  const what = random.fraction();
  if (what < 0.4) return { after: 'octets', octets: random.between(1, profile.octetsExpected) };
  if (what < 0.7) return { after: 'packets', packets: random.between(1, profile.packetsExpected) };
  return { after: 'milliseconds', milliseconds: random.magnitude(1, profile.horizonMilliseconds) };
}

function closeBehind(random: Random, before: Trigger): Trigger | undefined {
  if ('on' in before) return undefined;
  switch (before.after) {
    case 'octets':
      return { after: 'octets', octets: before.octets + random.magnitude(1, followUpOctetsMax) };
    case 'packets':
      return { after: 'packets', packets: before.packets + random.magnitude(1, followUpPacketsMax) };
    case 'milliseconds':
      return {
        after: 'milliseconds',
        milliseconds: before.milliseconds + random.magnitude(1, followUpMillisecondsMax),
      };
  }
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
    case 'reset':
    case 'half-open':
      return { kind, agent };
    case 'refusal':
      return { kind, milliseconds: random.magnitude(10, windowMillisecondsMax) };
    case 'reorder':
      return {
        kind,
        milliseconds: random.magnitude(1000, windowMillisecondsMax),
        spreadMilliseconds: random.magnitude(10, 3000),
      };
    case 'delay':
      return {
        kind,
        latencyMilliseconds: random.between(0, 500),
        octetsPerSecond: random.chance(0.5) ? random.between(100, 300) : random.magnitude(300, 10_000_000),
      };
    case 'slow-receiver':
      return { kind, agent, milliseconds: random.magnitude(10, windowMillisecondsMax) };
    case 'kill':
    case 'power-loss':
    case 'stop':
      return { kind, agent, downMilliseconds: random.magnitude(1, downMillisecondsMax) };
    case 'reload':
      return {
        kind,
        agent,
        values: {
          checkpointSizeK: random.pick([0, 1, 1, 2, 5, 30]),
          windowSize: random.between(1, 5),
          recoveryTimeoutSeconds: random.pick([0, 1, 10, 60]),
        },
      };
    case 'clock-step':
      return { kind, agent, stepMilliseconds: random.pick([-1, 1]) * random.magnitude(1000, clockStepMillisecondsMax) };
    case 'no-connector':
    case 'wrong-password':
      return {
        kind,
        agent,
        connector: random.between(0, 1),
        milliseconds: random.magnitude(10, windowMillisecondsMax),
      };
    case 'operator':
      return {
        kind,
        agent,
        action: random.pick(['hold', 'hold', 'remove', 'retry']),
        milliseconds: random.magnitude(10, windowMillisecondsMax),
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
    case 'database-failure':
      return {
        kind,
        agent,
        milliseconds: random.magnitude(10, windowMillisecondsMax),
        failure: random.pick(['full', 'input-output']),
      };
  }
}

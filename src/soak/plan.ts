import { Random } from '../faults/random.js';

export type Agent = 'alpha' | 'beta';

/** One thing that goes wrong, so many milliseconds after both daemons are ready again from the one before it. */
export type SoakFault = { readonly afterMilliseconds: number } & (
  | { readonly kind: 'kill'; readonly victims: readonly Agent[]; readonly downMilliseconds: number }
  /** The process is killed again so soon after its start that it is opening its store, or recovering. */
  | { readonly kind: 'kill-starting'; readonly victims: readonly Agent[]; readonly aliveMilliseconds: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'reset-after'; readonly octets: number }
  | { readonly kind: 'silence'; readonly milliseconds: number }
  | { readonly kind: 'refuse'; readonly milliseconds: number }
);

const faultStream = 1;
const longestMilliseconds = 4000;

/** Between two faults, milliseconds: short times are as likely as long ones. */
const pauseMilliseconds = { least: 200, most: 8000 };

/** The same for the same seed: the faults of a run that lasts so long. */
export function faultsOf(seed: number, runMilliseconds: number): readonly SoakFault[] {
  const random = new Random(seed, faultStream);
  const faults: SoakFault[] = [];
  for (let at = 0; ;) {
    const afterMilliseconds = random.magnitude(pauseMilliseconds.least, pauseMilliseconds.most);
    at += afterMilliseconds;
    if (at >= runMilliseconds) return faults;
    faults.push(faultOf(random, afterMilliseconds));
  }
}

function faultOf(random: Random, afterMilliseconds: number): SoakFault {
  const victims = random.pick<readonly Agent[]>([['alpha'], ['beta'], ['alpha'], ['beta'], ['alpha', 'beta']]);
  switch (
    random.pick(['kill', 'kill', 'kill-starting', 'reset', 'reset', 'reset-after', 'silence', 'refuse'] as const)
  ) {
    case 'kill': {
      const downMilliseconds = random.chance(0.5) ? 0 : random.between(200, longestMilliseconds);
      return { afterMilliseconds, kind: 'kill', victims, downMilliseconds };
    }
    case 'kill-starting':
      return { afterMilliseconds, kind: 'kill-starting', victims, aliveMilliseconds: random.between(50, 1500) };
    case 'reset':
      return { afterMilliseconds, kind: 'reset' };
    case 'reset-after':
      return { afterMilliseconds, kind: 'reset-after', octets: random.magnitude(1, 10_000_000) };
    case 'silence':
      return { afterMilliseconds, kind: 'silence', milliseconds: random.between(500, longestMilliseconds) };
    case 'refuse':
      return { afterMilliseconds, kind: 'refuse', milliseconds: random.between(500, longestMilliseconds) };
  }
}

export function faultText(fault: SoakFault): string {
  switch (fault.kind) {
    case 'kill':
      return `kill ${fault.victims.join(' and ')}, down for ${String(fault.downMilliseconds)} ms`;
    case 'kill-starting':
      return `kill ${fault.victims.join(' and ')}, and again ${String(fault.aliveMilliseconds)} ms after the start`;
    case 'reset':
      return 'reset of all connections';
    case 'reset-after':
      return `reset after ${String(fault.octets)} octets`;
    case 'silence':
      return `silence of ${String(fault.milliseconds)} ms, then reset`;
    case 'refuse':
      return `reset, and no connection for ${String(fault.milliseconds)} ms`;
  }
}

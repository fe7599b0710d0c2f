import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessReading {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  readonly residentOctets: number;
  /** Most that was ever resident (VmHWM). */
  readonly residentOctetsMax: number;
}

/** Clock ticks of /proc are hundredths of a second on every Linux of today. */
const ticksPerSecond = 100;

/** Fields of /proc/PID/stat from the state on (proc(5)). */
const field = { parent: 1, user: 11, system: 12, endedChildrenUser: 13, endedChildrenSystem: 14 } as const;

function statFields(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** What the kernel says of a process. */
export function readProcess(pid: number): ProcessReading {
  const fields = statFields(pid);
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  const octets = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) * 1024;
  return {
    cpuSeconds: (Number(fields[field.user]) + Number(fields[field.system])) / ticksPerSecond,
    residentOctets: octets('VmRSS'),
    residentOctetsMax: octets('VmHWM'),
  };
}

/** User and system time of a process and of all its children, those that have ended among them. */
export function familyCpuSeconds(pid: number): number {
  const members = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), fields: statFields(Number(name)) }];
      } catch {
        return []; // ended meanwhile
      }
    })
    .filter((one) => one.pid === pid || Number(one.fields[field.parent]) === pid);
  const counted = [field.user, field.system, field.endedChildrenUser, field.endedChildrenSystem];
  const ticks = members.flatMap(({ fields }) => counted.map((place) => Number(fields[place])));
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

import type { Fault, FaultKind, Schedule } from './schedule.js';

type Field = 'number' | 'space' | 'values';

/** The members of each kind besides `kind` and `when`. */
const members: { readonly [Kind in FaultKind['kind']]: Readonly<Record<string, Field>> } = {
  cut: {},
  silence: {},
  refusal: { milliseconds: 'number' },
  delay: { latencyMilliseconds: 'number', octetsPerSecond: 'number' },
  kill: { agent: 'number', downMilliseconds: 'number' },
  'power-loss': { agent: 'number', downMilliseconds: 'number' },
  stop: { agent: 'number', downMilliseconds: 'number' },
  reload: { agent: 'number', values: 'values' },
  'slow-disk': { agent: 'number', milliseconds: 'number', batchMilliseconds: 'number' },
  'full-disk': { agent: 'number', milliseconds: 'number', space: 'space' },
};

const reloadedValues = { checkpointSizeK: 'number', windowSize: 'number', recoveryTimeoutSeconds: 'number' } as const;

export function printSchedule(schedule: Schedule): string {
  return JSON.stringify(schedule);
}

/** Throws an Error that names the fault and the member that is not as it should be. */
export function parseSchedule(text: string): Schedule {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error('a schedule is a list of faults');
  return value.map((fault: unknown, i) => parseFault(fault, `fault ${String(i)}`));
}

function parseFault(value: unknown, place: string): Fault {
  const fault = recordOf(value, place);
  const { kind } = fault;
  if (typeof kind !== 'string' || !Object.hasOwn(members, kind)) throw new Error(`${place}: unknown kind`);
  checkTrigger(fault['when'], `${place}: when`);
  checkMembers(fault, members[kind as FaultKind['kind']], place, ['kind', 'when']);
  return fault as unknown as Fault; // Every member has been looked at.
}

function checkTrigger(value: unknown, place: string): void {
  const trigger = recordOf(value, place);
  const { after } = trigger;
  if (after !== 'milliseconds' && after !== 'octets') throw new Error(`${place}: after milliseconds or octets`);
  checkMembers(trigger, { [after]: 'number' }, place, ['after']);
}

function checkMembers(
  record: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, Field>>,
  place: string,
  others: readonly string[] = [],
): void {
  for (const name of Object.keys(record)) {
    if (!others.includes(name) && !Object.hasOwn(expected, name)) throw new Error(`${place}: unknown member ${name}`);
  }
  for (const [name, field] of Object.entries(expected)) checkField(record[name], field, `${place}: ${name}`);
}

function checkField(value: unknown, field: Field, place: string): void {
  switch (field) {
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
        throw new Error(`${place} is not a number from 0 on`);
      }
      return;
    case 'space':
      if (value !== 'reserve' && value !== 'none') throw new Error(`${place} is neither "reserve" nor "none"`);
      return;
    case 'values':
      checkMembers(recordOf(value, place), reloadedValues, place);
  }
}

function recordOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${place} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

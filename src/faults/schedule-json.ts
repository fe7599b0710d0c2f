import {
  checkField,
  FieldError,
  number,
  optional,
  required,
  wholeNumber,
  type Choice,
  type Field,
  type Members,
} from './fields.js';
import { pduNames, places, streams } from './pdu-trigger.js';
import { presetNames } from './presets.js';
import {
  changeableFields,
  type AnyFault,
  type AnyFaultKind,
  type Fault,
  type LinkFault,
  type Schedule,
} from './schedule.js';
import { toxicField } from './toxic-field.js';

const pduTriggerMembers: Members = {
  on: required({ kind: 'word', about: 'The PDU.', words: pduNames }),
  stream: optional({ kind: 'word', about: 'Its direction; either way if left out.', words: streams }),
  nth: optional(wholeNumber('Which one, counted from 1 since the fault was armed, on all connections together.', 1)),
  place: optional({ kind: 'word', about: 'When in its passage; "before" if left out.', words: places }),
};

const pduTrigger: Choice = { about: 'As a PDU passes.', members: pduTriggerMembers };

const trigger: Field = {
  kind: 'either',
  about: 'When it strikes.',
  of: {
    on: pduTrigger,
    octets: {
      about: 'When so many octets have crossed, both ways and all connections together.',
      members: { after: required(word('octets')), octets: required(wholeNumber('Octets.')) },
    },
    packets: {
      about: 'Simulation only: when so many packets of RFC 1006 have crossed, both ways and all connections together.',
      members: { after: required(word('packets')), packets: required(wholeNumber('Packets.')) },
    },
    milliseconds: {
      about: 'At a time after it was armed.',
      members: { after: required(word('milliseconds')), milliseconds: required(number('Milliseconds.')) },
    },
  },
};

/** For what happens to one PDU. */
const onlyPduTrigger: Field = { kind: 'object', about: 'The PDU.', members: pduTriggerMembers };

const milliseconds = required(number('How long, milliseconds.'));
const optionalMilliseconds = optional(number('How long, milliseconds; for good if left out.'));
const downMilliseconds = required(number('How long it is down, milliseconds.'));
const agent = required(wholeNumber('The agent, by its place in the order of the site, from 0.'));

const connector = required(wholeNumber('The connector, by its place in the site file of the agent, counted around.'));

const reloadedValues: Field = {
  kind: 'object',
  about: 'What the reload brings.',
  members: {
    checkpointSizeK: required(wholeNumber('Units of 1024 octets.')),
    windowSize: required(wholeNumber('Checkpoints.', 1)),
    recoveryTimeoutSeconds: required(number('Seconds.')),
  },
};

function word(only: string): Field {
  return { kind: 'word', about: 'What is counted.', words: [only] };
}

/** The members of each kind besides `kind`. */
const kinds: Readonly<Record<AnyFaultKind['kind'], Choice>> = {
  cut: kind('The connection that carries the PDU, else every one, breaks.', {}),
  silence: kind('The connection that carries the PDU, else every one, falls silent, and nobody is told.', {}),
  refusal: kind('Every connection breaks and new ones are refused for a time.', { milliseconds }),
  drop: pduKind('The PDU does not arrive.', {}),
  duplicate: pduKind('The PDU arrives twice.', {}),
  hold: pduKind('The PDU, and all behind it in its direction, waits.', { milliseconds }),
  change: pduKind('A field of the PDU is changed.', {
    field: required({ kind: 'word', about: 'The field.', words: changeableFields }),
    value: required(wholeNumber('Its new value.', 0, 999_999)),
  }),
  toxic: kind('Link only: a toxic.', { toxic: required(toxicField), milliseconds: optionalMilliseconds }),
  preset: kind('Link only: the toxics of a preset.', {
    preset: required({ kind: 'word', about: 'The preset.', words: presetNames }),
    milliseconds: optionalMilliseconds,
  }),
  delay: kind('Simulation only: another latency and rate of the network.', {
    latencyMilliseconds: required(number('Latency, milliseconds.')),
    octetsPerSecond: required(number('Octets a second.')),
  }),
  kill: kind('Simulation only: the process of an agent dies, and starts anew.', { agent, downMilliseconds }),
  'power-loss': kind('Simulation only: the same, and what was not on stable storage is lost.', {
    agent,
    downMilliseconds,
  }),
  stop: kind('Simulation only: an agent stops in order, and starts anew.', { agent, downMilliseconds }),
  reload: kind('Simulation only: an agent has other values.', { agent, values: required(reloadedValues) }),
  'clock-step': kind('Simulation only: the wall clock of an agent steps.', {
    agent,
    stepMilliseconds: required(wholeNumber('By so much, milliseconds; back where less than 0.', -1e9, 1e9)),
  }),
  'slow-disk': kind('Simulation only: the disk of an agent is slow.', {
    agent,
    milliseconds,
    batchMilliseconds: required(number('What a batch takes, milliseconds.')),
  }),
  'full-disk': kind('Simulation only: the disk of an agent is full.', {
    agent,
    milliseconds,
    space: required({ kind: 'word', about: 'What is left.', words: ['reserve', 'none'] }),
  }),
  reset: kind('Simulation only: the connections of an agent break at its end alone.', { agent }),
  'half-open': kind('Simulation only: nothing arrives any more of what an agent sends.', { agent }),
  reorder: kind('Simulation only: later attempts to connect overtake earlier ones.', {
    milliseconds,
    spreadMilliseconds: required(number('How much longer an attempt takes at most, milliseconds.')),
  }),
  'slow-receiver': kind('Simulation only: an agent takes nothing from its connections.', { agent, milliseconds }),
  'no-connector': kind('Simulation only: a connector is not in the site file.', { agent, connector, milliseconds }),
  'wrong-password': kind('Simulation only: another password is expected.', { agent, connector, milliseconds }),
  operator: kind('Simulation only: what an operator does to the queue.', {
    agent,
    action: required({ kind: 'word', about: 'What.', words: ['hold', 'remove', 'retry'] }),
    milliseconds,
  }),
  'database-failure': kind('Simulation only: no commit gets to the disk.', {
    agent,
    milliseconds,
    failure: required({ kind: 'word', about: 'What SQLite says.', words: ['full', 'input-output'] }),
  }),
};

function kind(about: string, members: Members): Choice {
  return { about, members: { ...members, when: required(trigger) } };
}

function pduKind(about: string, members: Members): Choice {
  return { about, members: { ...members, when: required(onlyPduTrigger) } };
}

const onlySimulation: ReadonlySet<string> = new Set([
  'delay',
  'kill',
  'power-loss',
  'stop',
  'reload',
  'clock-step',
  'slow-disk',
  'full-disk',
  'reset',
  'half-open',
  'reorder',
  'slow-receiver',
  'no-connector',
  'wrong-password',
  'operator',
  'database-failure',
]);
const onlyLink: ReadonlySet<string> = new Set(['drop', 'duplicate', 'hold', 'change', 'toxic', 'preset']);

export const faultField: Field = { kind: 'choice', about: 'A fault.', by: 'kind', of: kinds };

export function printSchedule(schedule: readonly AnyFault[]): string {
  return JSON.stringify(schedule);
}

/** A schedule for the simulated world. Throws FieldError, which names the fault and the member that is not as it should be. */
export function parseSchedule(text: string): Schedule {
  const faults = checkFaults(JSON.parse(text), 'a schedule');
  for (const [i, fault] of faults.entries()) {
    if (onlyLink.has(fault.kind)) throw new FieldError(`fault ${String(i)}: kind ${fault.kind} is for a link`);
  }
  return faults as readonly Fault[]; // the kinds that are left
}

/** The faults of a link in a value that was read from a file. Throws FieldError. */
export function linkFaults(value: unknown): readonly LinkFault[] {
  const faults = checkFaults(value, 'faults');
  for (const [i, fault] of faults.entries()) {
    if (onlySimulation.has(fault.kind)) {
      throw new FieldError(`fault ${String(i)}: kind ${fault.kind} is for the simulation: a link has no agents`);
    }
  }
  return faults as readonly LinkFault[]; // the kinds that are left
}

function checkFaults(value: unknown, place: string): readonly AnyFault[] {
  if (!Array.isArray(value)) throw new FieldError(`${place} is a list of faults`);
  for (const [i, fault] of value.entries()) checkField(fault, faultField, `fault ${String(i)}`);
  return value as readonly AnyFault[]; // every member has been looked at
}

import type { Fault } from '../faults/schedule.js';
import type { Observation } from '../osi/machine.js';
import { paths, type Path } from './paths.js';
import type { VirtualAgent } from './virtual-agent.js';

const pathsByEvent = new Map<string, readonly Path[]>();
for (const path of paths) pathsByEvent.set(path.event, [...(pathsByEvent.get(path.event) ?? []), path]);

/** States in which a fault is worth counting. */
const statesStruck = ['opening', 'sending', 'receiving', 'recovering', 'closing'] as const;

/** Counts how often each fault strikes, in which states of the agents, and how often each way of recovery is taken. */
export class Coverage {
  readonly counts = new Map<string, number>();
  /** The association on which each transfer was last, by agent, message and connector. */
  readonly #last = new Map<string, string>();

  struck(fault: Fault, agents: readonly VirtualAgent[]): void {
    this.#count(`fault: ${fault.kind}`);
    const found = new Set(
      agents.flatMap(({ engine }) => engine?.status().associations.map(({ state }) => state) ?? []),
    );
    for (const state of statesStruck) if (found.has(state)) this.#count(`struck while ${state}`);
    if (agents.some(({ engine }) => engine === undefined)) this.#count('struck while an agent is down');
    if (agents.some(({ isStopping }) => isStopping)) this.#count('struck while an agent stops');
  }

  observed(agent: string, observation: Observation): void {
    const { event, fields } = observation;
    for (const path of pathsByEvent.get(event) ?? []) if (isTaken(path, fields)) this.#count(path.name);
    if (event === 'transfer.started' || event === 'transfer.resumed') this.#begun(agent, event, fields);
  }

  outcome(outcome: string): void {
    this.#count(`recipient ${outcome}`);
  }

  #begun(agent: string, event: string, fields: Observation['fields']): void {
    const { mts, connector, direction } = fields;
    if (direction === 'incoming') return;
    const key = `${agent} ${String(mts)} ${String(connector)}`;
    const association = String(fields['association']);
    const last = this.#last.get(key);
    this.#last.set(key, association);
    const place = last === association ? 'the same association' : 'another association';
    if (event === 'transfer.resumed') this.#count(`resumed on ${place}`);
    else if (last !== undefined) this.#count(`begun again on ${place}`);
  }

  #count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}

function isTaken({ matches }: Path, fields: Observation['fields']): boolean {
  return matches === undefined || matches(fields);
}

/** Everything that a long simulation must meet at least once. */
export const expectedCoverage: readonly string[] = [
  ...paths.map(({ name }) => name),
  ...statesStruck.map((state) => `struck while ${state}`),
  'struck while an agent is down',
  'struck while an agent stops',
  'resumed on the same association',
  'resumed on another association',
  'begun again on the same association',
  'begun again on another association',
];

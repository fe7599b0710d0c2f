import type { Site } from '../config/site.js';
import { siteOf } from './virtual-agent.js';

export type Topology = 'pair' | 'chain' | 'triangle' | 'long-chain';

const agentNames = ['ALPHA', 'BETA', 'GAMMA', 'DELTA'] as const;
export const users = ['Anna', 'Bob'] as const;

/** One agent's way to some spaces: over which neighbour. */
export interface Hop {
  readonly at: number;
  readonly over: number;
  readonly to: readonly number[];
}

/** Which spaces each agent reaches over which neighbour. */
export const hops: Readonly<Record<Topology, readonly Hop[]>> = {
  pair: [
    { at: 0, over: 1, to: [1] },
    { at: 1, over: 0, to: [0] },
  ],
  chain: [
    { at: 0, over: 1, to: [1, 2] },
    { at: 1, over: 0, to: [0] },
    { at: 1, over: 2, to: [2] },
    { at: 2, over: 1, to: [0, 1] },
  ],
  triangle: [
    { at: 0, over: 1, to: [1] },
    { at: 0, over: 2, to: [2] },
    { at: 1, over: 0, to: [0] },
    { at: 1, over: 2, to: [2] },
    { at: 2, over: 0, to: [0] },
    { at: 2, over: 1, to: [1] },
  ],
  'long-chain': [
    { at: 0, over: 1, to: [1, 2, 3] },
    { at: 1, over: 0, to: [0] },
    { at: 1, over: 2, to: [2, 3] },
    { at: 2, over: 1, to: [0, 1] },
    { at: 2, over: 3, to: [3] },
    { at: 3, over: 2, to: [0, 1, 2] },
  ],
};

export function agentsOf(topology: Topology): number {
  return Math.max(...hops[topology].map(({ at }) => at)) + 1;
}

export function nameOf(agent: number): string {
  return agentNames[agent] ?? '';
}

/** The connector by which an agent reaches its neighbour. */
export function connectorOf(neighbour: number): string {
  return nameOf(neighbour).toLowerCase();
}

export function mailboxOf(user: string): string {
  return user.toLowerCase();
}

export function addressOf(agent: number, surname: string): string {
  return `C=GB;ADMD= ;PRMD=${nameOf(agent)};S=${surname}`;
}

const sites = new Map<Topology, readonly Site[]>();

/** The sites of a topology with the values that are built in; read once from their files. */
export function sitesOf(topology: Topology): readonly Site[] {
  const known = sites.get(topology);
  if (known !== undefined) return known;
  const made = Array.from({ length: agentsOf(topology) }, (_, agent) => siteOf(siteFile(topology, agent)));
  sites.set(topology, made);
  return made;
}

function siteFile(topology: Topology, agent: number): object {
  const own = hops[topology].filter(({ at }) => at === agent);
  return {
    mta: {
      name: `MTA-${nameOf(agent)}`,
      password: `secret-${String(agent)}`,
      globalDomain: { country: 'GB', admd: ' ', prmd: nameOf(agent) },
    },
    listen: [{ host: '127.0.0.1', port: portOf(agent), transportSelector: 'MTA' }],
    dataDirectory: '/data',
    connectors: own.map(({ over, to }) => ({
      name: connectorOf(over),
      remote: {
        mtaName: `MTA-${nameOf(over)}`,
        password: `secret-${String(over)}`,
        host: 'peer',
        port: portOf(over),
        transportSelector: 'MTA',
      },
      addressSpace: to.map((space) => ({ pattern: `C=GB;ADMD= ;PRMD=${nameOf(space)}` })),
    })),
    mailboxes: users.map((user) => ({ name: mailboxOf(user), address: addressOf(agent, user) })),
  };
}

function portOf(agent: number): number {
  return 101 + agent * 100;
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from './plan.js';

export interface Mailbox {
  readonly at: Agent;
  readonly name: string;
  readonly address: string;
}

/** Two mailboxes at each end: one is reached in normal mode, the other in X.410-1984 mode. */
export const mailboxes: readonly Mailbox[] = [
  { at: 'alpha', name: 'anna', address: 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna' },
  { at: 'alpha', name: 'ada', address: 'C=GB;ADMD= ;PRMD=ALPHA;O=OLD;S=Byron;G=Ada' },
  { at: 'beta', name: 'bob', address: 'C=GB;ADMD= ;PRMD=BETA;S=Jones;G=Bob' },
  { at: 'beta', name: 'bea', address: 'C=GB;ADMD= ;PRMD=BETA;O=OLD;S=Lillie;G=Bea' },
];

/** Nobody at either end, and a domain that is not routed. */
export const nobodies: readonly string[] = [
  'C=GB;ADMD= ;PRMD=ALPHA;S=Nobody',
  'C=GB;ADMD= ;PRMD=BETA;O=OLD;S=Nobody',
  'C=FR;ADMD=NOWHERE;S=Nobody',
];

/** Small checkpoints, so that much is interrupted and resumed. */
const valuesOf = {
  normal: { checkpointSizeK: 16, windowSize: 5 },
  'x410-1984': { checkpointSizeK: 8, windowSize: 3 },
} as const;

/** Both dialogues, so that both ends of an association send, interrupt and resume. */
const dialogueOf = { normal: 'monologue', 'x410-1984': 'two-way-alternate' } as const;

/** Octets that one cut may cost at most: the window, and the piece in flight, on the connector where that is more. */
export const costOfCutOctetsMax = (valuesOf.normal.windowSize + 1) * valuesOf.normal.checkpointSizeK * 1024;

interface End {
  readonly port: number;
  /** Where the link in front of it listens. */
  readonly linkPort: number;
}

export interface SoakSite {
  readonly agent: Agent;
  readonly path: string;
  readonly dataDirectory: string;
  readonly socket: string;
  /** What all its lives log. */
  readonly logPath: string;
}

export function writeSite(
  folder: string,
  agent: Agent,
  ends: Readonly<Record<Agent, End>>,
  recoveryTimeoutSeconds: number,
): SoakSite {
  const peer: Agent = agent === 'alpha' ? 'beta' : 'alpha';
  const dataDirectory = join(folder, agent);
  const connector = (name: string, mode: keyof typeof valuesOf, pattern: string): object => ({
    name,
    mode,
    dialogue: dialogueOf[mode],
    remote: {
      mtaName: mtaNameOf(peer),
      password: `${peer}-secret`,
      host: '127.0.0.1',
      port: ends[peer].port,
      via: { host: '127.0.0.1', port: ends[peer].linkPort },
      transportSelector: 'MTA',
    },
    addressSpace: [{ pattern }],
    override: { rts: valuesOf[mode] },
  });
  const domain = `C=GB;ADMD= ;PRMD=${peer.toUpperCase()}`;
  const site = {
    mta: {
      name: mtaNameOf(agent),
      password: `${agent}-secret`,
      globalDomain: { country: 'GB', admd: ' ', prmd: agent.toUpperCase() },
    },
    listen: [{ host: '127.0.0.1', port: ends[agent].port, transportSelector: 'MTA' }],
    dataDirectory,
    siteDefaults: {
      rts: { recoveryTimeoutSeconds, stallTimeoutSeconds: 3 },
      association: { lifetimeSeconds: 10, thresholdMessages: 20 },
      // Nothing here is refused for good: what comes back as undeliverable was lost by a mistake.
      retry: { maxOpenRetries: 100_000, maxTransferRetries: 100, openIntervalSeconds: 1, transferIntervalSeconds: 1 },
    },
    connectors: [
      connector(`${peer}-normal`, 'normal', domain),
      connector(`${peer}-1984`, 'x410-1984', `${domain};O=OLD`),
    ],
    mailboxes: mailboxes.filter(({ at }) => at === agent).map(({ name, address }) => ({ name, address })),
  };
  const path = join(folder, `${agent}.json`);
  writeFileSync(path, JSON.stringify(site, undefined, 2), { mode: 0o600 });
  const socket = join(dataDirectory, 'admin.sock');
  return { agent, path, dataDirectory, socket, logPath: join(folder, `${agent}.log`) };
}

function mtaNameOf(agent: Agent): string {
  return `MTA-${agent.toUpperCase()}`;
}

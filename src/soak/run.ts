import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { callAdminJson } from '../admin/client.js';
import { queuePath, statusPath } from '../admin/protocol.js';
import { freePort } from '../demo/sites.js';
import type { StatusReport } from '../engine/status.js';
import type { TcpCapture } from '../host/tcp-capture.js';
import { AgentProcess } from './agent-process.js';
import { audit, type AuditResult } from './audit.js';
import { Cutter } from './cutter.js';
import { emptyMailboxes, findingsOf } from './findings.js';
import { Ledger } from './ledger.js';
import { Load } from './load.js';
import { faultsOf, faultText, type Agent, type SoakFault } from './plan.js';
import { writeSite, type SoakSite } from './sites.js';
import { submitAll } from './submitters.js';

const agents = ['alpha', 'beta'] as const;
const lookMilliseconds = 250;

/** Rest may take so long beyond the recovery timeout, in which what was lost for good is still listed, milliseconds. */
const drainMilliseconds = 120_000;

/** The store looks for files that nobody refers to once a minute. */
const sweepMilliseconds = 75_000;

export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly octetsPerSecond: number;
  /** Largest message, octets. */
  readonly octetsMax: number;
  /** Longer than anything stays down, so that every interrupted transfer can be resumed. */
  readonly recoveryTimeoutSeconds: number;
  readonly folder: string;
  /** Of what passes on both links. */
  readonly capture?: TcpCapture<Socket>;
  readonly say: (text: string) => void;
}

export interface SoakResult {
  readonly audit: AuditResult;
  readonly submittedOctets: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly agents: readonly AgentProcess[];
  readonly cuts: number;
  readonly stuck: readonly string[];
  /** Files of no message, and octets put aside as undecodable. */
  readonly leftovers: readonly string[];
  readonly drainSeconds: number;
}

/** Two daemons under load and faults, then peace, then the audit. Everything started here is ended here. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const ends = {
    alpha: { port: await freePort(), linkPort: await freePort() },
    beta: { port: await freePort(), linkPort: await freePort() },
  };
  const made = (agent: Agent): SoakSite => writeSite(options.folder, agent, ends, options.recoveryTimeoutSeconds);
  const sites = { alpha: made('alpha'), beta: made('beta') };
  const processes = { alpha: new AgentProcess(sites.alpha), beta: new AgentProcess(sites.beta) };
  const cutters: Cutter[] = [];
  try {
    for (const agent of agents) {
      cutters.push(await Cutter.listen(ends[agent].linkPort, ends[agent].port, options.capture));
    }
    for (const agent of agents) processes[agent].start();
    await Promise.all(agents.map((agent) => processes[agent].ready));
    return await run(options, sites, processes, cutters);
  } finally {
    await Promise.all(agents.map((agent) => processes[agent].kill()));
    for (const cutter of cutters) await cutter.close();
  }
}

async function run(
  options: SoakOptions,
  sites: Readonly<Record<Agent, SoakSite>>,
  processes: Readonly<Record<Agent, AgentProcess>>,
  cutters: readonly Cutter[],
): Promise<SoakResult> {
  const { seed, minutes, octetsPerSecond, octetsMax, say } = options;
  const untilMilliseconds = Date.now() + minutes * 60_000;
  const ledger = new Ledger();
  const load = new Load(seed);
  const sockets = { alpha: sites.alpha.socket, beta: sites.beta.socket };
  const submitted = submitAll({ seed, load, ledger, sockets, octetsPerSecond, octetsMax, untilMilliseconds });
  const faults = await strike(options, untilMilliseconds, processes, cutters);
  for (const cutter of cutters) cutter.mend();
  await submitted;
  say(`${String(ledger.attempts.length)} submissions made; faults are off, waiting for rest`);
  const drainedFrom = Date.now();
  const stuck = await drain(sites, options.recoveryTimeoutSeconds * 1000 + drainMilliseconds);
  const drainSeconds = (Date.now() - drainedFrom) / 1000;
  for (const agent of agents) processes[agent].measure();
  say('comparing every submission with every mailbox');
  const answered = new Set(ledger.attempts.map(({ mtsIdentifier }) => mtsIdentifier));
  const audited = audit(ledger, await findingsOf(sites, (mtsIdentifier) => answered.has(mtsIdentifier)));
  await emptyMailboxes(sites);
  const leftovers = await filesLeft(sites, say);
  const cuts = cutters.reduce((sum, cutter) => sum + cutter.cuts, 0);
  for (const agent of agents) await processes[agent].stop();
  return {
    audit: audited,
    submittedOctets: ledger.octets,
    faults,
    agents: agents.map((agent) => processes[agent]),
    cuts,
    stuck,
    leftovers,
    drainSeconds,
  };
}

/** Fault after fault until the time is over; how many of each kind. */
async function strike(
  { seed, minutes, say }: SoakOptions,
  untilMilliseconds: number,
  processes: Readonly<Record<Agent, AgentProcess>>,
  cutters: readonly Cutter[],
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const fault of faultsOf(seed, minutes * 60_000)) {
    // On a slow machine a daemon would else never live long enough to do anything.
    await Promise.all(agents.map((agent) => processes[agent].ready));
    await sleep(fault.afterMilliseconds);
    if (Date.now() >= untilMilliseconds) break;
    counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
    say(faultText(fault));
    await apply(fault, processes, cutters);
  }
  return counts;
}

async function apply(
  fault: SoakFault,
  processes: Readonly<Record<Agent, AgentProcess>>,
  cutters: readonly Cutter[],
): Promise<void> {
  switch (fault.kind) {
    case 'kill': {
      const victims = fault.victims.map((agent) => processes[agent]);
      await Promise.all(victims.map((victim) => victim.kill()));
      await sleep(fault.downMilliseconds);
      for (const victim of victims) victim.start();
      return;
    }
    case 'kill-starting': {
      const victims = fault.victims.map((agent) => processes[agent]);
      for (const aliveMilliseconds of [fault.aliveMilliseconds, 0]) {
        await Promise.all(victims.map((victim) => victim.kill()));
        for (const victim of victims) victim.start();
        await sleep(aliveMilliseconds);
      }
      return;
    }
    case 'reset':
      for (const cutter of cutters) cutter.reset();
      return;
    case 'reset-after':
      for (const cutter of cutters) cutter.resetAfter(fault.octets);
      return;
    case 'silence':
    case 'refuse':
      for (const cutter of cutters) {
        if (fault.kind === 'silence') cutter.silence();
        else cutter.refuse();
      }
      await sleep(fault.milliseconds);
      for (const cutter of cutters) cutter.mend();
  }
}

/** Waits until nothing is queued or under way; what does not come to rest, if anything. */
async function drain(sites: Readonly<Record<Agent, SoakSite>>, milliseconds: number): Promise<readonly string[]> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const busy = (await Promise.all(agents.map((agent) => busyOf(sites[agent])))).flat();
    if (busy.length === 0) return [];
    if (Date.now() > deadline) return busy;
    await sleep(lookMilliseconds);
  }
}

async function busyOf({ agent, socket }: SoakSite): Promise<readonly string[]> {
  try {
    const { connectors, associations } = await callAdminJson<StatusReport>({ socket, method: 'GET', path: statusPath });
    const entries = await callAdminJson<readonly { readonly copy: string; readonly state: string }[]>({
      socket,
      method: 'GET',
      path: queuePath,
    });
    return [
      ...entries.map(({ copy, state }) => `${agent}: copy ${copy} is ${state}`),
      ...connectors
        .filter(({ queued }) => queued !== 0)
        .map(({ name, queued }) => `${agent}: ${String(queued)} queued for ${name}`),
      ...associations.filter(({ state }) => state !== 'idle').map(({ id, state }) => `${agent}: ${id} is ${state}`),
    ];
  } catch (error) {
    return [`${agent}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** What lies in the data directories when every mailbox is empty, after the store had its time to clear up. */
async function filesLeft(
  sites: Readonly<Record<Agent, SoakSite>>,
  say: (text: string) => void,
): Promise<readonly string[]> {
  const deadline = Date.now() + sweepMilliseconds;
  for (let isFirst = true; ; isFirst = false) {
    const files = agents.flatMap((agent) => filesOf(sites[agent]));
    if (files.length === 0 || Date.now() > deadline) return files;
    if (isFirst) say(`${String(files.length)} files wait for the store's sweep`);
    await sleep(lookMilliseconds);
  }
}

function filesOf({ dataDirectory }: SoakSite): readonly string[] {
  return readdirSync(dataDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(dataDirectory, name)).map((file) => join(dataDirectory, name, file)));
}

import { outcomeViolations } from './outcomes.js';
import type { FinishedRun } from './run.js';
import type { AgentPlan } from './scenario.js';
import type { VirtualAgent } from './virtual-agent.js';

/** The engine sweeps the store again and again; nothing else may be left. */
const periodicTimers = 1;

/** A cut is inside the recovery timeout where nothing but cuts struck and the timeout is at least this, seconds. */
const ampleRecoverySeconds = 10;

const progressFile = 'outgoing.progress';

/** Everything that must hold when faults have ceased and quiet has come; a sentence for each thing that does not. */
export function violationsOf(run: FinishedRun): readonly string[] {
  if (!run.quiet) return ['quiet does not come', ...run.agents.flatMap((agent) => unquietOf(agent))];
  return [
    ...outcomeViolations(run),
    ...run.agents.flatMap((agent, i) => [
      ...leftovers(agent),
      ...errorsOf(agent),
      ...resentViolations(agent, run.scenario.agents[i], run),
    ]),
    ...(run.network.openLinks === 0 ? [] : [`${String(run.network.openLinks)} connections are left`]),
  ];
}

function nameOf(agent: VirtualAgent): string {
  return agent.site.mta.name;
}

function unquietOf(agent: VirtualAgent): readonly string[] {
  const status = agent.engine?.status();
  if (status === undefined) return [`${nameOf(agent)} is down`];
  const associations = status.associations.map(({ id, state, direction }) => `${id} ${direction} ${state}`);
  const queue = agent
    .call('queue.list', { limit: 20 })
    .map(({ copy, connector, state, lastError }) => `${copy} to ${connector} ${state} ${lastError}`);
  if (associations.length + queue.length === 0) return [];
  return [`${nameOf(agent)} does not come to rest: associations [${associations.join()}], queue [${queue.join()}]`];
}

/** Claims, timers, partial APDUs, files that nothing refers to. */
function leftovers(agent: VirtualAgent): readonly string[] {
  const violations: string[] = [];
  const say = (text: string): void => {
    violations.push(`${nameOf(agent)}: ${text}`);
  };
  if (agent.liveTimers > periodicTimers) say(`${String(agent.liveTimers)} timers are set`);
  for (const { name, queued, state } of agent.engine?.status().connectors ?? []) {
    if (queued !== 0 || state !== 'idle') say(`connector ${name} is ${state} with ${String(queued)} queued`);
  }
  for (const { id, reason } of agent.call('quarantine.list', {})) say(`${id} is in quarantine: ${reason}`);
  for (const { name } of agent.site.mailboxes) {
    for (const { id } of agent.mailbox(name)) {
      agent.call('commit', { changes: [{ type: 'delivery.removed', mailbox: name, delivery: id }] });
    }
  }
  const files = agent.disk.files.filter((file) => file !== progressFile);
  if (files.length > 0) say(`files that nothing refers to: ${files.join()}`);
  const { messages, delivered } = agent.call('counts', {});
  if (messages + delivered > 0) say(`${String(messages)} messages and ${String(delivered)} deliveries are left over`);
  return violations;
}

/** Errors in the log are mistakes of ours; a full disk is not. */
function errorsOf(agent: VirtualAgent): readonly string[] {
  return agent.log
    .filter(({ level, fields }) => level === 'error' && fields['text'] !== 'no space left')
    .map(({ event, fields }) => `${nameOf(agent)}: ${event} ${JSON.stringify(fields)}`);
}

/** What one message's transfer to one peer has come to so far. */
interface TransferStory {
  resumptions: number;
  confirmedOctet: number;
}

/** After a cut inside the recovery timeout a transfer goes on where it was confirmed, and sends no more again than the window allows. */
function resentViolations(
  agent: VirtualAgent,
  plan: AgentPlan | undefined,
  { struck, scenario }: FinishedRun,
): readonly string[] {
  const onlyCuts = struck.every(({ fault }) => fault.kind === 'cut');
  const ample = scenario.agents.every(
    ({ recoveryTimeoutSecondsMin }) => recoveryTimeoutSecondsMin >= ampleRecoverySeconds,
  );
  if (plan === undefined || !onlyCuts || !ample) return [];
  const violations: string[] = [];
  const stories = new Map<string, TransferStory>();
  const eachMax = (plan.windowSizeMax + 1) * plan.checkpointOctetsMax;
  for (const { event, fields } of agent.log) {
    const { mts, connector, direction } = fields;
    if (mts === undefined || connector === undefined || direction === 'incoming') continue;
    const key = `${String(mts)} to ${String(connector)}`;
    const story = stories.get(key) ?? { resumptions: 0, confirmedOctet: 0 };
    stories.set(key, story);
    switch (event) {
      case 'transfer.started':
        if (story.confirmedOctet > 0) {
          violations.push(
            `${nameOf(agent)}: ${key} starts again from the beginning, though ${String(story.confirmedOctet)} octets were confirmed`,
          );
        }
        break;
      case 'transfer.resumed':
        story.resumptions += 1;
        break;
      case 'checkpoint.confirmed':
        story.confirmedOctet = Number(fields['octet']);
        break;
      case 'transfer.completed': {
        const resent = Number(fields['octetsResent']);
        if (resent > story.resumptions * eachMax) {
          violations.push(
            `${nameOf(agent)}: ${key} sent ${String(resent)} octets again in ${String(story.resumptions)} resumptions, at most ${String(eachMax)} each are allowed`,
          );
        }
        stories.delete(key);
      }
    }
  }
  return violations;
}

import { progressFiles } from '../queue/progress-notes.js';
import type { Coverage } from './coverage.js';
import { outcomeViolations } from './outcomes.js';
import type { FinishedRun } from './run.js';
import type { VirtualAgent } from './virtual-agent.js';

/** The engine sweeps the store again and again; nothing else may be left. */
const periodicTimers = 1;

/** Everything that must hold when faults have ceased and quiet has come; a sentence for each thing that does not. */
export function violationsOf(run: FinishedRun, coverage: Coverage): readonly string[] {
  if (!run.quiet) return ['quiet does not come', ...run.agents.flatMap((agent) => unquietOf(agent))];
  return [
    ...outcomeViolations(run, coverage),
    ...run.agents.flatMap((agent) => [...leftovers(agent), ...errorsOf(agent)]),
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
  const files = agent.disk.files.filter((file) => !progressFiles.includes(file));
  if (files.length > 0) say(`files that nothing refers to: ${files.join()}`);
  const { messages, delivered } = agent.call('counts', {});
  if (messages + delivered > 0) say(`${String(messages)} messages and ${String(delivered)} deliveries are left over`);
  return violations;
}

/** What the log says where a disk or a database was full or failed. */
const textsOfFaults: readonly unknown[] = ['no space left', 'database or disk is full', 'disk I/O error'];

/** Errors in the log are mistakes of ours; a full disk is not. */
function errorsOf(agent: VirtualAgent): readonly string[] {
  return agent.log
    .filter(({ level, fields }) => level === 'error' && !textsOfFaults.includes(fields['text']))
    .map(({ event, fields }) => `${nameOf(agent)}: ${event} ${JSON.stringify(fields)}`);
}

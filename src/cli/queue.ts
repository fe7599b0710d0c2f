import { callAdminJson } from '../admin/client.js';
import { queuePath } from '../admin/protocol.js';
import type { QueueEntry } from '../queue/store.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { renderTable } from './table.js';

export interface QueueArguments {
  readonly socket: string;
  readonly json: boolean;
}

const priorityNames = ['urgent', 'normal', 'non-urgent'];

export async function runQueueList(
  args: QueueArguments & { readonly connector?: string },
  output: CommandOutput,
): Promise<ExitCode> {
  const query = args.connector === undefined ? '' : `?connector=${encodeURIComponent(args.connector)}`;
  const entries = await callAdminJson<QueueEntry[]>({
    socket: args.socket,
    method: 'GET',
    path: `${queuePath}${query}`,
  });
  const listed = entries.map(readable);
  if (args.json) writeJson(output, listed);
  else if (listed.length === 0) output.stdout.write('nothing is queued\n');
  else {
    output.stdout.write(
      renderTable(
        ['COPY', 'CONNECTOR', 'STATE', 'PRIORITY', 'OCTETS', 'TRIES', 'MTS IDENTIFIER', 'LAST ERROR'],
        listed.map((entry) => [
          entry.copy,
          entry.connector,
          entry.state,
          entry.priority,
          String(entry.sizeOctets),
          String(entry.transferAttempts),
          entry.mtsIdentifier,
          entry.lastError,
        ]),
      ),
    );
  }
  return exitCodes.good;
}

export async function runQueueShow(
  args: QueueArguments & { readonly identifier: string },
  output: CommandOutput,
): Promise<ExitCode> {
  const path = `${queuePath}/${encodeURIComponent(args.identifier)}`;
  const entries = await callAdminJson<(QueueEntry & { readonly envelope: string })[]>({
    socket: args.socket,
    method: 'GET',
    path,
  });
  if (args.json) {
    writeJson(
      output,
      entries.map((entry) => ({ ...readable(entry), envelope: entry.envelope })),
    );
    return exitCodes.good;
  }
  for (const entry of entries.map(readable)) {
    const rows = Object.entries(entry).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]);
    output.stdout.write(`${renderTable(['FIELD', 'VALUE'], rows)}\n`);
  }
  return exitCodes.good;
}

export async function runQueueChange(
  args: QueueArguments & { readonly identifier: string; readonly action: 'hold' | 'release' | 'retry' | 'rm' },
  output: CommandOutput,
): Promise<ExitCode> {
  const path = `${queuePath}/${encodeURIComponent(args.identifier)}/${args.action}`;
  const answer = await callAdminJson<{ readonly changed: number }>({ socket: args.socket, method: 'POST', path });
  if (args.json) writeJson(output, answer);
  else output.stdout.write(`${args.action}: ${String(answer.changed)} changed\n`);
  return exitCodes.good;
}

function readable(entry: QueueEntry) {
  return {
    ...entry,
    priority: priorityNames[entry.priority] ?? String(entry.priority),
    arrivedAt: new Date(entry.arrivedAt).toISOString(),
    notBefore: new Date(entry.notBefore).toISOString(),
  };
}

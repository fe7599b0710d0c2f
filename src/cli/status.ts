import { callAdminJson } from '../admin/client.js';
import { statusPath } from '../admin/protocol.js';
import type { StatusReport } from '../engine/status.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { renderTable } from './table.js';

export interface StatusArguments {
  readonly socket: string;
  readonly json: boolean;
}

interface QueueStatus {
  readonly queued: number;
  readonly sending: number;
  readonly deferred: number;
  readonly held: number;
  readonly quarantined: number;
  readonly messages: number;
  readonly delivered: number;
}

export async function runStatus(args: StatusArguments, output: CommandOutput): Promise<ExitCode> {
  const status = await callAdminJson<StatusReport & { readonly queue: QueueStatus }>({
    socket: args.socket,
    method: 'GET',
    path: statusPath,
  });
  if (args.json) {
    writeJson(output, status);
    return exitCodes.good;
  }
  const { queue } = status;
  output.stdout.write(
    `${status.mta.name}: ${String(queue.queued)} queued, ${String(queue.sending)} sending, ${String(queue.deferred)} deferred, ` +
      `${String(queue.held)} held; ${String(queue.delivered)} in mailboxes, ${String(queue.quarantined)} in quarantine\n\n`,
  );
  output.stdout.write(
    renderTable(
      ['CONNECTOR', 'STATE', 'QUEUED', 'ASSOC', 'SENT', 'RECEIVED', 'RESENT', 'MISMATCH', 'LAST ERROR'],
      status.connectors.map((connector) => [
        connector.name,
        connector.state,
        String(connector.queued),
        String(connector.associations),
        String(connector.messagesSent),
        String(connector.messagesReceived),
        String(connector.octetsResent),
        String(connector.mismatches),
        connector.lastError,
      ]),
    ),
  );
  output.stdout.write('\n');
  output.stdout.write(
    renderTable(
      [
        'ASSOCIATION',
        'CONNECTOR',
        'DIRECTION',
        'STATE',
        'TURN',
        'CONFIGURED',
        'NEGOTIATED',
        'WINDOW',
        'CHECKPOINTS',
        'OCTETS',
        'RECOVERY',
      ],
      status.associations.map((association) => [
        association.id,
        association.connector ?? '-',
        association.direction,
        association.state,
        association.turn,
        association.rts === null ? '-' : valuesText(association.rts.configured),
        valuesText(association.rts?.negotiated ?? null),
        `${String(association.window.inUse)}/${String(association.window.size)}`,
        `${String(association.checkpoint.confirmed)}/${String(association.checkpoint.sent)}`,
        `${String(association.octets.confirmed)}/${String(association.octets.sent)}`,
        association.recovery === null
          ? '-'
          : `${String(association.recovery.remainingSeconds)} s, from octet ${String(association.recovery.fromOctet)}`,
      ]),
    ),
  );
  return exitCodes.good;
}

function valuesText(values: { readonly checkpointSizeK: number; readonly windowSize: number } | null): string {
  return values === null ? '-' : `${String(values.checkpointSizeK)}K/${String(values.windowSize)}`;
}

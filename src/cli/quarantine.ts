/** `mta quarantine`: messages that could not be decoded or processed, put aside for an operator. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { callAdmin, callAdminJson } from '../admin/client.js';
import { quarantinePath } from '../admin/protocol.js';
import type { ListedQuarantineEntry } from '../admin/quarantine.js';
import { onOneLine } from '../ipms/text.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { renderTable } from './table.js';

export interface QuarantineArguments {
  readonly socket: string;
  readonly json: boolean;
}

export interface QuarantineEntryArguments extends QuarantineArguments {
  readonly id: string;
}

function pathOf(id: string, what = ''): string {
  return `${quarantinePath}/${encodeURIComponent(id)}${what}`;
}

export async function runQuarantineList(
  { socket, json }: QuarantineArguments,
  output: CommandOutput,
): Promise<ExitCode> {
  const entries = await callAdminJson<ListedQuarantineEntry[]>({ socket, method: 'GET', path: quarantinePath });
  if (json) writeJson(output, entries);
  else if (entries.length === 0) output.stdout.write('the quarantine is empty\n');
  else {
    output.stdout.write(
      renderTable(
        ['ID', 'KIND', 'SINCE', 'CONNECTOR', 'OCTETS', 'ANSWER', 'REASON'],
        entries.map(({ id, kind, quarantinedAt, connector = '', octets, answer, reason }) =>
          [id, kind, quarantinedAt, connector, String(octets), answer, reason].map(onOneLine),
        ),
      ),
    );
  }
  return exitCodes.good;
}

export async function runQuarantineShow(
  { socket, json, id }: QuarantineEntryArguments,
  output: CommandOutput,
): Promise<ExitCode> {
  const entry = await callAdminJson<ListedQuarantineEntry>({ socket, method: 'GET', path: pathOf(id) });
  if (json) writeJson(output, entry);
  else {
    const rows = Object.entries(entry).map(([name, value]) => [name, onOneLine(String(value))]);
    output.stdout.write(renderTable(['FIELD', 'VALUE'], rows));
  }
  return exitCodes.good;
}

/** The octets, to a file or to standard output. */
export async function runQuarantineExport(
  { socket, json, id, out }: QuarantineEntryArguments & { readonly out?: string },
  output: CommandOutput,
): Promise<ExitCode> {
  const octets = await callAdmin({ socket, method: 'GET', path: pathOf(id, '/octets') });
  if (out === undefined) {
    await pipeline(octets, process.stdout, { end: false });
    return exitCodes.good;
  }
  const file = createWriteStream(out);
  await pipeline(octets, file);
  if (json) writeJson(output, { path: out, octets: file.bytesWritten });
  else output.stdout.write(`${out}: ${String(file.bytesWritten)} octets\n`);
  return exitCodes.good;
}

export async function runQuarantineChange(
  { socket, json, id, action }: QuarantineEntryArguments & { readonly action: 'release' | 'rm' },
  output: CommandOutput,
): Promise<ExitCode> {
  const answer = await callAdminJson<{ readonly result: string; readonly mtsIdentifier?: string }>({
    socket,
    method: 'POST',
    path: pathOf(id, `/${action}`),
  });
  if (json) writeJson(output, answer);
  else output.stdout.write(`${id}: ${answer.result} ${answer.mtsIdentifier ?? ''}`.trimEnd() + '\n');
  return exitCodes.good;
}

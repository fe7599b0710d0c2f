/** `mta mailbox`: delivered messages and reports of a local mailbox. */
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { Writable } from 'node:stream';
import { callAdmin } from '../admin/client.js';
import { fileNameFor } from '../ipms/file-name.js';
import { onOneLine } from '../ipms/text.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { receiveContent, withContentFile } from './content-file.js';
import { envelopeFacts, envelopeLines } from './envelope-facts.js';
import { ExportFolder } from './export-folder.js';
import { exportInterpersonal, textPieces, wholePieces } from './export-parts.js';
import { interpret } from './interpersonal.js';
import { linesText } from './lines.js';
import {
  getEntry,
  listEntries,
  mailboxPath,
  type EntryName,
  type ListedEntry,
  type MailboxName,
} from './mailbox-entry.js';
import { shownContent, shownContentText, type ShownContent } from './shown-content.js';
import { renderTable } from './table.js';

const headings = ['ID', 'KIND', 'DELIVERED', 'FROM', 'SUBJECT', 'TYPE', 'OCTETS', 'MTS IDENTIFIER'];

function cells(entry: ListedEntry): readonly string[] {
  const { id, kind, deliveredAt, from, subject, contentType, sizeOctets, mtsIdentifier } = entry;
  return [id, kind, deliveredAt, from, subject, contentType, String(sizeOctets), mtsIdentifier].map(onOneLine);
}

interface Listing {
  readonly json: boolean;
}

export async function runMailboxList(args: MailboxName & Listing, output: CommandOutput): Promise<ExitCode> {
  const entries = await listEntries(args);
  if (args.json) writeJson(output, entries);
  else if (entries.length === 0) output.stdout.write(`mailbox ${args.name} is empty\n`);
  else output.stdout.write(renderTable(headings, entries.map(cells)));
  return exitCodes.good;
}

/** What the envelope says, then the content as text. */
export async function runMailboxShow(args: EntryName & Listing, output: CommandOutput): Promise<ExitCode> {
  const entry = await getEntry(args);
  const facts = envelopeFacts(entry);
  const content: ShownContent =
    entry.contentOctets === 0
      ? { kind: 'none' }
      : await withContentFile(args, tmpdir(), (source) => shownContent(interpret(source, facts.contentType)));
  if (args.json) writeJson(output, { ...entry, ...facts, content });
  else output.stdout.write(linesText(envelopeLines(entry, facts)) + shownContentText(content));
  return exitCodes.good;
}

export interface MailboxExportArguments extends EntryName, Listing {
  /** The content octets instead of files. */
  readonly raw: boolean;
  /** Raw: a file, else standard output. Otherwise a folder, by default one that is named as the entry. */
  readonly out?: string;
}

export function runMailboxExport(args: MailboxExportArguments, output: CommandOutput): Promise<ExitCode> {
  return args.raw ? exportRaw(args, output) : exportFiles(args, output);
}

async function exportRaw(args: MailboxExportArguments, output: CommandOutput): Promise<ExitCode> {
  const { out } = args;
  const { stdout } = output;
  if (out !== undefined) {
    const file = createWriteStream(out);
    await receiveContent(args, file);
    if (args.json) writeJson(output, { path: out, octets: file.bytesWritten });
    return exitCodes.good;
  }
  if (!(stdout instanceof Writable) || ('isTTY' in stdout && stdout.isTTY === true)) {
    output.stderr.write('the content is not written to a terminal: give --out FILE, or redirect the output\n');
    return exitCodes.usage;
  }
  await receiveContent(args, stdout);
  return exitCodes.good;
}

async function exportFiles(args: MailboxExportArguments, output: CommandOutput): Promise<ExitCode> {
  const entry = await getEntry(args);
  const facts = envelopeFacts(entry);
  const folder = new ExportFolder(args.out ?? fileNameFor(args.id, new Set()));
  if (facts.kind === 'report') {
    const text = linesText(envelopeLines(entry, facts));
    folder.write({ kind: 'report', name: 'report.txt', octets: textPieces(text) });
  }
  if (entry.contentOctets > 0) {
    await withContentFile(args, folder.path, (source) => {
      const interpretation = interpret(source, facts.contentType);
      if (interpretation.kind === 'interpersonal') exportInterpersonal(source, interpretation.content, folder);
      else {
        output.stderr.write(`${interpretation.reason}: its octets are written as they are\n`);
        folder.write({ kind: 'content', name: 'content.bin', octets: wholePieces(source) });
      }
    });
  }
  if (args.json) writeJson(output, { folder: folder.path, files: folder.written });
  else output.stdout.write(folder.written.map(({ path, octets }) => `${path} (${String(octets)} octets)\n`).join(''));
  return exitCodes.good;
}

export async function runMailboxRemove(args: EntryName & Listing, output: CommandOutput): Promise<ExitCode> {
  const { socket, name, id } = args;
  const answer = await callAdmin({ socket, method: 'DELETE', path: mailboxPath(name, id) });
  answer.resume();
  if (args.json) writeJson(output, { removed: id });
  else output.stdout.write(`removed ${id} from mailbox ${name}\n`);
  return exitCodes.good;
}

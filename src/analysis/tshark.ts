/** Runs tshark, the independent analyser, over a capture. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Between the values of one field; stands in none of them. */
export const valueSeparator = '\u001e';
const fieldSeparator = '\u001f';

/** tshark is not there, or could not read the file. */
export class TsharkError extends Error {
  override readonly name = 'TsharkError';
}

/** The fields of each packet that passes the filter, in order: one text a field, its values separated by `valueSeparator`. */
export async function dissected(
  file: string,
  filter: string,
  fields: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const options = ['-E', `separator=${fieldSeparator}`, '-E', `aggregator=${valueSeparator}`];
  const wanted = fields.flatMap((field) => ['-e', field]);
  const words = ['-r', file, '-d', 'tcp.port==102,tpkt', '-Y', filter, '-T', 'fields', ...options, ...wanted];
  const child = spawn('tshark', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => {
      reject(new TsharkError(`tshark cannot be run (Debian package tshark): ${error.message}`));
    });
    child.once('close', resolve);
  });
  const rows: (readonly string[])[] = [];
  child.stdout.setEncoding('utf8');
  createInterface(child.stdout).on('line', (line) => {
    rows.push(line.split(fieldSeparator));
  });
  if ((await ended) !== 0) throw new TsharkError(`tshark cannot read ${file}: ${complaint.trim()}`);
  return rows;
}

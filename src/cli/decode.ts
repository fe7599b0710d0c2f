/** `mta decode FILE`: what a file of octets says, in clear. */
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { readInput, type DecodeInput } from './decode-input.js';
import { decodeOctets, type DecodedAs } from './decode-kinds.js';

export interface DecodeOptions {
  /** A path, or - for standard input. */
  readonly file: string;
  readonly json: boolean;
  /** What it is; found out by trying when absent. */
  readonly as?: DecodedAs;
}

function readOrFault(file: string): DecodeInput | string {
  try {
    return readInput(file);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function runDecode({ file, json, as }: DecodeOptions, output: CommandOutput): ExitCode {
  const input = readOrFault(file);
  if (typeof input === 'string' || input.octets.length === 0) {
    output.stderr.write(`mta decode: ${file} cannot be read: ${typeof input === 'string' ? input : 'it is empty'}\n`);
    return exitCodes.failed;
  }
  const { octets, notation } = input;
  const outcome = decodeOctets(octets, as);
  if ('faults' in outcome) {
    const reasons = outcome.faults.map((fault) => `  ${fault}\n`).join('');
    const what = `${file} (${String(octets.length)} octets, ${notation})`;
    output.stderr.write(`mta decode: ${what} cannot be decoded:\n${reasons}`);
    return exitCodes.failed;
  }
  const { as: taken, title, text, value } = outcome.decoded;
  if (json) writeJson(output, { file, as: taken, notation, octets: octets.length, value });
  else output.stdout.write(`${file}: ${title}, ${String(octets.length)} octets, ${notation}\n${text}`);
  return exitCodes.good;
}

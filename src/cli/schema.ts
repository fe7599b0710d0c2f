/** `mta schema`: the JSON Schema of the site file, for editors and other checkers. */
import { siteJsonSchema } from '../config/json-schema.js';
import { exitCodes, writeJson } from './command.js';
import type { CommandOutput, ExitCode } from './command.js';

export function runSchema(output: CommandOutput): ExitCode {
  writeJson(output, siteJsonSchema());
  return exitCodes.good;
}

/** `mta verify --with`: do the site files of two ends fit, without asking either of them. */
import { allMatch, verifySites } from '../config/verify.js';
import { loadSiteFile } from '../host/site-files.js';
import { exitCodes, writeJson } from './command.js';
import type { CommandOutput, ExitCode } from './command.js';
import { writeProblems } from './problems.js';
import { renderVerifyTable } from './verify-table.js';

export interface VerifyArguments {
  readonly site: string;
  readonly with: string;
  readonly json: boolean;
}

export function runVerify(args: VerifyArguments, output: CommandOutput): ExitCode {
  const a = loadSiteFile(args.site);
  const b = loadSiteFile(args.with);
  if (!a.valid || !b.valid) {
    const problems = [a, b].flatMap((load) => (load.valid ? [] : load.problems));
    if (args.json) writeJson(output, { valid: false, problems });
    else writeProblems(output, problems);
    return exitCodes.usage;
  }
  const rows = verifySites(a.site, b.site);
  const verdict = allMatch(rows) ? 'match' : 'differ';
  const names = [
    { file: args.site, mtaName: a.site.mta.name },
    { file: args.with, mtaName: b.site.mta.name },
  ] as const;
  if (args.json) writeJson(output, { valid: true, siteA: names[0], siteB: names[1], result: verdict, rows });
  else output.stdout.write(renderVerifyTable(rows, names[0], names[1]));
  return verdict === 'match' ? exitCodes.good : exitCodes.negative;
}

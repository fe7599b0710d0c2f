/** `mta verify --export-profile` and `--profile`: the comparison of two ends whose operators send each other a text instead of a site file. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { text as textOf } from 'node:stream/consumers';
import { digestOf, digestSaltOctets } from '../config/password-digest.js';
import { readProfile, writeProfile, type Profile } from '../config/profile.js';
import { ProfileError } from '../config/profile-reader.js';
import type { Connector, Site } from '../config/site.js';
import { allMatch, verifyEnds, type VerifyRow } from '../config/verify.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { UsageError } from './options.js';
import { connectorOf } from './verify-live.js';
import { renderVerifyTable } from './verify-table.js';

const standardStream = '-';

export function runExportProfile(site: Site, connectorName: string, file: string, output: CommandOutput): ExitCode {
  const text = writeProfile(site, connectorOf(site, connectorName), (password) =>
    digestOf(password, randomBytes(digestSaltOctets)),
  );
  if (file === standardStream) output.stdout.write(text);
  else writeFileSync(file, text);
  return exitCodes.good;
}

export interface VerifyProfileArguments {
  readonly site: Site;
  /** Undefined: the connector that fits best. */
  readonly connector?: string;
  /** A file, or `-` for standard input. */
  readonly profile: string;
  readonly json: boolean;
}

export async function runVerifyProfile(args: VerifyProfileArguments, output: CommandOutput): Promise<ExitCode> {
  const profile = await profileOf(args.profile);
  const rows = compare(args.site, profile, candidates(args, profile));
  const verdict = allMatch(rows) ? 'match' : 'differ';
  const ours = { file: args.site.path, mtaName: args.site.mta.name };
  const theirs = { file: args.profile, mtaName: profile.mtaName };
  if (args.json) writeJson(output, { valid: true, siteA: ours, siteB: theirs, result: verdict, rows });
  else output.stdout.write(renderVerifyTable(rows, ours, theirs));
  return verdict === 'match' ? exitCodes.good : exitCodes.negative;
}

/** Throws UsageError where there is no profile to be had. */
async function profileOf(file: string): Promise<Profile> {
  try {
    return readProfile(file === standardStream ? await textOf(process.stdin) : readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof ProfileError)
      throw new UsageError(`${file} is no profile that can be compared: ${error.message}`);
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The connector that is meant, or all that expect the name that the profile's end says of itself. */
function candidates({ site, connector }: VerifyProfileArguments, { connector: theirs }: Profile): readonly Connector[] {
  if (connector !== undefined) return [connectorOf(site, connector)];
  return site.connectors.filter(({ remote }) => remote.mtaName.toLowerCase() === theirs.local.mtaName.toLowerCase());
}

/** The comparison with the connector that fits in most. */
function compare(site: Site, profile: Profile, connectors: readonly Connector[]): readonly VerifyRow[] {
  const comparisons = connectors.map((connector) => verifyEnds({ connector, listen: site.listen }, profile));
  const matches = (rows: readonly VerifyRow[]): number => rows.filter(({ result }) => result === 'match').length;
  const [best] = comparisons.sort((one, other) => matches(other) - matches(one));
  if (best !== undefined) return best;
  const { name, local } = profile.connector;
  const note = `no connector here has the remote.mtaName "${local.mtaName}"; --connector names the one to compare with`;
  return [{ connectorB: name, field: 'connector', fieldB: 'connector', result: 'missing', note }];
}

/**
 * Reads a site file: text in, a site or its problems out. The world comes in with the source: other files, the environment, modes.
 */
import { resolveSite } from './effective.js';
import { secretFinder } from './find-secret.js';
import type { ReportFound, SecretWorld } from './find-secret.js';
import { parseJsonSource } from './json-source.js';
import type { JsonSource } from './json-source.js';
import type { Problem } from './problem.js';
import { rules } from './rules.js';
import { schemaProblems, withoutFaults } from './schema-problems.js';
import { siteFileSchema } from './schema.js';
import type { SiteFile } from './schema.js';
import type { Site } from './site.js';

export interface SiteSource extends SecretWorld {
  readonly text: string;
  /** Octets that the path of a local socket may have; by default those of Linux. */
  readonly socketPathOctetsMax?: number;
}

export type SiteLoad =
  /** `problems` are warnings only. */
  | { readonly valid: true; readonly site: Site; readonly problems: readonly Problem[] }
  | { readonly valid: false; readonly problems: readonly Problem[] };

/** sun_path has 108 octets, the last of them for its end (Linux, unix(7)). */
const linuxSocketPathOctetsMax = 107;

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

export function loadSite(source: SiteSource): SiteLoad {
  const json = parseJsonSource(source.path, source.text);
  if (json.value === undefined) return { valid: false, problems: json.problems };
  const problems: Problem[] = [...json.problems];
  const report: ReportFound = (severity, path, found, expected) => {
    problems.push(json.problem(severity, path, found, expected));
  };
  const parsed = siteFileSchema.safeParse(json.value);
  let site: Site | undefined;
  if (parsed.success) {
    problems.push(...ruleProblems(parsed.data, json));
    site = resolveSite(parsed.data, source.path, secretFinder(source, report));
    checkSite(site, parsed.data, source, report);
  } else {
    problems.push(...schemaProblems(parsed.error.issues, json));
    const rest = siteFileSchema.safeParse(withoutFaults(json.value, parsed.error.issues));
    // What was cut out may have been what a warning asks for.
    if (rest.success) problems.push(...ruleProblems(rest.data, json).filter(({ severity }) => severity === 'error'));
  }
  problems.sort(byPlace);
  if (site === undefined || problems.some(({ severity }) => severity === 'error')) return { valid: false, problems };
  return { valid: true, site, problems };
}

function ruleProblems(file: SiteFile, json: JsonSource): readonly Problem[] {
  const problems: Problem[] = [];
  for (const rule of rules)
    rule(file, (severity, path, expected) => {
      problems.push(json.problem(severity, path, json.foundText(path), expected));
    });
  return problems;
}

/** IA5String has the characters of ASCII. */
function isIa5(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** What can be judged only when every value is there. */
function checkSite(site: Site, file: SiteFile, source: SiteSource, report: ReportFound): void {
  const octetsMax = source.socketPathOctetsMax ?? linuxSocketPathOctetsMax;
  const octets = Buffer.byteLength(site.admin.socket);
  if (octets > octetsMax)
    report(
      'error',
      file.admin?.socket === undefined ? ['dataDirectory'] : ['admin', 'socket'],
      `the admin socket ${JSON.stringify(site.admin.socket)}, a path of ${octets} octets`,
      `at most ${octetsMax}, since the system takes no longer path for a socket; give a shorter admin.socket`,
    );
  for (const [index, connector] of site.connectors.entries())
    if (connector.passwordType === 'ia5' && !isIa5(connector.local.password?.reveal() ?? ''))
      report(
        'error',
        ['connectors', index, 'local', 'password'],
        'a password with characters outside ASCII',
        'ASCII only, since passwordType is "ia5"',
      );
}

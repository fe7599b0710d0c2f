/** What the schema finds wrong, as problems that name place, finding and expectation. */
import type { z } from 'zod';
import { knownKeySeparator } from './fields.js';
import type { JsonSource } from './json-source.js';
import { nearest } from './nearest.js';
import { pathText } from './problem.js';
import type { Path, Problem } from './problem.js';

type Issue = z.core.$ZodIssue;

/** The path of each value that the issue is about: of the unknown keys themselves, not of the object that has them. */
function placesOf(issue: Issue): readonly Path[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function unknownKeyExpected(key: string, knownKeys: string): string {
  const suggestion = nearest(key, knownKeys.split(knownKeySeparator));
  const meant = suggestion === undefined ? '' : `; did you mean ${JSON.stringify(suggestion)}?`;
  return `one of the keys ${knownKeys}${meant}`;
}

/** Where an object or a list should be, a text may be a misplaced secret; a union is a selector or a secret, and the path tells which. */
function found(issue: Issue, path: Path, source: JsonSource): string {
  if (issue.code === 'invalid_union') return source.foundWhole(path);
  const containerExpected =
    issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'array');
  return containerExpected ? source.foundSort(path) : source.foundText(path);
}

/** One problem for each place; the first issue there says enough. */
export function schemaProblems(issues: readonly Issue[], source: JsonSource): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const issue of issues) {
    for (const path of placesOf(issue)) {
      const key = pathText(path);
      if (problems.has(key)) continue;
      if (issue.code === 'unrecognized_keys') {
        const name = String(path.at(-1));
        const unknown = `the unknown key ${JSON.stringify(name)} (${source.foundSort(path)})`;
        problems.set(key, source.problem('error', path, unknown, unknownKeyExpected(name, issue.message)));
      } else problems.set(key, source.problem('error', path, found(issue, path, source), issue.message));
    }
  }
  return [...problems.values()];
}

/**
 * The value without its faulty members, so that the rules between members can be tried on the rest and everything is reported at once;
 * undefined where a fault cannot be cut out without moving others.
 */
export function withoutFaults(value: unknown, issues: readonly Issue[]): unknown {
  const rest: unknown = structuredClone(value);
  for (const path of issues.flatMap(placesOf)) {
    const last = path.at(-1);
    if (typeof last !== 'string') return undefined;
    let holder = rest;
    for (const step of path.slice(0, -1))
      holder = (holder as Readonly<Record<string | number, unknown>> | undefined)?.[step];
    if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, last);
  }
  return rest;
}

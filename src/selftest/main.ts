/** `npm run conformance`: every case against daemons of our own, both roles, both modes. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes } from '../cli/command.js';
import { coverageText } from '../conformance/traceability/coverage-text.js';
import { supportIn, type Support } from '../conformance/traceability/pics.js';
import type { Point } from '../conformance/traceability/points.js';
import { countsOf, countsText, resultLine } from '../conformance/report/counts.js';
import { allCases } from '../conformance/script/suite.js';
import { roles, type CaseResult, type Role, type TestCase } from '../conformance/script/test-case.js';
import { freePort } from '../demo/sites.js';
import { startDaemon, type Daemon } from '../demo/processes.js';
import { ConformanceCapture } from '../host/conformance-capture.js';
import { runCases, shared } from '../host/conformance-run.js';
import { Calls, type CaseWorld, type Target } from '../host/lower-tester.js';
import { commandsOf } from './daemon-under-test.js';
import { isForProfile, peerOf, profiles, writeSite, type Lane, type Profile } from './sites.js';

/** Testers at work on one daemon at once, by the role of the daemon. */
const laneCounts: Readonly<Record<Role, number>> = { responder: 3, initiator: 3, exchange: 2 };

type Report = (result: CaseResult, test: TestCase) => void;

async function runProfile(
  profile: Profile,
  folder: string,
  tests: readonly TestCase[],
  report: Report,
  capture: ConformanceCapture | undefined,
): Promise<void> {
  const wanted = tests.filter((test) => test.modes.includes(profile.mode) && isForProfile(profile, test));
  if (wanted.length === 0) return;
  const lanes: { readonly lane: Lane; readonly role: Role; readonly calls: Calls; readonly word: string }[] = [];
  for (const role of roles) {
    for (let number = 1; number <= laneCounts[role]; number++) {
      const calls = await Calls.listen({ host: '127.0.0.1', port: 0 });
      const word = `${profile.name}.${role.slice(0, 1)}${String(number)}`; // local identifiers have 32 characters at most
      lanes.push({ lane: { name: `${role}${String(number)}`, port: calls.port }, role, calls, word });
    }
  }
  const port = await freePort();
  const site = writeSite(
    profile,
    folder,
    port,
    lanes.map(({ lane }) => lane),
  );
  const socket = join(folder, profile.name, 'admin.sock');
  let daemon: Daemon | undefined;
  try {
    daemon = await startDaemon(profile.name, site);
    const work = {
      responder: shared(wanted.filter(({ role }) => role === 'responder')),
      initiator: shared(wanted.filter(({ role }) => role === 'initiator')),
      exchange: shared(wanted.filter(({ role }) => role === 'exchange')),
    };
    await Promise.all(
      lanes.map(({ lane, role, calls, word }) =>
        runCases(
          work[role],
          {
            peer: peerOf(profile, lane),
            reach: reachOf(role, { host: '127.0.0.1', port }, calls),
            commands: commandsOf(socket, lane, profile.p1),
            runWord: word,
            ...(capture === undefined ? {} : { tap: capture }),
          },
          report,
        ),
      ),
    );
  } finally {
    await daemon?.stop();
    for (const { calls } of lanes) await calls.close();
  }
}

function reachOf(role: Role, target: Target, calls: Calls): CaseWorld['reach'] {
  if (role === 'responder') return { kind: 'calls', target };
  return role === 'initiator' ? { kind: 'called', calls } : { kind: 'both', target, calls };
}

const usage = 'npm run conformance -- [--only PREFIX] [--trace] [--coverage FILE] [--capture FOLDER]';

const coverageHeading = `# What the conformance cases cover

Made by \`npm run conformance -- --coverage docs/conformance-coverage.md\`, which runs every case against daemons of our own.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      trace: { type: 'boolean', default: false },
      coverage: { type: 'string' },
      capture: { type: 'string' },
    },
  });
  const tests = allCases.filter(({ id }) => id.startsWith(values.only));
  if (tests.length === 0) throw new Error(`no case begins with ${values.only}; ${usage}`);
  if (values.capture !== undefined) mkdirSync(values.capture, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'mta-conformance-'));
  const results: CaseResult[] = [];
  const report = (result: CaseResult): void => {
    results.push(result);
    process.stdout.write(`${resultLine(result)}\n`);
    if (!values.trace && result.verdict !== 'fail' && result.verdict !== 'inconclusive') return;
    for (const line of result.trace) process.stdout.write(`    ${line}\n`);
  };
  try {
    await Promise.all(
      profiles.map(async (profile) => {
        const capture =
          values.capture === undefined
            ? undefined
            : new ConformanceCapture(join(values.capture, `${profile.name}.pcapng`), 'mta conformance');
        await runProfile(profile, folder, tests, report, capture);
        capture?.close();
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const coverage = coverageText(readPoints(), allCases, results, readSupport());
  process.stdout.write(`\n${coverage}\n${countsText(results)}\n`);
  if (values.coverage !== undefined) {
    writeFileSync(values.coverage, `${coverageHeading}\n\n${coverage}\n${countsText(results)}\n`);
  }
  const counts = countsOf(results);
  return counts.fail + counts.inconclusive === 0 ? exitCodes.good : exitCodes.negative;
}

function readPoints(): readonly Point[] {
  const file = new URL('../../conformance/points.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as readonly Point[];
}

function readSupport(): ReadonlyMap<string, Support> {
  const folder = new URL('../../conformance/pics/', import.meta.url);
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return new Map(pages.flatMap((name) => [...supportIn(readFileSync(new URL(name, folder), 'utf8'))]));
}

process.exitCode = await main();

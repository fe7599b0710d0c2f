/** `npm run conformance`: every case against daemons of our own, both roles, both modes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCases } from '../conformance/script/suite.js';
import type { CaseResult, Role, TestCase } from '../conformance/script/test-case.js';
import { freePort } from '../demo/sites.js';
import { startDaemon, type Daemon } from '../demo/processes.js';
import { runCases, shared } from '../host/conformance-run.js';
import { Calls } from '../host/lower-tester.js';
import { commandsOf } from './daemon-under-test.js';
import { peerOf, profiles, writeSite, type Lane, type Profile } from './sites.js';

/** Testers at work on one daemon at once, by the role of the daemon. */
const laneCounts: Readonly<Record<Role, number>> = { responder: 3, initiator: 3 };

type Report = (result: CaseResult, test: TestCase) => void;

async function runProfile(profile: Profile, folder: string, tests: readonly TestCase[], report: Report): Promise<void> {
  const wanted = tests.filter((test) => test.modes.includes(profile.mode));
  const lanes: { readonly lane: Lane; readonly role: Role; readonly calls: Calls }[] = [];
  for (const role of ['responder', 'initiator'] as const) {
    for (let number = 1; number <= laneCounts[role]; number++) {
      const calls = await Calls.listen({ host: '127.0.0.1', port: 0 });
      lanes.push({ lane: { name: `${role}${String(number)}`, port: calls.port }, role, calls });
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
    };
    await Promise.all(
      lanes.map(({ lane, role, calls }) =>
        runCases(
          work[role],
          {
            peer: peerOf(profile, lane),
            reach:
              role === 'responder' ? { kind: 'calls', target: { host: '127.0.0.1', port } } : { kind: 'called', calls },
            commands: commandsOf(socket, lane),
            runWord: `${profile.name}.${lane.name}`,
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

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: 'string', default: '' }, trace: { type: 'boolean', default: false } },
  });
  const tests = allCases.filter(({ id }) => id.startsWith(values.only));
  const folder = mkdtempSync(join(tmpdir(), 'mta-conformance-'));
  const results: CaseResult[] = [];
  try {
    await Promise.all(
      profiles.map((profile) =>
        runProfile(profile, folder, tests, (result) => {
          results.push(result);
          const text = result.text === '' ? '' : `  ${result.text}`;
          process.stdout.write(`${result.verdict.padEnd(14)} ${result.id} ${result.mode}${text}\n`);
          if (values.trace || result.verdict === 'fail' || result.verdict === 'inconclusive') {
            for (const line of result.trace) process.stdout.write(`    ${line}\n`);
          }
        }),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const count = (verdict: string): number => results.filter((result) => result.verdict === verdict).length;
  process.stdout.write(
    `${String(results.length)} cases: ${String(count('pass'))} passed, ${String(count('fail'))} failed, ${String(count('inconclusive'))} inconclusive, ${String(count('not-applicable'))} not applicable\n`,
  );
  return count('fail') + count('inconclusive') === 0 ? 0 : 3;
}

process.exitCode = await main();

/** `mta conformance`: the cases of the lower tester against any implementation. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { peerJsonSchema, readPeer, type Peer } from '../conformance/peer/peer-file.js';
import { countsOf, countsText, resultLine } from '../conformance/report/counts.js';
import { htmlReport } from '../conformance/report/html-report.js';
import { jsonReport, type ReportedCase, type ReportHead } from '../conformance/report/json-report.js';
import { junitReport } from '../conformance/report/junit-report.js';
import { allCases } from '../conformance/script/suite.js';
import type { DeliveryCount, TestCase } from '../conformance/script/test-case.js';
import { ConformanceCapture } from '../host/conformance-capture.js';
import { runCases } from '../host/conformance-run.js';
import { Calls, type CaseWorld, type Commands, type Target } from '../host/lower-tester.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { UsageError } from './options.js';
import { version } from './version.js';

export interface ConformanceArguments {
  /** Where the implementation under test listens: cases in which it responds. */
  readonly peer?: string;
  /** Where we listen for its calls: cases in which it calls. */
  readonly listen?: string;
  readonly config?: string;
  /** Cases whose identifiers begin so. */
  readonly only: string;
  readonly list: boolean;
  readonly schema: boolean;
  readonly report?: string;
  readonly capture?: string;
  readonly json: boolean;
}

export async function runConformance(args: ConformanceArguments, output: CommandOutput): Promise<ExitCode> {
  if (args.schema) {
    writeJson(output, peerJsonSchema());
    return exitCodes.good;
  }
  const tests = allCases.filter(({ id }) => id.startsWith(args.only));
  if (args.list) return list(tests, args, output);
  if (args.config === undefined) throw new UsageError('--config names the peer file; see docs/conformance.md');
  const write = args.report === undefined ? undefined : reportWriter(args.report);
  const peer = loadPeer(args.config);
  const roles = rolesOf(args, peer);
  const head = {
    implementation: peer.implementation.mtaName,
    tester: `mta ${version()}`,
    startedAt: new Date().toISOString(),
  };
  const reported = await runRoles(tests, roles, peer, args, output);
  const results = reported.map(({ result }) => result);
  if (args.json) output.stdout.write(jsonReport(head, reported));
  else output.stdout.write(`${countsText(results)}\n`);
  write?.(head, reported);
  const counts = countsOf(results);
  return counts.fail + counts.inconclusive === 0 ? exitCodes.good : exitCodes.negative;
}

function list(tests: readonly TestCase[], args: ConformanceArguments, output: CommandOutput): ExitCode {
  const rows = tests.map(({ id, role, modes, clause, points, needs = [], purpose }) => ({
    id,
    role,
    modes,
    clause,
    points,
    needs,
    purpose,
  }));
  if (args.json) writeJson(output, rows);
  else
    for (const row of rows)
      output.stdout.write(`${row.id.padEnd(13)} ${row.purpose} (${row.clause}; ${row.points.join(', ')})\n`);
  return exitCodes.good;
}

const reports = { html: htmlReport, json: jsonReport, xml: junitReport } as const;

function reportWriter(path: string): (head: ReportHead, cases: readonly ReportedCase[]) => void {
  const ending = path.split('.').at(-1) ?? '';
  if (ending !== 'html' && ending !== 'json' && ending !== 'xml') {
    throw new UsageError(`--report: ${path} must end in .html, .json or .xml (JUnit)`);
  }
  return (head, cases) => {
    writeFileSync(path, reports[ending](head, cases));
  };
}

/** Comments are allowed, as in site files. Throws UsageError with every fault. */
function loadPeer(path: string): Peer {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--config: ${error instanceof Error ? error.message : String(error)}`);
  }
  const load = readPeer(parse(text, [], { allowTrailingComma: true }));
  if (!load.valid) throw new UsageError(`${path}:\n${load.faults.map((fault) => `  ${fault}`).join('\n')}`);
  return load.peer;
}

/** Where it listens, and where it may call us; both for exchanges. */
type Roles = Readonly<Partial<Record<'responder' | 'initiator', Target>>>;

function rolesOf(args: ConformanceArguments, { implementation }: Peer): Roles {
  const { host, port } = implementation;
  const named = args.peer === undefined ? undefined : targetOf('peer', args.peer);
  const responder =
    named ?? (host === undefined || args.listen !== undefined ? undefined : { host, port: port ?? 102 });
  const roles = {
    ...(responder === undefined ? {} : { responder }),
    ...(args.listen === undefined ? {} : { initiator: targetOf('listen', args.listen) }),
  };
  if (Object.keys(roles).length === 0) {
    throw new UsageError(
      '--peer HOST:PORT says where it listens, --listen HOST:PORT where it may call us; one is needed',
    );
  }
  return roles;
}

function targetOf(option: string, text: string): Target {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  const [, host, port] = match ?? [];
  if (host === undefined || port === undefined) throw new UsageError(`--${option}: "${text}" is not HOST:PORT`);
  return { host, port: Number(port) };
}

async function runRoles(
  tests: readonly TestCase[],
  roles: Roles,
  peer: Peer,
  args: ConformanceArguments,
  output: CommandOutput,
): Promise<readonly ReportedCase[]> {
  const reported: ReportedCase[] = [];
  const capture = args.capture === undefined ? undefined : new ConformanceCapture(args.capture, `mta ${version()}`);
  const calls = roles.initiator === undefined ? undefined : await Calls.listen(roles.initiator);
  const world = (reach: CaseWorld['reach']): CaseWorld => ({
    peer,
    reach,
    commands: commandsOf(peer, output),
    runWord: `lt${Date.now().toString(36)}`,
    ...(capture === undefined ? {} : { tap: capture }),
  });
  const run = (role: TestCase['role'], reach: CaseWorld['reach']): Promise<number> =>
    runCases(
      tests.filter((test) => test.role === role),
      world(reach),
      (result, test) => {
        reported.push({ test, result });
        if (!args.json) output.stdout.write(`${resultLine(result)}\n`);
      },
    );
  try {
    if (roles.responder !== undefined) await run('responder', { kind: 'calls', target: roles.responder });
    if (calls !== undefined) await run('initiator', { kind: 'called', calls });
    if (roles.responder !== undefined && calls !== undefined) {
      await run('exchange', { kind: 'both', target: roles.responder, calls });
    }
  } finally {
    await calls?.close();
    capture?.close();
  }
  return reported;
}

/** What the exit codes of an observer say; any other is an error. */
const countOfExitCode: ReadonlyMap<number, DeliveryCount> = new Map([
  [0, 'once'],
  [3, 'never'],
  [4, 'more than once'],
]);

function commandsOf({ trigger, observe }: Peer, output: CommandOutput): Commands {
  return {
    trigger: async (size) => {
      if (trigger === undefined) output.stderr.write(`mta: make it send a ${size} message to us now\n`);
      else await runCommand((size === 'long' ? trigger.long : undefined) ?? trigger.short);
    },
    observe: async (identifier) => {
      const words = (observe ?? []).map((word) => word.replaceAll('{identifier}', identifier));
      return countOfExitCode.get(await runCommand(words, [...countOfExitCode.keys()])) ?? 'never';
    },
  };
}

/** Runs a command to its end; its exit code, 0 or one of `allowed`. */
async function runCommand([file = '', ...words]: readonly string[], allowed: readonly number[] = []): Promise<number> {
  return new Promise((resolve, reject) => {
    execFile(file, words, (error, _stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      if (code === 0 || allowed.includes(code)) resolve(code);
      else
        reject(
          new Error(`the command ${[file, ...words].join(' ')} failed: ${stderr.trim() || String(error?.message)}`),
        );
    });
  });
}

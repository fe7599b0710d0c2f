/** `mta verify --live`: opens an association to the peer, compares what it answers with the site file, and releases it. */
import type { Connector, Site } from '../config/site.js';
import { createNodeWorld } from '../host/node-world.js';
import { compareAnswer } from '../probe/differences.js';
import type { LiveRow } from '../probe/live-row.js';
import { probeLimits, probePeer, type ProbeLimits } from '../probe/probe.js';
import { explainRefusal, isUnanswered } from '../probe/refusals.js';
import type { ProbeReport } from '../probe/report.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { renderLive, type LiveVerdict } from './live-table.js';
import { UsageError } from './options.js';

export interface VerifyLiveArguments {
  readonly site: Site;
  readonly connector: string;
  /** For the whole of the opening. */
  readonly timeoutSeconds?: number;
  readonly json: boolean;
}

const exitCodeOf: Readonly<Record<LiveVerdict, ExitCode>> = {
  match: exitCodes.good,
  differ: exitCodes.negative,
  refused: exitCodes.negative,
  unanswered: exitCodes.failed,
};

/** The connector of that name. Throws UsageError where there is none. */
export function connectorOf(site: Site, name: string): Connector {
  const connector = site.connectors.find((candidate) => candidate.name === name);
  if (connector !== undefined) return connector;
  const names = site.connectors.map((candidate) => candidate.name).join(', ');
  throw new UsageError(`--connector: ${site.path} has no connector "${name}"; it has ${names === '' ? 'none' : names}`);
}

/** Looks at the peer of a connector. Throws UsageError where the site file does not say where it is. */
export async function probe(connector: Connector, limits: ProbeLimits): Promise<ProbeReport> {
  if (connector.remote.connectTo === undefined) {
    throw new UsageError(
      `connector ${connector.name} has no remote.host: only its peer opens associations; let its operator run this command`,
    );
  }
  const world = createNodeWorld({ observe: () => undefined, tap: () => undefined });
  return new Promise((resolve) => {
    probePeer(world, connector, limits, resolve);
  });
}

export function limitsOf(timeoutSeconds: number | undefined): ProbeLimits {
  return timeoutSeconds === undefined ? probeLimits : { ...probeLimits, openMilliseconds: timeoutSeconds * 1000 };
}

function judge(connector: Connector, report: ProbeReport): { rows: readonly LiveRow[]; verdict: LiveVerdict } {
  if (report.result === 'refused') {
    return { rows: explainRefusal(connector, report), verdict: isUnanswered(report) ? 'unanswered' : 'refused' };
  }
  const rows = compareAnswer(connector, report);
  return { rows, verdict: rows.some(({ result }) => result === 'differ') ? 'differ' : 'match' };
}

export async function runVerifyLive(args: VerifyLiveArguments, output: CommandOutput): Promise<ExitCode> {
  const connector = connectorOf(args.site, args.connector);
  const report = await probe(connector, limitsOf(args.timeoutSeconds));
  const { rows, verdict } = judge(connector, report);
  const { address, exchanges } = report;
  if (args.json) writeJson(output, { connector: connector.name, address, result: verdict, exchanges, rows });
  else {
    const title = `connector ${connector.name}: ${connector.local.mtaName} calls ${connector.remote.mtaName} at ${address.host}:${address.port}`;
    output.stdout.write(renderLive(rows, exchanges, verdict, title));
  }
  return exitCodeOf[verdict];
}

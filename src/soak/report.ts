import { renderTable } from '../cli/table.js';
import type { SoakResult } from './run.js';
import { costOfCutOctetsMax } from './sites.js';

const listedMax = 20;

/** What a run came to, in figures. */
export interface SoakFigures {
  readonly seed: number;
  readonly minutes: number;
  readonly submissions: { readonly accepted: number; readonly doubtful: number; readonly doubtfulAccepted: number };
  readonly submittedOctets: number;
  readonly deliveries: number;
  readonly reports: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly connectionsCut: number;
  readonly starts: Readonly<Record<string, number>>;
  readonly transfersInterrupted: number;
  readonly resumptions: number;
  /** Not resumed: nothing was confirmed yet, or the peer knew nothing of it. */
  readonly begunAnew: number;
  /** Of these, with more octets than a window of checkpoints. */
  readonly begunAnewLong: number;
  readonly resentOctets: {
    readonly perResumption: number;
    readonly perResumptionMax: number;
    readonly boundPerResumption: number;
    readonly begunAnew: number;
  };
  readonly resumeMilliseconds: { readonly p50: number; readonly max: number };
  readonly duplicatesRecognised: number;
  readonly memoryKibMax: Readonly<Record<string, number>>;
  readonly drainSeconds: number;
  readonly violations: readonly string[];
}

export function figuresOf(seed: number, minutes: number, result: SoakResult): SoakFigures {
  const { agents } = result;
  const interrupted = agents.flatMap(({ observations }) => observations.interrupted);
  const resumed = interrupted.filter(({ begun }) => begun <= 1);
  const anew = interrupted.filter(({ begun }) => begun > 1);
  const resumedCount = resumed.reduce((sum, transfer) => sum + transfer.resumed, 0);
  const resent = resumed.reduce((sum, { octetsResent }) => sum + octetsResent, 0);
  const times = agents.flatMap(({ observations }) => observations.resumeMilliseconds).sort((a, b) => a - b);
  const { audit } = result;
  return {
    seed,
    minutes,
    submissions: {
      accepted: audit.submissionsAccepted,
      doubtful: audit.submissionsDoubtful,
      doubtfulAccepted: audit.doubtfulAccepted,
    },
    submittedOctets: result.submittedOctets,
    deliveries: audit.deliveries,
    reports: audit.reports,
    faults: result.faults,
    connectionsCut: result.cuts,
    starts: Object.fromEntries(agents.map(({ site, starts }) => [site.agent, starts])),
    transfersInterrupted: interrupted.length,
    resumptions: times.length,
    begunAnew: anew.length,
    begunAnewLong: anew.filter(({ octets }) => octets > costOfCutOctetsMax).length,
    resentOctets: {
      perResumption: resumedCount === 0 ? 0 : Math.round(resent / resumedCount),
      perResumptionMax: Math.max(0, ...resumed.map((transfer) => Math.ceil(transfer.octetsResent / transfer.resumed))),
      boundPerResumption: costOfCutOctetsMax,
      begunAnew: anew.reduce((sum, { octetsResent }) => sum + octetsResent, 0),
    },
    resumeMilliseconds: { p50: times[Math.floor(times.length / 2)] ?? 0, max: times.at(-1) ?? 0 },
    duplicatesRecognised: agents.reduce((sum, { observations }) => sum + observations.duplicates, 0),
    memoryKibMax: Object.fromEntries(agents.map(({ site, memoryKib }) => [site.agent, memoryKib])),
    drainSeconds: result.drainSeconds,
    violations: violationsOf(result),
  };
}

function violationsOf({ audit, stuck, leftovers, agents }: SoakResult): readonly string[] {
  const tooMuch = agents.flatMap(({ observations }) =>
    observations.interrupted
      .filter(({ begun, resumed, octetsResent }) => begun <= 1 && octetsResent > resumed * costOfCutOctetsMax)
      .map(
        ({ name, resumed, octetsResent }) =>
          `sent again: ${String(octetsResent)} octets of ${name} in ${String(resumed)} resumptions`,
      ),
  );
  return [
    ...audit.lost.map((text) => `lost: ${text}`),
    ...audit.duplicated.map((text) => `duplicated: ${text}`),
    ...audit.wrong.map((text) => `wrong: ${text}`),
    ...stuck.map((text) => `stuck: ${text}`),
    ...leftovers.map((text) => `left over: ${text}`),
    ...tooMuch,
    ...agents.flatMap(({ complaints }) => complaints.map((text) => `complaint: ${text.trimEnd()}`)),
    ...agents.flatMap(({ observations }) => observations.errors.map((text) => `error: ${text}`)),
  ];
}

export function printFigures(figures: SoakFigures, { audit, stuck }: SoakResult): string {
  const { submissions, resentOctets, resumeMilliseconds, violations } = figures;
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${String(count)}`)
      .join(', ');
  const rows = [
    ['Seed, minutes', `${String(figures.seed)}, ${String(figures.minutes)}`],
    ['Submissions accepted', `${String(submissions.accepted)}, ${mib(figures.submittedOctets)}`],
    ['Without an answer', `${String(submissions.doubtful)}, of which accepted ${String(submissions.doubtfulAccepted)}`],
    ['Deliveries, reports', `${String(figures.deliveries)}, ${String(figures.reports)}`],
    ['Faults', list(figures.faults)],
    ['Times that connections were cut', String(figures.connectionsCut)],
    ['Starts', list(figures.starts)],
    ['Transfers interrupted', String(figures.transfersInterrupted)],
    ['Resumptions', String(figures.resumptions)],
    [
      'Octets sent again each',
      `${String(resentOctets.perResumption)}, at most ${String(resentOctets.perResumptionMax)}`,
    ],
    ['The bound', String(resentOctets.boundPerResumption)],
    [
      'Begun anew',
      `${String(figures.begunAnew)}, of which long ${String(figures.begunAnewLong)}, ${String(resentOctets.begunAnew)} octets again`,
    ],
    [
      'Time to resume, down time included',
      `p50 ${seconds(resumeMilliseconds.p50)}, max ${seconds(resumeMilliseconds.max)}`,
    ],
    ['Duplicates recognised', String(figures.duplicatesRecognised)],
    ['Memory (VmHWM)', list(figures.memoryKibMax) + ' KiB'],
    ['Rest after', `${figures.drainSeconds.toFixed(1)} s`],
    [
      'Lost, duplicated, wrong, stuck',
      [audit.lost, audit.duplicated, audit.wrong, stuck].map(({ length }) => length).join(', '),
    ],
    ['Violations', String(violations.length)],
  ];
  const more = violations.length > listedMax ? `and ${String(violations.length - listedMax)} more\n` : '';
  const violated = violations.slice(0, listedMax).map((text) => `violated: ${text}\n`);
  return renderTable(['WHAT', 'VALUE'], rows) + violated.join('') + more;
}

function mib(octets: number): string {
  return `${(octets / (1024 * 1024)).toFixed(1)} MiB`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** What became of every message, from the tracking logs of the two ends. */

/** A line of a tracking log. */
export type TrackingLine = Readonly<Record<string, unknown>>;

export interface TrackingLog {
  readonly name: string;
  readonly lines: readonly TrackingLine[];
}

export type MessageVerdict =
  | 'delivered once'
  | 'reported once'
  | 'delivered and reported'
  | 'under way'
  | 'lost'
  | 'duplicated'
  | 'never submitted';

const good: ReadonlySet<MessageVerdict> = new Set(['delivered once', 'reported once', 'delivered and reported']);

export interface MessageOutcome {
  readonly mtsIdentifier: string;
  readonly octets: number;
  readonly recipients: number;
  readonly deliveries: number;
  /** Recipients of whom a report says that they did not get it. */
  readonly nonDeliveries: number;
  readonly resumptions: number;
  readonly restarts: number;
  /** As the sender counted them. */
  readonly resentOctets: number;
  readonly verdict: MessageVerdict;
}

export function isGood({ verdict }: Pick<MessageOutcome, 'verdict'>): boolean {
  return good.has(verdict);
}

/** Throws an Error that names the line. */
export function parseTrackingLog(text: string, name: string): TrackingLog {
  const lines: TrackingLine[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue;
    lines.push(parseLine(line, `${name}:${String(i + 1)}`));
  }
  return { name, lines };
}

function parseLine(line: string, place: string): TrackingLine {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'event' in value) return { ...value };
  } catch {
    // Said below, with the place.
  }
  throw new Error(`${place}: no line of a tracking log, which is a JSON object with "event"`);
}

export function messageOutcomes(logs: readonly TrackingLog[]): readonly MessageOutcome[] {
  const lines = logs.flatMap((log) => log.lines);
  const byMessage = new Map<string, TrackingLine[]>();
  for (const line of lines) {
    const mts = line['mts'];
    if (typeof mts !== 'string') continue;
    const known = byMessage.get(mts);
    if (known === undefined) byMessage.set(mts, [line]);
    else known.push(line);
  }
  const reports = new Set(lines.flatMap((line) => (typeof line['report'] === 'string' ? [line['report']] : [])));
  return Array.from(byMessage)
    .filter(([mts, about]) => !reports.has(mts) && about.some(isMessage))
    .map(([mts, about]) => outcomeOf(mts, about, logs.length));
}

function isMessage({ event, kind }: TrackingLine): boolean {
  if (event === 'message.submitted' || event === 'message.accepted') return kind === undefined || kind === 'message';
  return event === 'message.delivered';
}

function outcomeOf(mtsIdentifier: string, lines: readonly TrackingLine[], logs: number): MessageOutcome {
  const of = (event: string): readonly TrackingLine[] => lines.filter((line) => line['event'] === event);
  const sum = (all: readonly TrackingLine[], member: string): number =>
    all.reduce((total, line) => total + Number(line[member] ?? 0), 0);
  const submitted = of('message.submitted');
  const [origin] = [...submitted, ...of('message.accepted')];
  const recipients = Number(origin?.['recipients'] ?? 0);
  const deliveries = of('message.delivered').map((line) => `${String(line['mailbox'])} ${String(line['to'])}`);
  const notDelivered = nonDelivered(of('message.reported'));
  const outgoing = of('transfer.completed').filter((line) => line['direction'] === 'outgoing');
  const facts = {
    recipients,
    deliveries: deliveries.length,
    nonDeliveries: notDelivered.length,
    repeated: new Set(deliveries).size < deliveries.length || new Set(notDelivered).size < notDelivered.length,
    // A message that came to one of the two from elsewhere was accepted there, and sent on.
    known: submitted.length > 0 || logs < 2 || of('message.accepted').length > 1 || of('transfer.started').length > 0,
    left: outgoing.length > 0,
  };
  return {
    mtsIdentifier,
    octets: Number(origin?.['octets'] ?? 0),
    recipients,
    deliveries: facts.deliveries,
    nonDeliveries: facts.nonDeliveries,
    resumptions: of('transfer.resumed').length,
    restarts: of('transfer.restarted').length,
    resentOctets: sum(outgoing, 'octetsResent'),
    verdict: verdictOf(facts),
  };
}

function verdictOf(facts: {
  readonly recipients: number;
  readonly deliveries: number;
  readonly nonDeliveries: number;
  readonly repeated: boolean;
  readonly known: boolean;
  readonly left: boolean;
}): MessageVerdict {
  const { recipients, deliveries, nonDeliveries, repeated, known, left } = facts;
  const settled = deliveries + nonDeliveries;
  if (!known) return 'never submitted';
  if (repeated || settled > recipients) return 'duplicated';
  if (settled < recipients) return left ? 'lost' : 'under way';
  if (nonDeliveries === 0) return 'delivered once';
  return deliveries === 0 ? 'reported once' : 'delivered and reported';
}

/** Addresses begin with an attribute; texts of outcomes do not. */
const nextOutcome = /; (?=[A-Z0-9-]+=)/i;

/** The recipients whom reports call not delivered. A report that passes both ends is in both logs. */
function nonDelivered(reported: readonly TrackingLine[]): readonly string[] {
  const byReport = new Map(
    reported.map(({ report, outcomes }) => [report, typeof outcomes === 'string' ? outcomes : '']),
  );
  return [...byReport.values()].flatMap((outcomes) =>
    outcomes
      .split(nextOutcome)
      .filter((outcome) => outcome !== '' && !outcome.endsWith(': delivered'))
      .map((outcome) => outcome.slice(0, outcome.indexOf(': '))),
  );
}

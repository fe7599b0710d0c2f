import { decode } from '../asn1/type.js';
import { decodeReport } from '../mta/report-octets.js';
import { messageTransferEnvelope } from '../p1/message-pdu.js';
import type { MailboxEntry } from '../queue/store.js';
import type { FinishedRun } from './run.js';
import type { Coverage } from './coverage.js';
import type { LoadRecipient } from './load-plan.js';
import type { SubmittedItem } from './load.js';
import type { VirtualAgent } from './virtual-agent.js';

/** Every delivered message and report, by what was submitted. */
interface Arrived {
  /** Mailboxes in which a message lies, by its identifier as the user gave it. */
  readonly deliveries: Map<string, Delivered[]>;
  /** What reports say, by the MTS identifier of their subject. */
  readonly reports: Map<string, Reported[]>;
  /** Subjects of reports that were given up on their way. */
  readonly lostReports: ReadonlySet<string>;
}

interface Delivered {
  readonly mailbox: string;
  readonly mtsIdentifier: string;
  readonly agent: VirtualAgent;
  readonly entry: MailboxEntry;
}

interface Reported {
  readonly mailbox: string;
  /** Number of the recipient as it was originally specified, from 1. */
  readonly recipient: number;
  readonly outcome: 'delivery' | 'nonDelivery';
}

/** Every recipient of every message: delivered once, or reported once as not delivered, and as the originator wants. */
export function outcomeViolations(run: FinishedRun, coverage: Coverage): readonly string[] {
  const arrived = collect(run);
  return run.submitted.flatMap((submitted) => messageViolations(run, submitted, arrived, coverage));
}

function collect({ agents, scenario }: FinishedRun): Arrived {
  const arrived: Arrived = {
    deliveries: new Map(),
    reports: new Map(),
    lostReports: lostReportsOf(agents),
  };
  for (const [i, agent] of agents.entries()) {
    for (const { name } of agent.site.mailboxes) {
      const mailbox = `${scenario.agents[i]?.name ?? ''}/${name}`;
      for (const entry of agent.mailbox(name)) {
        const { envelope } = agent.call('mailbox.get', { mailbox: name, id: entry.id }) ?? {};
        if (envelope === undefined) continue;
        if (entry.kind === 'message') {
          const { contentIdentifier = '' } = decode(messageTransferEnvelope, envelope);
          add(arrived.deliveries, contentIdentifier, { mailbox, mtsIdentifier: entry.mtsIdentifier, agent, entry });
          continue;
        }
        for (const fields of decodeReport(envelope).content.perRecipientFields) {
          const recipient = fields.originallySpecifiedRecipientNumber;
          const outcome = fields.lastTraceInformation.reportType.kind;
          add(arrived.reports, entry.subjectIdentifier ?? '', { mailbox, recipient, outcome });
        }
      }
    }
  }
  return arrived;
}

/** A report that is given up has nobody to tell. */
function lostReportsOf(agents: readonly VirtualAgent[]): ReadonlySet<string> {
  const subjects = new Map<unknown, string>();
  const lost = new Set<string>();
  for (const agent of agents) {
    for (const { report, mts } of agent.events('message.reported')) subjects.set(report, String(mts));
  }
  for (const agent of agents) {
    for (const { mts, report, text } of agent.events('report.discarded')) {
      if (text !== 'the originator wants no such report') lost.add(subjects.get(report ?? mts) ?? String(mts));
    }
  }
  return lost;
}

function messageViolations(
  run: FinishedRun,
  submitted: SubmittedItem,
  arrived: Arrived,
  coverage: Coverage,
): readonly string[] {
  const { item, content } = submitted;
  const deliveries = arrived.deliveries.get(item.contentIdentifier) ?? [];
  const mtsIdentifier = submitted.mtsIdentifier ?? deliveries[0]?.mtsIdentifier;
  if (mtsIdentifier === undefined) return [];
  const violations: string[] = [];
  const say = (text: string): void => {
    violations.push(`${item.contentIdentifier} (${mtsIdentifier}): ${text}`);
  };
  for (const { agent, entry, mailbox, mtsIdentifier: found } of deliveries) {
    if (found !== mtsIdentifier) say(`lies in ${mailbox} as ${found}`);
    if (Buffer.compare(agent.content(mailbox.split('/')[1] ?? '', entry.id), content) !== 0) {
      say(`its content in ${mailbox} is not what was submitted`);
    }
  }
  const ours = run.scenario.agents.map(({ name }) => name);
  const wantedMailboxes = item.recipients.flatMap(({ mailbox }) =>
    mailbox === undefined ? [] : [`${ours[mailbox.agent] ?? ''}/${mailbox.name}`],
  );
  for (const { mailbox } of deliveries) {
    if (!wantedMailboxes.includes(mailbox)) say(`delivered to ${mailbox}, which is no recipient`);
  }
  const originator = `${ours[item.agent] ?? ''}/${item.originatorMailbox}`;
  const reports = arrived.reports.get(mtsIdentifier) ?? [];
  for (const { mailbox } of reports) if (mailbox !== originator) say(`its report lies in ${mailbox}`);
  for (const [i, recipient] of item.recipients.entries()) {
    const to = recipient.mailbox;
    const mailbox = to === undefined ? undefined : `${ours[to.agent] ?? ''}/${to.name}`;
    const delivered = deliveries.filter((each) => each.mailbox === mailbox).length;
    const about = reports.filter((each) => each.recipient === i + 1).map(({ outcome }) => outcome);
    const seen: Seen = { delivered, reported: about };
    const outcome = outcomeOf(seen);
    coverage.outcome(outcome);
    const possible = possibleOutcomes(run, mtsIdentifier, recipient, outcome);
    if (arrived.lostReports.has(mtsIdentifier) && delivered <= 1) continue;
    if (!possible.some((each) => isSeen(each, item.reports, seen))) {
      say(
        `${recipient.address}: delivered ${String(delivered)} times, reported [${about.join()}]; possible: ${possible.join(', ')}`,
      );
    }
  }
  return violations;
}

/**
 * What became of one recipient. `doubtful`: delivered, and given up by a sender that never heard of it. `given up twice`: not delivered, and
 * given up by a sender that never heard that the next agent had it, and gave it up as well.
 */
export type Outcome = 'delivered' | 'not delivered' | 'removed' | 'doubtful' | 'given up twice';

interface Seen {
  readonly delivered: number;
  readonly reported: readonly Reported['outcome'][];
}

function outcomeOf({ delivered, reported }: Seen): Outcome {
  if (delivered > 0) return reported.includes('nonDelivery') ? 'doubtful' : 'delivered';
  if (reported.length > 1) return 'given up twice';
  return reported.includes('nonDelivery') ? 'not delivered' : 'removed';
}

/** Who does not exist is never delivered to; others are not only where messages are given up, or taken out by an operator. */
function possibleOutcomes(
  { scenario, struck, removed }: FinishedRun,
  mtsIdentifier: string,
  recipient: LoadRecipient,
  outcome: Outcome,
): readonly Outcome[] {
  const isGivenUp = scenario.patience === 'short' || struck.has('no-connector');
  return [
    recipient.mailbox === undefined ? 'not delivered' : 'delivered',
    ...(isGivenUp ? (['not delivered', 'doubtful', 'given up twice'] as const) : []),
    ...(removed.has(mtsIdentifier) ? (['removed', outcome] as const) : []),
  ];
}

/** Whether this outcome shows itself in mailboxes and reports as the originator wants it. */
function isSeen(outcome: Outcome, wanted: 'none' | 'non-delivery' | 'all', { delivered, reported }: Seen): boolean {
  const deliveries = outcome === 'delivered' || outcome === 'doubtful' ? 1 : 0;
  const reports: readonly Reported['outcome'][] = {
    delivered: wanted === 'all' ? (['delivery'] as const) : [],
    'not delivered': wanted === 'none' ? [] : (['nonDelivery'] as const),
    removed: [],
    doubtful: wanted === 'all' ? (['delivery', 'nonDelivery'] as const) : (['nonDelivery'] as const),
    'given up twice': ['nonDelivery', 'nonDelivery'] as const,
  }[outcome];
  return delivered === deliveries && reported.toSorted().join() === reports.join();
}

function add<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

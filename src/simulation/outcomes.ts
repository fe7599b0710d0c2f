import { decode } from '../asn1/type.js';
import { equalOctets } from '../bytes/octets.js';
import { decodeReport } from '../mta/report-octets.js';
import { messageTransferEnvelope } from '../p1/message-pdu.js';
import type { MailboxEntry } from '../queue/store.js';
import type { FinishedRun } from './run.js';
import type { LoadRecipient } from './scenario.js';
import type { SubmittedItem } from './load.js';
import type { VirtualAgent } from './virtual-agent.js';

/** Every delivered message and report, by what was submitted. */
interface Arrived {
  /** Mailboxes in which a message lies, by its identifier as the user gave it. */
  readonly deliveries: Map<string, Delivered[]>;
  /** What reports say, by the MTS identifier of their subject. */
  readonly reports: Map<string, Reported[]>;
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
export function outcomeViolations(run: FinishedRun): readonly string[] {
  const arrived = collect(run);
  return run.submitted.flatMap((submitted) => messageViolations(run, submitted, arrived));
}

function collect({ agents, scenario }: FinishedRun): Arrived {
  const arrived: Arrived = { deliveries: new Map(), reports: new Map() };
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

function messageViolations(run: FinishedRun, submitted: SubmittedItem, arrived: Arrived): readonly string[] {
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
    if (!equalOctets(agent.content(mailbox.split('/')[1] ?? '', entry.id), content)) {
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
    const text = recipientViolation(recipient, item.reports, delivered, about);
    if (text !== undefined) say(`${recipient.address}: ${text}`);
  }
  return violations;
}

/** The load waits longer than any fault lasts, so that only who does not exist may go without delivery. */
function recipientViolation(
  recipient: LoadRecipient,
  wanted: 'none' | 'non-delivery' | 'all',
  delivered: number,
  reported: readonly Reported['outcome'][],
): string | undefined {
  const deliveriesExpected = recipient.mailbox === undefined ? 0 : 1;
  const outcome = deliveriesExpected === 1 ? 'delivery' : 'nonDelivery';
  const reportExpected = wanted === 'all' || (wanted === 'non-delivery' && outcome === 'nonDelivery');
  const expected = reportExpected ? [outcome] : [];
  if (delivered === deliveriesExpected && reported.join() === expected.join()) return undefined;
  return `delivered ${String(delivered)} times, reported [${reported.join()}]; expected ${String(deliveriesExpected)} and [${expected.join()}]`;
}

function add<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

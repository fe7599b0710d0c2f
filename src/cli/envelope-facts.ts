/** What the envelope of a delivered message or report says, as values for JSON and as lines for people. */
import { decode } from '../asn1/type.js';
import { fromHex } from '../bytes/octets.js';
import { nameText, timeText, type DisplayLine } from '../ipms/display-heading.js';
import { onOneLine } from '../ipms/text.js';
import { decodeReport } from '../mta/report-octets.js';
import { printContentType } from '../p1/content-type-text.js';
import {
  contentTypes,
  nonDeliveryDiagnostics,
  nonDeliveryReasons,
  priorities,
  routingActions,
  type CodeTable,
} from '../p1/codes.js';
import { readExtension } from '../p1/extension-field.js';
import { internalTrace } from '../p1/extensions.js';
import { messageTransferEnvelope } from '../p1/message-pdu.js';
import { printGlobalDomainIdentifier, printMtsIdentifier } from '../p1/mts-identifier.js';
import type { PerRecipientReportTransferFields } from '../p1/report-pdu.js';
import type { Traced } from '../p1/trace.js';
import type { DeliveredEntry } from './mailbox-entry.js';

export interface TraceFact {
  readonly arrivedAt: string;
  readonly domain: string;
  /** Only inside a domain that tells. */
  readonly mtaName?: string;
  readonly action: string;
}

interface CodeFact {
  readonly code: number;
  readonly name: string;
}

export interface OutcomeFact {
  readonly recipient: string;
  readonly outcome: 'delivered' | 'not-delivered';
  readonly deliveredAt?: string;
  readonly reason?: CodeFact;
  readonly diagnostic?: CodeFact;
  readonly information?: string;
}

interface CommonFacts {
  /** Of the content; of a report, of the content that it returns. Empty where it is not said. */
  readonly contentType: string;
  readonly contentIdentifier?: string;
  readonly trace: readonly TraceFact[];
}

export type EnvelopeFacts = CommonFacts &
  (
    | {
        readonly kind: 'message';
        readonly originator: string;
        readonly recipients: readonly string[];
        readonly priority: string;
      }
    | {
        readonly kind: 'report';
        readonly subjectIdentifier: string;
        readonly destination: string;
        readonly outcomes: readonly OutcomeFact[];
      }
  );

function traceFacts({ traceInformation, extensions }: Traced): readonly TraceFact[] {
  const domains = traceInformation.map(({ globalDomainIdentifier, domainSuppliedInformation }) => ({
    arrivedAt: timeText(domainSuppliedInformation.arrivalTime),
    domain: onOneLine(printGlobalDomainIdentifier(globalDomainIdentifier)),
    action: routingActions.name(domainSuppliedInformation.routingAction),
  }));
  const mtas = (readExtension(extensions, internalTrace) ?? []).map(
    ({ globalDomainIdentifier, mtaName, mtaSuppliedInformation }) => ({
      arrivedAt: timeText(mtaSuppliedInformation.arrivalTime),
      domain: onOneLine(printGlobalDomainIdentifier(globalDomainIdentifier)),
      mtaName: onOneLine(mtaName),
      action: routingActions.name(mtaSuppliedInformation.routingAction),
    }),
  );
  return [...domains, ...mtas];
}

function codeFact(table: CodeTable, code: number): CodeFact {
  return { code, name: table.name(code) };
}

function outcomeFact(fields: PerRecipientReportTransferFields): OutcomeFact {
  const { actualRecipientName, lastTraceInformation, supplementaryInformation } = fields;
  const { reportType } = lastTraceInformation;
  const recipient = nameText(actualRecipientName);
  const information =
    supplementaryInformation === undefined ? {} : { information: onOneLine(supplementaryInformation) };
  if (reportType.kind === 'delivery') {
    const deliveredAt = timeText(reportType.value.messageDeliveryTime);
    return { recipient, outcome: 'delivered', deliveredAt, ...information };
  }
  const { nonDeliveryReasonCode, nonDeliveryDiagnosticCode: diagnostic } = reportType.value;
  return {
    recipient,
    outcome: 'not-delivered',
    reason: codeFact(nonDeliveryReasons, nonDeliveryReasonCode),
    ...(diagnostic === undefined ? {} : { diagnostic: codeFact(nonDeliveryDiagnostics, diagnostic) }),
    ...information,
  };
}

/** Throws DecodeError. */
export function envelopeFacts({ kind, envelope }: DeliveredEntry): EnvelopeFacts {
  const octets = fromHex(envelope);
  if (kind === 'report') {
    const report = decodeReport(octets);
    const { subjectIdentifier, contentType, contentIdentifier, perRecipientFields } = report.content;
    return {
      kind,
      subjectIdentifier: onOneLine(printMtsIdentifier(subjectIdentifier)),
      destination: nameText(report.envelope.reportDestinationName),
      contentType: contentType === undefined ? '' : printContentType(contentType),
      ...(contentIdentifier === undefined ? {} : { contentIdentifier: onOneLine(contentIdentifier) }),
      outcomes: perRecipientFields.map(outcomeFact),
      trace: traceFacts(report.envelope),
    };
  }
  const message = decode(messageTransferEnvelope, octets);
  const { contentIdentifier } = message;
  return {
    kind,
    originator: nameText(message.originatorName),
    recipients: message.perRecipientFields.map(({ recipientName }) => nameText(recipientName)),
    priority: priorities.name(message.priority),
    contentType: printContentType(message.contentType),
    ...(contentIdentifier === undefined ? {} : { contentIdentifier: onOneLine(contentIdentifier) }),
    trace: traceFacts(message),
  };
}

/** `2 (interpersonal-messaging-1984)`; an object identifier stands for itself. */
export function contentTypeName(contentType: string): string {
  const name = /^\d+$/.test(contentType) ? contentTypes.name(Number(contentType)) : contentType;
  if (name === '') return 'not said';
  return name === contentType ? contentType : `${contentType} (${name})`;
}

function codeText({ code, name }: CodeFact): string {
  return name === String(code) ? name : `${name} (${String(code)})`;
}

function outcomeLine({ recipient, outcome, deliveredAt, reason, diagnostic, information }: OutcomeFact): DisplayLine {
  const label = outcome === 'delivered' ? 'Delivered to' : 'Not delivered to';
  const facts = [
    recipient,
    ...(deliveredAt === undefined ? [] : [`at ${deliveredAt}`]),
    ...(reason === undefined ? [] : [`reason ${codeText(reason)}`]),
    ...(diagnostic === undefined ? [] : [`diagnostic ${codeText(diagnostic)}`]),
    ...(information === undefined ? [] : [information]),
  ];
  return { label, value: facts.join(', ') };
}

function traceLine({ arrivedAt, domain, mtaName, action }: TraceFact): DisplayLine {
  return { label: 'Trace', value: `${arrivedAt} ${action} ${mtaName === undefined ? '' : `${mtaName} of `}${domain}` };
}

/** In the order in which people look for it. */
export function envelopeLines(entry: DeliveredEntry, facts: EnvelopeFacts): readonly DisplayLine[] {
  const { contentType, contentIdentifier } = facts;
  const who: readonly DisplayLine[] =
    facts.kind === 'message'
      ? [
          { label: 'Originator', value: facts.originator },
          ...facts.recipients.map((value) => ({ label: 'Recipient', value })),
          { label: 'Priority', value: facts.priority },
        ]
      : [
          { label: 'Subject message', value: facts.subjectIdentifier },
          { label: 'Report to', value: facts.destination },
          ...facts.outcomes.map(outcomeLine),
        ];
  const content = facts.kind === 'message' ? 'Content' : 'Returned content';
  return [
    { label: facts.kind === 'message' ? 'Message' : 'Report', value: onOneLine(entry.mtsIdentifier) },
    { label: 'In mailbox since', value: entry.deliveredAt },
    ...who,
    ...(contentIdentifier === undefined ? [] : [{ label: 'Content identifier', value: contentIdentifier }]),
    {
      label: content,
      value:
        entry.contentOctets === 0
          ? 'none'
          : `type ${contentTypeName(contentType)}, ${String(entry.contentOctets)} octets`,
    },
    ...facts.trace.map(traceLine),
  ];
}

/** A content as plain text for a terminal. Nothing of what senders wrote can move the cursor: control characters are made visible. */
import { nonDeliveryDiagnostics, nonDeliveryReasons } from '../p1/codes.js';
import { printMtsIdentifier } from '../p1/mts-identifier.js';
import {
  descriptorText,
  headingLines,
  identifierText,
  nameOf,
  nameText,
  timeText,
  type DisplayLine,
} from './display-heading.js';
import {
  acknowledgmentModes,
  discardReasons,
  nonReceiptReasons,
  type InterpersonalNotification,
} from './notification.js';
import type { PartData, ReadBodyPart, ReadContent, ReadMessage, ReadNotification, ReportPart } from './read-content.js';
import { onOneLine, type TeletexRepertoire } from './text.js';

const pictureOfNull = 0x2400;
const pictureOfDelete = '\u2421';

/** Text with LF line ends and only printable characters; controls appear as their pictures. */
export function printableText(text: string): string {
  return text
    .replace(/\r\n|\r|\n|\f/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (control) => String.fromCharCode(pictureOfNull + control.charCodeAt(0)))
    .replace(/\u007f/g, pictureOfDelete)
    .replace(/[\u0080-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

function linesText(lines: readonly DisplayLine[]): string {
  return lines.map(({ label, value }) => `${label}: ${value}\n`).join('');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}

function octetsText(data: PartData): string {
  return `${String(data.octets)} octets`;
}

function dateText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000', '');
}

/** One line that says what a part is. */
function partTitle(part: ReadBodyPart): string {
  const kind = part.kind === 'unknown' ? `body part ${part.type}` : part.kind;
  switch (part.form) {
    case 'text':
      return `${kind}, ${octetsText(part.data)}`;
    case 'file': {
      const { name, modifiedMilliseconds, description } = part.file;
      return [
        kind,
        ...(name === undefined ? [] : [`"${onOneLine(name)}"`]),
        octetsText(part.data),
        ...(modifiedMilliseconds === undefined ? [] : [`modified ${dateText(modifiedMilliseconds)}`]),
        ...(description === undefined ? [] : [onOneLine(description)]),
      ].join(', ');
    }
    case 'pages':
      return `${kind}, ${String(part.pages.length)} pages`;
    case 'message': {
      const { deliveryTime } = part.parameters;
      return deliveryTime === undefined ? kind : `${kind}, delivered ${timeText(deliveryTime)}`;
    }
    case 'octets':
      return [kind, octetsText(part.data), ...(part.fault === undefined ? [] : [`unreadable: ${part.fault}`])].join(
        ', ',
      );
    default:
      return kind;
  }
}

function reportText({ report }: ReportPart): string {
  const recipients = report.perRecipientFields.map(({ actualRecipientName, reportType }): DisplayLine => {
    const name = nameText(actualRecipientName);
    if (reportType.kind === 'delivery') {
      return { label: 'Delivered', value: `${name} ${timeText(reportType.value.messageDeliveryTime)}` };
    }
    const { nonDeliveryReasonCode: reason, nonDeliveryDiagnosticCode: diagnostic } = reportType.value;
    const codes = [
      nonDeliveryReasons.name(reason),
      ...(diagnostic === undefined ? [] : [nonDeliveryDiagnostics.name(diagnostic)]),
    ];
    return { label: 'Not delivered', value: `${name} (${codes.join(', ')})` };
  });
  const subject = { label: 'Subject', value: onOneLine(printMtsIdentifier(report.subjectSubmissionIdentifier)) };
  return linesText([subject, ...recipients]);
}

function partContentText(part: ReadBodyPart, repertoire: TeletexRepertoire): string {
  switch (part.form) {
    case 'text':
      return part.text === undefined
        ? '(too long to be shown)\n'
        : printableText(part.text).replace(/([^\n])$/, '$1\n');
    case 'message':
      return indented(messageText(part.message, repertoire));
    case 'notification':
      return indented(notificationText(part.notification, repertoire));
    case 'report':
      return indented(reportText(part));
    default:
      return '';
  }
}

function messageText(message: ReadMessage, repertoire: TeletexRepertoire): string {
  const parts = message.parts.map(
    (part, i) => `\n--- Part ${String(i + 1)}: ${partTitle(part)}\n${partContentText(part, repertoire)}`,
  );
  return linesText(headingLines(message.heading, repertoire)) + parts.join('');
}

type NotificationChoice = InterpersonalNotification['choice'];

const notificationTitles: Readonly<Record<NotificationChoice['kind'], string>> = {
  receipt: 'Receipt notification',
  nonReceipt: 'Non-receipt notification',
  other: 'Other notification',
};

function outcomeLines(choice: NotificationChoice): readonly DisplayLine[] {
  if (choice.kind === 'other') {
    return choice.value.map(({ type }) => ({ label: 'Notification type', value: type }));
  }
  if (choice.kind === 'receipt') {
    const { receiptTime, acknowledgmentMode, supplementaryReceiptInformation: supplement } = choice.value;
    const mode = nameOf(acknowledgmentModes, acknowledgmentMode);
    return [
      { label: 'Received', value: `${timeText(receiptTime)} (${mode})` },
      ...(supplement === undefined ? [] : [{ label: 'Information', value: onOneLine(supplement) }]),
    ];
  }
  const { nonReceiptReason, discardReason, autoForwardComment } = choice.value;
  const reasons = [
    nameOf(nonReceiptReasons, nonReceiptReason),
    ...(discardReason === undefined ? [] : [nameOf(discardReasons, discardReason)]),
  ];
  return [
    { label: 'Reason', value: reasons.join(', ') },
    ...(autoForwardComment === undefined ? [] : [{ label: 'Comment', value: onOneLine(autoForwardComment) }]),
  ];
}

function notificationText({ notification, returned }: ReadNotification, repertoire: TeletexRepertoire): string {
  const { subjectIPM, ipnOriginator, ipmIntendedRecipient, choice } = notification;
  const lines = [
    { label: 'Subject IPM', value: identifierText(subjectIPM) },
    ...(ipnOriginator === undefined ? [] : [{ label: 'From', value: descriptorText(ipnOriginator, repertoire) }]),
    ...(ipmIntendedRecipient === undefined
      ? []
      : [{ label: 'Intended recipient', value: descriptorText(ipmIntendedRecipient, repertoire) }]),
    ...outcomeLines(choice),
  ];
  const message =
    returned === undefined ? '' : `\n--- Returned message\n${indented(messageText(returned, repertoire))}`;
  return `${notificationTitles[choice.kind]}\n${linesText(lines)}${message}`;
}

/** The whole content, lines ending in LF. */
export function contentText(content: ReadContent, repertoire: TeletexRepertoire = 't61'): string {
  return content.kind === 'message'
    ? messageText(content.message, repertoire)
    : notificationText(content.notification, repertoire);
}

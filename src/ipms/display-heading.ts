/** Headings as lines for people: labels and values, free of control characters. */
import { latin1Octets } from '../bytes/octets.js';
import { hasAddress, type ORName } from '../p1/or-address.js';
import { printORAddress } from '../p1/or-address-text.js';
import { parseUtcTime } from '../p1/utc-time.js';
import { autoSubmittedValues, readableExtensionValue } from './extensions.js';
import {
  importanceValues,
  notificationRequestBits,
  sensitivityValues,
  type Heading,
  type IpmIdentifier,
  type ORDescriptor,
  type RecipientSpecifier,
} from './heading.js';
import { onOneLine, teletexText, type TeletexRepertoire } from './text.js';

export interface DisplayLine {
  readonly label: string;
  readonly value: string;
}

/** The standard's name of a number, `company-confidential` for companyConfidential; the number itself when it has none. */
export function nameOf(values: Readonly<Record<string, number>>, number: number): string {
  const name = Object.entries(values).find(([, value]) => value === number)?.[0];
  return name?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) ?? String(number);
}

/** A UTCTime as ISO 8601 in UTC; as it came when it is none. */
export function timeText(utcTime: string): string {
  const milliseconds = parseUtcTime(utcTime);
  return milliseconds === undefined ? onOneLine(utcTime) : new Date(milliseconds).toISOString().replace('.000', '');
}

export function nameText(name: ORName): string {
  if (hasAddress(name)) return onOneLine(printORAddress(name));
  return name.directoryName === undefined ? '(empty name)' : '(directory name)';
}

export function identifierText(identifier: IpmIdentifier): string {
  const { user, userRelativeIdentifier } = identifier;
  return user === undefined
    ? onOneLine(userRelativeIdentifier)
    : `${onOneLine(userRelativeIdentifier)} (${nameText(user)})`;
}

export function descriptorText(descriptor: ORDescriptor, repertoire: TeletexRepertoire): string {
  const { formalName, freeFormName, telephoneNumber } = descriptor;
  const freeForm = freeFormName === undefined ? '' : onOneLine(teletexText(latin1Octets(freeFormName), repertoire));
  const formal = formalName === undefined ? '' : nameText(formalName);
  const name = freeForm === '' ? formal : formal === '' ? freeForm : `${freeForm} <${formal}>`;
  return telephoneNumber === undefined ? name : `${name}, telephone ${onOneLine(telephoneNumber)}`;
}

/** The subject in Unicode, on one line: the extended one where there is one; undefined without any. */
export function subjectText(heading: Heading, repertoire: TeletexRepertoire): string | undefined {
  const extended = readableExtensionValue(heading.extensions, 'extendedSubject')?.text.value;
  if (extended !== undefined) return onOneLine(extended);
  return heading.subject === undefined ? undefined : onOneLine(teletexText(latin1Octets(heading.subject), repertoire));
}

function recipientText(specifier: RecipientSpecifier, repertoire: TeletexRepertoire): string {
  const requests = Object.entries(notificationRequestBits)
    .filter(([, bit]) => specifier.notificationRequests.has(bit))
    .map(([name]) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  const notes = [
    ...(requests.length > 0 ? [`notification requested: ${requests.join(', ')}`] : []),
    ...(specifier.replyRequested ? ['reply requested'] : []),
  ];
  const name = descriptorText(specifier.recipient, repertoire);
  return notes.length === 0 ? name : `${name} (${notes.join('; ')})`;
}

/** Senders put the originator among the authorizing users: that names no second author. */
function furtherAuthors(heading: Heading, repertoire: TeletexRepertoire): readonly string[] {
  const originator = heading.originator === undefined ? undefined : descriptorText(heading.originator, repertoire);
  return (heading.authorizingUsers ?? [])
    .map((user) => descriptorText(user, repertoire))
    .filter((author) => author !== originator);
}

function extensionLines(heading: Heading): readonly DisplayLine[] {
  const { extensions } = heading;
  const autoSubmitted = readableExtensionValue(extensions, 'autoSubmitted');
  const languages = readableExtensionValue(extensions, 'languages');
  const incomplete = readableExtensionValue(extensions, 'incompleteCopy');
  return [
    ...(autoSubmitted === undefined
      ? []
      : [{ label: 'Auto-submitted', value: nameOf(autoSubmittedValues, autoSubmitted) }]),
    ...(languages === undefined ? [] : [{ label: 'Languages', value: onOneLine(languages.join(', ')) }]),
    ...(incomplete === undefined ? [] : [{ label: 'Incomplete copy', value: 'yes' }]),
  ];
}

/** What the author says, in the order in which people look for it; fields at their default are left out. */
export function headingLines(heading: Heading, repertoire: TeletexRepertoire): readonly DisplayLine[] {
  const line = (label: string, value: string | undefined): readonly DisplayLine[] =>
    value === undefined ? [] : [{ label, value }];
  const lines = (label: string, values: readonly string[]): readonly DisplayLine[] =>
    values.map((value) => ({ label, value }));
  const descriptor = (value: ORDescriptor): string => descriptorText(value, repertoire);
  const recipients = (values: readonly RecipientSpecifier[]): readonly string[] =>
    values.map((specifier) => recipientText(specifier, repertoire));
  const { originator, repliedToIPM, expiryTime, replyTime, sensitivity } = heading;
  return [
    ...line('From', originator && descriptor(originator)),
    ...lines('Authorized by', furtherAuthors(heading, repertoire)),
    ...lines('To', recipients(heading.primaryRecipients)),
    ...lines('Copy', recipients(heading.copyRecipients)),
    ...lines('Blind copy', recipients(heading.blindCopyRecipients ?? [])),
    ...line('Subject', subjectText(heading, repertoire)),
    ...line('Identifier', identifierText(heading.thisIPM)),
    ...line('In reply to', repliedToIPM && identifierText(repliedToIPM)),
    ...lines('Obsoletes', heading.obsoletedIPMs.map(identifierText)),
    ...lines('Related to', heading.relatedIPMs.map(identifierText)),
    ...line('Expires', expiryTime === undefined ? undefined : timeText(expiryTime)),
    ...line('Reply by', replyTime === undefined ? undefined : timeText(replyTime)),
    ...lines('Reply to', (heading.replyRecipients ?? []).map(descriptor)),
    ...(heading.importance === importanceValues.normal
      ? []
      : line('Importance', nameOf(importanceValues, heading.importance))),
    ...line('Sensitivity', sensitivity === undefined ? undefined : nameOf(sensitivityValues, sensitivity)),
    ...line('Auto-forwarded', heading.autoForwarded ? 'yes' : undefined),
    ...extensionLines(heading),
  ];
}

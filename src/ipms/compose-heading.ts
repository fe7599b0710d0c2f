/** The heading of a message of ours, from what people write (X.420 §7.2). */
import { BitString } from '../asn1/bit-string.js';
import { latin1Text } from '../bytes/octets.js';
import type { ORName } from '../p1/or-address.js';
import { autoSubmittedValues, extension } from './extensions.js';
import {
  headingBounds,
  importanceValues,
  notificationRequestBits,
  sensitivityValues,
  type Heading,
  type IpmIdentifier,
  type IpmsExtension,
  type ORDescriptor,
  type RecipientSpecifier,
} from './heading.js';
import { onOneLine, teletexOctets, type WrittenText } from './text.js';

export interface NewORDescriptor {
  readonly formalName?: ORName;
  /** Cut to 64 characters. */
  readonly freeFormName?: string;
  /** Cut to 32 characters; PrintableString. */
  readonly telephoneNumber?: string;
}

export interface NewRecipient extends NewORDescriptor {
  readonly notificationRequests?: readonly (keyof typeof notificationRequestBits)[];
  readonly reply?: 'requested' | 'not-requested';
  readonly extensions?: readonly IpmsExtension[];
}

export interface NewHeading {
  /** Unique for its originator for ever (IPM-005); made by the caller, at most 64 characters of PrintableString. */
  readonly identifier: IpmIdentifier;
  readonly originator: NewORDescriptor;
  readonly authorizingUsers?: readonly NewORDescriptor[];
  readonly recipients: readonly NewRecipient[];
  readonly copyRecipients?: readonly NewRecipient[];
  /** Only in the copy that goes to these recipients. */
  readonly blindCopyRecipients?: readonly NewRecipient[];
  readonly repliedTo?: IpmIdentifier;
  readonly obsoleted?: readonly IpmIdentifier[];
  readonly related?: readonly IpmIdentifier[];
  /** Control characters become spaces, and it is cut to 128 characters. */
  readonly subject?: string;
  /** UTCTime. */
  readonly expiryTime?: string;
  /** UTCTime. */
  readonly replyTime?: string;
  readonly replyRecipients?: readonly NewORDescriptor[];
  readonly importance?: keyof typeof importanceValues;
  readonly sensitivity?: keyof typeof sensitivityValues;
  readonly forwarding?: 'automatic' | 'by-hand';
  readonly autoSubmitted?: keyof typeof autoSubmittedValues;
  /** ISO 639 codes. */
  readonly languages?: readonly string[];
  readonly extensions?: readonly IpmsExtension[];
}

export interface ComposedHeading {
  readonly heading: Heading;
  readonly charactersLost: number;
}

/** Counts what is lost while texts are written. */
class TextWriter {
  charactersLost = 0;

  teletex(text: string, octetsMax: number): string {
    const line = onOneLine(text);
    const written: WrittenText = teletexOctets(line, octetsMax);
    this.charactersLost += written.charactersLost;
    return latin1Text(written.octets);
  }

  descriptor(name: NewORDescriptor): ORDescriptor {
    const { formalName, freeFormName, telephoneNumber } = name;
    return {
      ...(formalName !== undefined && { formalName }),
      ...(freeFormName !== undefined && {
        freeFormName: this.teletex(freeFormName, headingBounds.freeFormNameCharactersMax),
      }),
      ...(telephoneNumber !== undefined && {
        telephoneNumber: telephoneNumber.slice(0, headingBounds.telephoneNumberCharactersMax),
      }),
    };
  }

  /** An empty list of requests is left out: a receiver rejected it. */
  recipient(recipient: NewRecipient): RecipientSpecifier {
    const bits = (recipient.notificationRequests ?? []).map((request) => notificationRequestBits[request]);
    return {
      recipient: this.descriptor(recipient),
      notificationRequests: BitString.of(bits),
      replyRequested: recipient.reply === 'requested',
      recipientExtensions: recipient.extensions ?? [],
    };
  }
}

function extensionsOf(message: NewHeading): readonly IpmsExtension[] {
  const { languages, autoSubmitted } = message;
  return [
    ...(languages === undefined ? [] : [extension('languages', languages)]),
    ...(autoSubmitted === undefined ? [] : [extension('autoSubmitted', autoSubmittedValues[autoSubmitted])]),
    ...(message.extensions ?? []),
  ];
}

export function composeHeading(message: NewHeading): ComposedHeading {
  const writer = new TextWriter();
  const { authorizingUsers, blindCopyRecipients, repliedTo, subject, expiryTime, replyTime, replyRecipients } = message;
  const { sensitivity } = message;
  const heading: Heading = {
    thisIPM: message.identifier,
    originator: writer.descriptor(message.originator),
    ...(authorizingUsers !== undefined && {
      authorizingUsers: authorizingUsers.map((user) => writer.descriptor(user)),
    }),
    primaryRecipients: message.recipients.map((recipient) => writer.recipient(recipient)),
    copyRecipients: (message.copyRecipients ?? []).map((recipient) => writer.recipient(recipient)),
    ...(blindCopyRecipients !== undefined && {
      blindCopyRecipients: blindCopyRecipients.map((recipient) => writer.recipient(recipient)),
    }),
    ...(repliedTo !== undefined && { repliedToIPM: repliedTo }),
    obsoletedIPMs: message.obsoleted ?? [],
    relatedIPMs: message.related ?? [],
    ...(subject !== undefined && { subject: writer.teletex(subject, headingBounds.subjectCharactersMax) }),
    ...(expiryTime !== undefined && { expiryTime }),
    ...(replyTime !== undefined && { replyTime }),
    ...(replyRecipients !== undefined && { replyRecipients: replyRecipients.map((user) => writer.descriptor(user)) }),
    importance: importanceValues[message.importance ?? 'normal'],
    ...(sensitivity !== undefined && { sensitivity: sensitivityValues[sensitivity] }),
    autoForwarded: message.forwarding === 'automatic',
    extensions: extensionsOf(message),
  };
  return { heading, charactersLost: writer.charactersLost };
}

function recipientsOf(heading: Heading): readonly RecipientSpecifier[] {
  return [...heading.primaryRecipients, ...heading.copyRecipients, ...(heading.blindCopyRecipients ?? [])];
}

function namesOf(heading: Heading): readonly ORName[] {
  const descriptors = [
    heading.originator,
    ...(heading.authorizingUsers ?? []),
    ...(heading.replyRecipients ?? []),
    ...recipientsOf(heading).map((specifier) => specifier.recipient),
  ];
  const identifiers = [heading.thisIPM, heading.repliedToIPM, ...heading.obsoletedIPMs, ...heading.relatedIPMs];
  return [
    ...descriptors.flatMap((descriptor) => descriptor?.formalName ?? []),
    ...identifiers.flatMap((identifier) => identifier?.user ?? []),
  ];
}

function isNameOf1988(name: ORName): boolean {
  return (name.extensionAttributes ?? []).length > 0 || name.directoryName !== undefined;
}

/** Whether a heading says anything that P2 of 1984 cannot (IPM-003). */
export function usesElementsOf1988(heading: Heading): boolean {
  return (
    heading.extensions.length > 0 ||
    recipientsOf(heading).some((specifier) => specifier.recipientExtensions.length > 0) ||
    namesOf(heading).some(isNameOf1988)
  );
}

function withoutExtensions(recipients: readonly RecipientSpecifier[]): readonly RecipientSpecifier[] {
  return recipients.map((specifier) => ({ ...specifier, recipientExtensions: [] }));
}

/** The heading without its extensions and those of its recipients. */
export function withoutElementsOf1988(heading: Heading): Heading {
  return {
    ...heading,
    primaryRecipients: withoutExtensions(heading.primaryRecipients),
    copyRecipients: withoutExtensions(heading.copyRecipients),
    ...(heading.blindCopyRecipients !== undefined && {
      blindCopyRecipients: withoutExtensions(heading.blindCopyRecipients),
    }),
    extensions: [],
  };
}

import { createHash } from 'node:crypto';
import { callAdmin, callAdminJson } from '../admin/client.js';
import { mailboxesPath } from '../admin/protocol.js';
import { decode } from '../asn1/type.js';
import { messageTransferEnvelope } from '../p1/message-pdu.js';
import type { Agent } from './plan.js';
import { mailboxes, type Mailbox, type SoakSite } from './sites.js';

/** One entry of a mailbox, as the audit needs it. */
export type Finding =
  | {
      readonly kind: 'message';
      readonly mailbox: string;
      readonly mtsIdentifier: string;
      /** SHA-256 of the content. */
      readonly digest: string;
      /** Asked for where nobody was told the MTS identifier. */
      readonly contentIdentifier?: string;
    }
  | { readonly kind: 'report'; readonly mailbox: string; readonly subjectIdentifier: string };

interface Entry {
  readonly id: string;
  readonly kind: 'message' | 'report';
  readonly mtsIdentifier: string;
  readonly subjectIdentifier?: string;
}

type Sites = Readonly<Record<Agent, SoakSite>>;

/** Everything in every mailbox; `isKnown`: an answer to a submission named this MTS identifier. */
export async function findingsOf(
  sites: Sites,
  isKnown: (mtsIdentifier: string) => boolean,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const mailbox of mailboxes) {
    for (const entry of await entriesOf(sites, mailbox)) {
      const { mtsIdentifier, subjectIdentifier = '' } = entry;
      if (entry.kind === 'report') {
        findings.push({ kind: 'report', mailbox: mailbox.name, subjectIdentifier });
        continue;
      }
      const digest = await digestOf(sites, mailbox, entry);
      const found = { kind: 'message', mailbox: mailbox.name, mtsIdentifier, digest } as const;
      if (isKnown(mtsIdentifier)) findings.push(found);
      else findings.push({ ...found, contentIdentifier: await contentIdentifierOf(sites, mailbox, entry) });
    }
  }
  return findings;
}

/** Takes everything out of the mailboxes. */
export async function emptyMailboxes(sites: Sites): Promise<void> {
  for (const mailbox of mailboxes) {
    for (const entry of await entriesOf(sites, mailbox)) {
      await callAdminJson({ socket: sites[mailbox.at].socket, method: 'DELETE', path: pathOf(mailbox, entry) });
    }
  }
}

async function entriesOf(sites: Sites, { at, name }: Mailbox): Promise<readonly Entry[]> {
  return callAdminJson({ socket: sites[at].socket, method: 'GET', path: `${mailboxesPath}/${name}` });
}

function pathOf(mailbox: Mailbox, { id }: Entry): string {
  return `${mailboxesPath}/${mailbox.name}/${encodeURIComponent(id)}`;
}

async function contentIdentifierOf(sites: Sites, mailbox: Mailbox, entry: Entry): Promise<string> {
  const { envelope } = await callAdminJson<{ readonly envelope: string }>({
    socket: sites[mailbox.at].socket,
    method: 'GET',
    path: pathOf(mailbox, entry),
  });
  return decode(messageTransferEnvelope, Buffer.from(envelope, 'hex')).contentIdentifier ?? '';
}

async function digestOf(sites: Sites, mailbox: Mailbox, entry: Entry): Promise<string> {
  const { socket } = sites[mailbox.at];
  const hash = createHash('sha256');
  const octets = await callAdmin({ socket, method: 'GET', path: `${pathOf(mailbox, entry)}/content` });
  for await (const part of octets) hash.update(part as Buffer);
  return hash.digest('hex');
}

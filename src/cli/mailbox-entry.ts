/** Entries of a mailbox as the admin API gives them. */
import { callAdminJson } from '../admin/client.js';
import { mailboxesPath } from '../admin/protocol.js';
import type { MailboxEntry } from '../queue/store.js';

export interface MailboxName {
  readonly socket: string;
  readonly name: string;
}

export interface EntryName extends MailboxName {
  readonly id: string;
}

export type ListedEntry = Omit<MailboxEntry, 'deliveredAt'> & {
  /** ISO 8601, UTC. */
  readonly deliveredAt: string;
};

export type DeliveredEntry = ListedEntry & {
  /** In hexadecimal: the envelope SET of a message; a report as an MTS-APDU without the content that it returns. */
  readonly envelope: string;
  /** Of a report: of the content that it returns. */
  readonly contentOctets: number;
};

export function mailboxPath(...parts: readonly string[]): string {
  return [mailboxesPath, ...parts.map(encodeURIComponent)].join('/');
}

/** Throws AdminFailure. */
export function listEntries({ socket, name }: MailboxName): Promise<readonly ListedEntry[]> {
  return callAdminJson({ socket, method: 'GET', path: mailboxPath(name) });
}

/** Throws AdminFailure. */
export function getEntry({ socket, name, id }: EntryName): Promise<DeliveredEntry> {
  return callAdminJson({ socket, method: 'GET', path: mailboxPath(name, id) });
}

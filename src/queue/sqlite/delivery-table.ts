import type { Database } from 'better-sqlite3';
import type { MailboxEntry, NewDelivery } from '../store.js';
import { octetsOf } from './octets-of.js';

export interface DeliveredMessage extends MailboxEntry {
  readonly envelope: Uint8Array;
  readonly content: string;
  readonly contentOctets: number;
}

export interface DeliveryTable {
  insert(sequence: number, message: number, delivery: NewDelivery): void;
  /** Sequence number of the message that was delivered. */
  remove(mailbox: string, id: string): number | undefined;
  /** In the order of delivery. */
  list(mailbox: string): readonly MailboxEntry[];
  find(mailbox: string, id: string): DeliveredMessage | undefined;
  hasDeliveries(message: number): boolean;
  count(): number;
}

interface EntryRow extends Omit<MailboxEntry, 'subjectIdentifier'> {
  readonly subjectIdentifier: string | null;
}

interface DeliveredRow extends EntryRow {
  readonly envelope: Buffer;
  readonly content: string;
  readonly contentOctets: number;
}

const entry = `
  delivery.id, message.kind, message.mts_identifier AS mtsIdentifier, message.subject_identifier AS subjectIdentifier,
  message.originator AS "from", delivery.recipient_text AS "to", message.subject, message.content_type AS contentType,
  message.content_octets AS sizeOctets, message.arrived_at AS deliveredAt`;
const joined = 'FROM delivery JOIN message ON message.sequence = delivery.message';

export function createDeliveryTable(database: Database): DeliveryTable {
  const insert = database.prepare<[number, string, string, number, number, string]>(
    'INSERT INTO delivery (sequence, mailbox, id, message, recipient, recipient_text) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const remove = database
    .prepare<[string, string], number>('DELETE FROM delivery WHERE mailbox = ? AND id = ? RETURNING message')
    .pluck();
  const list = database.prepare<[string], EntryRow>(
    `SELECT ${entry} ${joined} WHERE delivery.mailbox = ? ORDER BY delivery.sequence`,
  );
  const find = database.prepare<[string, string], DeliveredRow>(`
    SELECT ${entry}, message.envelope, message.content_reference AS content, message.content_octets AS contentOctets
    ${joined} WHERE delivery.mailbox = ? AND delivery.id = ?`);
  const ofMessage = database.prepare<[number], number>('SELECT 1 FROM delivery WHERE message = ? LIMIT 1').pluck();
  const count = database.prepare<[], number>('SELECT count(*) FROM delivery').pluck();
  return {
    insert: (sequence, message, { mailbox, id, recipient, to }) =>
      void insert.run(sequence, mailbox, id, message, recipient, to),
    remove: (mailbox, id) => remove.get(mailbox, id),
    list: (mailbox) => list.all(mailbox).map(withoutNull),
    find(mailbox, id) {
      const row = find.get(mailbox, id);
      return row === undefined ? undefined : withoutNull({ ...row, envelope: octetsOf(row.envelope) });
    },
    hasDeliveries: (message) => ofMessage.get(message) !== undefined,
    count: () => count.get() ?? 0,
  };
}

function withoutNull<Row extends EntryRow>(row: Row): Omit<Row, 'subjectIdentifier'> & { subjectIdentifier?: string } {
  const { subjectIdentifier, ...rest } = row;
  return subjectIdentifier === null ? rest : { ...rest, subjectIdentifier };
}

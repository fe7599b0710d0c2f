import type { Database } from 'better-sqlite3';
import type { MessageKind, NewMessage } from '../store.js';
import { octetsOf } from './octets-of.js';

interface StoredMessage {
  readonly kind: MessageKind;
  readonly envelope: Uint8Array;
  readonly contentReference: string;
  readonly contentOctets: number;
}

export interface MessageTable {
  find(sequence: number): StoredMessage | undefined;
  /** `content`: a small content, which lies in the record. */
  insert(
    sequence: number,
    message: NewMessage,
    content: { readonly reference: string; readonly octets: Uint8Array | undefined },
  ): void;
  contentOctets(sequence: number): number;
  /** The reference of the content that the removed message had. */
  remove(sequence: number): string | undefined;
  /** All octets of a content that lies in its message's record. */
  inlineContent(message: string): Uint8Array | undefined;
}

export function createMessageTable(database: Database): MessageTable {
  const insert = database.prepare(`
    INSERT INTO message (sequence, id, kind, mts_identifier, subject_identifier, content_type, content_octets, content_reference,
      originator, recipients, subject, came_from, arrived_at, envelope, content)
    VALUES (:sequence, :id, :kind, :mtsIdentifier, :subjectIdentifier, :contentType, :contentOctets, :contentReference,
      :originator, :recipients, :subject, :from, :arrivedAt, :envelope, :content)`);
  const remove = database
    .prepare<[number], string>('DELETE FROM message WHERE sequence = ? RETURNING content_reference')
    .pluck();
  const content = database.prepare<[string], Buffer | null>('SELECT content FROM message WHERE id = ?').pluck();
  const find = database.prepare<[number], Omit<StoredMessage, 'envelope'> & { readonly envelope: Buffer }>(`
    SELECT kind, envelope, content_reference AS contentReference, content_octets AS contentOctets
    FROM message WHERE sequence = ?`);
  const contentOctets = database
    .prepare<[number], number>('SELECT content_octets FROM message WHERE sequence = ?')
    .pluck();
  return {
    contentOctets: (sequence) => contentOctets.get(sequence) ?? 0,
    find(sequence) {
      const row = find.get(sequence);
      return row === undefined ? undefined : { ...row, envelope: octetsOf(row.envelope) };
    },
    insert: (sequence, message, { reference, octets }) =>
      void insert.run({
        sequence,
        id: message.id,
        kind: message.kind,
        mtsIdentifier: message.mtsIdentifier,
        subjectIdentifier: message.subjectIdentifier ?? null,
        contentType: message.contentType,
        contentOctets: message.contentOctets,
        contentReference: reference,
        originator: message.originator,
        recipients: JSON.stringify(message.recipients),
        subject: message.subject,
        from: message.from ?? null,
        arrivedAt: Math.trunc(message.arrivedAt),
        envelope: message.envelope,
        content: octets ?? null,
      }),
    remove: (sequence) => remove.get(sequence),
    inlineContent(message) {
      const octets = content.get(message) ?? undefined;
      return octets === undefined ? undefined : octetsOf(octets);
    },
  };
}

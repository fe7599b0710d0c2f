import type { Database } from 'better-sqlite3';
import { StoreError } from '../store-error.js';
import { parseStored, recipientIndexesSchema, storedOr, textsSchema } from '../stored-json.js';
import type { MessageKind, PriorityRank, QueuedCopy, QueueEntry } from '../store.js';
import type { StoredCopyState } from './copy-table.js';
import { octetsOf } from './octets-of.js';

interface CopyRow {
  readonly id: string;
  readonly message: string;
  readonly mtsIdentifier: string;
  readonly kind: MessageKind;
  readonly connector: string;
  readonly priority: PriorityRank;
  readonly originator: string;
  readonly recipients: string;
  readonly arrivedAt: number;
  readonly openAttempts: number;
  readonly transferAttempts: number;
  readonly contentOctets: number;
}

interface QueuedRow extends CopyRow {
  readonly envelope: Buffer;
  readonly contentReference: string;
  readonly contentType: string;
  readonly content: Buffer | null;
}

interface EntryRow extends CopyRow {
  readonly sequence: number;
  readonly state: StoredCopyState;
  readonly messageRecipients: string;
  readonly notBefore: number;
  readonly lastError: string;
}

/** A queue entry as stored: whether it is being sent is known elsewhere. */
export interface FoundEntry {
  readonly sequence: number;
  readonly entry: Omit<QueueEntry, 'state'> & { readonly state: StoredCopyState };
}

/** Copies together with their messages. */
export interface QueueViews {
  /** Throws StoreError `malformed` if the record does not decode. */
  queued(sequence: number, contentOctetsMax: number): QueuedCopy;
  /** Entries show what decodes: an operator must see the others as well. */
  entriesAfter(sequence: number, connector: string | undefined, count: number): readonly FoundEntry[];
  /** By the identifier of a copy, of a message, or the text of an MTS identifier. */
  entriesOf(identifier: string): readonly (FoundEntry & { readonly envelope: Uint8Array })[];
}

const common = `
  copy.id, message.id AS message, message.mts_identifier AS mtsIdentifier, message.kind, copy.connector, copy.priority,
  message.originator, copy.recipients, copy.arrived_at AS arrivedAt, copy.open_attempts AS openAttempts,
  copy.transfer_attempts AS transferAttempts, message.content_octets AS contentOctets`;
const entry = `${common}, copy.sequence, copy.state, message.recipients AS messageRecipients, copy.not_before AS notBefore,
  copy.last_error AS lastError`;
const joined = 'FROM copy JOIN message ON message.sequence = copy.message';

export function createQueueViews(database: Database): QueueViews {
  const queued = database.prepare<[number, number], QueuedRow>(`
    SELECT ${common}, message.envelope, message.content_reference AS contentReference, message.content_type AS contentType,
      CASE WHEN message.content_octets <= ? THEN message.content END AS content
    ${joined} WHERE copy.sequence = ?`);
  const all = database.prepare<[number, number], EntryRow>(
    `SELECT ${entry} ${joined} WHERE copy.sequence > ? ORDER BY copy.sequence LIMIT ?`,
  );
  const ofConnector = database.prepare<[number, string, number], EntryRow>(
    `SELECT ${entry} ${joined} WHERE copy.sequence > ? AND +copy.connector = ? ORDER BY copy.sequence LIMIT ?`,
  );
  const identified = database.prepare<[{ identifier: string }], EntryRow & { envelope: Buffer }>(`
    SELECT ${entry}, message.envelope ${joined} WHERE copy.sequence IN (
      SELECT sequence FROM copy WHERE id = :identifier
      UNION SELECT copy.sequence ${joined} WHERE message.id = :identifier
      UNION SELECT copy.sequence ${joined} WHERE message.mts_identifier = :identifier
    ) ORDER BY copy.sequence`);
  return {
    queued(sequence, contentOctetsMax) {
      const row = queued.get(contentOctetsMax, sequence);
      if (row === undefined) throw new StoreError('malformed', 'the copy has no message');
      return queuedOf(row);
    },
    entriesAfter: (sequence, connector, count) =>
      (connector === undefined ? all.all(sequence, count) : ofConnector.all(sequence, connector, count)).map(entryOf),
    entriesOf: (identifier) =>
      identified.all({ identifier }).map((row) => ({ ...entryOf(row), envelope: octetsOf(row.envelope) })),
  };
}

function queuedOf(row: QueuedRow): QueuedCopy {
  const { contentReference, content, envelope, recipients, ...rest } = row;
  return {
    ...rest,
    envelope: octetsOf(envelope),
    content: contentReference,
    ...(content === null ? {} : { contentInline: octetsOf(content) }),
    recipients: parseStored(recipientIndexesSchema, recipients, `the recipients of ${row.id}`),
  };
}

function entryOf(row: EntryRow): FoundEntry {
  const texts = storedOr([], textsSchema, row.messageRecipients);
  const indexes = storedOr([], recipientIndexesSchema, row.recipients);
  return {
    sequence: row.sequence,
    entry: {
      copy: row.id,
      message: row.message,
      mtsIdentifier: row.mtsIdentifier,
      kind: row.kind,
      connector: row.connector,
      state: row.state,
      priority: row.priority,
      originator: row.originator,
      recipients: indexes.flatMap((index) => texts[index] ?? []),
      sizeOctets: row.contentOctets,
      arrivedAt: row.arrivedAt,
      notBefore: row.notBefore,
      openAttempts: row.openAttempts,
      transferAttempts: row.transferAttempts,
      lastError: row.lastError,
    },
  };
}

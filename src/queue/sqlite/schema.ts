import type { Database } from 'better-sqlite3';
import { StoreError } from '../store-error.js';

/**
 * The tables, version by version: a script leads from its index to the next version. Scripts that have been released are never changed.
 *
 * Sequence numbers are given out by the store in the order of acceptance and never used again. `content` of a message is a small content;
 * a large one lies in a file that the table `content` knows, and `holders` messages refer to.
 */
const versions: readonly string[] = [
  `
  CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE message (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('message', 'report', 'probe')),
    mts_identifier TEXT NOT NULL,
    subject_identifier TEXT,
    content_type TEXT NOT NULL,
    content_octets INTEGER NOT NULL,
    content_reference TEXT NOT NULL,
    originator TEXT NOT NULL,
    recipients TEXT NOT NULL CHECK (json_valid(recipients)),
    subject TEXT NOT NULL,
    came_from TEXT,
    arrived_at INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    content BLOB
  ) STRICT;
  CREATE INDEX message_by_mts_identifier ON message (mts_identifier);

  CREATE TABLE copy (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    message INTEGER NOT NULL,
    connector TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'deferred', 'held')),
    priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 2),
    arrived_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    recipients TEXT NOT NULL CHECK (json_valid(recipients)),
    open_attempts INTEGER NOT NULL DEFAULT 0,
    transfer_attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX copy_by_turn ON copy (connector, state, priority, arrived_at);
  CREATE INDEX copy_by_due_time ON copy (connector, not_before) WHERE state = 'deferred';
  CREATE INDEX copy_by_message ON copy (message);

  CREATE TABLE delivery (
    sequence INTEGER PRIMARY KEY,
    mailbox TEXT NOT NULL,
    id TEXT NOT NULL,
    message INTEGER NOT NULL,
    recipient INTEGER NOT NULL,
    recipient_text TEXT NOT NULL,
    UNIQUE (mailbox, id)
  ) STRICT;
  CREATE INDEX delivery_by_message ON delivery (message);

  CREATE TABLE content (
    file TEXT PRIMARY KEY,
    format TEXT NOT NULL CHECK (format IN ('plain', 'records')),
    start INTEGER NOT NULL,
    octets INTEGER NOT NULL,
    holders INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE duplicate_key (
    sequence INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    seen_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE completed_activity (
    name TEXT PRIMARY KEY,
    completed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX completed_activity_by_time ON completed_activity (completed_at);

  CREATE TABLE outgoing (
    key INTEGER PRIMARY KEY,
    copy TEXT NOT NULL UNIQUE,
    activity TEXT NOT NULL CHECK (json_valid(activity)),
    association TEXT NOT NULL CHECK (json_valid(association)),
    head BLOB NOT NULL,
    apdu_octets INTEGER NOT NULL,
    serial_number INTEGER NOT NULL,
    confirmed_octets INTEGER NOT NULL,
    sent_octets INTEGER NOT NULL,
    lost_at TEXT CHECK (lost_at IS NULL OR json_valid(lost_at))
  ) STRICT;
  `,
  `
  CREATE TABLE quarantine (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('arrival', 'copy', 'file')),
    file TEXT NOT NULL,
    octets INTEGER NOT NULL,
    reason TEXT NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('refused', 'reported', 'none')),
    quarantined_at INTEGER NOT NULL,
    connector TEXT,
    mts_identifier TEXT,
    recipients TEXT CHECK (recipients IS NULL OR json_valid(recipients))
  ) STRICT;
  `,
];

/** Brings a database of any earlier version, or an empty one, to the present version. */
export function migrate(database: Database): void {
  const found = database.pragma('user_version', { simple: true });
  if (typeof found !== 'number' || found > versions.length) {
    throw new StoreError('input-output', `the queue was written by a later version: schema ${String(found)}`);
  }
  if (found === versions.length) return;
  database.transaction(() => {
    for (const script of versions.slice(found)) database.exec(script);
    database.pragma(`user_version = ${String(versions.length)}`);
  })();
}

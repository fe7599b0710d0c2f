import type { Database } from 'better-sqlite3';
import type { QueuePlace } from '../claims.js';
import type { CopyState, PriorityRank } from '../store.js';

/** As it stands in the table: a copy that is being sent is a queued one. */
export type StoredCopyState = Exclude<CopyState, 'sending'>;

export interface CopyInTurn extends QueuePlace {
  readonly state: StoredCopyState;
}

export interface StoredCopy extends CopyInTurn {
  /** Sequence number of the message. */
  readonly message: number;
}

export interface NewStoredCopy extends StoredCopy {
  readonly id: string;
  readonly notBefore: number;
  readonly recipients: string;
}

export interface CopyTable {
  insert(copy: NewStoredCopy): void;
  find(id: string): StoredCopy | undefined;
  idOf(sequence: number): string | undefined;
  remove(sequence: number): void;
  setState(sequence: number, state: StoredCopyState, notBefore: number): void;
  setLastError(sequence: number, lastError: string): void;
  setAttempts(sequence: number, openAttempts: number, transferAttempts: number): void;
  /** Makes deferred copies due: those whose time has come, or of any time up to `notBefore`, soonest first. */
  promote(connector: string, notBefore: number, count: number): readonly QueuePlace[];
  /** The time of the deferred copy that is due first. */
  nextDueAt(connector: string): number | undefined;
  /** Copies of a state in order, from a place on, that arrived before a time. To be read to its end before anything else is asked. */
  inTurn(
    state: StoredCopyState,
    connector: string,
    priority: PriorityRank,
    from: { readonly arrivedAt: number; readonly sequence: number },
    arrivedBefore: number,
  ): Iterable<CopyInTurn>;
  hasCopies(message: number): boolean;
  counts(): readonly { readonly connector: string; readonly state: StoredCopyState; readonly copies: number }[];
  /** Those with copies, and the octets of their contents. */
  messages(): { readonly messages: number; readonly octets: number };
}

const place = 'sequence, connector, priority, arrived_at AS arrivedAt, state';

export function createCopyTable(database: Database): CopyTable {
  const insert = database.prepare<[NewStoredCopy]>(`
    INSERT INTO copy (sequence, id, message, connector, state, priority, arrived_at, not_before, recipients)
    VALUES (:sequence, :id, :message, :connector, :state, :priority, :arrivedAt, :notBefore, :recipients)`);
  const find = database.prepare<[string], StoredCopy>(`SELECT ${place}, message FROM copy WHERE id = ?`);
  const idOf = database.prepare<[number], string>('SELECT id FROM copy WHERE sequence = ?').pluck();
  const remove = database.prepare<[number]>('DELETE FROM copy WHERE sequence = ?');
  const setState = database.prepare<[string, number, number]>(
    'UPDATE copy SET state = ?, not_before = ? WHERE sequence = ?',
  );
  const setLastError = database.prepare<[string, number]>('UPDATE copy SET last_error = ? WHERE sequence = ?');
  const setAttempts = database.prepare<[number, number, number]>(
    'UPDATE copy SET open_attempts = ?, transfer_attempts = ? WHERE sequence = ?',
  );
  const promote = database.prepare<[string, number, number], QueuePlace>(`
    UPDATE copy SET state = 'queued' WHERE sequence IN (
      SELECT sequence FROM copy WHERE connector = ? AND state = 'deferred' AND not_before <= ? ORDER BY not_before LIMIT ?
    ) RETURNING ${place}`);
  const nextDueAt = database
    .prepare<[string], number | null>("SELECT min(not_before) FROM copy WHERE connector = ? AND state = 'deferred'")
    .pluck();
  const inTurn = database.prepare<[string, string, number, number, number, number], CopyInTurn>(`
    SELECT ${place} FROM copy
    WHERE connector = ? AND state = ? AND priority = ? AND (arrived_at, sequence) >= (?, ?) AND arrived_at < ?
    ORDER BY arrived_at, sequence`);
  const hasCopies = database.prepare<[number], number>('SELECT 1 FROM copy WHERE message = ? LIMIT 1').pluck();
  const counts = database.prepare<[], { connector: string; state: StoredCopyState; copies: number }>(
    'SELECT connector, state, count(*) AS copies FROM copy GROUP BY connector, state',
  );
  const messages = database.prepare<[], { messages: number; octets: number }>(`
    SELECT count(*) AS messages, coalesce(sum(content_octets), 0) AS octets FROM message
    WHERE EXISTS (SELECT 1 FROM copy WHERE copy.message = message.sequence)`);
  return {
    insert: (copy) => void insert.run(copy),
    find: (id) => find.get(id),
    idOf: (sequence) => idOf.get(sequence),
    remove: (sequence) => void remove.run(sequence),
    setState: (sequence, state, notBefore) => void setState.run(state, notBefore, sequence),
    setLastError: (sequence, lastError) => void setLastError.run(lastError, sequence),
    setAttempts: (sequence, openAttempts, transferAttempts) =>
      void setAttempts.run(openAttempts, transferAttempts, sequence),
    promote: (connector, notBefore, count) => promote.all(connector, notBefore, count),
    nextDueAt: (connector) => nextDueAt.get(connector) ?? undefined,
    inTurn: (state, connector, priority, from, arrivedBefore) =>
      inTurn.iterate(connector, state, priority, from.arrivedAt, from.sequence, arrivedBefore),
    hasCopies: (message) => hasCopies.get(message) !== undefined,
    counts: () => counts.all(),
    messages: () => messages.get() ?? { messages: 0, octets: 0 },
  };
}

import type { Database } from 'better-sqlite3';
import { recipientIndexesSchema, storedOr } from '../stored-json.js';
import type { NewQuarantineEntry, QuarantineEntry } from '../quarantine-entry.js';

export interface QuarantineRow extends Omit<NewQuarantineEntry, 'source'> {
  readonly file: string;
  readonly octets: number;
}

export interface QuarantineTable {
  insert(row: QuarantineRow): void;
  remove(id: string): void;
  find(id: string): Pick<QuarantineRow, 'file' | 'octets'> | undefined;
  /** Oldest first. */
  list(): readonly QuarantineEntry[];
  files(): Set<string>;
  size(): { readonly entries: number; readonly octets: number };
}

interface Row {
  readonly id: string;
  readonly kind: QuarantineEntry['kind'];
  readonly octets: number;
  readonly reason: string;
  readonly answer: QuarantineEntry['answer'];
  readonly quarantinedAt: number;
  readonly connector: string | null;
  readonly mtsIdentifier: string | null;
  readonly recipients: string | null;
}

export function createQuarantineTable(database: Database): QuarantineTable {
  const insert = database.prepare(`
    INSERT INTO quarantine (id, kind, file, octets, reason, answer, quarantined_at, connector, mts_identifier, recipients)
    VALUES (:id, :kind, :file, :octets, :reason, :answer, :quarantinedAt, :connector, :mtsIdentifier, :recipients)`);
  const remove = database.prepare<[string]>('DELETE FROM quarantine WHERE id = ?');
  const find = database.prepare<[string], { file: string; octets: number }>(
    'SELECT file, octets FROM quarantine WHERE id = ?',
  );
  const list = database.prepare<[], Row>(`
    SELECT id, kind, octets, reason, answer, quarantined_at AS quarantinedAt, connector, mts_identifier AS mtsIdentifier,
      recipients
    FROM quarantine ORDER BY sequence`);
  const files = database.prepare<[], string>('SELECT file FROM quarantine').pluck();
  const size = database.prepare<[], { entries: number; octets: number }>(
    'SELECT count(*) AS entries, coalesce(sum(octets), 0) AS octets FROM quarantine',
  );
  return {
    insert: ({ connector, mtsIdentifier, recipients, quarantinedAt, ...row }) =>
      void insert.run({
        ...row,
        quarantinedAt: Math.trunc(quarantinedAt),
        connector: connector ?? null,
        mtsIdentifier: mtsIdentifier ?? null,
        recipients: recipients === undefined ? null : JSON.stringify(recipients),
      }),
    remove: (id) => void remove.run(id),
    find: (id) => find.get(id),
    list: () => list.all().map(entryOf),
    files: () => new Set(files.all()),
    size: () => size.get() ?? { entries: 0, octets: 0 },
  };
}

function entryOf({ connector, mtsIdentifier, recipients, ...row }: Row): QuarantineEntry {
  return {
    ...row,
    ...(connector === null ? {} : { connector }),
    ...(mtsIdentifier === null ? {} : { mtsIdentifier }),
    ...(recipients === null ? {} : { recipients: storedOr([], recipientIndexesSchema, recipients) }),
  };
}

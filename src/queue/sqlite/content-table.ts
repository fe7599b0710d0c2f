import type { Database } from 'better-sqlite3';

/** Where a large content lies: `start` counts octets of the file itself, or of the APDU whose records the file holds. */
export interface StoredContent {
  readonly file: string;
  readonly format: 'plain' | 'records';
  readonly start: number;
  readonly octets: number;
}

export interface ContentTable {
  /** One message more refers to it. */
  hold(content: StoredContent): void;
  /** One message less refers to it; `last` if that was the last, and the content goes. */
  release(file: string): 'unknown' | 'held' | 'last';
  find(file: string): StoredContent | undefined;
  files(): Set<string>;
}

export function createContentTable(database: Database): ContentTable {
  const hold = database.prepare<[StoredContent]>(`
    INSERT INTO content (file, format, start, octets, holders) VALUES (:file, :format, :start, :octets, 1)
    ON CONFLICT (file) DO UPDATE SET holders = holders + 1`);
  const release = database
    .prepare<[string], number>('UPDATE content SET holders = holders - 1 WHERE file = ? RETURNING holders')
    .pluck();
  const remove = database.prepare<[string]>('DELETE FROM content WHERE file = ?');
  const find = database.prepare<[string], StoredContent>(
    'SELECT file, format, start, octets FROM content WHERE file = ?',
  );
  const files = database.prepare<[], string>('SELECT file FROM content').pluck();
  return {
    hold: (content) => void hold.run(content),
    release(file) {
      const holders = release.get(file);
      if (holders === undefined) return 'unknown';
      if (holders > 0) return 'held';
      remove.run(file);
      return 'last';
    },
    find: (file) => find.get(file),
    files: () => new Set(files.all()),
  };
}

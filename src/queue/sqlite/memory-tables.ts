import type { Database } from 'better-sqlite3';

/** What is remembered for a time, so that nothing is accepted twice. */
export interface MemoryTables {
  seen(key: string): number | undefined;
  remember(key: string, seenAt: number): void;
  hasCompleted(activity: string): boolean;
  /** An activity whose name has this beginning, which ends where a comma follows. */
  hasCompletedAny(beginning: string): boolean;
  completed(activity: string, at: number): void;
  /** Removes up to `rowsMax` of each kind that are older. */
  forget(seenBefore: number, completedBefore: number, rowsMax: number): void;
  /** One more at every call, from 1; never the same again. */
  nextIncarnation(): number;
  /** The highest sequence number in use. */
  lastSequence(): number;
}

export function createMemoryTables(database: Database): MemoryTables {
  const seen = database.prepare<[string], number>('SELECT seen_at FROM duplicate_key WHERE key = ?').pluck();
  const remember = database.prepare<[string, number]>(
    'INSERT OR REPLACE INTO duplicate_key (key, seen_at) VALUES (?, ?)',
  );
  const hasCompleted = database.prepare<[string], number>('SELECT 1 FROM completed_activity WHERE name = ?').pluck();
  // '-' follows ',' in the order of names.
  const hasCompletedAny = database
    .prepare<[string, string], number>(
      `SELECT 1 FROM completed_activity WHERE name >= ? || ',' AND name < ? || '-' LIMIT 1`,
    )
    .pluck();
  const completed = database.prepare<[string, number]>(
    'INSERT OR REPLACE INTO completed_activity (name, completed_at) VALUES (?, ?)',
  );
  const forgetKeys = database.prepare<[number, number]>(`
    DELETE FROM duplicate_key WHERE sequence IN (
      SELECT sequence FROM (SELECT sequence, seen_at FROM duplicate_key ORDER BY sequence LIMIT ?) WHERE seen_at <= ?)`);
  const forgetActivities = database.prepare<[number, number]>(`
    DELETE FROM completed_activity WHERE name IN (
      SELECT name FROM completed_activity WHERE completed_at < ? ORDER BY completed_at LIMIT ?)`);
  const nextIncarnation = database
    .prepare<[], number>(
      `INSERT INTO counter (name, value) VALUES ('incarnation', 1)
       ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`,
    )
    .pluck();
  const lastSequence = database
    .prepare<[], number | null>(
      `SELECT max(sequence) FROM (SELECT max(sequence) AS sequence FROM message
       UNION ALL SELECT max(sequence) FROM copy UNION ALL SELECT max(sequence) FROM delivery)`,
    )
    .pluck();
  return {
    seen: (key) => seen.get(key),
    remember: (key, seenAt) => void remember.run(key, Math.trunc(seenAt)),
    hasCompleted: (activity) => hasCompleted.get(activity) !== undefined,
    hasCompletedAny: (beginning) => hasCompletedAny.get(beginning, beginning) !== undefined,
    completed: (activity, at) => void completed.run(activity, Math.trunc(at)),
    forget(seenBefore, completedBefore, rowsMax) {
      forgetKeys.run(rowsMax, seenBefore);
      forgetActivities.run(completedBefore, rowsMax);
    },
    nextIncarnation: () => nextIncarnation.get() ?? 0,
    lastSequence: () => lastSequence.get() ?? 0,
  };
}

import Sqlite, { type Database } from 'better-sqlite3';
import { migrate } from './schema.js';
import { createStoreTables, type StoreTables } from './store-tables.js';

/** Pages of the write-ahead log (4096 octets each) after which they are written to the database itself. */
const logPagesMax = 4000;

/** What may follow a commit: nothing lost by a loss of power, or only nothing lost by the death of the process. */
export type Durability = 'power' | 'process';

/** The database, its tables and the one transaction that a batch of operations shares. */
export interface StoreDatabase {
  readonly connection: Database;
  readonly tables: StoreTables;
  begin(durability: Durability): void;
  commit(): void;
  rollback(): void;
  /** False also after SQLite itself has given up a transaction, as it may when the disk is full. */
  readonly inTransaction: boolean;
  /** One operation within the transaction. */
  startOperation(): void;
  keepOperation(): void;
  undoOperation(): void;
  close(): void;
}

/**
 * Opens a database file, makes it if it is not there, and locks it until it is closed or the process dies. Throws: `SQLITE_BUSY` when
 * another process has it. `:memory:`, or the octets of a database, for one that is in memory.
 */
export function openStoreDatabase(source: string | Uint8Array): StoreDatabase {
  const connection = new Sqlite(typeof source === 'string' ? source : Buffer.from(source), { timeout: 0 });
  try {
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.pragma('journal_mode = WAL');
    connection.pragma(`wal_autocheckpoint = ${String(logPagesMax)}`);
    connection.pragma('synchronous = FULL');
    migrate(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
  const run = (sql: string): (() => void) => {
    const statement = connection.prepare(sql);
    return () => void statement.run();
  };
  const begin = run('BEGIN');
  let present: Durability = 'power';
  return {
    connection,
    tables: createStoreTables(connection),
    begin(durability) {
      if (durability !== present) connection.pragma(`synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}`);
      present = durability;
      begin();
    },
    commit: run('COMMIT'),
    rollback() {
      if (connection.inTransaction) connection.exec('ROLLBACK');
    },
    get inTransaction() {
      return connection.inTransaction;
    },
    startOperation: run('SAVEPOINT operation'),
    keepOperation: run('RELEASE operation'),
    undoOperation() {
      connection.exec('ROLLBACK TO operation; RELEASE operation');
    },
    close: () => void connection.close(),
  };
}

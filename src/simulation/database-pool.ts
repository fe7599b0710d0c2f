import { openStoreDatabase, type StoreDatabase } from '../queue/sqlite/store-database.js';

/** Databases in memory, emptied and used again: to make one, with its tables and statements, takes longer than many a run. */
export class DatabasePool {
  readonly #idle: StoreDatabase[] = [];

  /** One with nothing in it. */
  take(): StoreDatabase {
    return this.#idle.pop() ?? openStoreDatabase(':memory:');
  }

  give(database: StoreDatabase): void {
    const { connection } = database;
    database.rollback();
    const tables = connection.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
    connection.exec(tables.map((name) => `DELETE FROM ${name};`).join(''));
    this.#idle.push(database);
  }
}

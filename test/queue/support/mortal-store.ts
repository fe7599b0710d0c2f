import { openStoreDatabase, type Durability, type StoreDatabase } from '../../../src/queue/sqlite/store-database.js';
import type { StoreRequest } from '../../../src/queue/batch-run.js';
import type { StoreAnswer, StoreOperationName, StoreOutput } from '../../../src/queue/store.js';
import { openStore, type OpenStore } from './fixture.js';
import { SimulatedDisk } from './simulated-disk.js';

/**
 * A store that dies at any change of its disk and is found again as a loss of power, or only the death of the process, leaves it. The
 * database is found as it was after a commit: after a loss of power any since the last that promised stable storage.
 */
export class MortalStore {
  #disk = new SimulatedDisk();
  #store: OpenStore;
  /** The database after each commit that may be lost, and before them the last that may not. */
  #images: Uint8Array[] = [];

  constructor() {
    this.#store = this.#open(openStoreDatabase(':memory:'));
  }

  get disk(): SimulatedDisk {
    return this.#disk;
  }

  /** The store as long as it lives. */
  get living(): OpenStore {
    return this.#store;
  }

  /** Dies before the change of the disk that comes after so many others. */
  dieAfter(changes: number): void {
    this.#disk.crashAt = this.#disk.changes + changes;
  }

  /** Undefined if the machine died: nobody has heard an answer. */
  run(requests: readonly StoreRequest[]): readonly StoreAnswer<StoreOperationName>[] | undefined {
    const answers = this.#store.core.run(requests);
    return this.#isDead ? undefined : answers;
  }

  comeBack(from: 'power loss' | 'process death', random: () => number): StoreOutput<'open'> {
    this.#disk = from === 'power loss' ? this.#disk.powerLoss(random) : this.#disk.processDeath();
    const oldest = from === 'power loss' ? Math.floor(random() * this.#images.length) : this.#images.length - 1;
    this.#store = this.#open(openStoreDatabase(this.#images[oldest] ?? new Uint8Array(0)));
    return this.#store.opened;
  }

  get #isDead(): boolean {
    return this.#disk.changes >= this.#disk.crashAt;
  }

  #open(database: StoreDatabase): OpenStore {
    this.#images = [database.connection.serialize()];
    return openStore({ disk: this.#disk, database: this.#watched(database) });
  }

  #watched(database: StoreDatabase): StoreDatabase {
    let durability: Durability = 'power';
    return {
      ...database,
      get inTransaction() {
        return database.inTransaction;
      },
      begin(asked) {
        durability = asked;
        database.begin(asked);
      },
      commit: () => {
        if (this.#isDead) throw new Error('the machine died');
        database.commit();
        if (durability === 'power') this.#images = [];
        this.#images.push(database.connection.serialize());
      },
    };
  }
}

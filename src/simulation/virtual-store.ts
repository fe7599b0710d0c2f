import type { Random } from '../faults/random.js';
import type { StoreRequest } from '../queue/batch-run.js';
import { createStoreCore } from '../queue/core.js';
import { createInProcessStore } from '../queue/in-process-store.js';
import { ProgressNotes } from '../queue/progress-notes.js';
import { openStoreDatabase, type Durability, type StoreDatabase } from '../queue/sqlite/store-database.js';
import type { MessageStore, StoreAnswer, StoreOperationName, StoreOutput } from '../queue/store.js';
import { DatabasePool } from './database-pool.js';
import { MemoryDisk } from './memory-disk.js';
import type { VirtualClock } from './virtual-clock.js';

/** Small, so that one file is left for the other now and then. */
const progressFileOctetsMax = 256;

const duplicateRetentionSeconds = 7 * 86_400;

/** What SQLite says when a commit does not get to the disk. */
const databaseFailures = {
  full: { code: 'SQLITE_FULL', text: 'database or disk is full' },
  'input-output': { code: 'SQLITE_IOERR', text: 'disk I/O error' },
} as const;

export type DatabaseFailure = keyof typeof databaseFailures;

/** An operation that has come to stay: its batch is committed, though perhaps nobody will hear the answer. */
export type OperationObserver = (request: StoreRequest, answer: StoreAnswer<StoreOperationName>) => void;

/** The real store of one agent, on a disk and a database in memory that outlive its process. */
export class VirtualStore {
  readonly disk = new MemoryDisk();
  /** How long one batch takes, and after its commit the answers. */
  batchMilliseconds = 0.3;
  /** A loss of power may take commits back that only had to survive the process; to be ready for that costs time. */
  keepsImages = false;
  answerMilliseconds = 0;
  observer: OperationObserver | undefined;
  readonly #clock: VirtualClock;
  readonly #pool: DatabasePool;
  #database: StoreDatabase;
  /** The database as it was before the first commit that a loss of power may take back. */
  #durableImage: Uint8Array | undefined;
  /** Differs for every life of the process: what belongs to a former one does nothing any more. */
  #life = 0;
  #answersAt = 0;
  #databaseFailure: DatabaseFailure | undefined;

  constructor(clock: VirtualClock, pool = new DatabasePool()) {
    this.#clock = clock;
    this.#pool = pool;
    this.#database = pool.take();
  }

  /** No commit gets to the disk; with `input-output` no file either. */
  get databaseFailure(): DatabaseFailure | undefined {
    return this.#databaseFailure;
  }

  set databaseFailure(failure: DatabaseFailure | undefined) {
    this.#databaseFailure = failure;
    this.disk.failing = failure === 'input-output';
  }

  /** The process starts: what the store says when it is opened, and the store. */
  open(): { readonly store: MessageStore; readonly opened: StoreOutput<'open'> } {
    const life = ++this.#life;
    const core = createStoreCore({ database: this.#watched(this.#database), disk: this.disk });
    const isAlive = (): boolean => this.#life === life;
    const run = (requests: readonly StoreRequest[]): readonly StoreAnswer<StoreOperationName>[] => {
      const answers = core.run(requests);
      for (const [i, request] of requests.entries()) {
        const answer = answers[i];
        if (answer !== undefined) this.observer?.(request, answer);
      }
      return answers;
    };
    const progress = new ProgressNotes(this.disk, progressFileOctetsMax);
    const inProcess = createInProcessStore({ ...core, run }, progress, (batch) => {
      this.#clock.schedule(this.batchMilliseconds, () => {
        if (isAlive()) batch();
      });
    });
    const store: MessageStore = {
      progress,
      execute: (name, input, answered) => {
        inProcess.execute(name, input, (answer) => {
          this.#answerLater(isAlive, () => {
            answered(answer);
          });
        });
      },
    };
    const opened = core.execute('open', { duplicateRetentionSeconds });
    if (!opened.ok) throw new Error(opened.failure.text);
    return { store, opened: opened.value };
  }

  /**
   * The process dies where it stands. `power`: what was not synced in files is lost with it, or torn as `random` will have it; so are, if
   * `random` will have it, commits that only had to survive the process.
   */
  die(how: 'process' | 'power', random?: Random): void {
    this.#life += 1;
    if (how === 'process') return;
    this.disk.crash(random);
    const image = this.#durableImage;
    this.#durableImage = undefined;
    if (image === undefined || random?.chance(0.5) !== true) return;
    this.#database.close();
    this.#database = openStoreDatabase(image);
  }

  /** Nobody needs it any more. */
  end(): void {
    this.#life += 1;
    this.#pool.give(this.#database);
  }

  /** Answers keep their order, however long each takes. */
  #answerLater(isAlive: () => boolean, answer: () => void): void {
    const { now } = this.#clock;
    this.#answersAt = Math.max(this.#answersAt, now + this.answerMilliseconds);
    if (this.#answersAt <= now) {
      answer();
      return;
    }
    this.#clock.schedule(this.#answersAt - now, () => {
      if (isAlive()) answer();
    });
  }

  #watched(database: StoreDatabase): StoreDatabase {
    let durability: Durability = 'power';
    return {
      ...database,
      get inTransaction() {
        return database.inTransaction;
      },
      begin: (asked) => {
        durability = asked;
        if (asked === 'process' && this.keepsImages) this.#durableImage ??= database.connection.serialize();
        database.begin(asked);
      },
      commit: () => {
        if (this.databaseFailure !== undefined) {
          const { code, text } = databaseFailures[this.databaseFailure];
          throw Object.assign(new Error(text), { code });
        }
        database.commit();
        if (durability === 'power') this.#durableImage = undefined;
      },
    };
  }
}

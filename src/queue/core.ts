import type { OctetSource } from '../p1/octet-source.js';
import { outlineOf } from './apdu-outline.js';
import { BatchRun, type StoreRequest } from './batch-run.js';
import type { Disk } from './disk.js';
import { storeLimits, type StoreLimits } from './limits.js';
import { createStoreHandlers } from './operations.js';
import { BufferPool } from './pending-octets.js';
import type { StoreDatabase } from './sqlite/store-database.js';
import type { ApduOutline, StoreAnswer, StoreInput, StoreOperationName } from './store.js';

export interface StoreCoreOptions {
  /** Opened for this core alone, which closes it. */
  readonly database: StoreDatabase;
  readonly disk: Disk;
  readonly limits?: Partial<StoreLimits>;
  /** Reads the outside of a stored APDU; throws DecodeError. */
  readonly outlineOf?: (source: OctetSource) => ApduOutline;
}

/**
 * The store without the world around it: synchronous, over a database and a disk.
 *
 *     run [a, b, c] ── BEGIN ── a ── b ── c ── each file that needs it: sync ── COMMIT ── answers
 *
 * All operations of a batch share one transaction and one sync of each file, so that many waiting together cost hardly more than one alone.
 * Each runs within a savepoint: one that fails takes only itself back.
 */
export interface StoreCore {
  execute<Name extends StoreOperationName>(name: Name, input: StoreInput<Name>): StoreAnswer<Name>;
  /** Answers in the order of the requests; those that `more` gives while the batch can still take them come behind the others. */
  run(
    requests: readonly StoreRequest[],
    more?: () => readonly StoreRequest[],
  ): readonly StoreAnswer<StoreOperationName>[];
}

export function createStoreCore(options: StoreCoreOptions): StoreCore {
  const { database, disk } = options;
  const limits = { ...storeLimits, ...options.limits };
  const context = {
    disk,
    limits,
    buffers: new BufferPool(limits.pendingOctetsMax),
    ...database.tables,
  };
  const handlers = createStoreHandlers(context, options.outlineOf ?? outlineOf, () => {
    database.close();
    disk.close();
  });
  const run: StoreCore['run'] = (requests, more = () => []) => new BatchRun(database, handlers, requests).run(more);
  return {
    run,
    execute<Name extends StoreOperationName>(name: Name, input: StoreInput<Name>): StoreAnswer<Name> {
      const [answer] = run([{ name, input } as StoreRequest]);
      return answer as StoreAnswer<Name>; // The one answer is that of the one request.
    },
  };
}

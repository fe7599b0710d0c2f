import type { StoreTables } from './sqlite/store-tables.js';
import type { Disk } from './disk.js';
import type { StoreLimits } from './limits.js';
import type { BufferPool } from './pending-octets.js';

/** What the parts of the store core work on. */
export interface StoreContext extends StoreTables {
  readonly disk: Disk;
  readonly limits: StoreLimits;
  /** Of limits.pendingOctetsMax each. */
  readonly buffers: BufferPool;
}

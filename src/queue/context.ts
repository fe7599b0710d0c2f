import type { ContentTable } from './sqlite/content-table.js';
import type { CopyTable } from './sqlite/copy-table.js';
import type { DeliveryTable } from './sqlite/delivery-table.js';
import type { MemoryTables } from './sqlite/memory-tables.js';
import type { MessageTable } from './sqlite/message-table.js';
import type { OutgoingTable } from './sqlite/outgoing-table.js';
import type { QueueViews } from './sqlite/queue-views.js';
import type { Disk } from './disk.js';
import type { StoreLimits } from './limits.js';
import type { BufferPool } from './pending-octets.js';

/** What the parts of the store core work on. */
export interface StoreContext {
  readonly disk: Disk;
  readonly limits: StoreLimits;
  /** Of limits.pendingOctetsMax each. */
  readonly buffers: BufferPool;
  readonly messages: MessageTable;
  readonly copies: CopyTable;
  readonly views: QueueViews;
  readonly deliveries: DeliveryTable;
  readonly contents: ContentTable;
  readonly memory: MemoryTables;
  readonly outgoing: OutgoingTable;
}

import type { Database } from 'better-sqlite3';
import { createContentTable, type ContentTable } from './content-table.js';
import { createCopyTable, type CopyTable } from './copy-table.js';
import { createDeliveryTable, type DeliveryTable } from './delivery-table.js';
import { createMemoryTables, type MemoryTables } from './memory-tables.js';
import { createMessageTable, type MessageTable } from './message-table.js';
import { createOutgoingTable, type OutgoingTable } from './outgoing-table.js';
import { createQuarantineTable, type QuarantineTable } from './quarantine-table.js';
import { createQueueViews, type QueueViews } from './queue-views.js';

/** Every table of the store, with its statements prepared. */
export interface StoreTables {
  readonly messages: MessageTable;
  readonly copies: CopyTable;
  readonly views: QueueViews;
  readonly deliveries: DeliveryTable;
  readonly contents: ContentTable;
  readonly memory: MemoryTables;
  readonly outgoing: OutgoingTable;
  readonly quarantined: QuarantineTable;
}

export function createStoreTables(database: Database): StoreTables {
  return {
    messages: createMessageTable(database),
    copies: createCopyTable(database),
    views: createQueueViews(database),
    deliveries: createDeliveryTable(database),
    contents: createContentTable(database),
    memory: createMemoryTables(database),
    outgoing: createOutgoingTable(database),
    quarantined: createQuarantineTable(database),
  };
}

import type { Site } from '../config/site.js';
import type { RoutingTable } from '../mta/routing.js';
import type { MessageStore } from '../queue/store.js';
import type { ConnectorQueue } from './connector-queue.js';
import type { Identifiers } from './identifiers.js';
import type { Waiters } from './waiters.js';
import type { World } from './world.js';

/** What the parts of one engine share. `site` and what is worked out from it change at a reload. */
export interface EngineState {
  readonly world: World;
  readonly store: MessageStore;
  readonly identifiers: Identifiers;
  readonly queues: Map<string, ConnectorQueue>;
  readonly waiters: Waiters;
  site: Site;
  routing: RoutingTable;
  stopping: boolean;
}

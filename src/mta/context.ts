import type { Site } from '../config/site.js';
import type { RoutingTable } from './routing.js';

/** What a decision needs besides the message itself. */
export interface ProcessingContext {
  readonly site: Site;
  readonly routing: RoutingTable;
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
  /** Unique in the store. */
  nextId(): string;
  /** Unique among all agents, at most 32 IA5 characters. */
  nextLocalIdentifier(): string;
}

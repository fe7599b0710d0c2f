/** How the subjects of the RTPM share one association. */
import type { ReliableTransferMode } from '../presentation/service.js';
import type { Effects } from './effects.js';
import type { RtpmEvent } from './events.js';
import type { NegotiatedValues, RtseOptions } from './service.js';
import type { State } from './state-table/names.js';

/** What all parts of one RTPM know of their association. */
export interface Association {
  readonly options: RtseOptions;
  readonly effects: Effects;
  /** Events of our own making, handled before the next one from outside. */
  readonly pending: RtpmEvent[];
  /** The responder learns it from A-ASSOCIATE.indication. */
  mode: ReliableTransferMode | undefined;
  negotiated: NegotiatedValues;
}

/** One subject of the RTPM: its variables, and its predicates and actions of the state table. */
export interface Part<Predicate extends string, Action extends string> {
  readonly predicates: Readonly<Record<Predicate, (event: RtpmEvent) => boolean>>;
  readonly actions: Readonly<Record<Action, (event: RtpmEvent, state: State) => void>>;
}

/**
 * The shape of every layer. A machine is synchronous and deterministic: one event in, a list of effects out. It never calls its neighbours,
 * and knows no socket, clock, timer, log or source of randomness; all of these are effects, carried out by whoever drives the machine.
 */

/** A fact worth a line in the log or a count in the metrics; `event` is a stable name, `fields` never hold a secret. */
export interface Observation {
  readonly event: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
}

export type Effect<ToAbove, ToBelow> =
  | { readonly to: 'above'; readonly primitive: ToAbove }
  | { readonly to: 'below'; readonly primitive: ToBelow }
  /** Starts the named timer, or starts it anew. It comes back as `timer(name)` unless it is cleared before. */
  | { readonly to: 'timer'; readonly action: 'set'; readonly name: string; readonly milliseconds: number }
  | { readonly to: 'timer'; readonly action: 'clear'; readonly name: string }
  | { readonly to: 'observer'; readonly observation: Observation };

/** `FromAbove` are requests and responses, `ToAbove` indications and confirms; below it is the other way round. */
export interface Machine<FromAbove, ToAbove, FromBelow, ToBelow> {
  fromAbove(primitive: FromAbove): readonly Effect<ToAbove, ToBelow>[];
  fromBelow(primitive: FromBelow): readonly Effect<ToAbove, ToBelow>[];
  timer(name: string): readonly Effect<ToAbove, ToBelow>[];
}

/** What the actions of one transition do, in their order. */
export function joinEffects<Action, AnEffect>(
  actions: readonly Action[],
  perform: (action: Action) => readonly AnEffect[],
): readonly AnEffect[] {
  const [first] = actions;
  if (first !== undefined && actions.length === 1) return perform(first);
  return actions.flatMap((action) => perform(action));
}

/** A mistake of ours, never of a peer: the association that meets it dies, the daemon lives and logs it. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** A message that takes work to put together may be a function: it is asked for only where the condition does not hold. */
export function assert(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new AssertionError(typeof message === 'string' ? message : message());
}

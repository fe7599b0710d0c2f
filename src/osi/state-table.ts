/**
 * State tables as the Recommendations print them, held as data: names of events, states, predicates and actions stay the standard's own, so
 * that a table can be printed and laid beside its source.
 */

/** A predicate, or its negation, in the notation of the tables. */
export type Term<Predicate extends string> = Predicate | `¬${Predicate}`;

export interface StateTableRow<
  State extends string,
  Event extends string,
  Predicate extends string,
  Action extends string,
> {
  readonly event: Event;
  readonly states: readonly State[];
  /** The row is taken if all terms hold; absent: always. */
  readonly predicate?: readonly Term<Predicate>[];
  /** Done in this order, in the old state. */
  readonly actions: readonly Action[];
  /** `=`: the state stays. */
  readonly next: State | '=';
  /** Done after the next state was entered. */
  readonly entered?: readonly Action[];
}

export interface Transition<State extends string, Action extends string> {
  readonly actions: readonly Action[];
  readonly next: State;
  readonly entered: readonly Action[];
}

/** A term, taken apart once. */
interface CompiledTerm<Predicate extends string> {
  readonly predicate: Predicate;
  readonly wanted: boolean;
}

/** One row as it stands in the cell of one state. */
interface Entry<State extends string, Predicate extends string, Action extends string> {
  readonly terms: readonly CompiledTerm<Predicate>[];
  readonly transition: Transition<State, Action>;
}

export class StateTable<State extends string, Event extends string, Predicate extends string, Action extends string> {
  readonly #cells = new Map<Event, Map<State, Entry<State, Predicate, Action>[]>>();

  constructor(rows: readonly StateTableRow<State, Event, Predicate, Action>[]) {
    for (const row of rows) {
      const ofEvent = this.#cells.get(row.event) ?? new Map<State, Entry<State, Predicate, Action>[]>();
      this.#cells.set(row.event, ofEvent);
      for (const state of row.states) ofEvent.set(state, [...(ofEvent.get(state) ?? []), entryOf(row, state)]);
    }
  }

  /**
   * What the table says of an event in a state: the first row of the cell whose predicate holds. Undefined if the cell is blank or no
   * predicate in it holds: the event is invalid there.
   */
  transition(
    state: State,
    event: Event,
    holds: (predicate: Predicate) => boolean,
  ): Transition<State, Action> | undefined {
    const cell = this.#cells.get(event)?.get(state);
    if (cell === undefined) return undefined;
    for (const { terms, transition } of cell) {
      if (allHold(terms, holds)) return transition;
    }
    return undefined;
  }
}

function allHold<Predicate extends string>(
  terms: readonly CompiledTerm<Predicate>[],
  holds: (predicate: Predicate) => boolean,
): boolean {
  for (const { predicate, wanted } of terms) if (holds(predicate) !== wanted) return false;
  return true;
}

function entryOf<State extends string, Event extends string, Predicate extends string, Action extends string>(
  row: StateTableRow<State, Event, Predicate, Action>,
  state: State,
): Entry<State, Predicate, Action> {
  return {
    terms: (row.predicate ?? []).map((term) =>
      term.startsWith('¬')
        ? { predicate: term.slice(1) as Predicate, wanted: false }
        : { predicate: term as Predicate, wanted: true },
    ),
    transition: { actions: row.actions, next: row.next === '=' ? state : row.next, entered: row.entered ?? [] },
  };
}

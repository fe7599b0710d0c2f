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

export class StateTable<State extends string, Event extends string, Predicate extends string, Action extends string> {
  readonly #cells = new Map<string, StateTableRow<State, Event, Predicate, Action>[]>();

  constructor(rows: readonly StateTableRow<State, Event, Predicate, Action>[]) {
    for (const row of rows) {
      for (const state of row.states) {
        const cell = this.#cells.get(`${row.event} ${state}`);
        if (cell === undefined) this.#cells.set(`${row.event} ${state}`, [row]);
        else cell.push(row);
      }
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
    const row = this.#cells
      .get(`${event} ${state}`)
      ?.find(({ predicate = [] }) => predicate.every((term) => termHolds(term, holds)));
    if (row === undefined) return undefined;
    return { actions: row.actions, next: row.next === '=' ? state : row.next, entered: row.entered ?? [] };
  }
}

function termHolds<Predicate extends string>(term: Term<Predicate>, holds: (predicate: Predicate) => boolean): boolean {
  return term.startsWith('¬') ? !holds(term.slice(1) as Predicate) : holds(term as Predicate);
}

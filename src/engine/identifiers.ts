/**
 * Names that never repeat: every start of the daemon has a number of its own from the store, and counts from 1 within it. No clock is
 * asked, so that no step of a clock can make two alike (X.411 §8.2.1.1.1.1 wants MTS identifiers unique for ever).
 */
export class Identifiers {
  readonly #incarnation: number;
  #counter = 0;

  constructor(incarnation: number) {
    this.#incarnation = incarnation;
  }

  next(): string {
    this.#counter += 1;
    return `${String(this.#incarnation)}-${String(this.#counter)}`;
  }
}

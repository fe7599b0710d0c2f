import { localIdentifierMax } from '../p1/common-types.js';

/**
 * Names that never repeat: every start of the daemon has a number of its own from the store, and counts from 1 within it. No clock is
 * asked, so that no step of a clock can make two alike (X.411 §8.2.1.1.1.1 wants MTS identifiers unique for ever). For names that leave
 * the store's own world there is a random part besides: a data directory may be made anew under the same name.
 */
export class Identifiers {
  readonly #incarnation: number;
  readonly #birthmark: string;
  #counter = 0;

  /** `random`: some octets that no other start has, 4 or more. */
  constructor(incarnation: number, random: Uint8Array) {
    this.#incarnation = incarnation;
    this.#birthmark = random.reduce((sum, octet) => sum * 256 + octet, 0).toString(36);
  }

  /** Unique among all starts of all daemons, at most 32 characters with a short `name` in front, which is cut to fit. */
  nextWorldwide(name: string): string {
    const unique = `${this.#birthmark}.${this.next()}`;
    return `${name.slice(0, localIdentifierMax - unique.length - 1)}.${unique}`;
  }

  next(): string {
    this.#counter += 1;
    return `${String(this.#incarnation)}-${String(this.#counter)}`;
  }
}

/** A text that is not the address, pattern or identifier that somebody meant to write. For people: it never comes from a peer. */
export class AddressTextError extends Error {
  override readonly name = 'AddressTextError';
  /** Character of the whole text, counted from 0. */
  readonly position: number;
  /** What stands there. */
  readonly found: string;
  readonly expected: string;

  constructor(whole: string, position: number, found: string, expected: string) {
    super(`"${whole}", character ${String(position + 1)}: "${found}" found, expected ${expected}`);
    this.position = position;
    this.found = found;
    this.expected = expected;
  }
}

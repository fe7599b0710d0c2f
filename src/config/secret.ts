import { timingSafeEqual } from 'node:crypto';

const shownInstead = '(secret)';

/** A password. It shows itself to nobody by accident: neither JSON, nor text, nor an inspection of the object holds it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The password itself, for the bind and for nothing else. */
  reveal(): string {
    return this.#text;
  }

  /** Octet by octet, nothing stripped, no case folded; in time that does not depend on where they differ. */
  equals(other: Secret): boolean {
    const ours = Buffer.from(this.#text);
    const theirs = Buffer.from(other.#text);
    return ours.length === theirs.length && timingSafeEqual(ours, theirs);
  }

  toString(): string {
    return shownInstead;
  }

  toJSON(): string {
    return shownInstead;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shownInstead;
  }
}

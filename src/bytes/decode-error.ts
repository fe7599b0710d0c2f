/**
 * Octets from outside that do not follow their Recommendation. The only error a codec throws; every machine catches it in one place and
 * answers with its protocol's error procedure.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** The clause that the octets break, such as `X.225 §8.2`. */
  readonly clause: string;
  /** Where in the decoded octets the fault was seen, counted from 0. */
  readonly offset: number;

  constructor(message: string, clause: string, offset: number) {
    super(`${message} (${clause}, at octet ${String(offset)})`);
    this.clause = clause;
    this.offset = offset;
  }
}

import { DecodeError } from '../../src/bytes/decode-error.js';

/** What a decoder makes of octets: its value, or all that its error says, to compare two ways of decoding. */
export function outcomeOf(decode: () => unknown): unknown {
  try {
    return { value: decode() };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { message, clause, offset } = error;
    return { message, clause, offset };
  }
}

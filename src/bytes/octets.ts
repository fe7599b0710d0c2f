/** Octets from hexadecimal digits; white space is ignored. Throws RangeError on anything else. */
export function fromHex(hex: string): Uint8Array {
  const digits = hex.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) throw new RangeError(`not hexadecimal octets: "${hex}"`);
  const octets = new Uint8Array(digits.length / 2);
  for (let i = 0; i < octets.length; i++) octets[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return octets;
}

/** Two lower-case hexadecimal digits an octet, nothing between. */
export function toHex(octets: Uint8Array): string {
  let hex = '';
  for (const octet of octets) hex += octet.toString(16).padStart(2, '0');
  return hex;
}

export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Octets of all parts together. */
export function totalOctets(parts: readonly Uint8Array[]): number {
  let total = 0;
  for (const part of parts) total += part.length;
  return total;
}

export function concatOctets(...parts: readonly Uint8Array[]): Uint8Array {
  return joinOctets(parts);
}

/** As `concatOctets`, for any number of parts: more than some 100,000 arguments do not fit a call. */
export function joinOctets(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(totalOctets(parts));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}

/** One octet a character, U+0000..U+00FF. Characters above are an error of ours: callers check the repertoire first. */
export function latin1Octets(text: string): Uint8Array {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw new RangeError(`character U+${code.toString(16)} does not fit one octet`);
    octets[i] = code;
  }
  return octets;
}

/** Of Node's Buffer, for any array of octets: many times faster than a string made of codes. Its declarations leave it out. */
const { latin1Slice } = Buffer.prototype as unknown as {
  readonly latin1Slice: (this: Uint8Array, start: number, end: number) => string;
};

/** The octets from `start` up to, not including, `end`, one character an octet. */
export function latin1Text(octets: Uint8Array, start = 0, end: number = octets.length): string {
  return latin1Slice.call(octets, start, end);
}

/**
 * The repertoire of PrintableString (X.680), and the reversible way to write ASCII inside it (RFC 2156): needed for domain-defined
 * attributes that hold an Internet address and for the supplementary information of reports.
 */

const printableCharacters = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

export function isPrintable(text: string): boolean {
  return printableCharacters.test(text);
}

const encodedNames: ReadonlyMap<string, string> = new Map([
  ['@', 'a'],
  ['%', 'p'],
  ['!', 'b'],
  ['"', 'q'],
  ['_', 'u'],
  ['(', 'l'],
  [')', 'r'],
]);
const decodedNames: ReadonlyMap<string, string> = new Map(
  [...encodedNames].map(([character, name]) => [name, character]),
);

const asciiMaximum = 127;

/** ASCII text as PrintableString: `@` becomes `(a)`, `_` `(u)`, any other stranger its decimal code; what is not ASCII becomes `?`. */
export function printableFromAscii(text: string): string {
  let printable = '';
  for (const character of text) {
    const name = encodedNames.get(character);
    const code = character.codePointAt(0) ?? 0;
    if (name !== undefined) printable += `(${name})`;
    else if (isPrintable(character)) printable += character;
    else if (code > asciiMaximum) printable += '?';
    else printable += `(${String(code).padStart(3, '0')})`;
  }
  return printable;
}

/** The inverse of printableFromAscii; either case is accepted. Text that is not so encoded comes back unchanged (RFC 2156). */
export function asciiFromPrintable(text: string): string {
  let ascii = '';
  for (const [piece, encoded] of text.matchAll(/\(([^()]*)\)|[^()]+|[()]/g)) {
    if (encoded === undefined) {
      if (piece === '(' || piece === ')') return text;
      ascii += piece;
      continue;
    }
    const code = /^\d{3}$/.test(encoded) ? Number(encoded) : undefined;
    if (code !== undefined && code > asciiMaximum) return text;
    const character = code !== undefined ? String.fromCharCode(code) : decodedNames.get(encoded.toLowerCase());
    if (character === undefined) return text;
    ascii += character;
  }
  return ascii;
}

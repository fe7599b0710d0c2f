import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiFromPrintable, isPrintable, printableFromAscii } from '../../src/p1/printable-string.js';

describe('ASCII inside PrintableString', () => {
  it.each([
    ['tom_h@cs.example.org', 'tom(u)h(a)cs.example.org'],
    ['"a b"@x.example', '(q)a b(q)(a)x.example'],
    ['a!b%c@d', 'a(b)b(p)c(a)d'],
    ['~joe', '(126)joe'],
    ['(x)', '(l)x(r)'],
  ])('writes %s as %s and reads it back (RFC 2156)', (ascii, printable) => {
    expect(printableFromAscii(ascii)).toBe(printable);
    expect(asciiFromPrintable(printable)).toBe(ascii);
  });

  it('accepts either case, and leaves alone what is no such encoding', () => {
    expect(asciiFromPrintable('x(A)y')).toBe('x@y');
    for (const text of ['a(b', 'a)b', 'a(zz)b', 'a(999)b', '((a))']) expect(asciiFromPrintable(text)).toBe(text);
  });

  it('makes PrintableString of any text, and loses no ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        expect(isPrintable(printableFromAscii(text))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 30 }), (text) => {
        expect(asciiFromPrintable(printableFromAscii(text))).toBe(text);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import {
  generalText,
  generalTextOctets,
  graphicOctets,
  graphicText,
  onOneLine,
  teletexOctets,
  teletexText,
} from '../../src/ipms/text.js';

const latin1Character = fc.constantFrom(...Array.from('azAZ09 .,\n\u00a0éüßÅ÷ÿ¡'));

describe('general-text (IPM-012)', () => {
  it('begins with ASCII in G0, Latin-1 in G1, G1 on the right, and lists {1,6,100}', () => {
    const written = generalTextOctets('Grüße');
    expect(toHex(written.octets)).toBe('1b28421b2d411b7e4772fcdf65');
    expect(written.registrations).toEqual([1, 6, 100]);
  });

  it('reads back every Latin-1 text with CR LF line ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: latin1Character }), (text) => {
        const { octets, registrations, charactersLost } = generalTextOctets(text);
        expect(charactersLost).toBe(0);
        expect(generalText(octets, registrations)).toBe(text.replaceAll('\n', '\r\n'));
      }),
    );
  });

  it.each([
    ['Łódź', 101],
    ['Привет', 144],
    ['Αθήνα', 126],
    ['100 €', 203],
    ['İstanbul', 148],
    ['שלום', 138],
  ])('writes %s in the set of the ISO register that holds it, %i', (text, registration) => {
    const { octets, registrations, charactersLost } = generalTextOctets(text);
    expect(registrations).toEqual([1, 6, registration]);
    expect(charactersLost).toBe(0);
    expect(generalText(octets, registrations)).toBe(text);
  });

  it('counts what no set holds together', () => {
    const written = generalTextOctets('ü中Ж');
    expect(written.charactersLost).toBe(2);
    expect(generalText(written.octets, written.registrations)).toBe('ü??');
  });

  it('does not let a text shift the sets of its own message', () => {
    const { octets, registrations } = generalTextOctets('a\u001b-Lü\u000e');
    expect(generalText(octets, registrations)).toBe('a -Lü ');
  });

  it('takes a text without escape sequences in the set that the parameters list, or in Latin-1', () => {
    expect(generalText(latin1Octets('Gr\u00fc\u00dfe'), [1, 6, 100])).toBe('Grüße');
    expect(generalText(latin1Octets('Gr\u00fc\u00dfe'), [6])).toBe('Grüße');
    expect(generalText(latin1Octets('\u00be'), [1, 6, 144])).toBe('О');
    expect(generalText(latin1Octets('plain'), [1, 6])).toBe('plain');
  });

  it.each([
    ['C1 designated and unknown escapes', '1b2141 1b2842 1b2d41 1b7e fc', 'ü'],
    ['shift-out and shift-in', '1b2d41 0e 7c 0f 7c', 'ü|'],
    ['locking shift to G2 and single shift to G3', '1b2e41 1b6e 7c 1b6f 1b2f41 1b4f 7c', 'üü'],
    ['two octets a character', '1b2442 467c 1b2842 61', '日a'],
    ['a non-spacing mark before its letter', '1b2976 1b7e c875', 'ü'],
    ['a mark without a letter', '1b2976 1b7e c8', ' \u0308'],
    ['an escape sequence cut short', '61 1b28', 'a'],
    ['an escape broken off by a line end', '1b 0d 61', '\ra'],
  ])('obeys %s (ISO/IEC 2022)', (_case, hex, text) => {
    expect(generalText(fromHex(hex), [1, 6])).toBe(text);
  });

  it('reads any octets as some text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        expect(typeof generalText(octets, [1, 6, 100])).toBe('string');
        expect(teletexText(octets, 't61').length).toBeLessThanOrEqual(2 * octets.length + 2);
      }),
    );
  });
});

describe('TeletexString', () => {
  it('writes accents before their letter and reads them back (T.61)', () => {
    expect(toHex(teletexOctets('Grüße é').octets)).toBe('4772c875fb6520c265');
    expect(teletexText(teletexOctets('Grüße éŁłœĲ½').octets, 't61')).toBe('Grüße éŁłœĲ½');
  });

  it('is read as Latin-1 for peers that send that', () => {
    expect(teletexText(latin1Octets('Gr\u00fc\u00dfe'), 'latin-1')).toBe('Grüße');
  });

  it('is cut between characters, never within one (IPM-006)', () => {
    const cut = teletexOctets('ü'.repeat(100), 127);
    expect([cut.octets.length, cut.charactersLost]).toEqual([126, 37]);
    expect(teletexText(cut.octets, 't61')).toBe('ü'.repeat(63));
  });

  it('counts what it cannot write', () => {
    const written = teletexOctets('a中');
    expect([toHex(written.octets), written.charactersLost]).toEqual(['613f', 1]);
  });
});

describe('GraphicString', () => {
  it('reads back names in Latin-1, announced only when needed', () => {
    expect(toHex(graphicOctets('a.bin').octets)).toBe('612e62696e');
    expect(graphicText(graphicOctets('Übersicht.txt').octets)).toBe('Übersicht.txt');
    expect(graphicText(latin1Octets('\u00dcbersicht.txt'))).toBe('Übersicht.txt');
  });
});

describe('onOneLine', () => {
  it('puts a space where control characters were, which crashed receivers of subjects', () => {
    expect(onOneLine('a\r\nb\u0000c\u2028d')).toBe('a b c d');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameFor, fileNameOctetsMax } from '../../src/ipms/file-name.js';

const none: ReadonlySet<string> = new Set();

describe('fileNameFor (IPM-026)', () => {
  it.each([
    ['a.bin', 'a.bin'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['/', 'attachment'],
    ['dir/', 'dir'],
    ['..', 'attachment'],
    ['.bashrc', 'bashrc'],
    ['', 'attachment'],
    [undefined, 'attachment'],
    ['a\u0000b\r\n.txt', 'ab.txt'],
    ['\u202egpj.exe', 'gpj.exe'],
    ['what?.txt ', 'what_.txt'],
    ['CON.txt', '_CON.txt'],
    ['name. . .', 'name'],
    ['Übersicht 中.txt', 'Übersicht 中.txt'],
  ])('makes a harmless name of %j', (sent, name) => {
    expect(fileNameFor(sent, none)).toBe(name);
  });

  it('numbers what is taken, cases apart counting as the same', () => {
    expect(fileNameFor('a.txt', new Set(['A.TXT']))).toBe('a (2).txt');
    expect(fileNameFor('a.txt', new Set(['a.txt', 'a (2).txt']))).toBe('a (3).txt');
  });

  it('keeps the extension of a name that is too long', () => {
    const name = fileNameFor(`${'ü'.repeat(300)}.pdf`, none);
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(fileNameOctetsMax);
    expect(name.endsWith('ü.pdf')).toBe(true);
  });

  it('gives one component without controls for anything sent, also when it is taken', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (sent) => {
        const first = fileNameFor(sent, none);
        const second = fileNameFor(sent, new Set([first]));
        for (const name of [first, second]) {
          expect(name).toMatch(/^[^./\\\u0000-\u001f\u007f ][^/\\\u0000-\u001f\u007f]*$/u);
          expect(name).toBe(name.trim());
          expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(fileNameOctetsMax);
        }
        expect(second).not.toBe(first);
      }),
    );
  });
});

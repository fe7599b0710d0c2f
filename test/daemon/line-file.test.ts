import { describe, expect, it } from 'vitest';
import { LineFile } from '../../src/daemon/line-file.js';

/** A file that takes so many octets at each attempt, or fails with a code. */
function setUp() {
  const taken: Uint8Array[] = [];
  const file = {
    attempts: 0,
    takes: [] as (number | string)[],
    get text(): string {
      return Buffer.concat(taken).toString();
    },
  };
  const lines = new LineFile((octets) => {
    file.attempts += 1;
    const takes = file.takes.shift() ?? octets.length;
    if (typeof takes === 'string') throw Object.assign(new Error(`${takes}: no`), { code: takes });
    taken.push(octets.slice(0, takes));
    return Math.min(takes, octets.length);
  });
  return { file, lines };
}

describe('lines for a file', () => {
  it('are written together, in order, and once', () => {
    const { file, lines } = setUp();
    for (const line of ['a\n', 'bc\n', 'd\n']) lines.add(line);
    expect([file.text, lines.characters]).toEqual(['', 7]);
    expect(lines.write()).toBeUndefined();
    lines.write();
    expect([file.text, file.attempts, lines.characters]).toEqual(['a\nbc\nd\n', 1, 0]);
  });

  it('come whole through a pipe that takes a part of them, or is busy', () => {
    const { file, lines } = setUp();
    file.takes = [3, 'EAGAIN', 3, 'EAGAIN', 'EAGAIN'];
    lines.add('größe\nund mehr\n');
    expect(lines.write()).toBeUndefined();
    expect(file.text.endsWith('e\nund mehr\n')).toBe(true);
    expect(file.attempts).toBe(6);
  });

  it('that a full disk did not take follow later where they broke off', () => {
    const { file, lines } = setUp();
    file.takes = [2, 'ENOSPC'];
    lines.add('first\n');
    expect(lines.write()).toBe('ENOSPC: no');
    lines.add('second\n');
    expect(file.text).toBe('fi');
    expect(lines.write()).toBeUndefined();
    expect(file.text).toBe('first\nsecond\n');
  });

  it('wait for a file that takes nothing up to a bound, and are whole afterwards', () => {
    const { file, lines } = setUp();
    const line = `${'x'.repeat(9999)}\n`;
    for (let i = 0; i < 300; i++) {
      file.takes = ['ENOSPC'];
      lines.add(line);
      lines.write();
    }
    file.takes = [];
    lines.write();
    const written = file.text.split('\n');
    expect(written.pop()).toBe('');
    expect(new Set(written)).toEqual(new Set([line.trimEnd()]));
    expect(written.length).toBeGreaterThan(100);
    expect(written.length).toBeLessThan(110);
  });
});

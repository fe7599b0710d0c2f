import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { breaks } from '../../src/mutation/breaks.js';

describe('the breaks of the mutation check', () => {
  it.each(breaks)('can still be made: $name', ({ file, find, replace, tests }) => {
    expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
    for (const test of tests) expect(existsSync(test), test).toBe(true);
  });

  it('have names of their own', () => {
    expect(new Set(breaks.map(({ name }) => name)).size).toBe(breaks.length);
  });
});

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/config/secret.js';
import { alphaObject, valid } from './site-files.js';

describe('a secret', () => {
  it('is given to who asks for it, and shown to nobody else', () => {
    const secret = new Secret('hunter2');
    expect(secret.reveal()).toBe('hunter2');
    for (const shown of [String(secret), JSON.stringify({ secret }), inspect(secret), inspect({ a: { b: secret } })]) {
      expect(shown).not.toContain('hunter2');
      expect(shown).toContain('(secret)');
    }
    expect(Object.keys(secret)).toEqual([]);
  });

  it('is equal to the same octets only', () => {
    expect(new Secret('a').equals(new Secret('a'))).toBe(true);
    expect(new Secret('a').equals(new Secret('A'))).toBe(false);
    expect(new Secret('a').equals(new Secret('a '))).toBe(false);
    expect(new Secret('').equals(new Secret(''))).toBe(true);
  });

  it('stays hidden when a whole site is logged', () => {
    const site = valid(alphaObject());
    for (const shown of [JSON.stringify(site), inspect(site, { depth: null, showHidden: true })])
      for (const secret of ['alpha-secret', 'beta-secret']) expect(shown).not.toContain(secret);
  });
});

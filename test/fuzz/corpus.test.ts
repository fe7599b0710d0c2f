import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { targets } from '../../src/fuzz/targets/all.js';

const kept = new URL('../../conformance/fuzz/', import.meta.url);
/** Small enough to lie in the repository. */
const corpusOctetsMax = 3 * 1024 * 1024;

function inputsOf(folder: 'corpus' | 'regressions', target: string): readonly (readonly [string, Uint8Array])[] {
  const place = new URL(`${folder}/${target}/`, kept);
  if (!existsSync(place)) return [];
  return readdirSync(place).map((name) => [`${folder}/${name}`, new Uint8Array(readFileSync(new URL(name, place)))]);
}

const inputs = new Map(
  targets.map(({ name }) => [name, [...inputsOf('corpus', name), ...inputsOf('regressions', name)] as const]),
);

describe('what fuzzing has kept', () => {
  it.each(targets)(
    'of $name is borne: only its own errors, the same however it is cut, nothing left behind',
    (target) => {
      const failed = (inputs.get(target.name) ?? []).flatMap(([name, input]) => {
        try {
          target.run(input);
          return [];
        } catch (error) {
          return [`${name}: ${String(error)}`];
        }
      });
      expect(failed).toEqual([]);
      expect(inputs.get(target.name)?.length).toBeGreaterThan(0);
    },
  );

  it('lies in the repository without being a burden, and without a finding left open', () => {
    const octets = [...inputs.values()].flat().reduce((sum, [, { length }]) => sum + length, 0);
    expect(octets).toBeLessThan(corpusOctetsMax);
    expect(existsSync(new URL('findings/', kept))).toBe(false);
  });
});

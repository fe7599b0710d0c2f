import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'jsonc-parser';
import { siteJsonSchema } from '../../src/config/json-schema.js';
import { builtinLimits } from '../../src/config/limits.js';
import { builtinValues } from '../../src/config/values.js';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: unknown;
  readonly required?: readonly string[];
}

const schema = siteJsonSchema() as Schema;

function* membersOf(node: Schema, path: string): Generator<{ readonly path: string; readonly node: Schema }> {
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    yield { path: `${path}.${name}`, node: member };
    yield* membersOf(member, `${path}.${name}`);
  }
  if (node.items !== undefined) yield* membersOf(node.items, `${path}[]`);
  for (const alternative of node.anyOf ?? []) yield* membersOf(alternative, path);
}

function member(path: string): Schema {
  const found = [...membersOf(schema, '')].find((candidate) => candidate.path === path);
  if (found === undefined) throw new Error(`no member ${path}`);
  return found.node;
}

describe('the JSON Schema of the site file', () => {
  it('describes every member', () => {
    const silent = [...membersOf(schema, '')].filter(({ node }) => (node.description ?? '').length < 4);
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('bounds every number and names its unit', () => {
    const numbers = [...membersOf(schema, '')].filter(({ node }) => node.type === 'integer');
    expect(numbers.length).toBeGreaterThan(30);
    for (const { path, node } of numbers) {
      expect(node.minimum, path).toBeTypeOf('number');
      expect(node.maximum, path).toBeTypeOf('number');
      expect(node.description, path).toMatch(/seconds|octets|a number|messages|port/);
    }
  });

  it('allows no unknown member anywhere', () => {
    const open = [...membersOf(schema, '')].filter(
      ({ node }) => node.type === 'object' && node.additionalProperties !== false,
    );
    expect(open.map(({ path }) => path)).toEqual([]);
    expect(schema.additionalProperties).toBe(false);
  });

  it('requires what the contract requires', () => {
    expect(schema.required).toEqual(['mta', 'listen', 'dataDirectory']);
    expect(member('.mta').required).toEqual(['name', 'globalDomain']);
  });

  it('gives each tunable value and each limit its built-in default', () => {
    for (const place of ['.siteDefaults', '.connectors[].override'])
      for (const [group, values] of Object.entries(builtinValues))
        for (const [name, value] of Object.entries(values as object))
          expect(member(`${place}.${group}.${name}`).default, name).toBe(value);
    for (const [name, value] of Object.entries(builtinLimits)) expect(member(`.limits.${name}`).default).toBe(value);
  });

  it('knows every member of the examples', () => {
    for (const file of ['alpha', 'beta']) {
      const example: unknown = parse(readFileSync(new URL(`../../examples/${file}.json`, import.meta.url), 'utf8'));
      const known = new Set([...membersOf(schema, '')].map(({ path }) => path));
      for (const path of pathsOf(example, '')) expect(known).toContain(path);
    }
  });
});

function* pathsOf(value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* pathsOf(item, `${path}[]`);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      yield `${path}.${name}`;
      yield* pathsOf(inner, `${path}.${name}`);
    }
}

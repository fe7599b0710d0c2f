import { describe, expect, it } from 'vitest';
import { runSchema } from '../../src/cli/schema.js';
import { renderTable } from '../../src/cli/table.js';
import { runVerify } from '../../src/cli/verify.js';
import { alphaObject, betaObject, only } from '../config/site-files.js';
import { captureOutput, examplePath, siteFile } from './site-directory.js';

function verify(site: string, other: string, json = false) {
  const output = captureOutput();
  const exitCode = runVerify({ site, with: other, json }, output);
  return { exitCode, out: output.out(), err: output.err() };
}

describe('mta verify', () => {
  it('prints a table of each pair and ends with 0 when all match', () => {
    const { exitCode, out, err } = verify(siteFile(alphaObject()), siteFile(betaObject()));
    expect(exitCode).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('connector beta of A with connector alpha of B\n');
    expect(out).toMatch(/^ {2}FIELD IN A +VALUE IN A +FIELD IN B +VALUE IN B +RESULT +NOTE$/m);
    expect(out).toMatch(/^ {2}rts\.windowSize +5 +rts\.windowSize +5 +match$/m);
    expect(out).toMatch(/^ {2}remote\.password +- +local\.password +- +match$/m);
    expect(out).toMatch(/^all 20 comparisons match$/m);
  });

  it('ends with 3 on any mismatch and names it', () => {
    const alpha = alphaObject();
    only(alpha).override = { rts: { windowSize: 6 } };
    const { exitCode, out } = verify(siteFile(alpha), siteFile(betaObject()));
    expect(exitCode).toBe(3);
    expect(out).toMatch(/^ {2}rts\.windowSize +6 +rts\.windowSize +5 +differ$/m);
    expect(out).toMatch(/^1 of 20 comparisons do not match: rts\.windowSize$/m);
  });

  it('ends with 3 when a connector has no counterpart, and when there is no pair at all', () => {
    const beta = betaObject();
    beta.connectors = [];
    const { exitCode, out } = verify(siteFile(alphaObject()), siteFile(beta));
    expect(exitCode).toBe(3);
    expect(out).toContain('connector beta of A with connector - of B');
    const none = verify(siteFile({ ...alphaObject(), connectors: [] }), siteFile(beta));
    expect(none.exitCode).toBe(3);
    expect(none.out).toContain('no connector of either site points at the other');
  });

  it('says of passwords only whether they match', () => {
    const alpha = alphaObject();
    only(alpha).remote['password'] = 'hunter2';
    const paths = [siteFile(alpha), siteFile(betaObject())] as const;
    for (const { exitCode, out, err } of [verify(...paths), verify(...paths, true)]) {
      expect(exitCode).toBe(3);
      expect(out).toContain('differ');
      expect(out + err).not.toMatch(/hunter2|alpha-secret|beta-secret/);
    }
  });

  it('prints the rows as JSON', () => {
    const alpha = alphaObject();
    only(alpha)['dialogue'] = 'two-way-alternate';
    const { exitCode, out } = verify(siteFile(alpha), siteFile(betaObject()), true);
    expect(exitCode).toBe(3);
    const printed = JSON.parse(out) as { rows: { field: string; result: string }[] };
    expect(printed).toMatchObject({
      result: 'differ',
      siteA: { mtaName: 'MTA-ALPHA' },
      siteB: { mtaName: 'MTA-BETA' },
    });
    expect(printed.rows.filter(({ result }) => result === 'differ')).toEqual([
      {
        connectorA: 'beta',
        connectorB: 'alpha',
        field: 'dialogue',
        fieldB: 'dialogue',
        valueA: 'two-way-alternate',
        valueB: 'monologue',
        result: 'differ',
        note: '',
      },
    ]);
  });

  it('ends with 2 and the errors of both files when they are not good', () => {
    const { exitCode, out, err } = verify(siteFile('{'), siteFile({ ...betaObject(), colour: 'red' }));
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('a fault in the JSON');
    expect(err).toContain('unknown key "colour"');
  });

  it('finds that the two examples fit', () => {
    expect(verify(examplePath('alpha.json'), examplePath('beta.json')).exitCode).toBe(0);
    expect(verify(examplePath('beta.json'), examplePath('alpha.json')).exitCode).toBe(0);
  });
});

describe('mta schema', () => {
  it('prints a JSON Schema', () => {
    const output = captureOutput();
    expect(runSchema(output)).toBe(0);
    expect(JSON.parse(output.out())).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'mta site file',
      required: ['mta', 'listen', 'dataDirectory'],
    });
  });
});

describe('a table', () => {
  it('aligns its columns and leaves no space at the end of a line', () => {
    expect(
      renderTable(
        ['A', 'LONG'],
        [
          ['one', ''],
          ['x', 'y'],
        ],
        ' ',
      ),
    ).toBe(' A    LONG\n one\n x    y\n');
  });
});

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCheck } from '../../src/cli/check.js';
import { alphaObject, only } from '../config/site-files.js';
import { captureOutput, examplePath, siteFile } from './site-directory.js';

function check(site: string, json = false) {
  const output = captureOutput();
  const exitCode = runCheck({ site, json }, output);
  return { exitCode, out: output.out(), err: output.err() };
}

describe('mta check', () => {
  it('prints the effective values of each connector with their origin and ends with 0', () => {
    const object = alphaObject();
    object['siteDefaults'] = { rts: { windowSize: 7 } };
    only(object).override = { rts: { checkpointSizeK: 5 } };
    const { exitCode, out, err } = check(siteFile(object));
    expect(exitCode).toBe(0);
    expect(err).toBe('');
    expect(out).toContain(
      'connector beta: type x400, mode normal, P1 1988, monologue; we are MTA-ALPHA, the peer is MTA-BETA at 127.0.0.1:10202',
    );
    expect(out).toMatch(/^ {2}rts\.checkpointSizeK +5 +override$/m);
    expect(out).toMatch(/^ {2}rts\.windowSize +7 +siteDefaults$/m);
    expect(out).toMatch(/^ {2}rts\.recoveryTimeoutSeconds +60 +builtin$/m);
    expect(out).toMatch(/^ {2}transferTimeout\.nonUrgentSecondsPerK +3000 +builtin$/m);
    expect(out.match(/ (?:builtin|siteDefaults|override)$/gm)).toHaveLength(16);
  });

  it('prints the same as JSON', () => {
    const object = alphaObject();
    only(object).override = { rts: { checkpointSizeK: 5 } };
    only(object).remote['via'] = { host: 'link', port: 1 };
    const { exitCode, out } = check(siteFile(object), true);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      valid: true,
      problems: [],
      mta: { name: 'MTA-ALPHA', globalDomain: { country: 'GB', admd: ' ', prmd: 'ALPHA' } },
      listen: [{ host: '127.0.0.1', port: 10102, selectors: 'T=MTA' }],
      connectors: [
        {
          name: 'beta',
          mode: 'normal',
          remote: { mtaName: 'MTA-BETA', host: '127.0.0.1', port: 10202, via: { host: 'link', port: 1 } },
          rts: { checkpointSizeK: { value: 5, origin: 'override' }, windowSize: { value: 5, origin: 'builtin' } },
          retry: { maxOpenRetries: { value: 144, origin: 'builtin' } },
        },
      ],
    });
  });

  it('prints every error with file, line and path, and ends with 2', () => {
    const object = alphaObject();
    only(object).override = { rts: { windowSize: 300, checkpointSize: 5 } };
    const path = siteFile(object);
    const { exitCode, out, err } = check(path);
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err.trimEnd().split('\n')).toEqual([
      `${path}:36:11: error: connectors[0].override.rts.windowSize: found 300, expected an integer from 1 to 255`,
      expect.stringMatching(
        /:37:11: error: .*checkpointSize: found the unknown key .*; did you mean "checkpointSizeK"\?$/,
      ),
    ]);
    const json = check(path, true);
    expect(json.exitCode).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({ valid: false, problems: [{ line: 36, found: '300' }, { line: 37 }] });
  });

  it('ends with 2 when there is no such file', () => {
    const { exitCode, err } = check('/nowhere/site.json');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^\/nowhere\/site\.json: error: found no readable file \(ENOENT.*\), expected a site file\n$/);
  });

  it('prints warnings and ends with 0', () => {
    const { exitCode, err } = check(siteFile({ ...alphaObject(), siteDefaults: { rts: { checkpointSizeK: 61 } } }));
    expect(exitCode).toBe(0);
    expect(err).toContain('warning: siteDefaults.rts.checkpointSizeK: found 61');
  });

  it('warns of a file with secrets that everybody may read', () => {
    const path = siteFile(alphaObject());
    chmodSync(path, 0o644);
    const { exitCode, err } = check(path);
    expect(exitCode).toBe(0);
    expect(err).toContain('warning: mta.password: found a file with secrets that everybody may read (mode 0644)');
  });

  it('finds secrets in files beside the site file, and never prints one', () => {
    const object = alphaObject();
    only(object).remote['password'] = { file: 'secrets/beta' };
    const path = siteFile(object);
    expect(check(path).err).toContain('error: connectors[0].remote.password.file: found no readable file');
    mkdirSync(join(dirname(path), 'secrets'));
    writeFileSync(join(dirname(path), 'secrets/beta'), 'hunter2\n', { mode: 0o600 });
    for (const { exitCode, out, err } of [check(path), check(path, true)]) {
      expect(exitCode).toBe(0);
      expect(out + err).not.toMatch(/hunter2|alpha-secret/);
    }
  });

  it('finds both examples good', () => {
    for (const name of ['alpha.json', 'beta.json']) expect(check(examplePath(name)).exitCode).toBe(0);
    expect(check(examplePath('alpha.json')).out).toMatch(/rts\.checkpointSizeK +5 +override/);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { alphaObject, betaObject, only, type SiteObject } from '../config/site-files.js';
import { siteFile } from './site-directory.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs a command in this process. */
async function run(words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.out += text.toString();
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.err += text.toString();
    return true;
  });
  const code = await main(['verify', ...words]);
  vi.restoreAllMocks();
  return { code, ...written };
}

const alpha = siteFile(alphaObject());
const profile = siteFile('');

beforeAll(async () => {
  const words = ['--site', alpha, '--connector', 'beta', '--export-profile', profile];
  expect(await run(words)).toMatchObject({ code: 0, out: '', err: '' });
});

function compare(site: SiteObject, words: readonly string[] = []) {
  return run(['--site', siteFile(site), '--profile', profile, ...words]);
}

describe('mta verify --export-profile and --profile', () => {
  it('compare two ends of which neither operator has the file of the other', async () => {
    const { code, out } = await compare(betaObject());
    expect(out).toMatch(/^all \d+ comparisons match$/m);
    expect(code).toBe(0);
  });

  it('end with 3 on a difference, also in a password, which nobody shows', async () => {
    const beta = betaObject();
    only(beta).remote['password'] = 'hunter2';
    const { code, out } = await compare(beta, ['--json']);
    expect(code).toBe(3);
    const printed = JSON.parse(out) as { result: string; rows: { field: string; result: string }[] };
    expect(printed.rows.filter(({ result }) => result !== 'match')).toMatchObject([{ field: 'remote.password' }]);
    expect(out + readFileSync(profile, 'utf8')).not.toMatch(/hunter2|alpha-secret|beta-secret/);
  });

  it('end with 3 where no connector is meant, unless one is named', async () => {
    const beta = betaObject();
    only(beta).remote['mtaName'] = 'MTA-OMEGA';
    const unmeant = await compare(beta);
    expect(unmeant.code).toBe(3);
    expect(unmeant.out).toContain('no connector here has the remote.mtaName "MTA-ALPHA"');
    const named = await compare(beta, ['--connector', 'alpha']);
    expect(named.out).toMatch(/^1 of \d+ comparisons do not match: remote.mtaName \/ local.mtaName$/m);
  });

  it('end with 2 at a profile that is none, or is damaged', async () => {
    const damaged = siteFile(readFileSync(profile, 'utf8').replace('window-size: 5', 'window-size: 6'));
    const words = ['--site', alpha, '--profile'];
    expect(await run([...words, damaged])).toMatchObject({
      code: 2,
      err: expect.stringContaining('check sum') as string,
    });
    writeFileSync(damaged, 'Dear Ben');
    expect(await run([...words, damaged])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no line') as string,
    });
    expect(await run([...words, '/nowhere'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('ENOENT') as string,
    });
  });
});

describe('a wrong mta verify ends with 2 and says what is wrong:', () => {
  it.each<[string, readonly string[], string]>([
    ['no other end', [], 'one of --with, --live, --export-profile, --profile'],
    ['two of them', ['--live', '--with', alpha], 'one of --with'],
    ['no connector to call', ['--live'], '--live needs --connector'],
    ['no connector to tell of', ['--export-profile', '-'], '--export-profile needs --connector'],
    ['an unknown connector', ['--live', '--connector', 'gamma'], 'has no connector "gamma"; it has beta'],
    ['a connector where all are compared', ['--with', alpha, '--connector', 'beta'], '--with all connectors'],
    ['a time limit for a file', ['--with', alpha, '--timeout', '5'], '--timeout goes with --live'],
    ['a time limit that is none', ['--live', '--connector', 'beta', '--timeout', 'soon'], '--timeout: "soon"'],
  ])('%s', async (_, words, said) => {
    const { code, err } = await run(['--site', alpha, ...words]);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });

  it('a peer that has no address to call', async () => {
    const site = alphaObject();
    only(site).remote = { mtaName: 'MTA-BETA', password: 'beta-secret' };
    const { code, err } = await run(['--site', siteFile(site), '--live', '--connector', 'beta']);
    expect(err).toContain('has no remote.host');
    expect(code).toBe(2);
  });
});

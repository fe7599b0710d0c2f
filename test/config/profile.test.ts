import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf, PasswordDigest, passwordsMatch } from '../../src/config/password-digest.js';
import { readProfile, writeProfile } from '../../src/config/profile.js';
import { ProfileError } from '../../src/config/profile-reader.js';
import { checkSumOf } from '../../src/config/profile-text.js';
import { Secret } from '../../src/config/secret.js';
import type { Site } from '../../src/config/site.js';
import { allMatch, verifyEnds, type VerifyRow } from '../../src/config/verify.js';
import { alphaObject, betaObject, only, valid, type SiteObject } from './site-files.js';

let salts = 0;

/** A digest that costs a test nothing, each with another salt. */
function cheapDigest(password: Secret): PasswordDigest {
  salts += 1;
  return digestOf(password, new Uint8Array(16).fill(salts), { cost: 2, blockSize: 1, parallelization: 1 });
}

function profileText(site: Site): string {
  const [connector] = site.connectors;
  if (connector === undefined) throw new Error('a site without a connector');
  return writeProfile(site, connector, cheapDigest);
}

/** What does not match between a site and the profile of the other end. */
function mismatches(site: SiteObject, profile: string): readonly string[] {
  const { connectors, listen } = valid(site);
  const [connector] = connectors;
  if (connector === undefined) throw new Error('a site without a connector');
  const rows: readonly VerifyRow[] = verifyEnds({ connector, listen }, readProfile(profile));
  expect(allMatch(rows)).toBe(rows.every(({ result }) => result === 'match'));
  return rows.filter(({ result }) => result !== 'match').map(({ field }) => field);
}

/** The same lines with a check sum that fits. */
function withCheckSum(text: string): string {
  const lines = text.replace(/^check-sum:.*\n/m, '');
  return `${lines}check-sum: ${checkSumOf(lines)}\n`;
}

let profile: string;

beforeAll(() => {
  profile = profileText(valid(alphaObject()));
});

describe('the profile of a connector', () => {
  it('fits the other end, and holds neither password', () => {
    expect(mismatches(betaObject(), profile)).toEqual([]);
    expect(profile).not.toMatch(/alpha-secret|beta-secret/);
    expect(profile.split('\n').every((line) => line.length <= 76)).toBe(true);
  });

  it.each<[string, (beta: SiteObject) => void]>([
    ['rts.windowSize', (beta) => (only(beta).override = { rts: { windowSize: 9 } })],
    ['rts.recoveryTimeoutSeconds', (beta) => (only(beta).override = { rts: { recoveryTimeoutSeconds: 600 } })],
    ['dialogue', (beta) => (only(beta)['dialogue'] = 'two-way-alternate')],
    ['remote.password', (beta) => (only(beta).remote['password'] = 'guessed')],
    ['local.password', (beta) => (only(beta).local = { password: 'another' })],
    ['remote.transportSelector', (beta) => (only(beta).remote['transportSelector'] = 'mta')],
    ['listen[0].port', (beta) => ((beta.listen[0] ?? {})['port'] = 10203)],
  ])('shows that %s differs', (field, change) => {
    const beta = betaObject();
    change(beta);
    expect(mismatches(beta, profile)).toEqual([field]);
  });

  it('is made anew with other salts: equal passwords do not look equal', () => {
    const alpha = alphaObject();
    only(alpha).remote['password'] = 'alpha-secret';
    const text = profileText(valid(alpha));
    const digests = [...text.matchAll(/-password-digest: (.*)$/gm)].map(([, digest]) => digest);
    expect(new Set(digests).size).toBe(2);
    expect(text).not.toBe(profileText(valid(alpha)));
  });

  it('survives a letter: other lines around it, marks of quoting, other line ends, spaces at the end', () => {
    const letter = `Dear Ben,\nhere it is:\n\n${profile}\nRegards\nkey: value\n`;
    expect(mismatches(betaObject(), letter)).toEqual([]);
    expect(mismatches(betaObject(), letter.replace(/^/gm, '> ').replace(/\n/g, '  \r\n'))).toEqual([]);
  });

  it('carries names and selectors of any characters as they are', () => {
    const name = ': "\\hex 00';
    const alpha = alphaObject();
    only(alpha).remote['mtaName'] = name;
    only(alpha).remote['sessionSelector'] = { hex: '00ff' };
    only(alpha).remote['presentationSelector'] = 'hex 00';
    const { connector } = readProfile(profileText(valid(alpha)));
    expect(connector.remote.mtaName).toBe(name);
    expect(connector.remote.selectors.session).toEqual(Buffer.from('00ff', 'hex'));
    expect(connector.remote.selectors.presentation).toEqual(Buffer.from('hex 00'));
  });

  it('of a connector without passwords and addresses fits its counterpart', () => {
    const [alpha, beta] = [alphaObject(), betaObject()];
    delete alpha.mta['password'];
    delete only(beta).remote['password'];
    only(beta)['allowUnauthenticated'] = true;
    only(alpha).remote = { mtaName: 'MTA-BETA', password: 'beta-secret' };
    expect(mismatches(beta, profileText(valid(alpha)))).toEqual([]);
  });
});

describe('a text that is no good profile is refused with what to do:', () => {
  it.each<[string, (text: string) => string, string]>([
    ['something else', () => 'Dear Ben', 'it has no line "mta-connector-profile: ..."'],
    ['a newer version', (text) => text.replace('profile: 1', 'profile: 2'), 'update mta'],
    ['a version that is none', (text) => text.replace('profile: 1', 'profile: x'), 'no version of a profile'],
    ['a changed value', (text) => text.replace('window-size: 5', 'window-size: 6'), 'lines were changed'],
    ['a lost line', (text) => text.replace('window-size: 5\n', ''), 'lines were changed'],
    ['a lost end', (text) => text.replace(/^check-sum.*$/m, ''), 'its end is missing'],
    ['a missing value', (text) => withCheckSum(text.replace('window-size: 5\n', '')), '"window-size: ..."'],
    ['a value twice', (text) => withCheckSum(text.replace('p1: 1988', 'p1: 1988\np1: 1984')), '"p1" is there twice'],
    [
      'an unknown key',
      (text) => withCheckSum(text.replace('p1: 1988', 'p1: 1988\ncolour: red')),
      '"colour" is unknown',
    ],
    ['a line of another form', (text) => withCheckSum(text.replace('p1: 1988', 'p1 1988')), 'key: value'],
    ['an unknown mode', (text) => withCheckSum(text.replace('mode: normal', 'mode: odd')), '"odd" is none of normal'],
    ['a number that is none', (text) => withCheckSum(text.replace('size: 5', 'size: 5.5')), 'not a whole number'],
    [
      'a digest that costs too much',
      (text) => withCheckSum(text.replace('N=2 r=1', 'N=134217728 r=1')),
      'no digest that',
    ],
    ['a digest that is cut', (text) => withCheckSum(text.replace(/(own-password-digest: ..).*/, '$1')), '32 octets'],
  ])('%s', (_, damage, message) => {
    expect(() => readProfile(damage(profile))).toThrow(ProfileError);
    expect(() => readProfile(damage(profile))).toThrow(message);
  });

  it('any text at all: an error of this kind, or a profile', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.nat(profile.length), (noise, place) => {
        const text = withCheckSum(profile.slice(0, place) + noise + profile.slice(place));
        try {
          readProfile(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ProfileError);
        }
      }),
    );
  });
});

describe('a digest of a password', () => {
  it('matches the password it was made of and no other, and two digests say nothing', () => {
    const digest = cheapDigest(new Secret('wachtwoord'));
    expect(passwordsMatch(digest, new Secret('wachtwoord'))).toBe(true);
    expect(passwordsMatch(new Secret('Wachtwoord'), digest)).toBe(false);
    expect(passwordsMatch(digest, digest)).toBe(false);
  });

  it('is that of RFC 7914 §12: password, NaCl, N 1024, r 8, p 16', () => {
    const key = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex');
    const salt = Buffer.from('NaCl');
    const digest = new PasswordDigest({ cost: 1024, blockSize: 8, parallelization: 16 }, salt, key);
    expect(digest.matches(new Secret('password'))).toBe(true);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mta, Neighbourhood, testMilliseconds, type Daemon } from './daemons.js';
import { anna, secrets, type TestSite } from './sites.js';

/** What alpha does wrong, what beta's log then says, and the code of the standard, which is all that alpha learns. */
const refusals = [
  {
    what: 'a wrong password',
    end: { local: { mtaName: 'MTA-ALPHA', password: 'guessed-wachtwoord' } },
    cause: 'bad-password',
    text: 'a wrong password',
    code: 'validation-failure',
  },
  {
    what: 'a name that nobody knows',
    end: { local: { mtaName: 'MTA-OMEGA' } },
    cause: 'unknown-peer',
    text: 'no connector has the remote MTA name "MTA-OMEGA"',
    code: 'validation-failure',
  },
  {
    what: 'another mode than agreed',
    end: { mode: 'x410-1984' },
    cause: 'wrong-mode',
    text: 'the peer uses mode x410-1984',
    code: 'validation-failure',
  },
  {
    what: 'another dialogue than agreed',
    end: { dialogue: 'two-way-alternate' },
    cause: 'wrong-dialogue',
    text: 'the peer proposes dialogue two-way-alternate',
    code: 'unacceptable-dialogue-mode',
  },
] as const;

const place = new Neighbourhood();
let alpha: Daemon;
let beta: Daemon;

/** A connector of alpha's to beta for each of them. */
function connectorsOf(beta: TestSite): readonly object[] {
  return refusals.map(({ cause, end }) => ({
    name: cause,
    remote: {
      mtaName: `MTA-BETA-${cause}`,
      password: secrets.beta,
      host: '127.0.0.1',
      port: beta.port,
      transportSelector: 'MTA',
    },
    addressSpace: [{ pattern: `C=GB;ADMD= ;PRMD=BETA;O=${cause}` }],
    ...end,
  }));
}

beforeAll(async () => {
  const sites = await place.sites();
  sites.alpha.write({ site: { connectors: connectorsOf(sites.beta) } });
  sites.beta.write({ site: { limits: { connectionsPerPeerMax: 1 } } });
  [alpha, beta] = await Promise.all([place.start(sites.alpha), place.start(sites.beta)]);
}, testMilliseconds);

afterAll(async () => {
  await place.close();
});

const send = (to: string, ...words: readonly string[]) =>
  mta(['submit', '--site', alpha.site.path, '--from', anna, '--to', to, ...words]);

describe('an association is refused', { timeout: testMilliseconds }, () => {
  for (const { what, cause, text, code } of refusals) {
    it(`for ${what}: the log of the refusing end tells the cause, the peer gets the code of the standard (P1-008)`, async () => {
      await send(`C=GB;ADMD= ;PRMD=BETA;O=${cause};S=Jones`, '--text', '/dev/null');
      const refused = await alpha.until('association.refused', (line) => line['connector'] === cause);
      expect(refused['cause']).toBe(code);
      const refusing = await beta.until('association.refused', (line) => line['cause'] === cause);
      expect(refusing['text']).toContain(text);
      expect(JSON.stringify(refused)).not.toContain(text);
      expect(beta.text).not.toContain('guessed-wachtwoord');
      const { connectors } = await alpha.status();
      expect(connectors.find(({ name }) => name === cause)).toMatchObject({ state: 'waiting', queued: 1 });
    });
  }

  it('where the peer has as many as it may: busy at both ends (P1-008)', async () => {
    const link = await place.link(beta.site, 500_000);
    const via = { host: '127.0.0.1', port: link.port };
    alpha.site.write({ remote: { via }, connector: { override: { association: { thresholdMessages: 1 } } } });
    expect((await mta(['reload', '--site', alpha.site.path])).code).toBe(0);
    const bob = 'C=GB;ADMD= ;PRMD=BETA;S=Jones;G=Bob';
    const words = ['load', '--site', alpha.site.path, '--from', anna, '--to', bob];
    await mta([...words, '--count', '3', '--size', '1000000', '--parallel', '3']);
    expect((await beta.until('association.refused', (line) => line['cause'] === 'busy'))['text']).toBe(
      'connector alpha has as many associations as it may',
    );
    expect((await alpha.until('association.refused', (line) => line['connector'] === 'beta'))['cause']).toBe('busy');
    link.setRate(Infinity);
    expect((await beta.delivered('bob', 3)).length).toBe(3);
  });
});

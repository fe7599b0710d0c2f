import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mta, Neighbourhood, testMilliseconds, type Daemon } from './daemons.js';
import { secrets, type TestSite } from './sites.js';

const ways = [
  { number: '1', mode: 'normal', dialogue: 'monologue' },
  { number: '2', mode: 'normal', dialogue: 'two-way-alternate' },
  { number: '3', mode: 'x410-1984', dialogue: 'monologue' },
  { number: '4', mode: 'x410-1984', dialogue: 'two-way-alternate' },
] as const;

const place = new Neighbourhood();
let alpha: Daemon;
let beta: Daemon;

/** That of both ends. Callers of X.410-1984 mode name none. */
const sessionSelector = 'S';

/** Both ends know one another by four names, one for each way to speak. */
function writeWays(us: TestSite, them: TestSite): void {
  const [ourName, theirName] = [us.name.toUpperCase(), them.name.toUpperCase()];
  us.write({
    site: {
      listen: [{ host: '127.0.0.1', port: us.port, transportSelector: 'MTA', sessionSelector }],
      connectors: ways.map(({ number, mode, dialogue }) => ({
        name: `${mode} ${dialogue}`,
        mode,
        dialogue,
        local: { mtaName: `MTA-${ourName}-${number}` },
        remote: {
          mtaName: `MTA-${theirName}-${number}`,
          password: secrets[them.name === 'alpha' ? 'alpha' : 'beta'],
          host: '127.0.0.1',
          port: them.port,
          transportSelector: 'MTA',
          ...(mode === 'normal' ? { sessionSelector } : {}),
        },
        addressSpace: [{ pattern: `C=GB;ADMD= ;PRMD=${theirName}${number}` }],
      })),
      mailboxes: ways.map(({ number }) => ({ name: `box${number}`, address: address(ourName, number) })),
    },
  });
}

function address(end: string, number: string): string {
  return `C=GB;ADMD= ;PRMD=${end}${number};S=User`;
}

beforeAll(async () => {
  const sites = await place.sites();
  writeWays(sites.alpha, sites.beta);
  writeWays(sites.beta, sites.alpha);
  [alpha, beta] = await Promise.all([place.start(sites.alpha), place.start(sites.beta)]);
}, testMilliseconds);

afterAll(async () => {
  await place.close();
});

describe('mail both ways', { timeout: testMilliseconds }, () => {
  for (const { number, mode, dialogue } of ways) {
    const associations = dialogue === 'monologue' ? 2 : 1;
    it(`in mode ${mode}, ${dialogue}, takes ${String(associations)} of the associations (P1-001, P1-002, P1-067)`, async () => {
      const load = (from: Daemon, ends: readonly [string, string]) =>
        mta([
          ...['load', '--site', from.site.path, '--count', '3', '--size', '1000', '--parallel', '1'],
          ...['--from', address(ends[0], number), '--to', address(ends[1], number)],
        ]);
      const box = `box${number}`;
      expect((await load(alpha, ['ALPHA', 'BETA'])).code).toBe(0);
      await beta.delivered(box, 3);
      expect((await load(beta, ['BETA', 'ALPHA'])).code).toBe(0);
      await alpha.delivered(box, 3);
      const connector = `${mode} ${dialogue}`;
      const opened = alpha.events('association.opened').filter((line) => line['connector'] === connector);
      expect(opened.map((line) => [line['mode'], line['dialogue'], line['role']])).toEqual(
        (['initiator', 'responder'] as const).slice(0, associations).map((role) => [mode, dialogue, role]),
      );
      expect(beta.events('association.opened').filter((line) => line['connector'] === connector).length).toBe(
        associations,
      );
    });
  }
});

import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { allMatch, verifySites } from '../../src/config/verify.js';
import type { VerifyRow } from '../../src/config/verify.js';
import { alphaConnector, alphaObject, betaObject, only, valid } from './site-files.js';
import type { SiteObject } from './site-files.js';

function rows(a: SiteObject, b: SiteObject): readonly VerifyRow[] {
  return verifySites(valid(a), valid(b));
}

function mismatches(found: readonly VerifyRow[]): readonly string[] {
  return found.filter(({ result }) => result !== 'match').map(({ field, fieldB }) => `${field} / ${fieldB}`);
}

interface Pair {
  readonly a: SiteObject;
  readonly b: SiteObject;
}

/** What does not match between alphaObject and betaObject after a change. */
function after(change: (pair: Pair) => void): readonly string[] {
  const pair = { a: alphaObject(), b: betaObject() };
  change(pair);
  return mismatches(rows(pair.a, pair.b));
}

describe('two sites that fit', () => {
  it('match in every row, each named on both sides', () => {
    const found = rows(alphaObject(), betaObject());
    expect(allMatch(found)).toBe(true);
    expect(found.map(({ field, fieldB }) => `${field} / ${fieldB}`)).toEqual([
      'mode / mode',
      'p1 / p1',
      'dialogue / dialogue',
      'rts.checkpointSizeK / rts.checkpointSizeK',
      'rts.windowSize / rts.windowSize',
      'rts.recoveryTimeoutSeconds / rts.recoveryTimeoutSeconds',
      'remote.mtaName / local.mtaName',
      'remote.password / local.password',
      'remote.host / listen[0].host',
      'remote.port / listen[0].port',
      'remote.transportSelector / listen[0].transportSelector',
      'remote.sessionSelector / listen[0].sessionSelector',
      'remote.presentationSelector / listen[0].presentationSelector',
      'local.mtaName / remote.mtaName',
      'local.password / remote.password',
      'listen[0].host / remote.host',
      'listen[0].port / remote.port',
      'listen[0].transportSelector / remote.transportSelector',
      'listen[0].sessionSelector / remote.sessionSelector',
      'listen[0].presentationSelector / remote.presentationSelector',
    ]);
  });

  it('may have retry and association values, alarms and stall timeouts of their own', () => {
    expect(
      after(({ a }) => {
        only(a).override = {
          retry: { maxOpenRetries: 1 },
          association: { maximum: 1 },
          transferTimeout: { urgentSecondsPerK: 1 },
          rts: { stallTimeoutSeconds: 99, onMismatch: 'refuse' },
        };
      }),
    ).toEqual([]);
  });

  it('may reach the same effective value by different ways', () => {
    expect(
      after(({ a, b }) => {
        only(a).override = { rts: { checkpointSizeK: 5 } };
        b['siteDefaults'] = { rts: { checkpointSizeK: 5 } };
      }),
    ).toEqual([]);
  });

  it('may have a link in between, which is named', () => {
    const [a, b] = [alphaObject(), betaObject()];
    only(a).remote['via'] = { host: '127.0.0.1', port: 10302 };
    const found = rows(a, b);
    expect(allMatch(found)).toBe(true);
    expect(found.find(({ field }) => field === 'remote.port')?.note).toBe('connections go by way of 127.0.0.1:10302');
  });

  it('may listen on every address, and without selectors', () => {
    expect(after(({ b }) => (b.listen = [{ port: 10202 }]))).toEqual([]);
    expect(after(({ a }) => (only(a).remote['host'] = 'localhost'))).toEqual([]);
  });

  it('may have one end that never calls', () => {
    expect(
      after(({ b }) => {
        delete only(b).remote['host'];
        delete only(b).remote['port'];
      }),
    ).toEqual([]);
  });

  it('may write a selector as text here and as octets there', () => {
    expect(after(({ a }) => (only(a).remote['transportSelector'] = { hex: '4d5441' }))).toEqual([]);
  });

  it('may bind without a password where that is allowed', () => {
    expect(
      after(({ a, b }) => {
        delete a.mta['password'];
        delete only(b).remote['password'];
        only(b)['allowUnauthenticated'] = true;
      }),
    ).toEqual([]);
  });

  it('may have several connectors to one another, paired by mode and selectors, and others to third parties', () => {
    expect(
      after(({ a, b }) => {
        a.listen.push({ host: '127.0.0.1', port: 10103, transportSelector: 'X84' });
        b.listen.push({ host: '127.0.0.1', port: 10203, transportSelector: 'X84' });
        const x84 = { mode: 'x410-1984', p1: '1984', override: { rts: { windowSize: 2 } } };
        const gamma = { mtaName: 'MTA-GAMMA', password: 'g', host: 'gamma', port: 10202 };
        b.connectors.unshift({
          ...only(b),
          ...x84,
          name: 'old',
          remote: { ...only(b).remote, port: 10103, transportSelector: 'X84' },
        });
        a.connectors.unshift({ name: 'third', remote: gamma });
        a.connectors.push({
          ...alphaConnector(),
          ...x84,
          name: 'old',
          remote: { ...alphaConnector().remote, port: 10203, transportSelector: 'X84' },
        });
      }),
    ).toEqual([]);
  });
});

describe('a single difference', () => {
  const override = (group: string, name: string, value: unknown) => (pair: Pair) =>
    (only(pair.a).override = { [group]: { [name]: value } });

  it.each([
    [override('rts', 'checkpointSizeK', 29), 'rts.checkpointSizeK / rts.checkpointSizeK'],
    [override('rts', 'windowSize', 6), 'rts.windowSize / rts.windowSize'],
    [override('rts', 'recoveryTimeoutSeconds', 61), 'rts.recoveryTimeoutSeconds / rts.recoveryTimeoutSeconds'],
    [({ a }: Pair) => (only(a)['dialogue'] = 'two-way-alternate'), 'dialogue / dialogue'],
    [({ b }: Pair) => (only(b)['mode'] = 'x410-1984'), 'mode / mode'],
    [
      ({ a, b }: Pair) => {
        Object.assign(only(a), { mode: 'x410-1984', p1: '1984' });
        only(b)['mode'] = 'x410-1984';
      },
      'p1 / p1',
    ],
    [({ a }: Pair) => (only(a).remote['mtaName'] = 'MTA-BETTA'), 'remote.mtaName / local.mtaName'],
    [({ a }: Pair) => (only(a).remote['mtaName'] = 'mta-beta'), 'remote.mtaName / local.mtaName'],
    [({ b }: Pair) => (only(b).remote['mtaName'] = 'MTA-ALFA'), 'local.mtaName / remote.mtaName'],
    [({ a }: Pair) => (a.mta['name'] = 'MTA-AAA'), 'local.mtaName / remote.mtaName'],
    [({ a }: Pair) => (only(a).local = { mtaName: 'MTA-AAA' }), 'local.mtaName / remote.mtaName'],
    [({ a }: Pair) => (only(a).remote['password'] = 'x'), 'remote.password / local.password'],
    [({ b }: Pair) => (b.mta['password'] = 'x'), 'remote.password / local.password'],
    [({ a }: Pair) => (only(a).local = { password: 'x' }), 'local.password / remote.password'],
    [({ a }: Pair) => delete a.mta['password'], 'local.password / remote.password'],
    [({ b }: Pair) => delete only(b).remote['password'], 'local.password / remote.password'],
    [({ a }: Pair) => (only(a).remote['host'] = '127.0.0.2'), 'remote.host / listen[0].host'],
    [({ a }: Pair) => (only(a).remote['port'] = 10203), 'remote.port / listen[0].port'],
    [({ a }: Pair) => Object.assign(a.listen[0] ?? {}, { port: 10103 }), 'listen[0].port / remote.port'],
    [({ b }: Pair) => Object.assign(b.listen[0] ?? {}, { host: '127.0.0.3' }), 'remote.host / listen[0].host'],
    [
      ({ a }: Pair) => (only(a).remote['transportSelector'] = 'MTB'),
      'remote.transportSelector / listen[0].transportSelector',
    ],
    [
      ({ a }: Pair) => delete only(a).remote['transportSelector'],
      'remote.transportSelector / listen[0].transportSelector',
    ],
    [
      ({ a }: Pair) => Object.assign(a.listen[0] ?? {}, { sessionSelector: 'S' }),
      'listen[0].sessionSelector / remote.sessionSelector',
    ],
    [
      ({ a }: Pair) => Object.assign(a.listen[0] ?? {}, { presentationSelector: { hex: '01' } }),
      'listen[0].presentationSelector / remote.presentationSelector',
    ],
    [
      ({ a }: Pair) => (only(a).remote['calling'] = { transportSelector: 'OTHER' }),
      'remote.calling.transportSelector / remote.transportSelector',
    ],
  ])('is found and named on both sides (%#)', (change, expected) => {
    expect(after(change)).toEqual([expected]);
  });

  it('is shown with both values', () => {
    const a = alphaObject();
    only(a).override = { rts: { checkpointSizeK: 15 } };
    expect(rows(a, betaObject()).find(({ result }) => result === 'differ')).toEqual({
      connectorA: 'beta',
      connectorB: 'alpha',
      field: 'rts.checkpointSizeK',
      fieldB: 'rts.checkpointSizeK',
      valueA: '15',
      valueB: '30',
      result: 'differ',
      note: '',
    });
  });

  it('of a password is shown without either value', () => {
    const a = alphaObject();
    only(a).remote['password'] = 'not-the-one';
    const found = rows(a, betaObject()).find(({ result }) => result === 'differ');
    expect(found).toEqual({
      connectorA: 'beta',
      connectorB: 'alpha',
      field: 'remote.password',
      fieldB: 'local.password',
      result: 'differ',
      note: '',
    });
  });

  it('where no password is set at all is found in both directions', () => {
    const [a, b] = [alphaObject(), betaObject()];
    delete a.mta['password'];
    delete only(b).remote['password'];
    expect(mismatches(rows(a, b))).toEqual(['local.password / remote.password']);
  });
});

describe('connectors without a counterpart', () => {
  it('are mismatches on either side', () => {
    expect(after(({ b }) => (b.connectors = []))).toEqual(['connector / connector']);
    const [a, b] = [alphaObject(), betaObject()];
    a.connectors = [];
    expect(rows(a, b)).toEqual([
      {
        connectorB: 'alpha',
        field: 'connector',
        fieldB: 'connector',
        result: 'missing',
        note: 'alpha points at the other site, which has no connector that points back by MTA name or address',
      },
    ]);
  });

  it('are found beside a pair that fits', () => {
    expect(
      after(({ a }) => {
        a.connectors.push({
          ...alphaConnector(),
          name: 'second',
          remote: { ...alphaConnector().remote, transportSelector: 'X' },
        });
      }),
    ).toEqual(['connector / connector']);
  });

  it('that point at nobody here are no mismatch, but no pair at all is', () => {
    const [a, b] = [alphaObject(), betaObject()];
    only(a).remote = { mtaName: 'MTA-GAMMA', password: 'g', host: '10.0.0.3', port: 102 };
    only(b).remote = { mtaName: 'MTA-DELTA', password: 'd', host: '10.0.0.4', port: 102 };
    expect(rows(a, b)).toEqual([
      {
        field: 'connector',
        fieldB: 'connector',
        result: 'missing',
        note: 'no connector of either site points at the other by MTA name or address',
      },
    ]);
    expect(allMatch(rows(a, b))).toBe(false);
  });

  it('are not invented where a third party listens on the port that everybody uses', () => {
    const [a, b] = [alphaObject(), betaObject()];
    a.listen = [{ port: 102 }];
    only(b).remote = { mtaName: 'MTA-GAMMA', password: 'g', host: '10.0.0.7', port: 102 };
    const found = rows(a, b);
    expect(found.map(({ connectorA, connectorB, result }) => [connectorA, connectorB, result])).toEqual([
      ['beta', undefined, 'missing'],
    ]);
  });

  it('neither of which can call are a mismatch', () => {
    expect(
      after(({ a, b }) => {
        for (const site of [a, b]) {
          delete only(site).remote['host'];
          delete only(site).remote['port'];
        }
      }),
    ).toEqual(['remote.host / listen', 'listen / remote.host']);
  });
});

describe('random pairs', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z0-9 -]{0,20}$/);
  const password = fc.string({ minLength: 1, maxLength: 20 });
  const port = fc.integer({ min: 1, max: 65_535 });
  const octets = (max: number) =>
    fc.uint8Array({ minLength: 1, maxLength: max }).map((array) => ({ hex: Buffer.from(array).toString('hex') }));
  const rts = fc.record({
    checkpointSizeK: fc.integer({ min: 1, max: 60 }),
    windowSize: fc.integer({ min: 1, max: 255 }),
    recoveryTimeoutSeconds: fc.integer({ min: 0, max: 1000 }),
  });
  const end = fc.record({ password, port, transportSelector: octets(8), sessionSelector: octets(8) });
  const pair = fc.record({
    names: fc.uniqueArray(name, { minLength: 2, maxLength: 2, selector: (text) => text.toLowerCase() }),
    ends: fc.tuple(end, end),
    hosts: fc.constantFrom(['10.0.0.1', '10.0.0.2'], ['alpha.example', 'beta.example']),
    rts,
    mode: fc.constantFrom(['normal', '1988'], ['x410-1984', '1988'], ['x410-1984', '1984']),
    dialogue: fc.constantFrom('monologue', 'two-way-alternate'),
    asOverride: fc.boolean(),
  });
  type RandomPair = typeof pair extends fc.Arbitrary<infer Value> ? Value : never;

  function site(random: RandomPair, own: 0 | 1, other: 0 | 1): SiteObject {
    const { password: ownPassword, ...listen } = random.ends[own];
    const { names, hosts, ends } = random;
    const inOverride = random.asOverride === (own === 0);
    return {
      mta: { name: names[own], password: ownPassword, globalDomain: { country: 'GB' } },
      listen: [{ host: hosts[own], ...listen }],
      dataDirectory: 'd',
      ...(inOverride ? {} : { siteDefaults: { rts: { ...random.rts } } }),
      connectors: [
        {
          name: 'c',
          mode: random.mode[0],
          p1: random.mode[1],
          dialogue: random.dialogue,
          remote: { mtaName: names[other], host: hosts[other], ...ends[other] },
          ...(inOverride ? { override: { rts: { ...random.rts } } } : {}),
        },
      ],
    };
  }

  const mutations: readonly { readonly field: string; readonly apply: (site: SiteObject) => void }[] = [
    {
      field: 'rts.checkpointSizeK',
      apply: (a) => {
        changeRts(a, 'checkpointSizeK');
      },
    },
    {
      field: 'rts.windowSize',
      apply: (a) => {
        changeRts(a, 'windowSize');
      },
    },
    {
      field: 'rts.recoveryTimeoutSeconds',
      apply: (a) => {
        changeRts(a, 'recoveryTimeoutSeconds');
      },
    },
    { field: 'remote.mtaName', apply: (a) => (only(a).remote['mtaName'] = 'nobody') },
    { field: 'local.mtaName', apply: (a) => (only(a).local = { mtaName: 'nobody' }) },
    { field: 'remote.password', apply: (a) => (only(a).remote['password'] = 'twenty-one characters') },
    { field: 'local.password', apply: (a) => (only(a).local = { password: 'twenty-one characters' }) },
    { field: 'remote.host', apply: (a) => (only(a).remote['host'] = '10.9.9.9') },
    { field: 'remote.port', apply: (a) => (only(a).remote['port'] = (Number(only(a).remote['port']) % 65_535) + 1) },
    {
      field: 'dialogue',
      apply: (a) => (only(a)['dialogue'] = only(a)['dialogue'] === 'monologue' ? 'two-way-alternate' : 'monologue'),
    },
    { field: 'remote.transportSelector', apply: (a) => (only(a).remote['transportSelector'] = 'LONGER THAN ANY') },
  ];

  function changeRts(a: SiteObject, value: string): void {
    const holder = only(a).override ?? (a['siteDefaults'] as Record<string, Record<string, number>>);
    const values = holder['rts'] ?? {};
    values[value] = (Number(values[value]) % 60) + 1;
  }

  it('match their mirror image', () => {
    fc.assert(
      fc.property(pair, (random) => {
        expect(mismatches(rows(site(random, 0, 1), site(random, 1, 0)))).toEqual([]);
        expect(mismatches(rows(site(random, 1, 0), site(random, 0, 1)))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('with one field changed differ in that field and no other, whichever end it is', () => {
    fc.assert(
      fc.property(pair, fc.constantFrom(...mutations), fc.boolean(), (random, { field, apply }, first) => {
        const sites = [site(random, 0, 1), site(random, 1, 0)] as const;
        apply(first ? sites[0] : sites[1]);
        const failed = rows(...sites).filter(({ result }) => result !== 'match');
        expect(failed.map((row) => (first ? row.field : row.fieldB))).toEqual([field]);
      }),
      { numRuns: 80 },
    );
  });

  it('never show a password', () => {
    fc.assert(
      fc.property(pair, password, (random, other) => {
        const [a, b] = [site(random, 0, 1), site(random, 1, 0)];
        const secrets = [`s1-${random.ends[0].password}`, `s2-${random.ends[1].password}`, `s3-${other}`] as const;
        a.mta['password'] = secrets[0];
        only(b).remote['password'] = secrets[1];
        only(a).remote['password'] = secrets[2];
        const text = JSON.stringify(rows(a, b));
        for (const secret of secrets) expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
      { numRuns: 30 },
    );
  });
});

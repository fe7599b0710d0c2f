import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { nearest } from '../../src/config/nearest.js';
import { alphaConnector, alphaObject, load, only, problems } from './site-files.js';
import type { SiteObject } from './site-files.js';

/** What is wrong with alphaObject after a change, without places. */
function after(change: (site: SiteObject) => void): readonly string[] {
  const site = alphaObject();
  change(site);
  return problems(site).map((problem) => problem.replace(/^\d+:\d+: /, ''));
}

describe('problems of a site file', () => {
  it('name file, line, column, path, value and expectation', () => {
    const site = alphaObject();
    only(site).override = { rts: { windowSize: 300 } };
    const loaded = load(site);
    expect(loaded.valid).toBe(false);
    expect(loaded.problems).toEqual([
      {
        severity: 'error',
        file: '/etc/mta/site.json',
        path: 'connectors[0].override.rts.windowSize',
        line: 36,
        column: 11,
        found: '300',
        expected: 'an integer from 1 to 255',
      },
    ]);
  });

  it('are reported all at once, in the order of the file, those of one member and those between members', () => {
    const site = alphaObject();
    site.mta['nmae'] = 1;
    site.listen = [{ port: 0 }];
    const twin = { ...alphaConnector(), colour: 'red', override: { rts: { checkpointSizeK: 0, windowSize: 3 } } };
    site.connectors.push(twin);
    expect(problems(site).map((problem) => /error: ([^:]*):/.exec(problem)?.[1])).toEqual([
      'mta.nmae',
      'listen[0].port',
      'connectors[1].name',
      'connectors[1].remote',
      'connectors[1].colour',
      'connectors[1].override.rts.windowSize',
    ]);
  });

  it('name what is missing and where it should be', () => {
    expect(problems('{\n  "mta": {\n    "globalDomain": { "country": "GB" }\n  }\n}')).toEqual([
      '1:1: error: listen: found nothing, expected a list of at least one',
      '1:1: error: dataDirectory: found nothing, expected the path of a file',
      '2:10: error: mta.name: found nothing, expected an MTA name, 1 to 32 printable ASCII characters',
    ]);
  });
});

describe('an unknown key', () => {
  it('is an error with the nearest known key as a suggestion, whatever its case', () => {
    const [problem] = after((site) => (only(site).override = { rts: { windowsize: 3 } }));
    expect(problem).toBe(
      'error: connectors[0].override.rts.windowsize: found the unknown key "windowsize" (a number), expected one of the keys ' +
        'checkpointSizeK, recoveryTimeoutSeconds, windowSize, stallTimeoutSeconds, onMismatch; did you mean "windowSize"?',
    );
  });

  it('gets no suggestion when nothing is near', () => {
    const [problem] = after((site) => (site['colour'] = 'red'));
    expect(problem).toMatch(/^error: colour: found the unknown key "colour" \(a text\), expected one of the keys/);
    expect(problem).not.toContain('did you mean');
  });

  it('is found at every level', () => {
    const places: readonly ((site: SiteObject) => void)[] = [
      (site) => (site['x1'] = {}),
      (site) => (site.mta['x1'] = {}),
      (site) => (site.mta['globalDomain'] = { country: 'GB', x1: {} }),
      (site) => (site.listen = [{ x1: {} }]),
      (site) => (site['admin'] = { x1: {} }),
      (site) => (site['admin'] = { http: { port: 1, x1: {} } }),
      (site) => (site['siteDefaults'] = { x1: {} }),
      (site) => (site['siteDefaults'] = { rts: { x1: {} } }),
      (site) => (site['siteDefaults'] = { association: { x1: {} } }),
      (site) => (site['siteDefaults'] = { retry: { x1: {} } }),
      (site) => (site['siteDefaults'] = { transferTimeout: { x1: {} } }),
      (site) => (site['limits'] = { x1: {} }),
      (site) => (site['mailboxes'] = [{ name: 'a', address: 'C=GB;A= ;P=ALPHA;S=A', x1: {} }]),
      (site) => (only(site)['x1'] = {}),
      (site) => (only(site).local = { x1: {} }),
      (site) => (only(site).remote['x1'] = {}),
      (site) => (only(site).remote['calling'] = { x1: {} }),
      (site) => (only(site).remote['via'] = { host: 'h', port: 1, x1: {} }),
      (site) => (only(site).remote['transportSelector'] = { hex: '00', x1: {} }),
      (site) => (only(site).remote['password'] = { env: 'A', x1: {} }),
      (site) => (only(site)['addressSpace'] = [{ pattern: 'C=GB', x1: {} }]),
    ];
    for (const place of places) expect(after(place)).toEqual([expect.stringMatching(/x1: found the unknown key "x1"/)]);
  });

  it('called __proto__ is unknown too', () => {
    expect(problems('{ "__proto__": {} }').join()).toContain('__proto__: found the unknown key "__proto__"');
  });
});

describe('a value out of its range', () => {
  const rts = (name: string, value: unknown) => (site: SiteObject) =>
    (site['siteDefaults'] = { rts: { [name]: value } });
  const retry = (name: string, value: unknown) => (site: SiteObject) =>
    (site['siteDefaults'] = { retry: { [name]: value } });
  const connector = (member: string, value: unknown) => (site: SiteObject) => (only(site)[member] = value);
  const remote = (member: string, value: unknown) => (site: SiteObject) => (only(site).remote[member] = value);

  it.each([
    [rts('windowSize', 0), 'siteDefaults.rts.windowSize: found 0, expected an integer from 1 to 255'],
    [rts('windowSize', 256), 'siteDefaults.rts.windowSize: found 256, expected an integer from 1 to 255'],
    [rts('windowSize', 2.5), 'siteDefaults.rts.windowSize: found 2.5, expected an integer from 1 to 255'],
    [rts('windowSize', '5'), 'siteDefaults.rts.windowSize: found "5", expected an integer from 1 to 255'],
    [rts('windowSize', null), 'siteDefaults.rts.windowSize: found null, expected an integer from 1 to 255'],
    [rts('checkpointSizeK', -1), 'siteDefaults.rts.checkpointSizeK: found -1, expected an integer from 0 to 65535'],
    [
      rts('checkpointSizeK', 65_536),
      'siteDefaults.rts.checkpointSizeK: found 65536, expected an integer from 0 to 65535',
    ],
    [rts('onMismatch', 'ignore'), 'siteDefaults.rts.onMismatch: found "ignore", expected "alarm" or "refuse"'],
    [
      retry('openIntervalSeconds', 0),
      'siteDefaults.retry.openIntervalSeconds: found 0, expected an integer from 1 to 31622400',
    ],
    [connector('mode', 'x410'), 'connectors[0].mode: found "x410", expected "normal" or "x410-1984"'],
    [connector('p1', 1988), 'connectors[0].p1: found 1988, expected "1988" or "1984"'],
    [connector('dialogue', 'twa'), 'connectors[0].dialogue: found "twa", expected "monologue" or "two-way-alternate"'],
    [connector('type', 'smtp'), 'connectors[0].type: found "smtp", expected "x400" or "site"'],
    [connector('passwordType', 'text'), 'connectors[0].passwordType: found "text", expected "ia5" or "octets"'],
    [connector('allowUnauthenticated', 1), 'connectors[0].allowUnauthenticated: found 1, expected true or false'],
    [
      connector('name', ''),
      'connectors[0].name: found "", expected a name of 1 to 64 characters, the first a letter or digit, none of them / or \\',
    ],
    [
      connector('addressSpace', [{ pattern: 'Q1=GB' }]),
      /connectors\[0\]\.addressSpace\[0\]\.pattern: found "Q1=GB", expected attributes of an O\/R address such as .*: at character 1 /,
    ],
    [
      connector('addressSpace', [{ pattern: 'C=GB', cost: -1 }]),
      'connectors[0].addressSpace[0].cost: found -1, expected an integer from 0 to 65535',
    ],
    [
      remote('mtaName', 'x'.repeat(33)),
      `connectors[0].remote.mtaName: found "${'x'.repeat(33)}", expected an MTA name, 1 to 32 printable ASCII characters`,
    ],
    [remote('port', 65_536), 'connectors[0].remote.port: found 65536, expected an integer from 1 to 65535'],
    [
      remote('host', '10.0.0.1:102'),
      'connectors[0].remote.host: found "10.0.0.1:102", expected a host name or an IP address, without a port',
    ],
    [
      remote('transportSelector', 'x'.repeat(33)),
      /transportSelector: found "x+", expected 1 to 32 printable ASCII characters, or \{ "hex": "\.\.\." \} of as many octets/,
    ],
    [
      remote('transportSelector', { hex: '001' }),
      /transportSelector: found \{"hex":"001"\}, expected 1 to 32 printable ASCII characters, or \{ "hex"/,
    ],
    [remote('sessionSelector', 'x'.repeat(17)), /sessionSelector: found "x+", expected 1 to 16 printable/],
    [remote('transportSelector', 1), /transportSelector: found 1, expected 1 to 32 printable/],
    [
      (site: SiteObject) => (site.mta['globalDomain'] = { country: 'GBR' }),
      /country: found "GBR", expected a country code/,
    ],
    [
      (site: SiteObject) => (site.mta['globalDomain'] = { country: 'GB', admd: 'x'.repeat(17) }),
      /admd: found "x+", expected up to 16 letters/,
    ],
    [
      (site: SiteObject) => (site.mta['globalDomain'] = { country: 'GB', prmd: '' }),
      /prmd: found "", expected 1 to 16 letters/,
    ],
    [(site: SiteObject) => (site.listen = []), 'listen: found a list, expected a list of at least one'],
    [
      (site: SiteObject) => (site['mailboxes'] = [{ name: 'a', address: 'anna@alpha.example' }]),
      /mailboxes\[0\]\.address: found "anna@alpha\.example", expected an O\/R address such as/,
    ],
    [
      (site: SiteObject) => (site['limits'] = { traceElementsMax: 513 }),
      /found 513, expected an integer from 1 to 512/,
    ],
  ] as const)('is refused with what was expected (%#)', (change, expected) => {
    const found = after(change);
    expect(found).toHaveLength(1);
    if (typeof expected === 'string') expect(found[0]).toBe(`error: ${expected}`);
    else expect(found[0]).toMatch(expected);
  });

  it.each([
    rts('windowSize', 1),
    rts('windowSize', 255),
    rts('checkpointSizeK', 60),
    retry('openIntervalSeconds', 1),
    connector('name', 'Zürich 2'),
    remote('mtaName', 'x'.repeat(32)),
    remote('transportSelector', 'x'.repeat(32)),
    remote('host', '::1'),
  ])('is taken at its edge (%#)', (change) => {
    expect(after(change)).toEqual([]);
  });
});

describe('the text of a site file', () => {
  it('that is not JSON is reported with its line, and without the text, which may be a secret', () => {
    expect(problems('{\n  "mta": { "password" "alpha-secret" }\n}')).toEqual([
      '2:23: error: found a fault in the JSON (colon expected), expected JSON',
    ]);
    expect(problems('')).toEqual(['1:1: error: found a fault in the JSON (value expected), expected JSON']);
  });

  it('may not give one key twice', () => {
    expect(problems('{\n"dataDirectory": "a",\n"listen": [{}],\n"dataDirectory": "b" }')[0]).toMatch(
      /^1:1: .*mta: found nothing/,
    );
    expect(problems('{\n"dataDirectory": "a",\n"listen": [{ "port": 1, "port": 2 }],\n"dataDirectory": "b" }')).toEqual(
      [
        expect.stringContaining('mta: found nothing'),
        '3:25: error: listen[0].port: found the same key a second time, expected each key once',
        '4:1: error: dataDirectory: found the same key a second time, expected each key once',
      ],
    );
  });

  it('whatever it is, ends in a site or in problems', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((text) => `{"mta":${text}}`),
        ),
        (text) => {
          const loaded = load(text);
          expect(loaded.valid || loaded.problems.length > 0).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('rules between members', () => {
  it('two connectors or mailboxes may not have one name', () => {
    expect(
      after((site) => {
        site.connectors.push({ name: 'beta', remote: { mtaName: 'MTA-GAMMA', password: 'p', host: 'h' } });
        site['mailboxes'] = [
          { name: 'a', address: 'C=GB;A= ;P=ALPHA;S=A' },
          { name: 'a', address: 'C=GB;A= ;P=ALPHA;S=B' },
        ];
      }),
    ).toEqual([
      'error: connectors[1].name: found "beta", expected a name of its own, since connectors[0] has this one',
      'error: mailboxes[1].name: found "a", expected a name of its own, since mailboxes[0] has this one',
    ]);
  });

  it('two mailboxes may not have one address, however it is written', () => {
    expect(
      after((site) => {
        site['mailboxes'] = [
          { name: 'a', address: 'C=GB;A= ;P=ALPHA;S=Smith' },
          { name: 'b', address: '/S=SMITH/P=alpha/A= /C=gb/' },
        ];
      }),
    ).toEqual([
      'error: mailboxes[1].address: found "/S=SMITH/P=alpha/A= /C=gb/", expected an address of its own, since mailboxes[0] has this one',
    ]);
  });

  it('a mailbox outside our own domains is doubtful', () => {
    expect(after((site) => (site['mailboxes'] = [{ name: 'a', address: 'C=GB;A= ;P=BETA;S=A' }]))).toEqual([
      'warning: mailboxes[0].address: found "C=GB;A= ;P=BETA;S=A", expected an address in C=GB;ADMD= ;PRMD=ALPHA, which are our own',
    ]);
  });

  it('a connector of type site may not override', () => {
    expect(
      after((site) => {
        only(site)['type'] = 'site';
        only(site).override = { rts: { windowSize: 3 } };
      }),
    ).toEqual([
      'error: connectors[0].override: found an object, expected no override, since a connector of type "site" uses the site defaults',
    ]);
    expect(after((site) => (only(site)['type'] = 'site'))).toEqual([]);
  });

  it('an override of the window is an error while the effective checkpoint size is 0, wherever that comes from', () => {
    const expected = (origin: string) =>
      'error: connectors[0].override.rts.windowSize: found 3, expected no windowSize, since the effective checkpointSizeK ' +
      `is 0 (${origin}) and there are no checkpoints to count`;
    expect(
      after((site) => {
        site['siteDefaults'] = { rts: { checkpointSizeK: 0 } };
        only(site).override = { rts: { windowSize: 3 } };
      }),
    ).toContain(expected('siteDefaults'));
    expect(after((site) => (only(site).override = { rts: { checkpointSizeK: 0, windowSize: 3 } }))).toContain(
      expected('override'),
    );
    expect(
      after((site) => {
        site['siteDefaults'] = { rts: { checkpointSizeK: 0 } };
        only(site).override = { rts: { checkpointSizeK: 1, windowSize: 3 } };
      }).filter((problem) => problem.startsWith('error')),
    ).toEqual([]);
    expect(
      after((site) => (site['siteDefaults'] = { rts: { checkpointSizeK: 0, windowSize: 3 } })).filter((problem) =>
        problem.startsWith('error'),
      ),
    ).toEqual([]);
  });

  it('checkpoint sizes of 0 and above 60 are allowed and doubtful', () => {
    expect(after((site) => (only(site).override = { rts: { checkpointSizeK: 0 } }))).toEqual([
      'warning: connectors[0].override.rts.checkpointSizeK: found 0, expected at least 1: ' +
        'without checkpoints an interrupted transfer starts again from the beginning',
    ]);
    expect(after((site) => (site['siteDefaults'] = { rts: { checkpointSizeK: 61 } }))).toEqual([
      'warning: siteDefaults.rts.checkpointSizeK: found 61, expected at most 60: some peers fail above',
    ]);
  });

  it('P1 of 1984 is for X.410-1984 mode only, and octet passwords are not for it', () => {
    expect(after((site) => (only(site)['p1'] = '1984'))).toEqual([
      'error: connectors[0].p1: found "1984", expected "1988", since P1 of 1984 exists in mode "x410-1984" only',
    ]);
    expect(after((site) => Object.assign(only(site), { mode: 'x410-1984', p1: '1984' }))).toEqual([]);
    expect(
      after((site) => Object.assign(only(site), { mode: 'x410-1984', p1: '1984', passwordType: 'octets' })),
    ).toEqual([
      'warning: connectors[0].passwordType: found "octets", expected "ia5", since a peer of 1984 knows no other',
    ]);
  });

  it('session and presentation selectors are doubtful in X.410-1984 mode', () => {
    expect(
      after((site) => {
        only(site)['mode'] = 'x410-1984';
        only(site).remote['sessionSelector'] = 'S';
        only(site).remote['calling'] = { transportSelector: 'T', presentationSelector: { hex: '01' } };
      }),
    ).toEqual([
      'warning: connectors[0].remote.sessionSelector: found "S", expected none: mode "x410-1984" does not use it, it is ignored',
      'warning: connectors[0].remote.calling.presentationSelector: found an object, expected none: mode "x410-1984" does not use it, it is ignored',
    ]);
  });

  it('our own selectors stand in one of their two places only', () => {
    const both = after((site) => {
      only(site)['calling'] = { transportSelector: 'T' };
      only(site).remote['calling'] = { transportSelector: 'T' };
    });
    expect(both).toEqual([
      'error: connectors[0].calling: found an object, expected nothing, since remote.calling holds our own selectors already',
    ]);
    const unused = after((site) => {
      only(site)['mode'] = 'x410-1984';
      only(site)['calling'] = { sessionSelector: 'S' };
    });
    expect(unused).toEqual([
      'warning: connectors[0].calling.sessionSelector: found "S", expected none: mode "x410-1984" does not use it, it is ignored',
    ]);
  });

  it('two connectors must differ in remote MTA name, mode or a selector that the mode uses', () => {
    const second = (change: (site: SiteObject) => void) =>
      after((site) => {
        site.connectors.push({ ...alphaConnector(), name: 'second' });
        change(site);
      });
    const remoteOfSecond = (site: SiteObject) => site.connectors[1]?.remote ?? {};
    expect(second(() => undefined)).toEqual([
      'error: connectors[1].remote: found an object, expected another remote.mtaName, mode or selectors than connectors[0] (beta), ' +
        'since an incoming association could not be told to belong to one of them',
    ]);
    expect(second((site) => (remoteOfSecond(site)['port'] = 1))).toHaveLength(1);
    expect(second((site) => (remoteOfSecond(site)['mtaName'] = 'MTA-GAMMA'))).toEqual([]);
    expect(second((site) => Object.assign(site.connectors[1] ?? {}, { mode: 'x410-1984' }))).toEqual([]);
    expect(second((site) => (remoteOfSecond(site)['transportSelector'] = 'MTB'))).toEqual([]);
    expect(second((site) => (remoteOfSecond(site)['calling'] = { sessionSelector: 'S' }))).toEqual([]);
    expect(second((site) => Object.assign(site.connectors[1] ?? {}, { calling: { sessionSelector: 'S' } }))).toEqual(
      [],
    );
    const x410 = second((site) => {
      for (const connector of site.connectors) connector['mode'] = 'x410-1984';
      remoteOfSecond(site)['sessionSelector'] = 'S';
    });
    expect(x410).toContainEqual(expect.stringContaining('error: connectors[1].remote: found an object'));
  });

  it('a peer that can never bind is doubtful', () => {
    expect(after((site) => delete only(site).remote['password'])).toEqual([
      'warning: connectors[0].remote.password: found nothing, expected the password of the peer, or allowUnauthenticated: ' +
        'without either the peer cannot bind',
    ]);
    expect(
      after((site) => {
        delete only(site).remote['password'];
        only(site)['allowUnauthenticated'] = true;
      }),
    ).toEqual([]);
    expect(after((site) => (only(site).remote['mtaName'] = 'MTA-ALPHA'))).toEqual([
      `warning: connectors[0].remote.mtaName: found "MTA-ALPHA", expected the peer's name: this is our own`,
    ]);
  });

  it('a peer without a host opens associations itself, and in a monologue never takes our mail', () => {
    const since = 'without remote.host only the peer opens associations';
    expect(
      after((site) => {
        delete only(site).remote['host'];
        only(site).remote['via'] = { host: 'link', port: 1 };
      }),
    ).toEqual([
      `warning: connectors[0].remote.port: found 10202, expected no port: ${since}`,
      `error: connectors[0].remote.via: found an object, expected no link, or a remote.host: ${since}`,
      'warning: connectors[0].addressSpace: found a list, expected a remote.host, or dialogue "two-way-alternate": ' +
        `${since}, and in a monologue it alone sends on them`,
    ]);
    expect(
      after((site) => {
        delete only(site).remote['host'];
        delete only(site).remote['port'];
        only(site)['dialogue'] = 'two-way-alternate';
      }),
    ).toEqual([]);
  });

  it('two listeners must differ', () => {
    expect(after((site) => (site.listen = [{}, { host: '0.0.0.0', port: 102 }]))).toEqual([
      'error: listen[1]: found an object, expected another host, port or selector than listen[0]',
    ]);
    expect(after((site) => (site.listen = [{ transportSelector: 'A' }, { transportSelector: 'B' }]))).toEqual([]);
  });

  it('the path of the admin socket must fit the system, whether given or by default', () => {
    const longest = `/${'s'.repeat(106)}`;
    expect(after((site) => (site['admin'] = { socket: longest }))).toEqual([]);
    expect(after((site) => (site['admin'] = { socket: `${longest}s` }))).toEqual([
      `error: admin.socket: found the admin socket "${longest}s", a path of 108 octets, ` +
        'expected at most 107, since the system takes no longer path for a socket; give a shorter admin.socket',
    ]);
    expect(after((site) => (site.dataDirectory = `/${'d'.repeat(98)}`))).toEqual([
      expect.stringMatching(/^error: dataDirectory: found the admin socket "\/d+\/admin\.sock", a path of 110 octets/),
    ]);
  });
});

describe('secrets in problems', () => {
  const secret = 'hunter2-hunter2';

  it.each([
    (site: SiteObject) => (site.mta['password'] = [secret]),
    (site: SiteObject) => (site.mta['password'] = { evn: secret }),
    (site: SiteObject) => (site.mta['password'] = { env: `${secret} ` }),
    (site: SiteObject) => (site.mta['pasword'] = secret),
    (site: SiteObject) => (site.mta['password'] = secret.repeat(9)),
    (site: SiteObject) => Object.assign(site, { mta: secret }),
    (site: SiteObject) => (only(site).remote['password'] = { file: [secret] }),
    (site: SiteObject) => (only(site).remote['passwort'] = { x: secret }),
    (site: SiteObject) => Object.assign(only(site), { local: secret }),
    (site: SiteObject) => Object.assign(only(site), { remote: [secret] }),
    (site: SiteObject) => Object.assign(site, { connectors: secret }),
    (site: SiteObject) => Object.assign(site, { [secret.slice(0, 3)]: secret }),
  ])('are never shown, whatever is wrong with them (%#)', (change) => {
    const site = alphaObject();
    change(site);
    const loaded = load(site);
    expect(loaded.valid).toBe(false);
    expect(JSON.stringify(loaded)).not.toContain(secret);
  });

  it('that are no text are refused with what was expected, and hidden', () => {
    expect(after((site) => (site.mta['password'] = 1234))).toEqual([
      'error: mta.password: found a value that is not shown, expected text of at most 62 octets, { "env": "NAME" } or { "file": "path" }',
    ]);
  });
});

describe('the nearest key', () => {
  it.each([
    ['windowsize', 'windowSize'],
    ['window', undefined],
    ['widnowSize', 'windowSize'],
    ['checkpointSize', 'checkpointSizeK'],
    ['x', undefined],
    ['colour', undefined],
  ])('of %s is %s', (word, expected) => {
    expect(nearest(word, ['windowSize', 'checkpointSizeK', 'recoveryTimeoutSeconds'])).toBe(expected);
  });
});

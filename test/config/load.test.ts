import { describe, expect, it } from 'vitest';
import { printORAddress } from '../../src/p1/or-address-text.js';
import { alphaObject, load, only, problems, valid } from './site-files.js';

describe('a site file', () => {
  it('needs mta.name, mta.globalDomain, listen and dataDirectory, and nothing else', () => {
    const site = valid(
      '{"mta": {"name": "M", "globalDomain": {"country": "gb"}}, "listen": [{}], "dataDirectory": "d"}',
    );
    expect(site).toMatchObject({
      mta: { name: 'M', globalDomain: { country: 'GB', admd: ' ' } },
      listen: [{ host: '0.0.0.0', port: 102, selectors: {} }],
      dataDirectory: '/etc/mta/d',
      admin: { socket: '/etc/mta/d/admin.sock' },
      connectors: [],
      mailboxes: [],
    });
    expect(site.admin.http).toBeUndefined();
    expect(site.localDomains.map(({ text }) => text)).toEqual(['C=GB;ADMD= ']);
    expect(site.limits.connectionsMax).toBe(1000);
  });

  it('may have comments, trailing commas, a byte order mark and the address of its schema', () => {
    const text = `\uFEFF// one\n${JSON.stringify({ $schema: 'x', ...alphaObject() }).replace(/\}$/, ', /* two */ }')}`;
    expect(load(text)).toMatchObject({ valid: true, problems: [] });
  });

  it('gives a connector all that is left out: x400, normal, 1988, monologue, our own name and password', () => {
    const [connector] = valid(alphaObject()).connectors;
    expect(connector).toMatchObject({
      type: 'x400',
      mode: 'normal',
      p1: '1988',
      dialogue: 'monologue',
      passwordType: 'octets',
      allowUnauthenticated: false,
      local: { mtaName: 'MTA-ALPHA' },
      remote: { mtaName: 'MTA-BETA', address: { host: '127.0.0.1', port: 10202 } },
    });
    expect(connector?.local.password?.reveal()).toBe('alpha-secret');
    expect(connector?.remote.password?.reveal()).toBe('beta-secret');
    expect(connector?.addressSpace.map(({ pattern, cost }) => [pattern.text, cost])).toEqual([
      ['C=GB;ADMD= ;PRMD=BETA', 1],
    ]);
  });

  it('prefers what local says of ourselves to this peer over mta', () => {
    const site = alphaObject();
    only(site).local = { mtaName: 'ALPHA-84', password: 'other' };
    const [connector] = valid(site).connectors;
    expect(connector?.local.mtaName).toBe('ALPHA-84');
    expect(connector?.local.password?.reveal()).toBe('other');
  });

  it('encodes passwords as ia5 for P1 of 1984 unless told otherwise', () => {
    const site = alphaObject();
    Object.assign(only(site), { mode: 'x410-1984', p1: '1984' });
    expect(valid(site).connectors[0]?.passwordType).toBe('ia5');
    only(site)['passwordType'] = 'octets';
    expect(valid(site).connectors[0]?.passwordType).toBe('octets');
  });

  it('connects to a link in between and keeps the address of the peer', () => {
    const site = alphaObject();
    only(site).remote['via'] = { host: '127.0.0.1', port: 10302 };
    expect(valid(site).connectors[0]?.remote).toMatchObject({
      address: { host: '127.0.0.1', port: 10202 },
      via: { host: '127.0.0.1', port: 10302 },
      connectTo: { host: '127.0.0.1', port: 10302 },
    });
    delete only(site).remote['via'];
    expect(valid(site).connectors[0]?.remote.connectTo).toEqual({ host: '127.0.0.1', port: 10202 });
  });

  it('reads selectors as text and as hexadecimal octets (T-035)', () => {
    const site = alphaObject();
    Object.assign(only(site).remote, {
      transportSelector: { hex: '0001fF' },
      sessionSelector: 'S1',
      calling: { transportSelector: 'MTA' },
    });
    const [connector] = valid(site).connectors;
    expect(connector?.remote.selectors).toEqual({
      transport: new Uint8Array([0, 1, 255]),
      session: new Uint8Array([0x53, 0x31]),
    });
    expect(connector?.remote.calling).toEqual({ transport: new Uint8Array([0x4d, 0x54, 0x41]) });
  });

  it('takes our own selectors from the connector as from its remote', () => {
    const site = alphaObject();
    only(site)['calling'] = { transportSelector: 'OURS', sessionSelector: { hex: '0001' } };
    expect(valid(site).connectors[0]?.remote.calling).toEqual({
      transport: new TextEncoder().encode('OURS'),
      session: new Uint8Array([0, 1]),
    });
  });

  it('takes relative paths as relative to the file, and leaves absolute ones alone', () => {
    const site = alphaObject();
    site['admin'] = { socket: 'run/a.sock', http: { port: 8102 } };
    expect(valid(site)).toMatchObject({
      dataDirectory: '/etc/mta/var/alpha',
      admin: { socket: '/etc/mta/run/a.sock', http: { host: '127.0.0.1', port: 8102 } },
    });
    site.dataDirectory = '/srv/mta';
    expect(valid(site).dataDirectory).toBe('/srv/mta');
  });

  it('parses mailboxes and local domains, in either written form', () => {
    const site = alphaObject();
    site['mailboxes'] = [{ name: 'anna', address: '/G=Anna/S=Smith/PRMD=ALPHA/ADMD= /C=GB/' }];
    site['localDomains'] = ['C=GB;A= ;P=ALPHA', 'C=GB;A= ;P=GAMMA'];
    const loaded = valid(site);
    expect(loaded.mailboxes.map(({ address }) => printORAddress(address))).toEqual([
      'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna',
    ]);
    expect(loaded.localDomains.map(({ text }) => text)).toEqual(['C=GB;ADMD= ;PRMD=ALPHA', 'C=GB;ADMD= ;PRMD=GAMMA']);
  });

  it('takes an empty ADMD as the ADMD of one space', () => {
    const site = alphaObject();
    site.mta['globalDomain'] = { country: 'GB', admd: '', prmd: 'ALPHA' };
    expect(valid(site).mta.globalDomain.admd).toBe(' ');
  });

  it('lets a limit be set and keeps the others', () => {
    const site = alphaObject();
    site['limits'] = { connectionsMax: 3 };
    expect(valid(site).limits).toMatchObject({ connectionsMax: 3, connectionsPerPeerMax: 600 });
  });

  it('has no problem in the files of this suite', () => {
    expect(problems(alphaObject())).toEqual([]);
  });
});

describe('secrets', () => {
  it('come from the environment and from files beside the site file, whose last line end is left out', () => {
    const site = alphaObject();
    site.mta['password'] = { env: 'ALPHA_PASSWORD' };
    only(site).remote['password'] = { file: 'beta.secret' };
    const files: Readonly<Record<string, string>> = { '/etc/mta/beta.secret': ' from file \n' };
    const loaded = valid(site, {
      environment: { ALPHA_PASSWORD: 'from environment' },
      readFile: (path) => files[path] ?? '',
    });
    expect(loaded.mta.password?.reveal()).toBe('from environment');
    expect(loaded.connectors[0]?.local.password?.reveal()).toBe('from environment');
    expect(loaded.connectors[0]?.remote.password?.reveal()).toBe(' from file ');
  });

  it('that are not there are errors that name the variable or the file', () => {
    const site = alphaObject();
    site.mta['password'] = { env: 'ALPHA_PASSWORD' };
    only(site).remote['password'] = { file: 'beta.secret' };
    expect(problems(site)).toEqual([
      '5:7: error: mta.password.env: found nothing, expected the environment variable ALPHA_PASSWORD',
      '27:11: error: connectors[0].remote.password.file: found no readable file (no such file: /etc/mta/beta.secret), ' +
        'expected the secret in /etc/mta/beta.secret',
    ]);
  });

  it('longer than 62 octets are errors, counted in octets and not shown (X.411 ub-password-length)', () => {
    const site = alphaObject();
    const long = 'ä'.repeat(32);
    site.mta['password'] = long;
    expect(problems(site)).toEqual([
      '4:5: error: mta.password: found a secret of 64 octets, ' +
        'expected text of at most 62 octets, { "env": "NAME" } or { "file": "path" }',
    ]);
    site.mta['password'] = 'x'.repeat(62);
    expect(problems(site)).toEqual([]);
  });

  it('in a site file that everybody may read get one warning, and none when they are elsewhere', () => {
    const site = alphaObject();
    const world = { statMode: () => 0o100644 };
    expect(load(site, world).valid).toBe(true);
    expect(problems(site, world)).toEqual([
      '4:5: warning: mta.password: found a file with secrets that everybody may read (mode 0644), expected mode 0600',
    ]);
    site.mta['password'] = { env: 'A' };
    only(site).remote['password'] = { env: 'B' };
    expect(problems(site, { ...world, environment: { A: 'a', B: 'b' } })).toEqual([]);
  });

  it('in a file of their own that everybody may read get a warning there', () => {
    const site = alphaObject();
    site.mta['password'] = { file: '/run/alpha' };
    const world = {
      readFile: () => 'secret',
      statMode: (path: string) => (path === '/run/alpha' ? 0o100604 : 0o100600),
    };
    expect(problems(site, world)).toEqual([
      '5:7: warning: mta.password.file: found a file with secrets that everybody may read (mode 0604), expected mode 0600',
    ]);
  });

  it('with characters outside ASCII do not go with passwordType ia5', () => {
    const site = alphaObject();
    site.mta['password'] = 'geheimnis-ä';
    expect(problems(site)).toEqual([]);
    only(site)['passwordType'] = 'ia5';
    expect(problems(site)).toEqual([
      '20:5: error: connectors[0].local.password: found a password with characters outside ASCII, ' +
        'expected ASCII only, since passwordType is "ia5"',
    ]);
  });
});

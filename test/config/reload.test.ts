import { describe, expect, it } from 'vitest';
import { compareForReload } from '../../src/config/reload.js';
import type { SiteChange } from '../../src/config/reload.js';
import { alphaObject, only, valid } from './site-files.js';
import type { SiteObject } from './site-files.js';

function changesAfter(change: (site: SiteObject) => void): readonly SiteChange[] {
  const reloaded = alphaObject();
  change(reloaded);
  return compareForReload(valid(alphaObject()), valid(reloaded));
}

describe('a reload', () => {
  it('of the same file changes nothing', () => {
    expect(changesAfter(() => undefined)).toEqual([]);
  });

  it('applies RTS values from the next association on', () => {
    expect(changesAfter((site) => (only(site).override = { rts: { windowSize: 9 } }))).toEqual([
      { setting: 'connectors.beta.rts.windowSize', before: '5', after: '9', applies: 'next-association' },
    ]);
  });

  it('sees a site default only where a connector has it from there', () => {
    expect(
      changesAfter((site) => {
        site['siteDefaults'] = { rts: { windowSize: 9 } };
        only(site).override = { rts: { windowSize: 5 } };
      }),
    ).toEqual([]);
  });

  it('needs a restart for what the daemon is built on', () => {
    expect(
      changesAfter((site) => {
        site.mta['name'] = 'MTA-A';
        site.mta['globalDomain'] = { country: 'GB', prmd: 'A' };
        site.listen = [{ port: 1102, transportSelector: 'A', sessionSelector: { hex: '00' } }];
        site.dataDirectory = '/srv/mta';
        site['admin'] = { http: { port: 8102 } };
        site['localDomains'] = ['C=GB;ADMD= ;PRMD=ALPHA'];
      }),
    ).toEqual([
      { setting: 'mta.name', before: 'MTA-ALPHA', after: 'MTA-A', applies: 'restart' },
      {
        setting: 'mta.globalDomain',
        before: '{"country":"GB","admd":" ","prmd":"ALPHA"}',
        after: '{"country":"GB","admd":" ","prmd":"A"}',
        applies: 'restart',
      },
      {
        setting: 'listen',
        before: '127.0.0.1:10102 T=MTA',
        after: '0.0.0.0:1102 T=A S=hex 00',
        applies: 'restart',
      },
      { setting: 'dataDirectory', before: '/etc/mta/var/alpha', after: '/srv/mta', applies: 'restart' },
      {
        setting: 'admin.socket',
        before: '/etc/mta/var/alpha/admin.sock',
        after: '/srv/mta/admin.sock',
        applies: 'restart',
      },
      { setting: 'connectors.beta.local.mtaName', before: 'MTA-ALPHA', after: 'MTA-A', applies: 'next-association' },
      { setting: 'admin.http', after: '127.0.0.1:8102', applies: 'restart' },
    ]);
  });

  it('routes and delivers by the new file at once', () => {
    expect(
      changesAfter((site) => {
        site['mailboxes'] = [{ name: 'anna', address: 'C=GB;A= ;P=ALPHA;S=Smith' }];
        only(site)['addressSpace'] = [{ pattern: 'C=GB;ADMD= ;PRMD=BETA', cost: 2 }];
      }),
    ).toEqual([
      {
        setting: 'connectors.beta.addressSpace',
        before: 'C=GB;ADMD= ;PRMD=BETA (cost 1)',
        after: 'C=GB;ADMD= ;PRMD=BETA (cost 2)',
        applies: 'at-once',
      },
      { setting: 'mailboxes.anna', after: 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith', applies: 'at-once' },
    ]);
  });

  it('tells that a password changed, and not to what', () => {
    expect(changesAfter((site) => (site.mta['password'] = 'new-secret'))).toEqual([
      {
        setting: 'connectors.beta.local.password',
        before: '(secret)',
        after: '(secret)',
        applies: 'next-association',
      },
    ]);
  });

  it('lists new and removed connectors setting by setting', () => {
    const changes = changesAfter((site) => (only(site).name = 'bravo'));
    const of = (name: string) => changes.filter(({ setting }) => setting.startsWith(`connectors.${name}.`));
    expect(of('beta').every(({ before, after }) => before !== undefined && after === undefined)).toBe(true);
    expect(of('bravo').every(({ before, after }) => before === undefined && after !== undefined)).toBe(true);
    expect(of('beta').length).toBe(of('bravo').length);
    expect(changes.length).toBe(2 * of('beta').length);
  });

  it('applies limits to the next association', () => {
    expect(changesAfter((site) => (site['limits'] = { queueMessagesMax: 7 }))).toEqual([
      { setting: 'limits.queueMessagesMax', before: '1000000', after: '7', applies: 'next-association' },
    ]);
  });
});

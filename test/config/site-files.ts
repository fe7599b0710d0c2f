/** Site files for tests, and a world for them without a disk. */
import { loadSite } from '../../src/config/load.js';
import type { SiteLoad, SiteSource } from '../../src/config/load.js';
import { problemText } from '../../src/config/problem.js';
import type { Site } from '../../src/config/site.js';

/** A site file as an object, of which tests change what they are about. */
export interface SiteObject {
  mta: Record<string, unknown>;
  listen: Record<string, unknown>[];
  dataDirectory: string;
  connectors: ConnectorObject[];
  [member: string]: unknown;
}

export interface ConnectorObject {
  name: string;
  remote: Record<string, unknown>;
  local?: Record<string, unknown>;
  override?: Record<string, Record<string, unknown>>;
  [member: string]: unknown;
}

export function alphaConnector(): ConnectorObject {
  return {
    name: 'beta',
    remote: {
      mtaName: 'MTA-BETA',
      password: 'beta-secret',
      host: '127.0.0.1',
      port: 10202,
      transportSelector: 'MTA',
    },
    addressSpace: [{ pattern: 'C=GB;ADMD= ;PRMD=BETA' }],
  };
}

export function alphaObject(): SiteObject {
  return {
    mta: {
      name: 'MTA-ALPHA',
      password: 'alpha-secret',
      globalDomain: { country: 'GB', admd: ' ', prmd: 'ALPHA' },
    },
    listen: [{ host: '127.0.0.1', port: 10102, transportSelector: 'MTA' }],
    dataDirectory: './var/alpha',
    connectors: [alphaConnector()],
  };
}

/** The other end of alphaObject. */
export function betaObject(): SiteObject {
  return {
    mta: { name: 'MTA-BETA', password: 'beta-secret', globalDomain: { country: 'GB', admd: ' ', prmd: 'BETA' } },
    listen: [{ host: '127.0.0.1', port: 10202, transportSelector: 'MTA' }],
    dataDirectory: './var/beta',
    connectors: [
      {
        name: 'alpha',
        remote: {
          mtaName: 'MTA-ALPHA',
          password: 'alpha-secret',
          host: '127.0.0.1',
          port: 10102,
          transportSelector: 'MTA',
        },
        addressSpace: [{ pattern: 'C=GB;ADMD= ;PRMD=ALPHA' }],
      },
    ],
  };
}

/** The only connector of a site object. */
export function only(site: SiteObject): ConnectorObject {
  const [connector] = site.connectors;
  if (connector === undefined) throw new Error('the site object has no connector');
  return connector;
}

export function load(site: SiteObject | string, world: Partial<SiteSource> = {}): SiteLoad {
  return loadSite({
    text: typeof site === 'string' ? site : JSON.stringify(site, undefined, 2),
    path: '/etc/mta/site.json',
    readFile: (path) => {
      throw new Error(`no such file: ${path}`);
    },
    environment: {},
    statMode: () => 0o100600,
    ...world,
  });
}

export function valid(site: SiteObject | string, world: Partial<SiteSource> = {}): Site {
  const loaded = load(site, world);
  if (!loaded.valid) throw new Error(loaded.problems.map(problemText).join('\n'));
  return loaded.site;
}

/** The problems as lines, without the name of the file. */
export function problems(site: SiteObject | string, world: Partial<SiteSource> = {}): readonly string[] {
  return load(site, world).problems.map((problem) => problemText(problem).replace('/etc/mta/site.json:', ''));
}

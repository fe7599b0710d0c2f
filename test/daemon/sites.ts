/** Site files of two neighbours, MTA-ALPHA and MTA-BETA, on free ports. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../src/demo/sites.js';

export const anna = 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna';
export const bob = 'C=GB;ADMD= ;PRMD=BETA;S=Jones;G=Bob';

/** What no log, status or error may ever show. */
export const secrets = { alpha: 'alpha-wachtwoord', beta: 'beta-wachtwoord' } as const;

/** Members that are laid over those of the ordinary site file; connectors over the only one there is. */
export interface EndOptions {
  readonly site?: object;
  readonly connector?: object;
  readonly remote?: object;
}

export interface PairOptions {
  readonly both?: EndOptions;
  readonly alpha?: EndOptions;
  readonly beta?: EndOptions;
  /** Whether alpha reaches beta directly or by way of a link on `beta.linkPort`. */
  readonly way?: 'direct' | 'link';
}

export interface SitePair {
  readonly alpha: TestSite;
  readonly beta: TestSite;
}

/** Octets that differ from place to place. */
export function testOctets(length: number): Buffer {
  const octets = Buffer.alloc(length);
  let state = 12345;
  for (let i = 0; i < length; i++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    octets[i] = state >>> 16;
  }
  return octets;
}

export class TestSite {
  readonly name: string;
  readonly path: string;
  readonly dataDirectory: string;
  readonly socket: string;
  readonly port: number;
  /** Where a link in front of this end listens. */
  readonly linkPort: number;
  readonly #value: (changes: EndOptions) => object;

  constructor(
    folder: string,
    name: string,
    port: number,
    linkPort: number,
    value: (dataDirectory: string, changes: EndOptions) => object,
  ) {
    this.name = name;
    this.path = join(folder, `${name}.json`);
    this.dataDirectory = join(folder, name);
    this.socket = join(this.dataDirectory, 'admin.sock');
    this.port = port;
    this.linkPort = linkPort;
    this.#value = (changes) => value(this.dataDirectory, changes);
    this.write({});
  }

  /** Writes the site file anew, with these changes to what it was made with. */
  write(changes: EndOptions): void {
    writeFileSync(this.path, JSON.stringify(this.#value(changes), undefined, 2), { mode: 0o600 });
  }
}

interface End {
  readonly name: 'alpha' | 'beta';
  readonly port: number;
  readonly mailbox: { readonly name: string; readonly address: string };
}

export async function makeSites(folder: string, options: PairOptions): Promise<SitePair> {
  const [alphaPort, betaPort, alphaLink, betaLink] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const alpha: End = { name: 'alpha', port: alphaPort, mailbox: { name: 'anna', address: anna } };
  const beta: End = { name: 'beta', port: betaPort, mailbox: { name: 'bob', address: bob } };
  const made = (us: End, them: End, linkPort: number, theirLink: number | undefined): TestSite =>
    new TestSite(folder, us.name, us.port, linkPort, (dataDirectory, changes) =>
      siteValue(us, them, dataDirectory, theirLink, [options.both ?? {}, options[us.name] ?? {}, changes]),
    );
  return {
    alpha: made(alpha, beta, alphaLink, options.way === 'link' ? betaLink : undefined),
    beta: made(beta, alpha, betaLink, undefined),
  };
}

function siteValue(
  us: End,
  them: End,
  dataDirectory: string,
  linkPort: number | undefined,
  options: readonly EndOptions[],
): object {
  const remote = {
    mtaName: `MTA-${them.name.toUpperCase()}`,
    password: secrets[them.name],
    host: '127.0.0.1',
    port: them.port,
    transportSelector: 'MTA',
    ...(linkPort === undefined ? {} : { via: { host: '127.0.0.1', port: linkPort } }),
  };
  const connector = {
    name: them.name,
    remote: Object.assign(remote, ...options.map((option) => option.remote ?? {})) as object,
    addressSpace: [{ pattern: `C=GB;ADMD= ;PRMD=${them.name.toUpperCase()}` }],
  };
  const site = {
    mta: {
      name: `MTA-${us.name.toUpperCase()}`,
      password: secrets[us.name],
      globalDomain: { country: 'GB', admd: ' ', prmd: us.name.toUpperCase() },
    },
    listen: [{ host: '127.0.0.1', port: us.port, transportSelector: 'MTA' }],
    dataDirectory,
    connectors: [Object.assign(connector, ...options.map((option) => option.connector ?? {})) as object],
    mailboxes: [us.mailbox],
  };
  return Object.assign(site, ...options.map((option) => option.site ?? {})) as object;
}

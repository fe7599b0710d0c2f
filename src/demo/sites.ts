import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'jsonc-parser';

interface ExampleSite {
  listen: { port: number }[];
  dataDirectory: string;
  admin?: unknown;
  connectors: { remote: { host?: string; port?: number; via?: { host: string; port: number } } }[];
}

export interface DemonstrationSites {
  readonly alpha: string;
  readonly beta: string;
  /** Where beta listens. */
  readonly betaPort: number;
}

/** The two example sites on free ports and in a folder of their own; alpha reaches beta by way of the link. */
export async function writeSites(folder: string, linkPort: number): Promise<DemonstrationSites> {
  const [alphaPort, betaPort] = [await freePort(), await freePort()];
  const alpha = example('alpha');
  const beta = example('beta');
  place(alpha, alphaPort, join(folder, 'alpha'), betaPort);
  place(beta, betaPort, join(folder, 'beta'), alphaPort);
  for (const { remote } of alpha.connectors) remote.via = { host: '127.0.0.1', port: linkPort };
  return { alpha: write(folder, 'alpha', alpha), beta: write(folder, 'beta', beta), betaPort };
}

function example(name: string): ExampleSite {
  const path = fileURLToPath(new URL(`../../examples/${name}.json`, import.meta.url));
  return parse(readFileSync(path, 'utf8'), [], { allowTrailingComma: true }) as ExampleSite;
}

function place(site: ExampleSite, port: number, dataDirectory: string, peerPort: number): void {
  for (const listen of site.listen) listen.port = port;
  site.dataDirectory = dataDirectory;
  delete site.admin;
  for (const { remote } of site.connectors) {
    remote.host = '127.0.0.1';
    remote.port = peerPort;
  }
}

function write(folder: string, name: string, site: ExampleSite): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(site, undefined, 2), { mode: 0o600 });
  return path;
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}

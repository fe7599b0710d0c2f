import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAdvise, type AdviseArguments } from '../../src/cli/advise.js';
import { loadSiteFile } from '../../src/host/site-files.js';
import type { Site } from '../../src/config/site.js';
import { alphaObject } from '../config/site-files.js';
import { captureOutput, siteFile } from './site-directory.js';

function site(): Site {
  const load = loadSiteFile(siteFile(alphaObject()));
  if (!load.valid) throw new Error('the site file is not good');
  return load.site;
}

async function advise(args: Partial<AdviseArguments>) {
  const output = captureOutput();
  const code = await runAdvise({ site: site(), connector: 'beta', given: {}, json: false, ...args }, output);
  return { code, out: output.out(), err: output.err() };
}

const satellite = { roundTripSeconds: 0.6, octetsPerSecond: 1_000_000, cutsPerHour: 6, messageOctets: 5_000_000 };

describe('mta advise', () => {
  it('prints the figures with where they come from, the model, a table and a block to paste', async () => {
    const { code, out } = await advise({ given: { ...satellite, outageSeconds: 100 } });
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}round trip +600 ms +--rtt$/m);
    expect(out).toContain('goodput = min(line, window x checkpoint / (checkpoint / line + round trip + disk sync))');
    expect(out).toMatch(/^ {2}now +30 K +5 +236 K\/s +window/m);
    expect(out).toMatch(/^ {2}\* +60 K +11 +977 K\/s +line/m);
    expect(out).toContain(
      '"override": { "rts": { "checkpointSizeK": 60, "windowSize": 11, "recoveryTimeoutSeconds": 240 } }',
    );
    expect(out).toContain('at the peer: the same three values in what it has for MTA-ALPHA');
    expect(out).toMatch(/a message of 5000000 octets takes about 5.0 s/);
  });

  it('prints the same as JSON, and asks no peer where round trip and goodput are given', async () => {
    const { out } = await advise({ given: satellite, json: true });
    expect(JSON.parse(out)).toMatchObject({
      connector: 'beta',
      exchanges: [],
      recommended: { checkpointSizeK: 60, windowSize: 11, boundBy: 'line' },
      recoveryTimeoutSeconds: 60,
      override: { rts: { checkpointSizeK: 60, windowSize: 11, recoveryTimeoutSeconds: 60 } },
    });
  });

  it('takes goodput, cuts and outages from a log', async () => {
    const start = Date.UTC(2026, 10, 22);
    const line = (seconds: number, event: string, fields: object) =>
      JSON.stringify({ time: start + seconds * 1000, event, connector: 'beta', ...fields });
    const log = siteFile(
      [
        line(0, 'transfer.started', { mts: 'a', octets: 1_000_000 }),
        line(100, 'transfer.completed', { mts: 'a', octets: 1_000_000, direction: 'outgoing' }),
        line(200, 'transfer.started', { mts: 'b', octets: 1_000_000 }),
        line(210, 'association.lost', { association: 'a1' }),
        line(250, 'association.recovered', { association: 'a2', lost: 'a1' }),
        line(250, 'transfer.resumed', { mts: 'b', fromOctet: 100_000 }),
        line(340, 'transfer.completed', { mts: 'b', octets: 1_000_000, direction: 'outgoing' }),
      ].join('\n'),
    );
    const { out } = await advise({ given: { roundTripSeconds: 0.2 }, log });
    expect(out).toMatch(/^ {2}line +9.8 K\/s +the median of the longer transfers in the log$/m);
    expect(out).toMatch(/^ {2}cuts +15 per hour +1 in 0.1 h of transfers in the log$/m);
    expect(out).toMatch(/^ {2}longest outage +40 s +of 1 in the log$/m);
  });

  it('reads the tracking log of the site where there is one', async () => {
    const found = site();
    mkdirSync(found.dataDirectory, { recursive: true });
    const octets = 1_000_000;
    const lines = [
      { time: 0, event: 'transfer.started', connector: 'beta', mts: 'a', octets },
      { time: 50_000, event: 'transfer.completed', connector: 'beta', mts: 'a', octets, direction: 'outgoing' },
    ];
    writeFileSync(join(found.dataDirectory, 'tracking.log'), lines.map((line) => JSON.stringify(line)).join('\n'));
    const { out } = await advise({ site: found, given: { roundTripSeconds: 0.2 } });
    expect(out).toMatch(/^ {2}line +20 K\/s/m);
  });

  it('says which figure is missing, and which file cannot be read', async () => {
    await expect(advise({ given: { roundTripSeconds: 0.2 } })).rejects.toThrow('--exercise SECONDS');
    const log = join(dirname(siteFile('')), 'nowhere.log');
    await expect(advise({ given: satellite, log })).rejects.toThrow('nowhere.log: ENOENT');
  });
});

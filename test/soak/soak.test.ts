import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/soak/report.js';
import { soak } from '../../src/soak/run.js';

const testMilliseconds = 300_000;

describe('two daemons on real sockets and disks, killed and cut off again and again', () => {
  it(
    'lose nothing, deliver nothing twice, come to rest and leave nothing behind',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mta-soak-test-'));
      const said: string[] = [];
      try {
        const seed = 7;
        const minutes = 0.2;
        const result = await soak({
          seed,
          minutes,
          octetsPerSecond: 1_000_000,
          octetsMax: 4_000_000,
          recoveryTimeoutSeconds: 10,
          folder,
          say: (text) => said.push(text),
        });
        const figures = figuresOf(seed, minutes, result);
        expect(figures.violations, said.join('\n')).toEqual([]);
        expect(figures.deliveries).toBeGreaterThan(5);
        expect(figures.starts['alpha'] ?? 0, said.join('\n')).toBeGreaterThan(1);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    testMilliseconds,
  );
});

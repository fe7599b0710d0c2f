import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStoreDatabase } from '../../src/queue/sqlite/store-database.js';
import { openStore } from './support/fixture.js';

const copies = 100_000;

/** Processor time, not time of day: the machine may be busy with something else. */
function processorMilliseconds(action: () => void): number {
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

describe(`a queue of ${String(copies)} copies`, () => {
  let folder = '';
  let file = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mta-many-'));
    file = join(folder, 'queue.sqlite');
    const database = openStoreDatabase(file);
    const { connection } = database;
    connection.pragma('synchronous = OFF');
    connection.exec(`
      BEGIN;
      WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${String(copies)})
      INSERT INTO message (sequence, id, kind, mts_identifier, content_type, content_octets, content_reference, originator, recipients,
        subject, arrived_at, envelope, content)
      SELECT n, '1-' || n, 'message', '[/C=GB/;' || n || ']', '22', 1000, 'message:1-' || n, 'S=Smith', '["S=One"]', '', n, zeroblob(300),
        zeroblob(1000) FROM number;
      INSERT INTO copy (sequence, id, message, connector, state, priority, arrived_at, not_before, recipients)
      SELECT sequence, id, sequence, 'connector-' || (sequence % 5), CASE WHEN sequence % 10 = 0 THEN 'deferred' ELSE 'queued' END,
        sequence % 3, arrived_at, CASE WHEN sequence % 10 = 0 THEN 900000 ELSE 0 END, '[0]' FROM message;
      INSERT INTO duplicate_key (key, seen_at) SELECT id, arrived_at FROM message;
      COMMIT`);
    database.close();
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is opened and counted in well under a second', () => {
    const database = openStoreDatabase(file);
    let counted = 0;
    const milliseconds = processorMilliseconds(() => {
      const { counts } = openStore({ database }).opened;
      for (const { queued, deferred } of Object.values(counts.connectors)) counted += queued + deferred;
    });
    database.close();
    expect(counted).toBe(copies);
    expect(milliseconds).toBeLessThan(500);
  });

  it('is claimed from without a look at what has been claimed before or is not due', () => {
    const database = openStoreDatabase(file);
    const { does } = openStore({ database });
    const connector = 'connector-1';
    expect(does('queue.claim', { connector, count: 10_000, now: 500_000 }).copies).toHaveLength(10_000);
    const milliseconds = processorMilliseconds(() => {
      for (let i = 0; i < 100; i++) {
        expect(does('queue.claim', { connector, count: 1, now: 500_000 }).copies).toHaveLength(1);
      }
    });
    database.close();
    expect(milliseconds / 100).toBeLessThan(3);
  });
});

/** What a dead process left on the disk, torn or not of our making at all. */
import { mutateOctets, mutateText } from '../mutator.js';
import type { Material, Target } from '../target.js';
import { must, shapeOf, targetDefaults } from '../target.js';
import { vectors } from '../seeds.js';
import { createStoreCore } from '../../queue/core.js';
import { checkOf, encodeRecord, recordHeadOctets } from '../../queue/apdu-record.js';
import { scanIncoming } from '../../queue/incoming-scan.js';
import { notedProgress, ProgressNotes } from '../../queue/progress-notes.js';
import { openStoreDatabase } from '../../queue/sqlite/store-database.js';
import { StoreError } from '../../queue/store-error.js';
import type { IncomingActivity } from '../../queue/store.js';
import { MemoryDisk } from '../../simulation/memory-disk.js';
import { joinOctets } from '../../bytes/octets.js';

const facts: IncomingActivity = {
  id: '1-1',
  activity: { connector: 'alpha', sessionConnection: '61.62.', activityIdentifier: '0101' },
  association: {
    connector: 'alpha',
    sessionConnection: '61.62.',
    role: 'responder',
    mode: 'normal',
    p1: '1988',
    dialogue: 'monologue',
    checkpointSizeK: 1,
    windowSize: 3,
    contextIdentifier: 5,
    references: { calling: '61', common: '62' },
  },
};

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const moment = { bootId: 'b', monotonicMilliseconds: 1, wallClockMilliseconds: 2 };

/** A file of records as the store writes it, in pieces of so many octets. */
function recordsOf(apdu: Uint8Array, pieceOctets: number): Uint8Array {
  const records = [...encodeRecord('start', { offset: 0 }, [json(facts)])];
  let serialNumber = 0;
  for (let offset = 0; offset < apdu.length; offset += pieceOctets) {
    const piece = apdu.subarray(offset, offset + pieceOctets);
    const position = { serialNumber: ++serialNumber, offset: offset + piece.length, syncedOctets: offset };
    records.push(...encodeRecord('data', { offset }, [piece]), ...encodeRecord('checkpoint', position));
  }
  records.push(...encodeRecord('interrupted', { offset: apdu.length }, [json(moment)]));
  return joinOctets(records);
}

function seeds(material: readonly Material[]): readonly Uint8Array[] {
  return vectors(material, 'vectors/p1.json')
    .filter(({ length }) => length > 400 && length < 3000)
    .map((apdu, i) => recordsOf(apdu, 100 * (i + 1)));
}

/** Heads whose check sums hold again: what is wrong is behind the first look. */
function withChecks(file: Uint8Array): Uint8Array {
  const repaired = file.slice();
  const view = new DataView(repaired.buffer);
  for (let at = 0; at + recordHeadOctets <= repaired.length;) {
    view.setUint32(at + 32, checkOf([repaired.subarray(at, at + 32)]));
    const next = at + recordHeadOctets + view.getUint32(at + 24);
    if (next <= at || next > repaired.length) break;
    view.setUint32(at + 28, checkOf([repaired.subarray(at + recordHeadOctets, next)]));
    view.setUint32(at + 32, checkOf([repaired.subarray(at, at + 32)]));
    at = next;
  }
  return repaired;
}

const file = 'incoming/1-1';

function diskWith(octets: Uint8Array, name = file): MemoryDisk {
  const disk = new MemoryDisk();
  disk.append(name, [octets]);
  return disk;
}

const incomingRecords: Target = {
  ...targetDefaults,
  name: 'incoming-records',
  mutators: [mutateOctets, mutateText(['MTAs', 'MTAd', 'MTAc', 'MTAi', '{"id":', 'null', '\0\0\0\0'])],
  seeds,
  run: (input) =>
    [input, withChecks(input)].map((octets) => {
      try {
        const found = scanIncoming(diskWith(octets), file);
        if (found === undefined) return 'nothing';
        const { index, checkpoints, fileOctets, lostAt } = found.restored;
        must(fileOctets <= octets.length, 'more is kept than there is');
        must(index.octets <= octets.length, 'more octets of the APDU than of the file');
        index.read(diskWith(octets), file, 0, index.octets);
        return `${String(Math.min(checkpoints.length, 8))} checkpoints ${String(lostAt !== undefined)}`;
      } catch (error) {
        if (error instanceof StoreError && error.code === 'malformed') return shapeOf(error.message);
        throw error;
      }
    }),
};

const progress: Target = {
  ...targetDefaults,
  name: 'progress-file',
  octetsMax: 1024,
  mutators: [mutateOctets],
  seeds: () => {
    const disk = new MemoryDisk();
    const notes = new ProgressNotes(disk);
    for (let i = 1; i < 6; i++) notes.note(i % 3, { serialNumber: i, offset: i * 1000, sentOffset: i * 2000 });
    return [disk.read('outgoing.progress', 0, 4096)];
  },
  run(input) {
    const positions = notedProgress(diskWith(input, 'outgoing.progress'));
    must(positions.size * 32 <= input.length, 'more positions than records');
    return [`${String(positions.size)} positions`];
  },
};

/** The whole store starts on whatever is there, and works. */
const storeStart: Target = {
  ...targetDefaults,
  name: 'store-start',
  millisecondsMax: 1000,
  corpusMax: 40,
  mutators: [mutateOctets, mutateText(['MTAs', 'MTAd', 'MTAc', 'MTAi', '{"id":', 'null'])],
  seeds,
  run(input) {
    const disk = diskWith(withChecks(input));
    disk.append('outgoing.progress', [input.subarray(0, 256)]);
    disk.append('incoming/odd', [input.subarray(3)]);
    disk.append('contents/odd', [input.subarray(0, 9)]);
    disk.append('quarantine/odd.json', [input.subarray(0, 40)]);
    const core = createStoreCore({ database: openStoreDatabase(':memory:'), disk });
    const opened = core.execute('open', { duplicateRetentionSeconds: 60 });
    must(opened.ok, `the store does not start: ${opened.ok ? '' : opened.failure.text}`);
    const features = opened.value.incoming.map(({ id, offset }) => {
      const outline = core.execute('incoming.outline', { id });
      must(outline.ok || outline.failure.code !== 'internal', `outline: ${outline.ok ? '' : outline.failure.text}`);
      must(core.execute('incoming.discard', { id }).ok, 'what was restored cannot be discarded');
      return `restored ${String(offset > 0)} ${outline.ok ? outline.value.kind : outline.failure.code}`;
    });
    const listed = core.execute('quarantine.list', {});
    must(listed.ok, `the quarantine cannot be listed: ${listed.ok ? '' : listed.failure.text}`);
    for (const { id } of listed.value) {
      must(core.execute('quarantine.read', { id, offset: 0, length: 64 }).ok, 'what is in quarantine cannot be read');
    }
    must(core.execute('sweep', { now: 0, completedBefore: 0 }).ok, 'sweep');
    must(core.execute('close', {}).ok, 'close');
    return [...features, `${String(listed.value.length)} in quarantine`];
  },
};

export const storedTargets: readonly Target[] = [incomingRecords, progress, storeStart];

import { checkOf, decodeRecordHead, recordHeadOctets } from './apdu-record.js';
import type { Disk } from './disk.js';
import { checkpointsKeptMax, type Checkpoint, type RestoredApdu } from './incoming-apdu.js';
import { recordsOf, RecordIndex, type FoundRecord } from './record-index.js';
import { StoreError } from './store-error.js';
import { incomingActivitySchema, momentSchema, parseStored } from './stored-json.js';
import type { IncomingActivity } from './store.js';

export interface ScannedApdu {
  readonly facts: IncomingActivity;
  readonly restored: RestoredApdu;
}

/**
 * Reads a file of records as a dead process left it, up to the first record that was not written whole. Undefined if no checkpoint is in it:
 * nothing that anybody was promised. Throws StoreError `malformed` if the file holds something else.
 */
export function scanIncoming(disk: Disk, file: string): ScannedApdu | undefined {
  const records = recordsOf(disk, file);
  const start = records.next();
  if (start.done === true || start.value.type !== 'start' || !isWhole(disk, file, start.value)) {
    if (neverReachedDisk(disk, file)) return undefined;
    throw new StoreError('malformed', `${file} does not start with the record of an incoming activity`);
  }
  const facts = parseStored(
    incomingActivitySchema,
    payloadOf(disk, file, start.value),
    `octets at the start of ${file}`,
  );
  const restored = lastSecured(disk, file, records);
  return restored === undefined ? undefined : { facts, restored };
}

/**
 * Writes that had not been synced may have reached the disk in any order. What the last checkpoint's record does not tell to have been
 * synced before it was written is compared with its check sums.
 */
function lastSecured(disk: Disk, file: string, records: Iterable<FoundRecord>): RestoredApdu | undefined {
  const index = new RecordIndex();
  const checkpoints: Checkpoint[] = [];
  let doubtful: FoundRecord[] = [];
  let interruption: FoundRecord | undefined;
  for (const record of records) {
    if (record.offset !== index.octets) break;
    if (record.type === 'data') {
      index.add(record.payloadAt, record.payloadOctets);
      doubtful.push(record);
    } else if (record.type === 'interrupted') interruption = record;
    else if (record.type === 'checkpoint') {
      const { serialNumber, offset, payloadAt, syncedOctets } = record;
      checkpoints.push({ serialNumber, offset, fileOctets: payloadAt });
      if (checkpoints.length > checkpointsKeptMax) checkpoints.shift();
      doubtful = doubtful.filter((data) => data.payloadAt >= syncedOctets);
    }
  }
  const torn = doubtful.find((data) => !isWhole(disk, file, data))?.payloadAt ?? Infinity;
  const kept = checkpoints.filter(({ fileOctets }) => fileOctets <= torn);
  const last = kept.at(-1);
  if (last === undefined) return undefined;
  index.truncate(last.offset);
  const lost = interruption !== undefined && isWhole(disk, file, interruption) ? interruption : undefined;
  return {
    index,
    checkpoints: kept,
    fileOctets: last.fileOctets,
    ...(lost === undefined
      ? {}
      : { lostAt: parseStored(momentSchema, payloadOf(disk, file, lost), `octets at the end of ${file}`) }),
  };
}

function payloadOf(disk: Disk, file: string, record: FoundRecord): Uint8Array {
  return disk.read(file, record.payloadAt, record.payloadOctets);
}

function isWhole(disk: Disk, file: string, record: FoundRecord): boolean {
  return checkOf([payloadOf(disk, file, record)]) === record.payloadCheck;
}

/**
 * Made shortly before a loss of power: too short for a record, room without octets, or the beginning of a file of which no record says that
 * any of it had been synced.
 */
function neverReachedDisk(disk: Disk, file: string): boolean {
  const head = disk.read(file, 0, recordHeadOctets);
  if (head.length < recordHeadOctets || head.every((octet) => octet === 0)) return true;
  if (decodeRecordHead(head)?.type !== 'start') return false;
  for (const { syncedOctets } of recordsOf(disk, file)) if (syncedOctets > 0) return false;
  return true;
}

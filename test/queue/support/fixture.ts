import type { OctetSource } from '../../../src/p1/octet-source.js';
import { createStoreCore, type StoreCore } from '../../../src/queue/core.js';
import type { Disk } from '../../../src/queue/disk.js';
import type { StoreLimits } from '../../../src/queue/limits.js';
import type { NewQuarantineEntry } from '../../../src/queue/quarantine-entry.js';
import { openStoreDatabase, type StoreDatabase } from '../../../src/queue/sqlite/store-database.js';
import type {
  ActivityName,
  ApduOutline,
  AssociationFacts,
  IncomingActivity,
  Moment,
  NewCopy,
  NewMessage,
  StoreInput,
  StoreOperationName,
  StoreOutput,
} from '../../../src/queue/store.js';
import { SimulatedDisk } from './simulated-disk.js';

/** Small, so that small inputs reach every path. */
export const smallLimits: Partial<StoreLimits> = {
  inlineContentOctetsMax: 40,
  claimedContentOctetsMax: 20,
  pendingOctetsMax: 60,
  copyStepOctets: 16,
  recordIndexesMax: 2,
};

export interface OpenStore {
  readonly core: StoreCore;
  readonly database: StoreDatabase;
  readonly opened: StoreOutput<'open'>;
  /** The output of an operation that must succeed. */
  readonly does: <Name extends StoreOperationName>(name: Name, input: StoreInput<Name>) => StoreOutput<Name>;
  /** The code of one that must fail. */
  readonly fails: <Name extends StoreOperationName>(name: Name, input: StoreInput<Name>) => string;
}

/** The APDUs of these tests are three octets of head, then the content. */
function outlineOfTestApdu(source: OctetSource): ApduOutline {
  const length = source.octets - 3;
  return { kind: 'message', envelope: source.read(0, 3), content: { octets: length, runs: [{ offset: 3, length }] } };
}

export interface StoreOptions {
  readonly disk?: Disk;
  readonly database?: StoreDatabase;
  readonly limits?: Partial<StoreLimits>;
  readonly duplicateRetentionSeconds?: number;
}

export function openStore(options: StoreOptions = {}): OpenStore {
  const database = options.database ?? openStoreDatabase(':memory:');
  const core = createStoreCore({
    database,
    disk: options.disk ?? new SimulatedDisk(),
    limits: options.limits ?? smallLimits,
    outlineOf: outlineOfTestApdu,
  });
  const does = <Name extends StoreOperationName>(name: Name, input: StoreInput<Name>): StoreOutput<Name> => {
    const answer = core.execute(name, input);
    if (!answer.ok) throw new Error(`${name}: ${answer.failure.code}: ${answer.failure.text}`);
    return answer.value;
  };
  const fails = <Name extends StoreOperationName>(name: Name, input: StoreInput<Name>): string => {
    const answer = core.execute(name, input);
    return answer.ok ? 'ok' : answer.failure.code;
  };
  const opened = does('open', { duplicateRetentionSeconds: options.duplicateRetentionSeconds ?? 604_800 });
  return { core, database, opened, does, fails };
}

/** The database as it was last committed, as after a crash. */
export function committedImage(database: StoreDatabase): StoreDatabase {
  database.rollback();
  return openStoreDatabase(database.connection.serialize());
}

export function moment(wallClockMilliseconds: number): Moment {
  return { bootId: 'boot', monotonicMilliseconds: wallClockMilliseconds / 2, wallClockMilliseconds };
}

export function activityName(activityIdentifier = '020101'): ActivityName {
  return { connector: 'beta', sessionConnection: '00ff', activityIdentifier };
}

export const facts: AssociationFacts = {
  connector: 'beta',
  sessionConnection: '00ff',
  role: 'responder',
  mode: 'normal',
  p1: '1988',
  dialogue: 'monologue',
  checkpointSizeK: 1,
  windowSize: 3,
  contextIdentifier: 5,
  references: { calling: 'aa', common: 'bb' },
};

export function incomingActivity(id: string, activityIdentifier?: string): IncomingActivity {
  return { id, activity: activityName(activityIdentifier), association: facts };
}

/** Octets that differ from place to place. */
export function sampleOctets(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 0xff);
}

export function newCopy(id: string, change: Partial<NewCopy> = {}): NewCopy {
  return { id, connector: 'beta', recipients: [0], notBefore: 0, ...change };
}

export function newMessage(id: string, change: Partial<NewMessage> = {}): NewMessage {
  return {
    id,
    kind: 'message',
    mtsIdentifier: `[/C=GB/;${id}]`,
    priority: 1,
    envelope: sampleOctets(30),
    content: { kind: 'octets', octets: sampleOctets(10) },
    contentType: '22',
    contentOctets: 10,
    originator: 'S=Smith',
    recipients: ['S=One', 'S=Two', 'S=Three'],
    subject: 'On checkpoints',
    arrivedAt: 1000,
    copies: [newCopy(`${id}.c`)],
    deliveries: [],
    duplicateKeys: [],
    ...change,
  };
}

/** Puts an incoming APDU aside. */
export function quarantining(id: string, change: Partial<NewQuarantineEntry> = {}): StoreInput<'commit'> {
  const entry: NewQuarantineEntry = {
    id,
    kind: 'arrival',
    reason: 'no MTS-APDU',
    answer: 'refused',
    quarantinedAt: 1000,
    connector: 'beta',
    source: { kind: 'incoming', id },
    ...change,
  };
  return { changes: [{ type: 'quarantine.insert', entry }] };
}

/** Changes that take a message in. */
export function inserting(id: string, change: Partial<NewMessage> = {}): StoreInput<'commit'> {
  return { changes: [{ type: 'message.insert', message: newMessage(id, change) }] };
}

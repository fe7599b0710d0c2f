import type { OctetSource } from '../p1/octet-source.js';
import type { Batch } from './batch.js';
import type { StoreContext } from './context.js';
import { fileNameOf } from './file-names.js';
import { IncomingApdu } from './incoming-apdu.js';
import { scanIncoming } from './incoming-scan.js';
import type { Quarantine } from './quarantine.js';
import type { Room } from './room.js';
import { failureOf, StoreError } from './store-error.js';
import type {
  ActivityName,
  ApduOutline,
  IncomingActivity,
  IncomingId,
  InterruptedIncoming,
  Moment,
  StoreInput,
  StoreOutput,
} from './store.js';

/** One text for each activity. */
export function activityKey(activity: ActivityName): string {
  return JSON.stringify([activity.connector, activity.sessionConnection, activity.activityIdentifier]);
}

/** What `activityKey` begins with for every activity of a session connection. */
function activityKeyBeginning(connector: string, sessionConnection: string): string {
  return JSON.stringify([connector, sessionConnection]).replace(/\]$/, '');
}

interface IncomingParts {
  readonly context: StoreContext;
  readonly quarantine: Quarantine;
  readonly room: Room;
  readonly outlineOf: (source: OctetSource) => ApduOutline;
}

/** The APDUs on their way in, running or interrupted. */
export class IncomingApdus {
  readonly #context: StoreContext;
  readonly #quarantine: Quarantine;
  readonly #room: Room;
  readonly #outlineOf: (source: OctetSource) => ApduOutline;
  readonly #apdus = new Map<IncomingId, IncomingApdu>();
  /** The last APDU that each activity has brought. */
  readonly #activities = new Map<string, IncomingApdu>();
  /** Files that cannot be read and have no room in the quarantine. */
  readonly #left = new Set<string>();

  constructor({ context, quarantine, room, outlineOf }: IncomingParts) {
    this.#context = context;
    this.#quarantine = quarantine;
    this.#room = room;
    this.#outlineOf = outlineOf;
  }

  /** Finds what a dead process left. What was secured stays; what cannot be read goes to the quarantine; the rest goes. */
  restore(batch: Batch): readonly InterruptedIncoming[] {
    const { disk, contents } = this.#context;
    const taken = contents.files();
    const interrupted: InterruptedIncoming[] = [];
    for (const name of [...disk.list('incoming')].sort()) {
      const file = `incoming/${name}`;
      const apdu = taken.has(file) ? undefined : this.#restoreFile(batch, file);
      if (apdu?.lastCheckpoint === undefined) continue;
      this.#add(apdu);
      const { serialNumber, offset } = apdu.lastCheckpoint;
      const { lostAt } = apdu;
      interrupted.push({ ...apdu.facts, serialNumber, offset, ...(lostAt === undefined ? {} : { lostAt }) });
    }
    return interrupted;
  }

  start(facts: IncomingActivity): void {
    if (this.#apdus.has(facts.id)) throw new StoreError('internal', `${facts.id} has been started before`);
    const { disk, buffers } = this.#context;
    this.#room.require();
    this.#add(new IncomingApdu(disk, buffers, facts, fileNameOf('incoming', facts.id)));
  }

  append(id: IncomingId, octets: readonly Uint8Array[]): void {
    this.#find(id).append(octets);
  }

  secure(batch: Batch, { id, octets, serialNumber, offset }: StoreInput<'incoming.secure'>): void {
    const apdu = this.#find(id);
    apdu.secure(serialNumber, offset, octets);
    this.#syncLater(batch, apdu);
  }

  outline(id: IncomingId): ApduOutline {
    return this.#outlineOf(this.source(id));
  }

  /** An APDU without a checkpoint cannot be resumed, and goes. */
  interrupted(batch: Batch, id: IncomingId, at: Moment): void {
    const apdu = this.#find(id);
    if (apdu.lastCheckpoint === undefined) {
      this.#drop(apdu);
      return;
    }
    apdu.interrupted(at);
    this.#syncLater(batch, apdu);
  }

  resume(activity: ActivityName, serialNumber: number): StoreOutput<'incoming.resume'> {
    const key = activityKey(activity);
    if (this.#context.memory.hasCompleted(key)) return { completed: true };
    const apdu = this.#activities.get(key);
    return apdu?.resume(serialNumber) === true ? { id: apdu.facts.id, offset: apdu.octets } : undefined;
  }

  completedOn(connectors: readonly string[], sessionConnection: string): string | undefined {
    const { memory } = this.#context;
    return connectors.find((connector) => memory.hasCompletedAny(activityKeyBeginning(connector, sessionConnection)));
  }

  discard(id: IncomingId): void {
    const apdu = this.#apdus.get(id);
    if (apdu !== undefined) this.#drop(apdu);
  }

  source(id: IncomingId): OctetSource {
    const apdu = this.#find(id);
    return { octets: apdu.octets, read: (offset, length) => apdu.read(offset, length) };
  }

  /** A message or the quarantine takes the APDU over: it is no incoming one any more, and its file goes unless it has become the content's. */
  take(batch: Batch, id: IncomingId): IncomingApdu {
    const apdu = this.#find(id);
    this.#forget(apdu);
    batch.onUndo(() => {
      this.#add(apdu);
    });
    batch.afterCommit(() => {
      apdu.forget();
      if (apdu.hasFile && this.#context.contents.find(apdu.fileName) === undefined) {
        this.#context.disk.remove(apdu.fileName);
      }
    });
    return apdu;
  }

  /** Removes files that belong to nothing. */
  sweep(): void {
    const { disk, contents } = this.#context;
    const known = contents.files();
    for (const { fileName } of this.#apdus.values()) known.add(fileName);
    for (const file of this.#left) known.add(file);
    for (const name of disk.list('incoming')) {
      const file = `incoming/${name}`;
      if (!known.has(file)) disk.remove(file);
    }
  }

  #restoreFile(batch: Batch, file: string): IncomingApdu | undefined {
    const { disk, buffers, memory } = this.#context;
    try {
      const found = scanIncoming(disk, file);
      if (found !== undefined && !memory.hasCompleted(activityKey(found.facts.activity))) {
        return new IncomingApdu(disk, buffers, found.facts, file, found.restored);
      }
      disk.remove(file);
    } catch (error) {
      const { code, text } = failureOf(error);
      if (code !== 'malformed') throw error;
      this.#putAside(batch, file, text);
    }
    return undefined;
  }

  #putAside(batch: Batch, file: string, reason: string): void {
    try {
      this.#quarantine.putFile(batch, file, reason);
    } catch (error) {
      if (failureOf(error).code !== 'quarantine-full') throw error;
      this.#left.add(file);
    }
  }

  #find(id: IncomingId): IncomingApdu {
    const apdu = this.#apdus.get(id);
    if (apdu === undefined) throw new StoreError('not-found', `there is no incoming APDU ${id}`);
    return apdu;
  }

  #add(apdu: IncomingApdu): void {
    this.#apdus.set(apdu.facts.id, apdu);
    this.#activities.set(activityKey(apdu.facts.activity), apdu);
  }

  #forget(apdu: IncomingApdu): void {
    this.#apdus.delete(apdu.facts.id);
    const key = activityKey(apdu.facts.activity);
    if (this.#activities.get(key) === apdu) this.#activities.delete(key);
  }

  #drop(apdu: IncomingApdu): void {
    this.#forget(apdu);
    apdu.forget();
    if (apdu.hasFile) this.#context.disk.remove(apdu.fileName);
  }

  #syncLater(batch: Batch, apdu: IncomingApdu): void {
    batch.beforeAnswers(apdu, () => {
      apdu.sync();
    });
  }
}

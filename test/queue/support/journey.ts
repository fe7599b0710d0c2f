import type { StoreRequest } from '../../../src/queue/batch-run.js';
import { openStoreDatabase, type Durability, type StoreDatabase } from '../../../src/queue/sqlite/store-database.js';
import type { NewMessage, StoreAnswer, StoreOperationName } from '../../../src/queue/store.js';
import {
  activityName,
  incomingActivity,
  moment,
  newMessage,
  openStore,
  sampleOctets,
  smallLimits,
  type OpenStore,
} from './fixture.js';
import { RecordedDisk, type Files } from './recorded-disk.js';

/** What an answer of the store promises; each concerns one activity, message or copy by its name. */
export type Pledge =
  | { readonly type: 'secured'; readonly activity: string; readonly serialNumber: number; readonly offset: number }
  | { readonly type: 'interrupted'; readonly activity: string; readonly at: number }
  | { readonly type: 'resumed'; readonly activity: string; readonly serialNumber: number }
  | { readonly type: 'discarded'; readonly activity: string }
  | { readonly type: 'taken'; readonly message: string; readonly content: Uint8Array; readonly activity?: string }
  | { readonly type: 'removed'; readonly message: string }
  | {
      readonly type: 'outgoing interrupted';
      readonly copy: string;
      readonly serialNumber: number;
      readonly offset: number;
    }
  | { readonly type: 'outgoing ended'; readonly copy: string }
  | { readonly type: 'quarantined'; readonly octets: Uint8Array }
  | { readonly type: 'quarantine removed'; readonly octets: Uint8Array };

/** Asked for after `asked` events of the journal, answered after `answered`. */
export type GivenPledge = Pledge & { readonly asked: number; readonly answered: number };

/** What was pledged in a former life. */
export interface Past {
  readonly files: Files;
  readonly image: Uint8Array | undefined;
  readonly pledges: readonly GivenPledge[];
}

/** As those of other tests, with fewer and larger pieces. */
const journeyLimits = { ...smallLimits, copyStepOctets: 64 };

/** Octets of an APDU of the tests before its content. */
export const headOctets = 3;

/** A store at work whose disk and database are recorded, together with what it pledged. */
export class Journey {
  readonly disk: RecordedDisk;
  readonly pledges: GivenPledge[];
  /** Every APDU that was on its way, whole, by its activity. */
  readonly apdus = new Map<string, Uint8Array>();
  readonly past: Past;
  readonly #store: OpenStore;
  readonly #arrived = new Map<string, number>();

  constructor(
    past: Past = { files: new Map(), image: undefined, pledges: [] },
    apdus: ReadonlyMap<string, Uint8Array> = new Map(),
  ) {
    this.past = past;
    this.disk = new RecordedDisk(past.files);
    this.pledges = [...past.pledges];
    for (const [activity, apdu] of apdus) this.apdus.set(activity, apdu);
    const database = this.#recorded(openStoreDatabase(past.image ?? ':memory:'));
    this.#store = openStore({ disk: this.disk, database, limits: journeyLimits });
  }

  get store(): OpenStore {
    return this.#store;
  }

  /** The operations of one batch, and what their answers pledge. */
  batch(...steps: readonly (readonly [StoreRequest, ...Pledge[]])[]): readonly StoreAnswer<StoreOperationName>[] {
    const asked = this.disk.journal.length;
    const answers = this.#store.core.run(steps.map(([request]) => request));
    const answered = this.disk.journal.length;
    for (const [i, [request, ...pledges]] of steps.entries()) {
      const answer = answers[i];
      if (answer?.ok !== true) throw new Error(`${request.name} failed: ${JSON.stringify(answer)}`);
      this.pledges.push(...pledges.map((pledge) => ({ ...pledge, asked, answered })));
    }
    return answers;
  }

  startOf(activity: string, octets: number): readonly [StoreRequest] {
    this.apdus.set(activity, sampleOctets(octets, activity.charCodeAt(0)));
    this.#arrived.set(activity, 0);
    return [{ name: 'incoming.start', input: incomingActivity(activity, activity) }];
  }

  appendTo(activity: string, octets: number): readonly [StoreRequest] {
    const from = this.#arrived.get(activity) ?? 0;
    this.#arrived.set(activity, from + octets);
    const part = this.#apdu(activity).slice(from, from + octets);
    return [{ name: 'incoming.append', input: { id: activity, octets: [part] } }];
  }

  /** With so many octets more. */
  secureOf(activity: string, serialNumber: number, more = 0): readonly [StoreRequest, Pledge] {
    const from = this.#arrived.get(activity) ?? 0;
    const offset = from + more;
    this.#arrived.set(activity, offset);
    const octets = more === 0 ? {} : { octets: [this.#apdu(activity).slice(from, offset)] };
    return [
      { name: 'incoming.secure', input: { id: activity, ...octets, serialNumber, offset } },
      { type: 'secured', activity, serialNumber, offset },
    ];
  }

  interruptionOf(activity: string, at: number): readonly [StoreRequest, Pledge] {
    const request: StoreRequest = { name: 'incoming.interrupted', input: { id: activity, at: moment(at) } };
    return [request, { type: 'interrupted', activity, at }];
  }

  resumptionOf(activity: string, serialNumber: number, offset: number): readonly [StoreRequest, Pledge] {
    this.#arrived.set(activity, offset);
    const request: StoreRequest = {
      name: 'incoming.resume',
      input: { activity: activityName(activity), serialNumber },
    };
    return [request, { type: 'resumed', activity, serialNumber }];
  }

  discardOf(activity: string): readonly [StoreRequest, Pledge] {
    return [
      { name: 'incoming.discard', input: { id: activity } },
      { type: 'discarded', activity },
    ];
  }

  /** Takes the message over that the activity brought. `runs`: as many as its content came in. */
  takeIncoming(activity: string, change: Partial<NewMessage> = {}, runs = 1): readonly [StoreRequest, Pledge] {
    const apdu = this.#apdu(activity);
    const octets = apdu.length - headOctets;
    const length = Math.ceil(octets / runs);
    const location = {
      octets,
      runs: Array.from({ length: runs }, (_, i) => {
        return { offset: headOctets + i * length, length: Math.min(length, octets - i * length) };
      }),
    };
    const message = newMessage(activity, {
      mtsIdentifier: activity,
      content: { kind: 'incoming', id: activity, location },
      contentOctets: octets,
      duplicateKeys: [activity],
      ...change,
    });
    const completed = { type: 'activity.completed' as const, activity: activityName(activity), at: moment(1) };
    return [
      { name: 'commit', input: { changes: [{ type: 'message.insert', message }, completed] } },
      { type: 'taken', message: activity, content: apdu.slice(headOctets), activity },
    ];
  }

  /** Takes a message over that a user of ours submits, with its content in the message or sealed before. */
  take(
    id: string,
    content: Uint8Array,
    kind: 'octets' | 'stored',
    change: Partial<NewMessage> = {},
  ): readonly [StoreRequest, Pledge] {
    const message = newMessage(id, {
      mtsIdentifier: id,
      content: kind === 'octets' ? { kind, octets: content } : { kind, reference: id },
      contentOctets: content.length,
      ...change,
    });
    return [
      { name: 'commit', input: { changes: [{ type: 'message.insert', message }] } },
      { type: 'taken', message: id, content },
    ];
  }

  #apdu(activity: string): Uint8Array {
    return this.apdus.get(activity) ?? new Uint8Array(0);
  }

  #recorded(database: StoreDatabase): StoreDatabase {
    const { journal } = this.disk;
    let durability: Durability = 'power';
    // What was there before the first commit is there after a loss of power too.
    journal.push({ type: 'commit', durability, image: database.connection.serialize() });
    return {
      ...database,
      get inTransaction() {
        return database.inTransaction;
      },
      begin(asked) {
        durability = asked;
        database.begin(asked);
      },
      commit() {
        database.commit();
        journal.push({ type: 'commit', durability, image: database.connection.serialize() });
      },
    };
  }
}

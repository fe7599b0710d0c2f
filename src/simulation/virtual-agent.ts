import { loadSite } from '../config/load.js';
import type { Site } from '../config/site.js';
import type { Random } from '../faults/random.js';
import { Engine, type SubmissionAnswer } from '../engine/engine.js';
import type { ConnectionHandlers, World } from '../engine/world.js';
import type { SubmissionOrder } from '../mta/submission.js';
import type { Observation } from '../osi/machine.js';
import type {
  MailboxEntry,
  MessageStore,
  NewContent,
  StoreInput,
  StoreOperationName,
  StoreOutput,
} from '../queue/store.js';
import type { MemoryDisk } from './memory-disk.js';
import type { VirtualClock } from './virtual-clock.js';
import type { VirtualNetwork } from './virtual-network.js';
import { VirtualStore } from './virtual-store.js';

export function siteOf(file: object): Site {
  const load = loadSite({
    text: JSON.stringify(file),
    path: '/site.json',
    readFile: () => '',
    environment: {},
    statMode: () => undefined,
  });
  if (!load.valid) throw new Error(JSON.stringify(load.problems, undefined, 1));
  return load.site;
}

/** As timers of a process are: parts of a millisecond that are left by rounding do not make it go round in a circle. */
const timerMillisecondsMin = 1;

type VirtualOrder = Partial<SubmissionOrder> & Pick<SubmissionOrder, 'from' | 'to'>;

/** A whole agent on virtual time, network and disk. */
export class VirtualAgent {
  readonly log: Observation[] = [];
  engine: Engine | undefined;
  /** How far the wall clock has been stepped. */
  wallClockOffsetMilliseconds = 0;
  isStopping = false;
  /** Told of everything that is logged. */
  observer: ((observation: Observation) => void) | undefined;
  readonly storage: VirtualStore;
  #store: MessageStore | undefined;
  /** Differs for every life of the process: what belongs to a former one does nothing any more. */
  #life = 0;
  #random = 1;
  /** Boots of the machine, and when the last one was. */
  #boot = { count: 0, at: 0 };
  #timers = new Set<object>();
  readonly #clock: VirtualClock;
  readonly #network: VirtualNetwork;
  readonly #port: number;
  site: Site;

  constructor(clock: VirtualClock, network: VirtualNetwork, site: Site, storage = new VirtualStore(clock)) {
    this.#clock = clock;
    this.#network = network;
    this.site = site;
    this.storage = storage;
    this.#port = site.listen[0]?.port ?? 0;
  }

  /** From a commit of the store to its answers. */
  set answerMilliseconds(milliseconds: number) {
    this.storage.answerMilliseconds = milliseconds;
  }

  get disk(): MemoryDisk {
    return this.storage.disk;
  }

  start(): void {
    const life = ++this.#life;
    const { store, opened } = this.storage.open();
    this.#store = store;
    this.#timers = new Set();
    const engine = new Engine(this.site, this.#world(life), store, opened);
    this.engine = engine;
    this.#network.listen(this.#port, (connection) =>
      this.#mortal(life, engine.accept(connection, this.site.listen[0]?.selectors ?? {})),
    );
    engine.start();
  }

  /** The process dies where it stands. `power`: what was not synced is lost with it, or torn as `random` will have it. */
  kill(how: 'process' | 'power' = 'process', random?: Random): void {
    this.#life += 1;
    this.#network.close(this.#port);
    this.storage.die(how, random);
    if (how === 'power') this.#boot = { count: this.#boot.count + 1, at: this.#clock.now };
    this.engine = undefined;
    this.isStopping = false;
  }

  /** Asks the process to stop in order; `stopped` when nothing is open any more. */
  stop(stopped: () => void): void {
    this.isStopping = true;
    this.engine?.stop(stopped);
  }

  get port(): number {
    return this.#port;
  }

  /** Timers that are set and have not fired. */
  get liveTimers(): number {
    return this.#timers.size;
  }

  reload(site: Site): void {
    this.site = site;
    this.engine?.reload(site);
  }

  /** Submits; the answer does not come if the process dies before. */
  offer(order: VirtualOrder, content: Uint8Array, answered: (answer: SubmissionAnswer) => void): void {
    const inline: NewContent = { kind: 'octets', octets: content };
    this.engine?.submit(
      {
        contentType: '0',
        contentOctets: content.length,
        priority: 'normal',
        reports: 'non-delivery',
        encodedInformationTypes: { builtIn: [0], extended: [] },
        contentHead: content.subarray(0, 1024),
        ...order,
      },
      inline,
      answered,
    );
  }

  submit(order: VirtualOrder, content: Uint8Array): string {
    let answer: SubmissionAnswer | undefined;
    this.offer(order, content, (given) => {
      answer = given;
    });
    this.#clock.run(1000, () => answer !== undefined);
    if (answer?.result !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
    return answer.mtsIdentifier;
  }

  call<Name extends StoreOperationName>(name: Name, input: StoreInput<Name>): StoreOutput<Name> {
    let value: { readonly output: StoreOutput<Name> } | undefined;
    let failure: string | undefined;
    this.#store?.execute(name, input, (answer) => {
      if (answer.ok) value = { output: answer.value };
      else failure = answer.failure.text;
    });
    this.#clock.run(1000, () => value !== undefined || failure !== undefined);
    if (value === undefined) throw new Error(failure ?? `${name} was not answered`);
    return value.output;
  }

  mailbox(name: string): readonly MailboxEntry[] {
    return this.call('mailbox.list', { mailbox: name });
  }

  content(mailbox: string, id: string): Uint8Array {
    const entry = this.call('mailbox.get', { mailbox, id });
    if (entry === undefined) throw new Error(`no entry ${id}`);
    return this.call('content.read', { reference: entry.content, offset: 0, length: entry.contentOctets });
  }

  events(name: string): readonly Observation['fields'][] {
    return this.log.filter(({ event }) => event === name).map(({ fields }) => fields);
  }

  /** Handlers that a dead process does not have any more. */
  #mortal(life: number, handlers: ConnectionHandlers): ConnectionHandlers {
    const isAlive = (): boolean => this.#life === life;
    return {
      connected: () => {
        if (isAlive()) handlers.connected();
      },
      data: (octets) => {
        if (isAlive()) handlers.data(octets);
      },
      drained: () => {
        if (isAlive()) handlers.drained();
      },
      closed: (text) => {
        if (isAlive()) handlers.closed(text);
      },
    };
  }

  #world(life: number): World {
    const clock = this.#clock;
    return {
      bootId: `virtual-${String(this.#boot.count)}`,
      monotonicMilliseconds: () => clock.now - this.#boot.at,
      wallClockMilliseconds: () => Date.UTC(2026, 10, 22) + clock.now + this.wallClockOffsetMilliseconds,
      setTimer: (milliseconds, fire) => {
        const handle = clock.schedule(milliseconds > 0 ? Math.max(milliseconds, timerMillisecondsMin) : 0, () => {
          if (this.#life !== life) return;
          this.#timers.delete(handle);
          fire();
        });
        this.#timers.add(handle);
        return handle;
      },
      clearTimer: (handle) => {
        this.#timers.delete(handle as object);
        clock.cancel(handle as object);
      },
      connect: (target, handlers) => this.#network.connect(target, this.#mortal(life, handlers), this.#port),
      randomOctets: (count) =>
        Uint8Array.from(
          { length: count },
          () => (this.#random = (this.#random * 48271 + this.#port) % 2147483647) & 0xff,
        ),
      observe: (observation) => {
        this.log.push(observation);
        this.observer?.(observation);
      },
      tap: () => undefined,
    };
  }
}

import { Worker } from 'node:worker_threads';
import { totalOctets } from '../bytes/octets.js';
import type { StoreRequest } from '../queue/batch-run.js';
import { storeLimits } from '../queue/limits.js';
import { ProgressNotes } from '../queue/progress-notes.js';
import type { MessageStore, StoreAnswer, StoreFailure, StoreInput, StoreOperationName } from '../queue/store.js';
import { FileDisk } from './file-disk.js';
import { GatheredNotes } from './gathered-notes.js';
import type { NumberedSteps } from './numbered-steps.js';
import type { AnswerMessage, RequestMessage, StoreThreadOptions } from './store-messages.js';
import { buffersOfAnswer, bulkOf, packRequest, unpackAnswer } from './store-octets.js';
import { TransferBuffers } from './transfer-buffers.js';

export interface WorkerStoreOptions {
  readonly dataDirectory: string;
  /** Octets of the file system that are left to others: below them nothing new is taken. */
  readonly reserveOctets?: number;
  /** Octets of queued contents from which on nothing new is taken. */
  readonly queueOctetsMax?: number;
  /** Only in tests of crashes. */
  readonly steps?: NumberedSteps;
}

export interface WorkerStore extends MessageStore {
  /** Ends the thread. After `close` has been answered; before, it is as if the process had died. */
  terminate(): Promise<void>;
}

const defaultReserveOctets = 256 * 1024 * 1024;

/** Small, so that octets which have been written are collected soon: they lie outside the heap, where the collector hardly sees them. */
const maxYoungGenerationSizeMb = 4;

/** From so many octets in bulk on nothing waits for the end of a turn. */
const bulkOctetsMin = 64 * 1024;

type Answered = (answer: StoreAnswer<StoreOperationName>) => void;

/** The file of the thread is a compiled one also where this one runs from its source, as in tests. */
function threadFile(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/host/store-worker.js' : './store-worker.js',
    import.meta.url,
  );
}

/** The store in a thread of its own, so that waiting for the disk holds up nobody. The first operation must be `open`. */
export async function startWorkerStore(options: WorkerStoreOptions): Promise<WorkerStore> {
  const { dataDirectory, reserveOctets = defaultReserveOctets, steps } = options;
  const { queueOctetsMax = storeLimits.queueOctetsMax } = options;
  const worker = new Worker(threadFile(), {
    workerData: {
      dataDirectory,
      reserveOctets,
      queueOctetsMax,
      ...(steps === undefined ? {} : { steps }),
    } satisfies StoreThreadOptions,
    resourceLimits: { maxYoungGenerationSizeMb },
  });
  await new Promise<void>((resolve, reject) => {
    worker.once('online', resolve);
    worker.once('error', reject);
  });
  return new ThreadedStore(worker, dataDirectory);
}

class ThreadedStore implements WorkerStore {
  readonly #worker: Worker;
  readonly #buffers = new TransferBuffers();
  readonly #disk: FileDisk;
  #progress: GatheredNotes | undefined;
  readonly #unanswered = new Map<number, { readonly name: StoreOperationName; readonly answered: Answered }>();
  #waiting: { readonly number: number; readonly request: StoreRequest }[] = [];
  /** Buffers that go with what waits: of its octets, and of answers that have been read. */
  #handedOver: ArrayBuffer[] = [];
  #returned: ArrayBuffer[] = [];
  #waitingBulkOctets = 0;
  #lastNumber = 0;
  #ended: StoreFailure | undefined;

  constructor(worker: Worker, dataDirectory: string) {
    this.#worker = worker;
    this.#disk = new FileDisk({ dataDirectory, reserveOctets: 0 });
    worker.on('message', ({ answers, returned }: AnswerMessage) => {
      this.#buffers.give(returned);
      for (const { number, answer } of answers) this.#answer(number, answer);
    });
    worker.on('error', (error) => {
      this.#end(error.message);
    });
    worker.on('exit', () => {
      this.#end('the thread of the store has ended');
    });
  }

  /** Written here and not by the thread: a note costs less than the way there. */
  get progress(): GatheredNotes {
    return (this.#progress ??= new GatheredNotes(new ProgressNotes(this.#disk)));
  }

  execute<Name extends StoreOperationName>(
    name: Name,
    input: StoreInput<Name>,
    answered: (answer: StoreAnswer<Name>) => void,
  ): void {
    this.#lastNumber += 1;
    this.#unanswered.set(this.#lastNumber, { name, answered });
    // What one turn of the event loop asks for goes together: the busier the agent is, the fewer trips and commits for each message.
    if (this.#waiting.length === 0) {
      setImmediate(() => {
        this.#send();
      });
    }
    const request = packRequest({ name, input } as StoreRequest, this.#buffers, this.#handedOver);
    this.#waiting.push({ number: this.#lastNumber, request });
    // The thread writes what came first while the rest is read; if it has nothing to do it begins with the first.
    const bulkOctets = totalOctets(bulkOf(request));
    this.#waitingBulkOctets += bulkOctets;
    const isIdle = bulkOctets > 0 && this.#unanswered.size === 1;
    if (isIdle || this.#waitingBulkOctets >= bulkOctetsMin) this.#send();
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
    this.#disk.close();
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    const message: RequestMessage = { requests: this.#waiting, returned: this.#returned };
    const handedOver = [...this.#handedOver, ...this.#returned];
    this.#waiting = [];
    this.#handedOver = [];
    this.#returned = [];
    this.#waitingBulkOctets = 0;
    if (this.#ended === undefined) this.#worker.postMessage(message, handedOver);
    else for (const { number } of message.requests) this.#answer(number, { ok: false, failure: this.#ended });
  }

  #answer(number: number, answer: StoreAnswer<StoreOperationName>): void {
    const asked = this.#unanswered.get(number);
    this.#unanswered.delete(number);
    if (asked === undefined) return;
    const buffers = buffersOfAnswer(asked.name, answer);
    this.#returned.push(...buffers);
    asked.answered(buffers.length === 0 ? answer : unpackAnswer(answer));
  }

  #end(text: string): void {
    this.#ended ??= { code: 'input-output', text };
    const failure = this.#ended;
    for (const number of [...this.#unanswered.keys()]) this.#answer(number, { ok: false, failure });
  }
}

import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import type { StoreRequest } from '../queue/batch-run.js';
import { createStoreCore, type StoreCore } from '../queue/core.js';
import { failureOf } from '../queue/store-error.js';
import { openStoreDatabase } from '../queue/sqlite/store-database.js';
import { FileDisk, prepareDataDirectory } from './file-disk.js';
import { withNumberedSteps } from './numbered-steps.js';
import type { AnswerMessage, RequestMessage, StoreThreadOptions } from './store-messages.js';
import { buffersOfAnswer, buffersOfRequest } from './store-octets.js';
import { TransferBuffers } from './transfer-buffers.js';

/**
 * The thread of the store. While one batch is on its way to the disk the operations of the next gather in the port: the slower the disk,
 * the larger the batches.
 */
function serve(port: MessagePort, options: StoreThreadOptions): void {
  const buffers = new TransferBuffers();
  const run = openCore(options, buffers);
  port.on('message', (first: RequestMessage) => {
    const numbered: RequestMessage['requests'][number][] = [];
    const take = ({ requests, returned }: RequestMessage): void => {
      buffers.give(returned);
      numbered.push(...requests);
    };
    /** What is in the port by now, as requests. */
    const more = (): readonly StoreRequest[] => {
      const known = numbered.length;
      for (let next = receive(port); next !== undefined; next = receive(port)) take(next);
      return numbered.slice(known).map(({ request }) => request);
    };
    take(first);
    more();
    const results = run(
      numbered.map(({ request }) => request),
      more,
    );
    const answers: AnswerMessage['answers'][number][] = [];
    const returned: ArrayBuffer[] = [];
    const handedOver: ArrayBuffer[] = [];
    for (const [i, { number, request }] of numbered.entries()) {
      const answer = results[i];
      if (answer === undefined) continue;
      answers.push({ number, answer });
      returned.push(...buffersOfRequest(request));
      handedOver.push(...buffersOfAnswer(request.name, answer));
    }
    port.postMessage({ answers, returned } satisfies AnswerMessage, [...returned, ...handedOver]);
  });
}

/** Mail is nobody else's business. */
const privateMode = 0o600;

/** A store that cannot be opened answers every operation with the reason. */
function openCore(
  { dataDirectory, reserveOctets, queueOctetsMax, steps }: StoreThreadOptions,
  buffers: TransferBuffers,
): StoreCore['run'] {
  try {
    prepareDataDirectory(dataDirectory);
    const disk = new FileDisk({ dataDirectory, reserveOctets, memoryFor: (octets) => buffers.take(octets) });
    const file = join(dataDirectory, 'queue.sqlite');
    const database = openStoreDatabase(file);
    const ports = steps === undefined ? { database, disk } : withNumberedSteps(steps, disk, database);
    const core = createStoreCore({ ...ports, limits: { queueOctetsMax } });
    for (const path of [file, `${file}-wal`]) if (existsSync(path)) chmodSync(path, privateMode);
    return (requests, more) => core.run(requests, more);
  } catch (error) {
    const failure = failureOf(error);
    return (requests) => requests.map(() => ({ ok: false, failure }));
  }
}

function receive(port: MessagePort): RequestMessage | undefined {
  const received = receiveMessageOnPort(port) as { readonly message: RequestMessage } | undefined;
  return received?.message;
}

if (parentPort !== null) serve(parentPort, workerData as StoreThreadOptions);

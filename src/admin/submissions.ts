import type { IncomingMessage } from 'node:http';
import type { Engine } from '../engine/engine.js';
import type { SubmissionOutcome } from '../engine/waiters.js';
import type { MessageStore, NewContent, StoreAnswer, StoreInput, StoreOperationName } from '../queue/store.js';
import { submissionLineOctetsMax, type SubmissionRequest } from './protocol.js';

/** First octets of the content that are looked at for a subject. */
const contentHeadOctetsMax = 16 * 1024;

/** Octets given to the store at once; the next are read when these are taken. Larger ones leave more behind for the collector to find. */
const appendOctets = 128 * 1024;

class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

export interface AcceptedSubmission {
  readonly mtsIdentifier: string;
  readonly left: Promise<SubmissionOutcome>;
}

/** Takes a submission from a request body: one line of JSON, then the content as it is, which is streamed into the store. */
export async function takeSubmission(engine: Engine, body: IncomingMessage): Promise<AcceptedSubmission> {
  const octets = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const { request, rest } = await readLine(octets);
  const inlineOctetsMax = engine.site.limits.inlineContentOctetsMax;
  const content = await readContent(engine, octets, rest, request.contentOctets, inlineOctetsMax);
  let resolveLeft: (outcome: SubmissionOutcome) => void = () => undefined;
  const left = new Promise<SubmissionOutcome>((resolve) => {
    resolveLeft = resolve;
  });
  return new Promise((resolve, reject) => {
    engine.submit(
      { ...request, contentHead: content.head },
      content.content,
      (answer) => {
        content.discard(); // What no message has taken: one that nobody can receive leaves only a report.
        if (answer.result === 'accepted') resolve({ mtsIdentifier: answer.mtsIdentifier, left });
        else reject(new BadRequest(answer.text));
      },
      resolveLeft,
    );
  });
}

async function readLine(
  octets: AsyncIterator<Buffer>,
): Promise<{ readonly request: SubmissionRequest; readonly rest: Buffer }> {
  let read = Buffer.alloc(0);
  for (;;) {
    const end = read.indexOf(0x0a);
    if (end >= 0) {
      const request = JSON.parse(read.subarray(0, end).toString('utf8')) as SubmissionRequest;
      return { request, rest: read.subarray(end + 1) };
    }
    if (read.length > submissionLineOctetsMax) throw new BadRequest('the first line of the submission is too long');
    const next = await octets.next();
    if (next.done === true) throw new BadRequest('the submission has no first line');
    read = Buffer.concat([read, next.value]);
  }
}

interface ReadContent {
  readonly content: NewContent;
  readonly head: Uint8Array;
  discard(): void;
}

async function readContent(
  engine: Engine,
  octets: AsyncIterator<Buffer>,
  rest: Buffer,
  contentOctets: number,
  inlineOctetsMax: number,
): Promise<ReadContent> {
  const { store } = engine;
  const reference = `submitted-${engine.nextId()}`;
  const inline = contentOctets <= inlineOctetsMax;
  const discard = (): void => {
    if (!inline) store.execute('content.discard', { reference }, () => undefined);
  };
  let pending: Buffer[] = [];
  let pendingOctets = 0;
  let total = 0;
  let head: Uint8Array = new Uint8Array(0);
  const take = async (chunk: Buffer): Promise<void> => {
    total += chunk.length;
    if (total > contentOctets) throw new BadRequest(`more than ${String(contentOctets)} octets of content came`);
    if (head.length < contentHeadOctetsMax) {
      head = Buffer.concat([head, chunk.subarray(0, contentHeadOctetsMax - head.length)]);
    }
    pending.push(chunk);
    pendingOctets += chunk.length;
    if (inline || pendingOctets < appendOctets) return;
    const taken = pending;
    pending = [];
    pendingOctets = 0;
    await stored(store, 'content.append', { reference, octets: taken });
  };
  try {
    if (rest.length > 0) await take(rest);
    for (let next = await octets.next(); next.done !== true; next = await octets.next()) await take(next.value);
    if (total !== contentOctets) {
      throw new BadRequest(`${String(total)} octets of content came, ${String(contentOctets)} were announced`);
    }
    if (inline) return { content: { kind: 'octets', octets: Buffer.concat(pending) }, head, discard };
    if (pending.length > 0) await stored(store, 'content.append', { reference, octets: pending });
    await stored(store, 'content.seal', { reference });
    return { content: { kind: 'stored', reference }, head, discard };
  } catch (error) {
    discard();
    throw error;
  }
}

/** One operation of the store as a promise; rejects with the failure's text. */
export async function stored<Name extends StoreOperationName>(
  store: MessageStore,
  name: Name,
  input: StoreInput<Name>,
): Promise<Extract<StoreAnswer<Name>, { ok: true }>['value']> {
  return new Promise((resolve, reject) => {
    store.execute(name, input, (answer) => {
      if (answer.ok) resolve(answer.value);
      else reject(new Error(answer.failure.text));
    });
  });
}

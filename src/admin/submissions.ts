import type { Engine } from '../engine/engine.js';
import type { SubmissionOutcome } from '../engine/waiters.js';
import type { MessageStore, NewContent, StoreAnswer, StoreInput, StoreOperationName } from '../queue/store.js';
import type { OctetSource } from './octet-source.js';
import { submissionLineOctetsMax, type SubmissionRequest } from './protocol.js';

/** First octets of the content that are looked at for a subject. */
const contentHeadOctetsMax = 16 * 1024;

/** Octets given to the store at once; the next are read when these are taken. Larger ones leave more behind for the collector to find. */
const appendOctets = 128 * 1024;

/** What comes is no submission, or none with a beginning and an end: what follows it cannot be found. */
class MalformedSubmission extends Error {
  override readonly name = 'MalformedSubmission';
}

/** A submission that was not accepted. */
export class RefusedSubmission extends Error {
  override readonly name = 'RefusedSubmission';
  /** Octets of its content that have not been read. */
  readonly unreadOctets: number;

  constructor(error: unknown, unreadOctets: number) {
    super(error instanceof Error ? error.message : String(error), { cause: error });
    this.unreadOctets = unreadOctets;
  }
}

export interface AcceptedSubmission {
  readonly mtsIdentifier: string;
  /** What becomes of it, if that was asked for. */
  readonly left?: Promise<SubmissionOutcome>;
}

interface Submission {
  readonly request: SubmissionRequest;
  readonly content: NewContent;
  /** First octets of the content. */
  readonly head: Uint8Array;
  /** Removes what no message has taken. */
  discard(): void;
}

/** Takes the submission that is the whole of a body. Throws MalformedSubmission, RefusedSubmission. */
export async function takeOnlySubmission(
  engine: Engine,
  body: OctetSource,
  wait: 'wait' | 'return',
): Promise<AcceptedSubmission> {
  const submission = await readSubmission(engine, body);
  if (submission === undefined) throw new MalformedSubmission('the submission has no first line');
  if ((await body.next()) !== undefined) {
    submission.discard();
    throw new MalformedSubmission(`more than ${String(submission.request.contentOctets)} octets of content came`);
  }
  return submit(engine, submission, wait);
}

/** Takes the next one of a sequence; undefined at its end. Throws MalformedSubmission, RefusedSubmission. */
export async function takeNextSubmission(
  engine: Engine,
  sequence: OctetSource,
): Promise<AcceptedSubmission | undefined> {
  const submission = await readSubmission(engine, sequence);
  return submission === undefined ? undefined : submit(engine, submission, 'return');
}

async function submit(engine: Engine, submission: Submission, wait: 'wait' | 'return'): Promise<AcceptedSubmission> {
  const { request, content, head } = submission;
  let leaves: ((outcome: SubmissionOutcome) => void) | undefined;
  const left = wait === 'return' ? {} : { left: new Promise<SubmissionOutcome>((resolve) => (leaves = resolve)) };
  return new Promise((resolve, reject) => {
    try {
      engine.submit(
        { ...request, contentHead: head },
        content,
        (answer) => {
          submission.discard(); // What no message has taken: one that nobody can receive leaves only a report.
          if (answer.result === 'accepted') resolve({ mtsIdentifier: answer.mtsIdentifier, ...left });
          else reject(new RefusedSubmission(answer.text, 0));
        },
        leaves,
      );
    } catch (error) {
      submission.discard();
      reject(new RefusedSubmission(error, 0));
    }
  });
}

/** One line of JSON, then the content as it is; a large one is streamed into the store. */
async function readSubmission(engine: Engine, octets: OctetSource): Promise<Submission | undefined> {
  const line = await octets.line(submissionLineOctetsMax);
  if (line === undefined) return undefined;
  const request = requestOf(line);
  if (request.contentOctets > engine.site.limits.inlineContentOctetsMax) return storeContent(engine, request, octets);
  const content = await readContent(request, octets);
  const head = content.subarray(0, contentHeadOctetsMax);
  return { request, content: { kind: 'octets', octets: content }, head, discard: () => undefined };
}

function requestOf(line: Buffer): SubmissionRequest {
  let request: Partial<SubmissionRequest> | null;
  try {
    request = JSON.parse(line.toString('utf8')) as Partial<SubmissionRequest> | null;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new MalformedSubmission(`the first line of a submission is no JSON: ${text}`, { cause: error });
  }
  const octets = request?.contentOctets;
  if (octets === undefined || !Number.isSafeInteger(octets) || octets < 0) {
    const found = octets === undefined ? 'missing' : JSON.stringify(octets);
    throw new MalformedSubmission(`contentOctets is ${found}, expected how many octets of content follow the line`);
  }
  return request as SubmissionRequest;
}

/** The whole of a content that is small. */
async function readContent({ contentOctets }: SubmissionRequest, octets: OctetSource): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let total = 0; total < contentOctets;) {
    const piece = await nextPiece(octets, total, contentOctets);
    total += piece.length;
    pieces.push(piece);
  }
  const [only = Buffer.alloc(0)] = pieces;
  return pieces.length <= 1 ? only : Buffer.concat(pieces);
}

async function storeContent(engine: Engine, request: SubmissionRequest, octets: OctetSource): Promise<Submission> {
  const { store } = engine;
  const { contentOctets } = request;
  const reference = `submitted-${engine.nextId()}`;
  const discard = (): void => {
    store.execute('content.discard', { reference }, () => undefined);
  };
  let head: Buffer = Buffer.alloc(0);
  let total = 0;
  try {
    while (total < contentOctets) {
      const pieces: Buffer[] = [];
      for (let pending = 0; pending < appendOctets && total < contentOctets;) {
        const piece = await nextPiece(octets, total, contentOctets);
        total += piece.length;
        pending += piece.length;
        pieces.push(piece);
        const missing = contentHeadOctetsMax - head.length;
        if (missing > 0) head = Buffer.concat([head, piece.subarray(0, missing)]);
      }
      await stored(store, 'content.append', { reference, octets: pieces });
    }
    await stored(store, 'content.seal', { reference });
  } catch (error) {
    discard();
    if (error instanceof MalformedSubmission) throw error;
    throw new RefusedSubmission(error, contentOctets - total);
  }
  return { request, content: { kind: 'stored', reference }, head, discard };
}

/** Octets of a content of which so many have come. */
async function nextPiece(octets: OctetSource, total: number, contentOctets: number): Promise<Buffer> {
  const piece = await octets.nextOf(contentOctets - total);
  if (piece !== undefined) return piece;
  throw new MalformedSubmission(`${String(total)} octets of content came, ${String(contentOctets)} were announced`);
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

import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { AdminFailure, callAdminJson } from '../admin/client.js';
import { submissionPath, type SubmissionAnswer, type SubmissionRequest } from '../admin/protocol.js';
import type { Ledger } from './ledger.js';
import { contentOf, digestOf, smallMax, type Load, type SoakMessage } from './load.js';
import type { Agent } from './plan.js';

const retryMilliseconds = 200;
const submittersCount = 4;

/** Between two messages of one submitter, milliseconds. */
const paceMilliseconds = 100;

export interface SubmittersOptions {
  readonly seed: number;
  readonly load: Load;
  readonly ledger: Ledger;
  readonly sockets: Readonly<Record<Agent, string>>;
  /** On average: above it only small messages follow for a while. */
  readonly octetsPerSecond: number;
  readonly octetsMax: number;
  readonly untilMilliseconds: number;
}

/** Submits until the time is over; whatever was begun is submitted again until an answer comes. */
export async function submitAll(options: SubmittersOptions): Promise<void> {
  const startedAt = Date.now();
  const submitter = async (): Promise<void> => {
    while (Date.now() < options.untilMilliseconds) {
      const { ledger, octetsPerSecond, octetsMax } = options;
      const dueOctets = ((Date.now() - startedAt) / 1000) * octetsPerSecond;
      const message = options.load.next(ledger.octets > dueOctets ? Math.min(smallMax, octetsMax) : octetsMax);
      ledger.octets += message.octets;
      await submitOne(options, message);
      await sleep(paceMilliseconds);
    }
  };
  await Promise.all(Array.from({ length: submittersCount }, submitter));
}

async function submitOne({ seed, ledger, sockets }: SubmittersOptions, message: SoakMessage): Promise<void> {
  ledger.digests.set(message.number, digestOf(contentOf(seed, message)));
  for (;;) {
    const attempt = ledger.attempt(message);
    try {
      const { mtsIdentifier } = await callAdminJson<SubmissionAnswer>({
        socket: sockets[message.at],
        method: 'POST',
        path: submissionPath,
        body: Readable.from(body(seed, message, attempt.contentIdentifier)),
      });
      attempt.mtsIdentifier = mtsIdentifier;
      return;
    } catch (error) {
      if (error instanceof AdminFailure && error.message.startsWith('no daemon answers')) ledger.unreached(attempt);
      await sleep(retryMilliseconds); // The daemon is down, or died over it.
    }
  }
}

async function* body(seed: number, message: SoakMessage, contentIdentifier: string): AsyncGenerator<Uint8Array> {
  const request: SubmissionRequest = {
    from: message.from.address,
    to: [...message.to.map(({ address }) => address), ...message.nobodies],
    contentType: '0',
    contentOctets: message.octets,
    priority: message.priority,
    reports: 'non-delivery',
    subject: '',
    encodedInformationTypes: { builtIn: [0], extended: [] },
    contentIdentifier,
  };
  yield await Promise.resolve(Buffer.from(`${JSON.stringify(request)}\n`));
  yield* contentOf(seed, message);
}

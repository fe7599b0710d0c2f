import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { AdminFailure, failureOf, unanswered } from './client.js';
import {
  submissionPath,
  submissionStreamName,
  type SubmissionAnswer,
  type SubmissionRequest,
  type SubmissionStreamAnswer,
} from './protocol.js';

interface Unanswered {
  readonly resolve: (answer: SubmissionAnswer) => void;
  readonly reject: (failure: AdminFailure) => void;
}

/** Many submissions on one connection of the admin socket. */
export class SubmissionStream {
  readonly #connection: Duplex;
  readonly #unanswered: Unanswered[] = [];
  /** The beginning of a line. */
  #text = '';
  #failure: AdminFailure | undefined;

  /** Rejects with AdminFailure. */
  static async open(socket: string): Promise<SubmissionStream> {
    return new Promise((resolve, reject) => {
      const headers = { Connection: 'Upgrade', Upgrade: submissionStreamName };
      const outgoing = httpRequest({ socketPath: socket, path: submissionPath, headers });
      outgoing.once('upgrade', (_response: IncomingMessage, connection: Duplex) => {
        resolve(new SubmissionStream(connection));
      });
      outgoing.once('response', (response) => {
        failureOf(response).then(reject, reject);
      });
      outgoing.once('error', (error) => {
        reject(new AdminFailure(unanswered(socket, error)));
      });
      outgoing.end();
    });
  }

  private constructor(connection: Duplex) {
    this.#connection = connection;
    connection.setEncoding('utf8').on('data', (text: string) => {
      this.#read(text);
    });
    connection.on('error', (error) => {
      this.#fail(error.message);
    });
    connection.on('close', () => {
      this.#fail('the daemon has closed the stream; what has no answer may have been accepted or not');
    });
  }

  /** Resolves when the message is durable. Rejects with AdminFailure where it is not accepted, or no answer comes. Answers come in the order of the calls. */
  async submit(request: SubmissionRequest, content: Uint8Array): Promise<SubmissionAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#unanswered.push({ resolve, reject });
      this.#connection.cork();
      this.#connection.write(`${JSON.stringify(request)}\n`);
      this.#connection.write(content);
      this.#connection.uncork();
    });
  }

  /** What has no answer yet may be accepted or not. */
  close(): void {
    this.#connection.destroy();
  }

  #read(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      const answer = JSON.parse(line) as SubmissionStreamAnswer;
      if ('streamError' in answer) {
        this.#fail(answer.streamError);
        return;
      }
      const asked = this.#unanswered.shift();
      if ('error' in answer) asked?.reject(new AdminFailure(answer.error));
      else asked?.resolve(answer);
    }
  }

  #fail(text: string): void {
    this.#failure ??= new AdminFailure(text);
    for (const { reject } of this.#unanswered.splice(0)) reject(this.#failure);
  }
}

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Engine } from '../engine/engine.js';
import { OctetSource } from './octet-source.js';
import { submissionPath, submissionStreamName, type SubmissionStreamAnswer } from './protocol.js';
import { RefusedSubmission, takeNextSubmission } from './submissions.js';

const switched = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${submissionStreamName}\r\n\r\n`;

/** What a request for another protocol gets: `begun` is what came behind it. */
export function upgradeConnection(
  engine: Engine,
  { url, headers }: IncomingMessage,
  connection: Duplex,
  begun: Buffer,
): void {
  if (url === submissionPath && headers.upgrade === submissionStreamName) {
    void serveSubmissionStream(engine, connection, begun);
    return;
  }
  const error = `a connection can become ${submissionStreamName} at ${submissionPath} and nothing else`;
  connection.end(`HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n${JSON.stringify({ error })}`, () =>
    connection.destroy(),
  );
}

/** Takes submissions one after the other until the end of the connection. */
async function serveSubmissionStream(engine: Engine, connection: Duplex, begun: Buffer): Promise<void> {
  const octets = new OctetSource(connection);
  octets.unread(begun);
  connection.write(switched);
  try {
    for (
      let answer = await nextAnswer(engine, octets);
      answer !== undefined;
      answer = await nextAnswer(engine, octets)
    ) {
      if (!connection.write(lineOf(answer))) await once(connection, 'drain');
    }
    connection.end();
  } catch (error) {
    const streamError = error instanceof Error ? error.message : String(error);
    connection.end(lineOf({ streamError }), () => connection.destroy());
  }
}

/** Undefined at the end. Throws where the next submission cannot be found. */
async function nextAnswer(engine: Engine, octets: OctetSource): Promise<SubmissionStreamAnswer | undefined> {
  try {
    const accepted = await takeNextSubmission(engine, octets);
    return accepted === undefined ? undefined : { mtsIdentifier: accepted.mtsIdentifier };
  } catch (error) {
    if (!(error instanceof RefusedSubmission)) throw error;
    await octets.skip(error.unreadOctets);
    return { error: error.message };
  }
}

function lineOf(answer: SubmissionStreamAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}

import { request, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { AdminError } from './protocol.js';

/** The daemon does not answer on its admin socket, or answered with an error. */
export class AdminFailure extends Error {
  override readonly name = 'AdminFailure';
}

export interface AdminRequest {
  readonly socket: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: Readable;
}

/** The answer's octets as a stream, once its status is good. Throws AdminFailure. */
export async function callAdmin({ socket, method, path, body }: AdminRequest): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({ socketPath: socket, method, path }, resolve);
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      reject(new AdminFailure(unanswered(socket, error)));
    });
    if (body === undefined) outgoing.end();
    else {
      body.on('error', (error) => {
        outgoing.destroy(error);
      });
      body.pipe(outgoing);
    }
  });
  if (response.statusCode !== undefined && response.statusCode < 300) return response;
  const text = await readText(response);
  throw new AdminFailure(errorOf(text) ?? `the daemon answered with HTTP status ${String(response.statusCode)}`);
}

/** The answer as JSON. Throws AdminFailure. */
export async function callAdminJson<Answer>(adminRequest: AdminRequest): Promise<Answer> {
  return JSON.parse(await readText(await callAdmin(adminRequest))) as Answer;
}

export async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function errorOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as Partial<AdminError>).error;
  } catch {
    return undefined;
  }
}

function unanswered(socket: string, error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') {
    return `no daemon answers on ${socket}: start it with "mta --site FILE"`;
  }
  return `the admin socket ${socket} failed: ${error.message}`;
}

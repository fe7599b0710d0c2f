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
export async function callAdmin(adminRequest: AdminRequest): Promise<IncomingMessage> {
  const response = await respond(adminRequest, 'again');
  if (response.statusCode !== undefined && response.statusCode < 300) return response;
  throw await failureOf(response);
}

/** Asks again, where that changes nothing, if the daemon closed a kept connection at the moment it was used. */
async function respond(adminRequest: AdminRequest, onKeptConnection: 'again' | 'once'): Promise<IncomingMessage> {
  const { socket, method, path, body } = adminRequest;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({ socketPath: socket, method, path }, resolve);
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const wasClosed = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      if (wasClosed && method === 'GET' && onKeptConnection === 'again')
        respond(adminRequest, 'once').then(resolve, reject);
      else reject(new AdminFailure(unanswered(socket, error)));
    });
    if (body === undefined) outgoing.end();
    else {
      body.on('error', (error) => {
        outgoing.destroy(error);
      });
      body.pipe(outgoing);
    }
  });
}

/** What an answer with a bad status says. */
export async function failureOf(response: IncomingMessage): Promise<AdminFailure> {
  const text = await readText(response);
  return new AdminFailure(errorOf(text) ?? `the daemon answered with HTTP status ${String(response.statusCode)}`);
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

/** Why no answer came. */
export function unanswered(socket: string, error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') {
    return `no daemon answers on ${socket}: start it with "mta --site FILE"`;
  }
  return `the admin socket ${socket} failed: ${error.message}`;
}

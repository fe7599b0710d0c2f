import { createServer, type Server } from 'node:net';
import type { Connection, ConnectionHandlers } from '../engine/world.js';
import { acceptSocket } from './node-world.js';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface Listener {
  readonly address: ListenAddress;
  close(): Promise<void>;
}

/** Listens on one address; rejects with a sentence that names it when that is not possible. */
export async function listen(
  address: ListenAddress,
  accept: (connection: Connection) => ConnectionHandlers,
): Promise<Listener> {
  const server = createServer((socket) => {
    acceptSocket(socket, accept);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(`cannot listen on ${address.host} port ${String(address.port)}: ${error.message}`));
    });
    server.listen(address.port, address.host, () => {
      resolve();
    });
  });
  return { address: boundTo(server, address), close: () => closeServer(server) };
}

/** The port that the system chose, where 0 was asked for. */
function boundTo(server: Server, address: ListenAddress): ListenAddress {
  const bound = server.address();
  return bound !== null && typeof bound === 'object' ? { host: address.host, port: bound.port } : address;
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

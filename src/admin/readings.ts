import { once } from 'node:events';
import { createServer } from 'node:http';
import type { HostAndPort } from '../config/site.js';
import { metricsPath, statusPath } from './protocol.js';
import type { AdminPorts, AdminServer } from './server.js';

/** What may be read over TCP, by anybody who reaches the port: metrics and status, no action. Rejects when the port cannot be had. */
export async function serveReadings(place: HostAndPort, { engine, ...ports }: AdminPorts): Promise<AdminServer> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (request.method !== 'GET') response.writeHead(405).end();
    else if (path === statusPath)
      response.setHeader('content-type', 'application/json').end(JSON.stringify(engine.status()));
    else if (path === metricsPath) {
      ports.metrics().then(
        (text) => response.end(text),
        () => response.writeHead(500).end(),
      );
    } else response.writeHead(404).end();
  });
  server.listen(place.port, place.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot listen on ${place.host} port ${String(place.port)} for metrics: ${text}`, { cause: error });
  }
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { AdminFailure, callAdminJson } from '../../src/admin/client.js';

const endings: (() => void)[] = [];

afterEach(() => {
  for (const ending of endings.splice(0)) ending();
});

/** Answers with the number of the request; a kept connection is cut when its second request comes. */
async function serveOncePerConnection(): Promise<{ readonly socket: string; requests: number }> {
  const served = { socket: join(mkdtempSync(join(tmpdir(), 'mta-client-')), 'admin.sock'), requests: 0 };
  const used = new WeakSet<object>();
  const server = createServer((request, response) => {
    served.requests += 1;
    if (used.has(request.socket)) request.socket.destroy();
    else response.end(JSON.stringify(served.requests));
    used.add(request.socket);
  });
  server.listen(served.socket);
  await once(server, 'listening');
  endings.push(() => {
    server.close();
    server.closeAllConnections();
    rmSync(join(served.socket, '..'), { recursive: true });
  });
  return served;
}

describe('a kept connection that the daemon closes at the moment it is used', () => {
  it('is not noticed by a question, which is asked again on a new one', async () => {
    const served = await serveOncePerConnection();
    const ask = (): Promise<number> => callAdminJson({ socket: served.socket, method: 'GET', path: '/' });
    expect(await ask()).toBe(1);
    expect(await ask()).toBe(3);
    expect(served.requests).toBe(3);
  });

  it('makes an order fail, since it may have been carried out', async () => {
    const served = await serveOncePerConnection();
    await callAdminJson({ socket: served.socket, method: 'GET', path: '/' });
    const body = Readable.from([Buffer.from('order')]);
    const order = callAdminJson({ socket: served.socket, method: 'POST', path: '/', body });
    await expect(order).rejects.toThrow(AdminFailure);
    expect(served.requests).toBe(2);
  });
});

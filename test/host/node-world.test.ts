import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { concatOctets } from '../../src/bytes/octets.js';
import type { Connection } from '../../src/engine/world.js';
import { listen } from '../../src/host/listeners.js';
import { createNodeWorld } from '../../src/host/node-world.js';

const nothing = (): void => undefined;
const world = createNodeWorld({ observe: nothing, tap: nothing });

/** Octets that tell where they stand. */
function octets(count: number, first: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => first + i);
}

/** All that a listener receives on one connection, which `send` is given once it is open. */
async function received(send: (connection: Connection) => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let close: () => Promise<void> = () => Promise.resolve();
  const all = await new Promise<Uint8Array>((resolve, reject) => {
    listen({ host: '127.0.0.1', port: 0 }, () => ({
      connected: nothing,
      data: (chunk) => chunks.push(chunk),
      drained: nothing,
      closed: () => {
        resolve(concatOctets(...chunks));
      },
    })).then((listener) => {
      close = () => listener.close();
      const connection = world.connect(listener.address, {
        connected: () => {
          send(connection);
        },
        data: nothing,
        drained: nothing,
        closed: nothing,
      });
    }, reject);
  });
  await close();
  return all;
}

describe('a connection over TCP', () => {
  const parts = [octets(3, 1), octets(5000, 2), octets(1, 3), octets(7, 4), octets(70_000, 5), octets(2, 6)];

  it('sends chunks of every length in their order, in one turn or in many', async () => {
    const inOneTurn = await received((connection) => {
      for (const part of parts) connection.send(ByteList.of(part));
      connection.close('graceful');
    });
    expect(Buffer.from(inOneTurn)).toEqual(Buffer.from(concatOctets(...parts)));
    const inMany = await received((connection) => {
      const sendNext = (from: number): void => {
        const part = parts[from];
        if (part === undefined) {
          connection.close('graceful');
          return;
        }
        connection.send(ByteList.of(part, part));
        setImmediate(sendNext, from + 1);
      };
      sendNext(0);
    });
    expect(Buffer.from(inMany)).toEqual(Buffer.from(concatOctets(...parts.flatMap((part) => [part, part]))));
  });

  it('counts what has not left yet, and sends nothing behind its close', async () => {
    const all = await received((connection) => {
      connection.send(ByteList.of(octets(10, 1), octets(20, 2)));
      expect(connection.backlogOctets()).toBe(30);
      connection.close('graceful');
      connection.send(ByteList.of(octets(5, 9)));
    });
    expect(all.length).toBe(30);
  });
});

/** Writes a run down: its timeline as JSON lines, and what arrived as a capture that Wireshark opens. */
import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../host/pcapng.js';
import { TcpConversation } from '../../host/tcp-conversation.js';
import { printEntry, type Entry } from '../timeline.js';
import type { LinkObserver } from './tcp-link.js';

export interface Recorder extends LinkObserver {
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

export function recordTimeline(path: string): Recorder {
  const file = openForWriting(path);
  return {
    entry(entry) {
      file.write(printEntry(entry));
    },
    sent: () => undefined,
    close: () => ended(file),
  };
}

/** Port of the server in captures, whatever it is in fact, so that analysers know the protocol (RFC 1006). */
const serverPort = 102;
const clientPorts = { first: 40_000, count: 20_000 };

export function recordCapture(path: string): Recorder {
  const file = openForWriting(path);
  const conversations = new Map<string, TcpConversation>();
  file.write(sectionHeader('mta linkfault'));
  file.write(interfaceDescription('link'));
  const write = (packets: readonly Uint8Array[]): void => {
    const now = BigInt(Date.now()) * 1_000_000n;
    for (const packet of packets) file.write(enhancedPacket(0, now, packet));
  };
  return {
    entry(entry) {
      const key = keyOf(entry);
      if (entry.type === 'opened') {
        const port = clientPorts.first + (entry.connection % clientPorts.count);
        const tcp = new TcpConversation({ address: '192.0.2.1', port }, { address: '192.0.2.2', port: serverPort });
        conversations.set(key, tcp);
        write(tcp.open());
      } else if (entry.type === 'closed') {
        const tcp = conversations.get(key);
        conversations.delete(key);
        const cut = entry.by === 'fault' || entry.by === 'toxic';
        if (tcp !== undefined)
          write(cut ? tcp.reset('initiator') : [...tcp.close('initiator'), ...tcp.close('responder')]);
      }
    },
    sent(link, connection, stream, octets) {
      const tcp = conversations.get(`${link} ${String(connection)}`);
      write(tcp?.data(stream === 'upstream' ? 'initiator' : 'responder', octets) ?? []);
    },
    close: () => ended(file),
  };
}

function keyOf(entry: Entry): string {
  return 'connection' in entry ? `${entry.link} ${String(entry.connection)}` : '';
}

/** Throws at once if the file cannot be made. */
function openForWriting(path: string): WriteStream {
  return createWriteStream(path, { fd: openSync(path, 'w') });
}

async function ended(file: WriteStream): Promise<void> {
  file.end();
  await finished(file);
}

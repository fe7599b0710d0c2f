/** Writes a run down: its timeline as JSON lines, and what arrived as a capture that Wireshark opens. */
import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { TcpCapture } from '../../host/tcp-capture.js';
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

export function recordCapture(path: string): Recorder {
  const capture = new TcpCapture<string>(path, 'mta linkfault');
  return {
    entry(entry) {
      const key = keyOf(entry);
      if (entry.type === 'opened') capture.opened(key);
      else if (entry.type === 'closed') {
        const cut = entry.by === 'fault' || entry.by === 'toxic';
        capture.ended(key, cut ? 'reset' : 'closed');
      }
    },
    sent(link, connection, stream, octets) {
      capture.passed(`${link} ${String(connection)}`, stream === 'upstream' ? 'initiator' : 'responder', octets);
    },
    close() {
      capture.close();
      return Promise.resolve();
    },
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

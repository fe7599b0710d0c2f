/** Contents of any size on this machine's disk, where they can be read in any order without being held. */
import { randomUUID } from 'node:crypto';
import { closeSync, createWriteStream, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AdminFailure, callAdmin } from '../admin/client.js';
import type { OctetSource } from '../p1/octet-source.js';
import { mailboxPath, type EntryName } from './mailbox-entry.js';

const privateMode = 0o600;

/** Streams the octets of a content to where they belong. Throws AdminFailure. */
export async function receiveContent({ socket, name, id }: EntryName, target: Writable): Promise<void> {
  const octets = await callAdmin({ socket, method: 'GET', path: mailboxPath(name, id, 'content') });
  try {
    await pipeline(octets, target, { end: target !== process.stdout });
  } catch (error) {
    // Who reads our output, such as head, has had enough.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return;
    if (!octets.complete && octets.errored === error) {
      throw new AdminFailure('the daemon broke off before the end of the content', { cause: error });
    }
    throw error;
  }
}

/** The file has lost its name as soon as it has one: whatever happens, nothing of it is left when this process ends. */
function openNameless(folder: string): number {
  const path = join(folder, `.content-${randomUUID()}`);
  const descriptor = openSync(path, 'wx+', privateMode);
  unlinkSync(path);
  return descriptor;
}

function sourceOf(descriptor: number): OctetSource {
  return {
    octets: fstatSync(descriptor).size,
    read(offset, length) {
      const octets = Buffer.allocUnsafe(length);
      for (let filled = 0; filled < length;) {
        const count = readSync(descriptor, octets, filled, length - filled, offset + filled);
        if (count === 0) throw new RangeError(`the content has no octet ${String(offset + filled)}`);
        filled += count;
      }
      return octets;
    },
  };
}

/** Streams a content into a nameless file in `folder`, for as long as `use` takes. Throws AdminFailure. */
export async function withContentFile<Result>(
  entry: EntryName,
  folder: string,
  use: (source: OctetSource) => Result,
): Promise<Result> {
  const descriptor = openNameless(folder);
  try {
    await receiveContent(entry, createWriteStream('', { fd: descriptor, autoClose: false }));
    return use(sourceOf(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The receiving half of the least program that does what reliable transfer promises: it writes what comes to a file, and confirms each
 * checkpoint, and the end, after an fdatasync. Everything is synchronous, which is the fastest way to do one thing in Node.
 */
import { closeSync, fdatasyncSync, openSync, unlinkSync, writevSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { answer, hear, programInput } from './orders.js';

interface Input {
  readonly file: string;
}

/** Without checkpoints what has come is written at this length, so that nothing large is held. */
const writeOctets = 1024 * 1024;
const headerOctets = 16;
const buffersMax = 1024;

const { file } = programInput() as Input;
const confirmation = Buffer.alloc(4, 1);

let connections = 0;

function receive(socket: Socket): void {
  connections += 1;
  const ownFile = `${file}.${String(connections)}`; // the end of one connection may come after the start of the next
  const descriptor = openSync(ownFile, 'w');
  let left = 0;
  let checkpointOctets = 0;
  let pieceLeft = 0;
  let started = false;
  let chunks: Buffer[] = [];
  let held = 0;
  const write = (): void => {
    for (let i = 0; i < chunks.length; i += buffersMax) writevSync(descriptor, chunks.slice(i, i + buffersMax));
    chunks = [];
    held = 0;
  };
  const nextPiece = (): void => {
    pieceLeft = checkpointOctets === 0 ? left : Math.min(checkpointOctets, left);
  };
  const take = (chunk: Buffer): void => {
    for (let rest = chunk; rest.length > 0;) {
      const part = rest.subarray(0, pieceLeft);
      rest = rest.subarray(part.length);
      chunks.push(part);
      held += part.length;
      left -= part.length;
      pieceLeft -= part.length;
      if (pieceLeft === 0) {
        write();
        fdatasyncSync(descriptor);
        socket.write(confirmation);
        nextPiece();
      } else if (held >= writeOctets) write();
    }
  };
  socket.on('data', (chunk: Buffer) => {
    if (started) {
      take(chunk);
      return;
    }
    started = true; // The header is a segment of its own: the sender waits for its confirmation.
    left = Number(chunk.readBigUInt64BE(0));
    checkpointOctets = Number(chunk.readBigUInt64BE(headerOctets / 2));
    nextPiece();
    socket.write(confirmation);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closeSync(descriptor);
    unlinkSync(ownFile);
  });
}

const server = createServer({ noDelay: true }, receive);
server.listen(0, '127.0.0.1', () => {
  answer({ port: (server.address() as AddressInfo).port });
});
hear(() => undefined);

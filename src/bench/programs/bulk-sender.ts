/** The sending half: at most `window` pieces unconfirmed. See bulk-receiver.ts. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { answer, hear } from './orders.js';

export interface BulkOrder {
  readonly port: number;
  readonly octets: number;
  /** 0: none; the end alone is confirmed. */
  readonly checkpointOctets: number;
  readonly windowSize: number;
}

const headerOctets = 16;
const confirmationOctets = 4;
/** Without checkpoints so much is given to the socket at once. */
const writeOctets = 256 * 1024;

async function send({ port, octets, checkpointOctets, windowSize }: BulkOrder): Promise<number> {
  const piece = Buffer.alloc(checkpointOctets === 0 ? writeOctets : checkpointOctets, 'content ');
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const header = Buffer.alloc(headerOctets);
  header.writeBigUInt64BE(BigInt(octets), 0);
  header.writeBigUInt64BE(BigInt(checkpointOctets), headerOctets / 2);
  socket.write(header);
  await once(socket, 'data');
  const began = performance.now();
  await new Promise<void>((resolve) => {
    let left = octets;
    let outstanding = 0;
    let answered = 0;
    const sendWhatMay = (): void => {
      while (left > 0 && (checkpointOctets === 0 ? !socket.writableNeedDrain : outstanding < windowSize)) {
        const part = piece.subarray(0, Math.min(left, piece.length));
        left -= part.length;
        outstanding += 1;
        socket.write(part);
      }
    };
    socket.on('data', (chunk: Buffer) => {
      answered += chunk.length;
      while (answered >= confirmationOctets) {
        answered -= confirmationOctets;
        outstanding = checkpointOctets === 0 ? 0 : outstanding - 1;
      }
      if (left === 0 && outstanding === 0) resolve();
      else sendWhatMay();
    });
    socket.on('drain', sendWhatMay);
    sendWhatMay();
  });
  socket.destroy();
  return (performance.now() - began) / 1000;
}

answer({});
hear((order) => {
  void send(order as BulkOrder).then(answer);
});

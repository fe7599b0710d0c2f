/** The far end of plain TCP: sends back what comes on the one port, swallows it on the other and says at its end how much it was. */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { answer, hear } from './orders.js';

export interface TcpPeerReady {
  readonly echoPort: number;
  readonly sinkPort: number;
}

const totalOctets = 8;

const echo = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.pipe(socket);
});
const sink = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
  let octets = 0;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => (octets += chunk.length));
  socket.on('end', () => {
    const total = Buffer.alloc(totalOctets);
    total.writeBigUInt64BE(BigInt(octets));
    socket.end(total);
  });
});

async function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

answer({ echoPort: await listen(echo), sinkPort: await listen(sink) } satisfies TcpPeerReady);
hear(() => undefined);

/** Plain TCP from this process: what the machine, or a line in between, can do. */
import { once } from 'node:events';
import { connect } from 'node:net';

const pingOctets = 64;
const copyPieceOctets = 64 * 1024;

/** Milliseconds of each of so many round trips, one after the other. */
export async function roundTrips(echoPort: number, count: number): Promise<readonly number[]> {
  const socket = connect({ host: '127.0.0.1', port: echoPort, noDelay: true });
  await once(socket, 'connect');
  const milliseconds: number[] = [];
  const ping = Buffer.alloc(pingOctets);
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    socket.write(ping);
    await once(socket, 'data');
    milliseconds.push(performance.now() - began);
  }
  socket.destroy();
  return milliseconds;
}

/** Octets in a second. */
export async function copyRate(sinkPort: number, octets: number): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port: sinkPort, noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  const piece = Buffer.alloc(copyPieceOctets);
  const began = performance.now();
  for (let left = octets; left > 0; left -= piece.length) {
    if (!socket.write(piece.subarray(0, Math.min(left, piece.length)))) await once(socket, 'drain');
  }
  socket.end();
  await once(socket, 'data');
  const seconds = (performance.now() - began) / 1000;
  socket.destroy();
  return octets / seconds;
}

import { once } from 'node:events';
import type { TcpCapture } from '../host/tcp-capture.js';
import type { Side } from '../host/tcp-conversation.js';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP link in front of one listener, which can be cut in several ways. Octets pass as they come. */
export class Cutter {
  readonly #server: Server;
  readonly #targetPort: number;
  /** Knows a connection by the socket of its caller. */
  readonly #capture: TcpCapture<Socket> | undefined;
  readonly #sockets = new Set<Socket>();
  #phase: 'open' | 'silent' | 'refusing' = 'open';
  #octetsLeft = Infinity;
  #cuts = 0;

  private constructor(server: Server, targetPort: number, capture: TcpCapture<Socket> | undefined) {
    this.#capture = capture;
    this.#server = server;
    this.#targetPort = targetPort;
    server.on('connection', (caller) => {
      this.#accept(caller);
    });
  }

  static async listen(port: number, targetPort: number, capture?: TcpCapture<Socket>): Promise<Cutter> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Cutter(server, targetPort, capture);
  }

  /** Times that a connection of somebody was broken here. */
  get cuts(): number {
    return this.#cuts;
  }

  reset(): void {
    if (this.#sockets.size > 0) this.#cuts += 1;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** All connections break when so many octets more have passed. */
  resetAfter(octets: number): void {
    this.#octetsLeft = octets;
  }

  /** Nothing passes any more, and nobody is told. */
  silence(): void {
    this.#phase = 'silent';
    for (const socket of this.#sockets) socket.pause();
  }

  refuse(): void {
    this.#phase = 'refusing';
    this.reset();
  }

  /** What was silent until now is broken; from here on all is well. */
  mend(): void {
    if (this.#phase === 'silent') this.reset();
    this.#phase = 'open';
    this.#octetsLeft = Infinity;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    this.reset();
    await closed;
  }

  #accept(caller: Socket): void {
    if (this.#phase === 'refusing') {
      caller.resetAndDestroy();
      return;
    }
    const target = connect({ host: '127.0.0.1', port: this.#targetPort, allowHalfOpen: true, noDelay: true });
    this.#capture?.opened(caller);
    this.#join(caller, target, 'initiator');
    this.#join(target, caller, 'responder');
    if (this.#phase === 'silent') caller.pause();
  }

  #join(socket: Socket, other: Socket, side: Side): void {
    const caller = side === 'initiator' ? socket : other;
    this.#sockets.add(socket);
    socket.on('data', (octets: Buffer) => {
      this.#capture?.passed(caller, side, octets.subarray(0, this.#octetsLeft));
      this.#pass(octets, socket, other);
    });
    socket.on('drain', () => {
      if (this.#phase !== 'silent') other.resume();
    });
    socket.on('end', () => {
      other.end();
    });
    socket.on('error', () => {
      other.resetAndDestroy();
    });
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#capture?.ended(caller, socket.readableEnded ? 'closed' : 'reset');
      if (!socket.readableEnded) other.resetAndDestroy();
    });
  }

  #pass(octets: Buffer, from: Socket, to: Socket): void {
    if (octets.length < this.#octetsLeft) {
      this.#octetsLeft -= octets.length;
      if (!to.write(octets)) from.pause();
      return;
    }
    to.write(octets.subarray(0, this.#octetsLeft));
    this.#octetsLeft = Infinity;
    this.reset();
  }
}

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP link in front of one listener, which can be cut in several ways. Octets pass as they come. */
export class Cutter {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  #phase: 'open' | 'silent' | 'refusing' = 'open';
  #octetsLeft = Infinity;
  #cuts = 0;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    server.on('connection', (caller) => {
      this.#accept(caller);
    });
  }

  static async listen(port: number, targetPort: number): Promise<Cutter> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Cutter(server, targetPort);
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
    this.#join(caller, target);
    this.#join(target, caller);
    if (this.#phase === 'silent') caller.pause();
  }

  #join(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on('data', (octets: Buffer) => {
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

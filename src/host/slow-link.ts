/**
 * A slow line in front of a TCP server, for demonstrations: it carries every connection made to its port to the target, with the rate and
 * the latency of another age, and can be cut. It stops reading what it cannot pass on; the sender feels the rate once the buffers of its
 * own system are full, which on Linux takes up to some 4 MB a connection, or earlier if it waits for answers.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SlowLinkOptions {
  /** Port on the loopback address that the link listens on; 0 takes any free one. */
  readonly listenPort: number;
  readonly targetHost: string;
  readonly targetPort: number;
  /** Of each direction, shared by all connections. 0 lets nothing pass, Infinity everything. */
  readonly octetsPerSecond: number;
  /** From one end to the other, so that a round trip takes twice as long. */
  readonly latencyMilliseconds: number;
}

export interface SlowLinkCounters {
  readonly connectionsOpen: number;
  readonly connectionsRefused: number;
  /** Octets handed to the target, and to those who called. */
  readonly octetsToTarget: number;
  readonly octetsFromTarget: number;
}

/** A piece is what passes in this time: short enough for an even flow, long enough for the clock. */
const pieceMilliseconds = 20;
const pieceOctetsMax = 16_384;
/** Held of a connection and direction beyond what its latency holds, when the reader at the far end is slow. */
const heldOctetsMax = 32_768;
/** Buffers of each socket, as far as they are ours. */
const socketBufferOctets = 16_384;

/** Opens the link. Rejects if the port cannot be had. */
export async function createSlowLink(options: SlowLinkOptions): Promise<SlowLink> {
  const server = createServer({ allowHalfOpen: true, noDelay: true, highWaterMark: socketBufferOctets });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.listenPort, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return new SlowLink(server, options);
}

export class SlowLink {
  readonly port: number;
  readonly #server: Server;
  readonly #options: SlowLinkOptions;
  readonly #toTarget: Line;
  readonly #fromTarget: Line;
  readonly #sockets = new Set<Socket>();
  #accepting = true;
  #connectionsOpen = 0;
  #connectionsRefused = 0;

  constructor(server: Server, options: SlowLinkOptions) {
    this.#server = server;
    this.#options = options;
    this.port = (server.address() as AddressInfo).port; // a TCP server that listens has one
    this.#toTarget = new Line(options.octetsPerSecond, options.latencyMilliseconds);
    this.#fromTarget = new Line(options.octetsPerSecond, options.latencyMilliseconds);
    server.on('connection', (caller) => {
      this.#accept(caller);
    });
  }

  get counters(): SlowLinkCounters {
    return {
      connectionsOpen: this.#connectionsOpen,
      connectionsRefused: this.#connectionsRefused,
      octetsToTarget: this.#toTarget.octetsDelivered,
      octetsFromTarget: this.#fromTarget.octetsDelivered,
    };
  }

  /** Breaks every connection, with what is on its way. New ones are still taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Breaks every new connection as soon as it is made, until `allow`. */
  refuse(): void {
    this.#accepting = false;
  }

  allow(): void {
    this.#accepting = true;
  }

  /** Applies to what is not yet on its way. */
  setRate(octetsPerSecond: number): void {
    this.#toTarget.setRate(octetsPerSecond);
    this.#fromTarget.setRate(octetsPerSecond);
  }

  /** Cuts everything and gives the port back. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    this.setRate(Infinity); // whoever waits for the line finds its connection gone
    this.cut();
    await closed;
  }

  #accept(caller: Socket): void {
    if (!this.#accepting) {
      this.#connectionsRefused += 1;
      caller.resetAndDestroy();
      return;
    }
    const { targetHost: host, targetPort: port } = this.#options;
    const target = connect({ host, port, allowHalfOpen: true, noDelay: true });
    this.#connectionsOpen += 1;
    this.#join(caller, target);
    this.#join(target, caller);
    caller.once('close', () => {
      this.#connectionsOpen -= 1;
    });
    void this.#toTarget.carry(caller, target);
    void this.#fromTarget.carry(target, caller);
  }

  /** A break of the one socket breaks the other; an orderly end travels with the octets. */
  #join(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {
      other.resetAndDestroy();
    });
    socket.once('close', () => {
      this.#sockets.delete(socket);
    });
  }
}

/** One direction. */
class Line {
  readonly #latencyMilliseconds: number;
  #octetsPerSecond: number;
  /** When the line has sent all that was given to it. */
  #freeAt = 0;
  #rateChanged: (() => void)[] = [];
  octetsDelivered = 0;

  constructor(octetsPerSecond: number, latencyMilliseconds: number) {
    this.#octetsPerSecond = octetsPerSecond;
    this.#latencyMilliseconds = latencyMilliseconds;
  }

  setRate(octetsPerSecond: number): void {
    this.#octetsPerSecond = octetsPerSecond;
    const waiting = this.#rateChanged;
    this.#rateChanged = [];
    for (const resume of waiting) resume();
  }

  /** Carries all that comes from `source` to `destination`, and its end; returns when either is gone. */
  async carry(source: Socket, destination: Socket): Promise<void> {
    let heldOctets = 0;
    let delivered = Promise.resolve();
    for (;;) {
      const piece = await nextPiece(source, this.#pieceOctets());
      if (piece === undefined) break;
      await this.#transmit(piece.length);
      const arrival = performance.now() + this.#latencyMilliseconds;
      heldOctets += piece.length;
      delivered = delivered.then(async () => {
        await sleepUntil(arrival);
        heldOctets -= piece.length;
        if (destination.destroyed) return;
        this.octetsDelivered += piece.length;
        if (!destination.write(piece)) await firstOf(destination, ['drain', 'close']);
      });
      if (heldOctets > heldOctetsMax + 2 * this.#octetsUnderWay()) await delivered;
    }
    await delivered;
    if (source.readableEnded && !destination.destroyed) destination.end();
  }

  /** Waits until the line has taken so many octets, after all that were given to it before. */
  async #transmit(octets: number): Promise<void> {
    while (this.#octetsPerSecond === 0) await new Promise<void>((resume) => this.#rateChanged.push(resume));
    const now = performance.now();
    const from = Math.max(this.#freeAt, now - pieceMilliseconds); // a timer that comes late costs no rate
    this.#freeAt = from + (1000 * octets) / this.#octetsPerSecond;
    await sleepUntil(this.#freeAt);
  }

  #pieceOctets(): number {
    const octets = Math.floor((this.#octetsPerSecond * pieceMilliseconds) / 1000);
    return Math.min(Math.max(octets, 1), pieceOctetsMax);
  }

  #octetsUnderWay(): number {
    const octets = (this.#octetsPerSecond * this.#latencyMilliseconds) / 1000;
    return Number.isFinite(octets) ? octets : heldOctetsMax;
  }
}

async function sleepUntil(time: number): Promise<void> {
  const milliseconds = time - performance.now();
  if (milliseconds >= 1) await sleep(milliseconds);
}

/** The next octets of the socket, at most so many; undefined at its end or when it is gone. */
async function nextPiece(socket: Socket, octetsMax: number): Promise<Buffer | undefined> {
  for (;;) {
    if (socket.destroyed || socket.readableEnded) return undefined;
    const piece = socket.read(Math.min(octetsMax, socket.readableLength)) as Buffer | null; // a socket without encoding reads buffers
    if (piece !== null) return piece;
    await firstOf(socket, ['readable', 'end', 'close']);
  }
}

async function firstOf(socket: Socket, events: readonly string[]): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      for (const event of events) socket.off(event, done);
      resolve();
    };
    for (const event of events) socket.on(event, done);
  });
}

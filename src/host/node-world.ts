import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { ByteList } from '../bytes/byte-list.js';
import { joinSmallChunks } from '../bytes/small-chunks.js';
import type { Connection, ConnectionHandlers, NetworkTarget, TapEvent, TimerHandle, World } from '../engine/world.js';
import type { Observation } from '../osi/machine.js';

/** Longest delay that a timer of Node takes; longer ones are cut, their owners look at the clock anyway. */
const timerMillisecondsMax = 2 ** 31 - 1;

/** How long a connection that is closed gracefully may take to send the rest and hear the peer's end, milliseconds. */
const closeMillisecondsMax = 15_000;

/** Chunks up to this length are copied together before they are sent. */
const smallChunkOctetsMax = 4096;

/** From so many octets on the first that a turn sends do not wait for its end. */
const bulkOctetsMin = 16 * 1024;

export interface NodeWorldPorts {
  observe(observation: Observation): void;
  tap(event: TapEvent): void;
}

/** Sockets, clocks and timers of this process. */
export function createNodeWorld(ports: NodeWorldPorts): World {
  return {
    bootId: readBootId(),
    monotonicMilliseconds: systemUptimeMilliseconds,
    wallClockMilliseconds: () => Date.now(),
    setTimer: (milliseconds, fire): TimerHandle => setTimeout(fire, Math.min(milliseconds, timerMillisecondsMax)),
    clearTimer(handle) {
      clearTimeout(handle as NodeJS.Timeout);
    },
    connect(target: NetworkTarget, handlers: ConnectionHandlers): Connection {
      const socket = createConnection({ host: target.host, port: target.port, noDelay: true });
      socket.once('connect', () => {
        handlers.connected();
      });
      return attach(socket, `${target.host}:${String(target.port)}`, () => handlers);
    },
    randomOctets: (count) => randomBytes(count),
    observe(observation) {
      ports.observe(observation);
    },
    tap(event) {
      ports.tap(event);
    },
  };
}

/** Joins an accepted socket to the handlers that `accept` gives for its connection. */
export function acceptSocket(socket: Socket, accept: (connection: Connection) => ConnectionHandlers): void {
  socket.setNoDelay(true);
  attach(socket, `${socket.remoteAddress ?? ''}:${String(socket.remotePort ?? '')}`, accept);
}

function attach(socket: Socket, peer: string, handlersFor: (connection: Connection) => ConnectionHandlers): Connection {
  /** What this turn of the event loop sends leaves in one system call; but so that the peer can begin, the first of it in bulk does not wait. */
  let outgoing: ByteList[] = [];
  let outgoingOctets = 0;
  let turnIsAwaited = false;
  let bulkHasLeft = false;
  let failure = 'closed by the peer';
  let closeTimer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    const { chunks } = ByteList.from(outgoing);
    outgoing = [];
    outgoingOctets = 0;
    if (chunks.length === 0 || socket.destroyed || socket.writableEnded) return;
    socket.cork();
    for (const chunk of joinSmallChunks(chunks, smallChunkOctetsMax)) socket.write(chunk);
    socket.uncork();
  };
  const endTurn = (): void => {
    turnIsAwaited = false;
    bulkHasLeft = false;
    flush();
  };
  const connection: Connection = {
    peer,
    send(octets: ByteList) {
      if (socket.destroyed || socket.writableEnded) return;
      outgoing.push(octets);
      outgoingOctets += octets.length;
      if (!turnIsAwaited) process.nextTick(endTurn);
      turnIsAwaited = true;
      if (bulkHasLeft || outgoingOctets < bulkOctetsMin) return;
      bulkHasLeft = true;
      flush();
    },
    close(how) {
      if (socket.destroyed) return;
      failure = 'closed here';
      if (how === 'abrupt') {
        socket.destroy();
        return;
      }
      flush();
      socket.end();
      closeTimer ??= setTimeout(() => socket.destroy(), closeMillisecondsMax);
    },
    backlogOctets: () => socket.writableLength + outgoingOctets,
    pause() {
      socket.pause();
    },
    resume() {
      socket.resume();
    },
  };
  const handlers = handlersFor(connection);
  socket.on('data', (octets: Buffer) => {
    handlers.data(new Uint8Array(octets.buffer, octets.byteOffset, octets.length)); // views on a Buffer cost more
  });
  socket.on('drain', () => {
    handlers.drained();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure = error.message === '' ? (error.code ?? 'network error') : error.message;
  });
  socket.on('close', () => {
    clearTimeout(closeTimer);
    handlers.closed(failure);
  });
  return connection;
}

/** Differs after every boot; machines that do not tell have one id for all boots, and the wall clock then decides nothing. */
function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return `started-${String(Math.round(performance.timeOrigin))}`;
  }
}

/** The kernel's monotonic clock: the same for every process of one boot. */
function systemUptimeMilliseconds(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

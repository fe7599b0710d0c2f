/**
 * A line with a latency and nothing else, in a process of its own: whatever comes is passed on so many milliseconds later, at any rate. It
 * can be cut, at once or when so many more octets have passed.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { answer, hear, programInput } from './orders.js';

interface Input {
  readonly targetPort: number;
  /** From one end to the other. */
  readonly latencyMilliseconds: number;
}

export interface LinkOrder {
  /** Cut every connection when so many more octets have passed to the target. */
  readonly cutAfterOctets?: number;
  /** From now on, from one end to the other. */
  readonly latencyMilliseconds?: number;
}

/** Octets under way in one direction of one connection above which no more are taken: far more than any window holds. */
const heldOctetsMax = 256 * 1024 * 1024;

const { targetPort, latencyMilliseconds: firstLatency } = programInput() as Input;
let latencyMilliseconds = firstLatency;
const sockets = new Set<Socket>();
let octetsToTarget = 0;
let cutAt = Infinity;

function pass(source: Socket, destination: Socket, count: (octets: number) => void): void {
  const held: { readonly due: number; readonly chunk: Buffer }[] = [];
  let heldOctets = 0;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const release = (): void => {
    timer = undefined;
    const now = performance.now();
    destination.cork();
    for (let first = held[0]; first !== undefined && first.due <= now; first = held[0]) {
      held.shift();
      heldOctets -= first.chunk.length;
      if (!destination.destroyed) destination.write(first.chunk);
      count(first.chunk.length);
    }
    destination.uncork();
    if (heldOctets < heldOctetsMax) source.resume();
    if (held[0] !== undefined) arm(held[0].due - now);
    else if (ended) destination.end();
  };
  const arm = (milliseconds: number): void => {
    timer ??= setTimeout(release, Math.max(milliseconds, 0));
  };
  source.on('data', (chunk: Buffer) => {
    held.push({ due: performance.now() + latencyMilliseconds, chunk });
    heldOctets += chunk.length;
    if (heldOctets >= heldOctetsMax) source.pause();
    arm(latencyMilliseconds);
  });
  source.on('end', () => {
    ended = true;
    arm(latencyMilliseconds);
  });
  source.on('error', () => {
    destination.resetAndDestroy();
  });
  source.on('close', () => {
    sockets.delete(source);
    if (ended) return; // What is under way still arrives.
    clearTimeout(timer);
    destination.resetAndDestroy();
  });
  sockets.add(source);
}

function countToTarget(octets: number): void {
  octetsToTarget += octets;
  if (octetsToTarget < cutAt) return;
  cutAt = Infinity;
  for (const socket of sockets) socket.resetAndDestroy();
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (caller) => {
  const target = connect({ host: '127.0.0.1', port: targetPort, allowHalfOpen: true, noDelay: true });
  pass(caller, target, countToTarget);
  pass(target, caller, () => undefined);
});
server.listen(0, '127.0.0.1', () => {
  answer({ port: (server.address() as AddressInfo).port });
});

hear((message) => {
  const order = message as LinkOrder;
  latencyMilliseconds = order.latencyMilliseconds ?? latencyMilliseconds;
  if (order.cutAfterOctets !== undefined) cutAt = octetsToTarget + order.cutAfterOctets;
  answer(octetsToTarget);
});

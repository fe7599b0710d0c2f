/** A link between real sockets: listens, dials, carries, and lets the link's own clock run. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Stream } from '../../faults/pdu-trigger.js';
import type { Scenario } from '../../faults/scenario.js';
import type { SocketOutput } from '../connection.js';
import { Link } from '../link.js';
import type { Entry, Event } from '../timeline.js';

/** Who hears of a link. */
export interface LinkObserver {
  entry(entry: Entry): void;
  /** Octets that were handed to the system for one end of a connection. */
  sent(link: string, connection: number, stream: Stream, octets: Uint8Array): void;
}

/** Octets that wait in a socket of ours until nothing more is read for it. */
const backlogOctetsMax = 65_536;
/** How long an end that was told in order may take to hear it, milliseconds. */
const lingerMilliseconds = 1000;
/** The longest timer of the system, milliseconds. */
const timerMillisecondsMax = 2 ** 31 - 1;

interface Pair {
  /** Where octets of a direction come from: the client those that go upstream. */
  readonly sources: Readonly<Record<Stream, Socket>>;
  open: number;
}

const opposite = { upstream: 'downstream', downstream: 'upstream' } as const;

/** What Toxiproxy calls a proxy: its members as its API shows them. */
export interface LinkSettings {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

export class TcpLink {
  readonly link: Link;
  #settings: LinkSettings;
  #server: Server | undefined;
  readonly #observer: LinkObserver;
  readonly #startedAt = performance.now();
  readonly #pairs = new Map<number, Pair>();
  #timer: NodeJS.Timeout | undefined;

  /** Does not listen yet. */
  constructor(settings: Omit<LinkSettings, 'enabled'>, scenario: Scenario, observer: LinkObserver) {
    this.#settings = { ...settings, enabled: false };
    this.#observer = observer;
    const { listen, upstream } = settings;
    this.#event({ type: 'started', time: new Date().toISOString(), listen, upstream, scenario });
    this.link = new Link(scenario, this.now);
    this.settle();
  }

  /** `listen` is where it listens indeed, once it does. */
  get settings(): LinkSettings {
    return this.#settings;
  }

  /** Rejects with what the system says if the port cannot be had. */
  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const { host, port } = placeOf(this.#settings.listen);
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    server.on('connection', (socket) => {
      this.#accept(socket);
    });
    this.#server = server;
    this.#settings = { ...this.#settings, listen: placeText(server.address() as AddressInfo), enabled: true }; // it listens
  }

  /** Cuts everything and gives the port back. Toxics and faults stay. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    this.#settings = { ...this.#settings, enabled: false };
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    this.link.cut(this.now);
    this.settle();
    await closed;
  }

  /** Stops for good. */
  async close(): Promise<void> {
    await this.stop();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Rejects if it cannot listen where it is to. */
  async update(settings: Omit<LinkSettings, 'name'>): Promise<void> {
    const { listen, upstream } = this.#settings;
    const moved = settings.listen !== listen || settings.upstream !== upstream;
    if (moved || !settings.enabled) await this.stop();
    this.#settings = { ...this.#settings, listen: settings.listen, upstream: settings.upstream };
    if (settings.enabled) await this.start();
  }

  /** Milliseconds since it was made. */
  get now(): number {
    return performance.now() - this.#startedAt;
  }

  /**
   * Does what the link wants done, and sets the timer for what is due next. Called after whatever was asked of the link, with the connections
   * that may have become full or empty by it.
   */
  settle(touched: Iterable<number> = this.#pairs.keys()): void {
    const corked = new Set<Socket>(); // what goes out together leaves in one segment, as it came
    for (const output of this.link.take()) {
      if (output.type === 'event') this.#event(output.event);
      else if (output.type === 'sockets') this.#socketOutput(output.connection, output.output, corked);
    }
    for (const socket of corked) socket.uncork();
    for (const id of touched) this.#throttle(id);
    clearTimeout(this.#timer);
    const { dueAt } = this.link;
    if (dueAt === Infinity) return;
    const milliseconds = Math.min(Math.max(dueAt - this.now, 0), timerMillisecondsMax);
    this.#timer = setTimeout(() => {
      this.link.run(this.now);
      this.settle();
    }, milliseconds);
  }

  #event(event: Event): void {
    this.#observer.entry({ at: this.now, link: this.#settings.name, ...event });
  }

  #accept(client: Socket): void {
    const id = this.link.accept(this.now);
    const outputs = this.link.take();
    const dials = outputs.some(({ type }) => type === 'dial');
    for (const output of outputs) if (output.type === 'event') this.#event(output.event);
    if (!dials) {
      client.on('error', () => undefined); // the other end may have been quicker
      client.resetAndDestroy();
      return;
    }
    const { host, port } = placeOf(this.#settings.upstream);
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    this.#pairs.set(id, { sources: { upstream: client, downstream: server }, open: 2 });
    this.#watch(id, client, 'upstream');
    this.#watch(id, server, 'downstream');
    this.settle();
  }

  #watch(id: number, socket: Socket, stream: Stream): void {
    let connected = !socket.connecting;
    socket.on('connect', () => {
      connected = true;
    });
    socket.on('data', (octets) => {
      this.link.receive(id, stream, octets, this.now);
      this.settle([id]);
    });
    socket.on('end', () => {
      this.link.end(id, stream, 'end', this.now);
      this.settle([id]);
      if (this.link.isSilent(id)) socket.destroy(); // nobody else will end it
    });
    socket.on('error', (error) => {
      if (connected) this.link.end(id, stream, 'reset', this.now);
      else this.link.undialled(id, error.message, this.now);
      this.settle([id]);
    });
    socket.on('drain', () => {
      this.#throttle(id);
    });
    socket.on('close', () => {
      const pair = this.#pairs.get(id);
      if (pair === undefined || --pair.open > 0) return;
      this.#pairs.delete(id);
      this.link.closed(id, this.now);
      this.settle([]);
    });
  }

  #socketOutput(id: number, output: SocketOutput, corked: Set<Socket>): void {
    const pair = this.#pairs.get(id);
    if (pair === undefined) return;
    const { upstream: client, downstream: server } = pair.sources;
    switch (output.type) {
      case 'send': {
        const sink = pair.sources[opposite[output.stream]];
        this.#observer.sent(this.#settings.name, id, output.stream, output.octets);
        if (!corked.has(sink)) sink.cork();
        corked.add(sink);
        sink.write(output.octets);
        return;
      }
      case 'end':
        pair.sources[opposite[output.stream]].end();
        return;
      case 'close':
        endSoon(client);
        endSoon(server);
        return;
      case 'reset': {
        const sink = output.delivered && pair.sources[opposite[output.delivered]];
        for (const socket of [client, server]) {
          if (socket === sink) endSoon(socket);
          else socket.resetAndDestroy();
        }
      }
    }
  }

  /** Reads no more than can be passed on. */
  #throttle(id: number): void {
    const pair = this.#pairs.get(id);
    if (pair === undefined) return;
    for (const stream of ['upstream', 'downstream'] as const) {
      const source = pair.sources[stream];
      const sink = pair.sources[opposite[stream]];
      const full = this.link.isFull(id, stream) || sink.writableLength > backlogOctetsMax;
      if (full !== source.isPaused()) {
        if (full) source.pause();
        else source.resume();
      }
    }
  }
}

/** What was written still arrives; then the socket is gone, whatever its other end does. */
function endSoon(socket: Socket): void {
  socket.removeAllListeners('data');
  socket.resume();
  socket.end();
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref();
}

function placeText({ address, port }: AddressInfo): string {
  return address.includes(':') ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

/** `host:port`, `[host]:port`, or `:port` for every address. Throws an Error that names the text. */
export function placeOf(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new Error(`"${text}" is no address: expected HOST:PORT`);
  const host = match[1] ?? match[2] ?? '';
  return { host: host === '' ? '0.0.0.0' : host === 'localhost' ? '127.0.0.1' : host, port };
}

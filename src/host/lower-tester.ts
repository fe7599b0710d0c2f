/** Lends the lower tester of src/conformance the world: sockets, clocks and commands, one case at a time. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { CaseRun, type CaseEffect, type CaseEvent } from '../conformance/script/case-run.js';
import { Conversation } from '../conformance/script/conversation.js';
import type {
  CaseResult,
  ConnectWay,
  DeliveryCount,
  Step,
  TestCase,
  TriggerSize,
} from '../conformance/script/test-case.js';
import type { Peer } from '../conformance/peer/peer-file.js';

export interface Target {
  readonly host: string;
  readonly port: number;
}

export type Party = 'tester' | 'implementation';

/** What passes on the connections of a run, for a capture. */
export interface Tap {
  opened(socket: Socket, caller: Party, caseId: string): void;
  passed(socket: Socket, from: Party, octets: Uint8Array): void;
  closed(socket: Socket): void;
}

export interface Commands {
  /** Makes the implementation under test send a message. */
  trigger(size: TriggerSize): Promise<void>;
  /** How often it has delivered the message of this local identifier. */
  observe(identifier: string): Promise<DeliveryCount>;
}

/** Calls that come in, kept until a case wants one. */
export class Calls {
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  #taker: ((socket: Socket) => void) | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      socket.on('error', () => undefined); // its end is told by `close`
      if (this.#taker !== undefined) {
        const taker = this.#taker;
        this.#taker = undefined;
        taker(socket);
        return;
      }
      this.#waiting.push(socket);
      socket.once('close', () => {
        const index = this.#waiting.indexOf(socket);
        if (index >= 0) this.#waiting.splice(index, 1);
      });
    });
  }

  /** Rejects if the port cannot be had. */
  static async listen({ host, port }: Target): Promise<Calls> {
    const server = createServer({ allowHalfOpen: false, noDelay: true, pauseOnConnect: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new Calls(server);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** The next call, also one that has come already. The function that is returned gives up waiting. */
  next(take: (socket: Socket) => void): () => void {
    const socket = this.#waiting.shift();
    if (socket !== undefined) take(socket);
    else this.#taker = take;
    return () => {
      if (this.#taker === take) this.#taker = undefined;
    };
  }

  async close(): Promise<void> {
    for (const socket of this.#waiting) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }
}

export interface CaseWorld {
  readonly peer: Peer;
  /** Where the implementation under test listens, or where it calls. */
  readonly reach:
    | { readonly kind: 'calls'; readonly target: Target }
    | { readonly kind: 'called'; readonly calls: Calls }
    | { readonly kind: 'both'; readonly target: Target; readonly calls: Calls };
  readonly commands: Commands;
  readonly runWord: string;
  readonly tap?: Tap;
}

/** Numbers the cases of this process. */
let cases = 0;

/** Runs one case to its verdict; `outstanding` are messages that the implementation under test still has for us. */
export async function runCase(
  test: TestCase,
  postamble: readonly Step[],
  world: CaseWorld,
  outstanding: number,
): Promise<CaseResult & { readonly outstanding: number }> {
  const started = performance.now();
  cases += 1;
  const conversation = new Conversation(world.peer, { number: cases, word: world.runWord, now: Date.now() });
  const run = new CaseRun(test, postamble, conversation, outstanding);
  await new CaseDriver(test.id, run, world).drive();
  const { verdict, text, trace } = run;
  const milliseconds = Math.round(performance.now() - started);
  return { id: test.id, mode: world.peer.mode, verdict, text, trace, milliseconds, outstanding: run.outstanding };
}

class CaseDriver {
  readonly #caseId: string;
  readonly #run: CaseRun;
  readonly #world: CaseWorld;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #giveUp: () => void = () => undefined;
  #finish: () => void = () => undefined;

  constructor(caseId: string, run: CaseRun, world: CaseWorld) {
    this.#caseId = caseId;
    this.#run = run;
    this.#world = world;
  }

  async drive(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#finish = resolve;
      this.#carryOut(this.#run.start());
    });
  }

  #on(event: CaseEvent): void {
    this.#carryOut(this.#run.on(event));
  }

  #carryOut(effects: readonly CaseEffect[]): void {
    for (const effect of effects) this.#act(effect);
  }

  #act(effect: CaseEffect): void {
    switch (effect.kind) {
      case 'connect':
        this.#connect(effect.way);
        return;
      case 'send':
        if (this.#socket !== undefined) this.#world.tap?.passed(this.#socket, 'tester', effect.octets);
        this.#socket?.write(effect.octets);
        return;
      case 'close':
        this.#close(effect.how);
        return;
      case 'timer':
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
          this.#on({ kind: 'timer' });
        }, effect.milliseconds);
        return;
      case 'trigger':
        this.#await(this.#world.commands.trigger(effect.size).then(() => ({ kind: 'triggered' })));
        return;
      case 'observe':
        this.#await(
          this.#world.commands
            .observe(Buffer.from(effect.octets).toString('latin1'))
            .then((count) => ({ kind: 'observed', count })),
        );
        return;
      case 'finished':
        clearTimeout(this.#timer);
        this.#giveUp();
        this.#finish();
        return;
    }
  }

  #await(answer: Promise<CaseEvent>): void {
    answer.then(
      (event) => {
        this.#on(event);
      },
      (error: unknown) => {
        this.#on({ kind: 'failed', text: error instanceof Error ? error.message : String(error) });
      },
    );
  }

  #connect(way: ConnectWay | undefined): void {
    const { reach } = this.#world;
    if (reach.kind === 'called' || (reach.kind === 'both' && way === 'answer')) {
      this.#giveUp();
      this.#giveUp = reach.calls.next((socket) => {
        // The step that waits for the connection must be standing before it hears of it.
        setImmediate(() => {
          this.#join(socket, 'implementation');
          this.#on({ kind: 'connected' });
        });
      });
      return;
    }
    const socket = connect({ ...reach.target, noDelay: true });
    this.#join(socket, 'tester');
    socket.once('connect', () => {
      if (this.#socket === socket) this.#on({ kind: 'connected' });
    });
  }

  #join(socket: Socket, caller: Party): void {
    this.#socket = socket;
    let end: 'closed' | 'reset' = 'closed';
    this.#world.tap?.opened(socket, caller, this.#caseId);
    socket.on('data', (octets) => {
      this.#world.tap?.passed(socket, 'implementation', octets);
      if (this.#socket === socket) this.#on({ kind: 'octets', octets });
    });
    socket.on('error', () => {
      end = 'reset';
    });
    socket.once('close', () => {
      this.#world.tap?.closed(socket);
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#on({ kind: 'ended', how: end });
    });
    socket.resume();
  }

  #close(how: 'graceful' | 'reset'): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (how === 'reset') socket?.resetAndDestroy();
    else {
      socket?.end();
      // Whoever does not close in its turn must not keep us here.
      setTimeout(() => socket?.destroy(), lingerMilliseconds).unref();
    }
  }
}

const lingerMilliseconds = 2000;

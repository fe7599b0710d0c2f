import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, closeSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Compiled ones also where this file runs from its source, as in tests. */
const programs = import.meta.url.endsWith('.ts') ? '../../dist/bench/programs' : './programs';

/** Where a cell works: a folder and the processes it has started, which all end with it. */
export class Lab {
  readonly folder: string;
  readonly seed: number;
  /** Where daemons leave CPU profiles when they end. */
  readonly profiles: string | undefined;
  readonly #children = new Set<ChildProcess>();
  readonly #endings: (() => Promise<void>)[] = [];

  constructor(parent: string, seed: number, profiles?: string) {
    this.folder = mkdtempSync(join(parent, 'cell-'));
    this.seed = seed;
    this.profiles = profiles;
  }

  /** A lab of its own in a folder of this one, which ends with this one. */
  within(): Lab {
    const inner = new Lab(this.folder, this.seed, this.profiles);
    this.atEnd(() => inner.close());
    return inner;
  }

  /** Starts a process whose output goes to a file. */
  start(command: string, words: readonly string[], output: string): ChildProcess {
    const file = openSync(output, 'a');
    try {
      return this.#keep(spawn(command, words, { stdio: ['ignore', file, file] }));
    } finally {
      closeSync(file);
    }
  }

  /** Runs a process to its end; its standard output. Rejects, with what it said, when it fails. */
  async run(command: string, words: readonly string[]): Promise<string> {
    const child = this.#keep(spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] }));
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${String(code)}: ${errors}${output}`);
    return output;
  }

  /** Starts one of the programs of this folder, which says when it is ready and takes orders. */
  async program<Ready>(name: string, input: object): Promise<Program<Ready>> {
    const file = fileURLToPath(new URL(`${programs}/${name}.js`, import.meta.url));
    const child = fork(file, [JSON.stringify(input)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#keep(child);
    const ready = await answerOf<Ready>(child, name);
    return {
      ready,
      pid: child.pid ?? 0,
      ask: async (order) => {
        const answer = answerOf<never>(child, name);
        child.send(order);
        return answer;
      },
      end: () => this.end(child, 'SIGKILL'),
    };
  }

  /** Ends a process that was started here. */
  async end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Something that must be ended otherwise than by a signal. */
  atEnd(ending: () => Promise<void>): void {
    this.#endings.push(ending);
  }

  async close(): Promise<void> {
    const signal = this.profiles === undefined ? 'SIGKILL' : 'SIGTERM'; // A profile is written at an orderly end.
    await Promise.all([...this.#children].map((child) => this.end(child, signal)));
    for (const ending of this.#endings.splice(0)) await ending();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #keep<Child extends ChildProcess>(child: Child): Child {
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }
}

export interface Program<Ready> {
  readonly ready: Ready;
  readonly pid: number;
  /** Sends an order and waits for its answer; one at a time. */
  ask<Answer>(order: object): Promise<Answer>;
  end(): Promise<void>;
}

async function answerOf<Answer>(child: ChildProcess, name: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (): void => {
      reject(new Error(`the program ${name} ended`));
    };
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as Answer);
    });
  });
}

const lookMilliseconds = 20;

/** Looks again and again until there is an answer. The time box of the cell ends what never comes. */
export async function until<Answer>(look: () => Promise<Answer | undefined> | Answer | undefined): Promise<Answer> {
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    await sleep(lookMilliseconds);
  }
}

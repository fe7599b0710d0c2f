import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { breaks, type Break } from './breaks.js';

const usage = 'npm run mutate -- [--seeds N] [--seed FIRST] [--only TEXT]';

/** Seeds that the simulation has to notice a mistake. */
const seedsDefault = 400;

/** A simulation or a test that a mistake keeps from ending is ended after this time. */
const millisecondsMax = 240_000;

const copied = ['src', 'dist', 'test', 'conformance', 'docs', 'examples', 'bin', 'scripts', 'package.json'];
const copiedSettings = ['tsconfig.json', 'tsconfig.lint.json', 'vitest.config.ts', 'README.md', 'ARCHITECTURE.md'];

interface Ended {
  readonly code: number | 'too long' | 'stopped';
  readonly output: string;
}

/** A copy of the project in which something may be broken. */
class Workshop {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  static async open(root: string): Promise<Workshop> {
    const folder = await mkdtemp(join(tmpdir(), 'mta-mutation-'));
    for (const name of [...copied, ...copiedSettings]) {
      await cp(join(root, name), join(folder, name), { recursive: true });
    }
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    return new Workshop(folder);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async read(file: string): Promise<string> {
    return readFile(join(this.folder, file), 'utf8');
  }

  /** The source for the tests, and what it compiles to for the simulation. */
  async write(file: string, source: string): Promise<void> {
    const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
    const { outputText } = ts.transpileModule(source, { compilerOptions: options });
    await writeFile(join(this.folder, file), source);
    await writeFile(join(this.folder, file.replace(/^src/, 'dist').replace(/\.ts$/, '.js')), outputText);
  }

  /** Runs a program of the copy; `enough` ends it as soon as its output says what is to be known. */
  run(program: readonly string[], enough: RegExp): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, program, { cwd: this.folder, detached: true });
      let output = '';
      let code: Ended['code'] | undefined;
      const stop = (why: 'too long' | 'stopped'): void => {
        code ??= why;
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      };
      const clock = setTimeout(() => {
        stop('too long');
      }, millisecondsMax);
      const hear = (data: Buffer): void => {
        output += data.toString();
        if (code === undefined && enough.test(output)) stop('stopped');
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('error', reject);
      child.on('close', (exitCode) => {
        clearTimeout(clock);
        resolve({ code: code ?? exitCode ?? 1, output });
      });
    });
  }
}

interface Seeds {
  readonly first: number;
  readonly count: number;
}

/** Who noticed; undefined if nobody did. */
async function caughtBy(workshop: Workshop, seeds: Seeds, tests: readonly string[]): Promise<string | undefined> {
  const range = ['--seeds', String(seeds.count), '--seed', String(seeds.first)];
  const simulated = await workshop.run(['dist/simulation/main.js', ...range], /^seed \d+ fails/m);
  const seed = /^seed (\d+) fails.*\n\s*(.*)/m.exec(simulated.output);
  if (seed !== null) return `simulation, seed ${seed[1] ?? ''}: ${seed[2] ?? ''}`;
  if (simulated.code === 'too long') return 'simulation: it does not end';
  if (simulated.code !== 0) return `simulation: ${lastLine(simulated.output)}`;
  const program = ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', '--no-color', ...tests];
  const tested = await workshop.run(program, /^ FAIL .*$/m);
  const test = /^ FAIL\s+(.*)$/m.exec(tested.output);
  if (test !== null) return `test: ${test[1] ?? ''}`;
  if (tested.code === 'too long') return 'test: it does not end';
  return tested.code === 0 ? undefined : `test: ${lastLine(tested.output)}`;
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}

function broken(source: string, { name, file, find, replace }: Break): string {
  const parts = source.split(find);
  if (parts.length !== 2) {
    const times = String(parts.length - 1);
    throw new Error(
      `"${name}": ${file} holds its text ${times} times, expected once: bring src/mutation/breaks.ts up to date`,
    );
  }
  return parts.join(replace);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(): Promise<number> {
  const options = { seeds: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } } as const;
  const { values } = parseArgs({ options });
  const seeds = { first: Number(values.seed ?? '1'), count: Number(values.seeds ?? String(seedsDefault)) };
  const chosen = breaks.filter(({ name }) => name.includes(values.only ?? ''));
  if (![seeds.first, seeds.count].every(Number.isSafeInteger) || seeds.count < 1 || chosen.length === 0) {
    throw new Error(usage);
  }
  const workshop = await Workshop.open(fileURLToPath(new URL('../..', import.meta.url)));
  try {
    const allTests = [...new Set(chosen.flatMap(({ tests }) => tests))];
    const whole = await caughtBy(workshop, seeds, allTests);
    if (whole !== undefined) {
      say(`nothing is broken yet, and it fails: ${whole}`);
      return 1;
    }
    say(`unbroken: ${String(seeds.count)} seeds from ${String(seeds.first)} and ${allTests.join(' ')} pass`);
    let survivors = 0;
    for (const each of chosen) {
      const source = await workshop.read(each.file);
      const startedAt = Date.now();
      await workshop.write(each.file, broken(source, each));
      const who = await caughtBy(workshop, seeds, each.tests);
      await workshop.write(each.file, source);
      if (who === undefined) survivors += 1;
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(6);
      say(
        `${who === undefined ? 'SURVIVED' : 'caught  '} ${seconds} s  ${each.name}\n                    ${who ?? each.file}`,
      );
    }
    say(`${String(chosen.length)} breaks, ${String(chosen.length - survivors)} caught, ${String(survivors)} survived`);
    return survivors === 0 ? 0 : 3;
  } finally {
    await workshop.close();
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);

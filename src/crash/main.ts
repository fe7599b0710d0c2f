/** `npm run crash -- [--every K]`: two daemons, one of which kills itself at each numbered step of its store in turn. Exit code 3: something was lost. */
import { parseArgs } from 'node:util';
import { runCrash, type Death, type Victim } from './run.js';

const { values } = parseArgs({ options: { every: { type: 'string', default: '1' } } });
const every = Number(values.every);
if (!Number.isInteger(every) || every < 1) {
  process.stderr.write(`--every: "${values.every}" is not a whole number from 1 on\n`);
  process.exit(2);
}

interface Series {
  readonly name: string;
  readonly victim: Victim;
  /** Steps of the lives before the one that is enumerated. */
  readonly before: readonly number[];
}

function countsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function show(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Dies at every so many steps, at the first and at the last. */
async function enumerate({ name, victim, before }: Series): Promise<readonly string[]> {
  const { steps, violations } = await runCrash({ victim, steps: before });
  const found = violations.map((text) => `${name}, no death: ${text}`);
  show(`\n${name}: ${String(steps.length)} steps`);
  for (const [step, count] of countsOf(steps)) show(`${String(count).padStart(5)}  ${step}`);
  let runs = 0;
  let deaths = 0;
  for (
    let step = 1;
    step <= steps.length;
    step = step === steps.length ? step + 1 : Math.min(step + every, steps.length)
  ) {
    const death: Death = { victim, steps: [...before, step] };
    const result = await runCrash(death);
    runs += 1;
    deaths += result.deaths;
    for (const text of result.violations) {
      found.push(`${name}, step ${String(step)}: ${text}`);
      show(`      FAILED at step ${String(step)}: ${text}`);
    }
  }
  show(`      ${String(runs)} runs, ${String(deaths)} deaths, ${String(found.length)} violations`);
  return found;
}

const started = Date.now();
const found: string[] = [];
for (const victim of ['sender', 'receiver'] as const) {
  found.push(...(await enumerate({ name: `the ${victim}, from its first start on`, victim, before: [] })));
  const { steps } = await runCrash({ victim, steps: [] });
  const middle = Math.floor((steps.length * 2) / 3);
  const name = `the ${victim}, from its start after a death at step ${String(middle)} on`;
  found.push(...(await enumerate({ name, victim, before: [middle] })));
}
const seconds = Math.round((Date.now() - started) / 1000);
show(
  `\n${found.length === 0 ? 'nothing lost, nothing twice, nothing left' : `${String(found.length)} violations`} (${String(seconds)} s)`,
);
process.exitCode = found.length === 0 ? 0 : 3;

import { problemText } from '../config/problem.js';
import type { Problem } from '../config/problem.js';
import type { CommandOutput } from './command.js';

/** One line each on the standard error output, which never mixes with what a script reads. */
export function writeProblems(output: CommandOutput, problems: readonly Problem[]): void {
  for (const problem of problems) output.stderr.write(`${problemText(problem)}\n`);
}

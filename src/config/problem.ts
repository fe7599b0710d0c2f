/**
 * What is wrong, or doubtful, in a site file: always with the place, what was found there and what was expected. Secrets never get into
 * one: whoever makes a problem hides them (see `foundText` in json-source.ts).
 */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** Such as `connectors[0].override.rts.windowSize`; empty for the file as a whole. */
  readonly path: string;
  /** Counted from 1; undefined where the file could not be read. */
  readonly line?: number;
  readonly column?: number;
  readonly found: string;
  readonly expected: string;
}

export type Path = readonly (string | number)[];

export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${String(step)}]`;
    else if (/^[\w$-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** One line, in the form `file:line:column: severity: path: found, expected` that editors can follow. */
export function problemText(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const where = problem.path === '' ? '' : `${problem.path}: `;
  return `${place}: ${problem.severity}: ${where}found ${problem.found}, expected ${problem.expected}`;
}
